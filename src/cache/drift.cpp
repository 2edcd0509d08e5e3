#include "cache/drift.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

namespace tarn::cache {
namespace {

const connector::ColumnInfo* Find(const connector::TableInfo& table, const std::string& name) {
  const auto found = std::ranges::find(table.columns, name, &connector::ColumnInfo::name);
  return found == table.columns.end() ? nullptr : &*found;
}

}  // namespace

std::string DescribeDrift(const connector::TableInfo& before, const connector::TableInfo& now) {
  std::vector<std::string> parts;
  for (const auto& column : now.columns) {
    const auto* old = Find(before, column.name);
    if (old == nullptr) {
      parts.push_back(fmt::format("column added \"{}\"", column.name));
    } else if (old->engine_type != column.engine_type || old->source_type != column.source_type) {
      parts.push_back(fmt::format("column \"{}\" changed from \"{}\" to \"{}\"", column.name, old->source_type,
                                  column.source_type));
    }
  }
  for (const auto& column : before.columns) {
    if (Find(now, column.name) == nullptr) parts.push_back(fmt::format("column removed \"{}\"", column.name));
  }
  if (before.key != now.key) {
    parts.push_back(
        fmt::format("key changed from ({}) to ({})", fmt::join(before.key, ", "), fmt::join(now.key, ", ")));
  }
  const bool same_order =
      std::ranges::equal(before.columns, now.columns, {}, &connector::ColumnInfo::name, &connector::ColumnInfo::name);
  if (parts.empty() && !same_order) parts.emplace_back("columns reordered");
  return fmt::format("{}", fmt::join(parts, "; "));
}

base::Result<void> KeepStructure(const RefreshOptions& options, connector::TableInfo before,
                                 connector::TableInfo& now) {
  if (options.drift == DriftPolicy::kEvolve) return {};
  if (!options.key_columns.empty()) before.key = now.key;  // the user's choice is not the source's drift
  if (options.drift == DriftPolicy::kFreeze) {
    auto kept = now;
    kept.columns.clear();
    for (const auto& column : before.columns) {
      if (const auto* present = Find(now, column.name)) kept.columns.push_back(*present);
    }
    if (DescribeDrift(before, kept).empty()) {
      now = std::move(kept);
      return {};
    }
  }
  const auto drift = DescribeDrift(before, now);
  if (drift.empty()) return {};
  return base::FailedPrecondition(
      fmt::format("The table's structure changed at the source, which this cache does not follow: {}", drift),
      "STRUCTURE_CHANGED");
}

}  // namespace tarn::cache
