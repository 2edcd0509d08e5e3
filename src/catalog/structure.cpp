#include "catalog/structure.h"

#include <algorithm>

namespace tarn::catalog {

namespace {

// Beyond this the oldest answers are dropped: names come from callers.
constexpr std::size_t kMostTables = 20'000;

}  // namespace

bool SameColumns(const connector::TableInfo& a, const connector::TableInfo& b) {
  return std::ranges::equal(a.columns, b.columns, [](const auto& left, const auto& right) {
    return left.name == right.name && left.source_type == right.source_type && left.type == right.type;
  });
}

std::optional<std::vector<connector::TableName>> Structure::Tables(const std::string& schema) const {
  const std::lock_guard lock(mutex_);
  const auto found = tables_.find(schema);
  if (found == tables_.end() || found->second.until < std::chrono::steady_clock::now()) return std::nullopt;
  return found->second.value;
}

void Structure::KeepTables(const std::string& schema, std::vector<connector::TableName> tables) {
  const std::lock_guard lock(mutex_);
  if (tables_.size() >= kMostTables) tables_.clear();
  tables_.insert_or_assign(
      schema, Kept<std::vector<connector::TableName>>{std::move(tables), std::chrono::steady_clock::now() + lifetime_});
}

std::optional<connector::TableInfo> Structure::Table(const connector::TableName& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = table_.find(name);
  if (found == table_.end() || found->second.until < std::chrono::steady_clock::now()) return std::nullopt;
  return found->second.value;
}

bool Structure::KeepTable(const connector::TableName& asked, const connector::TableInfo& table) {
  const std::lock_guard lock(mutex_);
  if (table_.size() >= kMostTables) table_.clear();
  const auto before = table_.find(asked);
  const bool changed = before != table_.end() && !SameColumns(before->second.value, table);
  table_.insert_or_assign(asked, Kept<connector::TableInfo>{table, std::chrono::steady_clock::now() + lifetime_});
  return changed;
}

}  // namespace tarn::catalog
