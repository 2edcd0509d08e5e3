// The table function that reads held rows.
#pragma once

#include <cstdint>
#include <duckdb.hpp>
#include <map>
#include <memory>
#include <mutex>

#include "engine/text_rows.h"

namespace tarn::engine {

// The rows that are held now, by number. Thread-safe. Rows go when their last holder does.
class HeldRowSets final : public std::enable_shared_from_this<HeldRowSets> {
 public:
  [[nodiscard]] base::Result<HeldRows> Hold(TextRows rows);
  // Null where there are none of this number.
  [[nodiscard]] std::shared_ptr<const TextRows> Find(std::uint64_t number) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::uint64_t, std::weak_ptr<const TextRows>> sets_;
  std::uint64_t numbers_ = 0;
};

void RegisterTextRows(duckdb::DatabaseInstance& instance, std::shared_ptr<HeldRowSets> sets);

}  // namespace tarn::engine
