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

std::optional<std::vector<std::string>> Structure::Schemas() const {
  const std::lock_guard lock(mutex_);
  if (!schemas_ || schemas_->until < std::chrono::steady_clock::now()) return std::nullopt;
  return schemas_->value;
}

void Structure::KeepSchemas(std::vector<std::string> schemas) {
  const std::lock_guard lock(mutex_);
  schemas_ = Kept<std::vector<std::string>>{.value = std::move(schemas),
                                            .until = std::chrono::steady_clock::now() + lifetime_};
}

std::shared_ptr<const std::vector<connector::TableInfo>> Structure::All(const std::string& schema) const {
  const std::lock_guard lock(mutex_);
  const auto found = all_.find(schema);
  if (found == all_.end() || found->second.until < std::chrono::steady_clock::now()) return nullptr;
  return found->second.value;
}

void Structure::KeepAll(const std::string& schema, std::shared_ptr<const std::vector<connector::TableInfo>> tables) {
  const std::lock_guard lock(mutex_);
  // What is no longer believed takes the memory of whole catalogs: it goes with the next one.
  std::erase_if(all_, [](const auto& kept) { return kept.second.until < std::chrono::steady_clock::now(); });
  all_.insert_or_assign(schema, Kept<std::shared_ptr<const std::vector<connector::TableInfo>>>{
                                    .value = std::move(tables), .until = std::chrono::steady_clock::now() + lifetime_});
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
