// The table function that reads kept rows.
#pragma once

#include <duckdb.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "engine/kept_rows.h"

namespace tarn::engine {

// Who keeps rows, by name. Thread-safe.
class RowKeepers final {
 public:
  void Put(const std::string& name, std::weak_ptr<KeptRows> rows);
  // Null where there are none, or no more.
  [[nodiscard]] std::shared_ptr<KeptRows> Find(const std::string& name) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::weak_ptr<KeptRows>> keepers_;
};

void RegisterKeptRows(duckdb::DatabaseInstance& instance, std::shared_ptr<RowKeepers> keepers);

}  // namespace tarn::engine
