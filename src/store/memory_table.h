// What a repository keeps in memory of its table.
#pragma once

#include <algorithm>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace tarn::store {

// Rows by one of their text fields. Thread-safe. `Row` has `id` and `created_at`.
template <class Row>
class MemoryTable final {
 public:
  explicit MemoryTable(std::string Row::*key = &Row::id) : key_(key) {}

  void Put(Row row) {
    const std::unique_lock lock(mutex_);
    std::string key = row.*key_;
    rows_.insert_or_assign(std::move(key), std::move(row));
  }

  template <class Condition>
  void EraseIf(const Condition& condition) {
    const std::unique_lock lock(mutex_);
    std::erase_if(rows_, [&](const auto& entry) { return condition(entry.second); });
  }

  void Erase(const std::string& key) {
    const std::unique_lock lock(mutex_);
    rows_.erase(key);
  }

  [[nodiscard]] std::optional<Row> Find(const std::string& key) const {
    const std::shared_lock lock(mutex_);
    const auto found = rows_.find(key);
    return found == rows_.end() ? std::nullopt : std::optional(found->second);
  }

  template <class Condition>
  [[nodiscard]] std::optional<Row> FindIf(const Condition& condition) const {
    const std::shared_lock lock(mutex_);
    const auto found = std::ranges::find_if(rows_, [&](const auto& entry) { return condition(entry.second); });
    return found == rows_.end() ? std::nullopt : std::optional(found->second);
  }

  // In the order of creation.
  template <class Condition>
  [[nodiscard]] std::vector<Row> List(const Condition& condition) const {
    std::vector<Row> rows;
    {
      const std::shared_lock lock(mutex_);
      for (const auto& [key, row] : rows_) {
        if (condition(row)) rows.push_back(row);
      }
    }
    std::ranges::sort(rows, {}, [](const Row& row) { return std::tie(row.created_at, row.id); });
    return rows;
  }

 private:
  std::string Row::*key_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, Row> rows_;
};

}  // namespace tarn::store
