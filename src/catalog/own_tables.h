// The tables that Tarn itself keeps for a project: the catalog "peaka".
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "catalog/generation.h"
#include "connector/source.h"

namespace tarn::catalog {

// The catalog's id wherever ids are shown.
inline constexpr std::string_view kOwnCatalogId = "1";
inline constexpr std::string_view kOwnCatalogType = "internal";

// Thread-safe. Errors of all: NotFound with TABLE_NOT_FOUND, SCHEMA_NOT_FOUND; Unavailable.
class OwnTables {
 public:
  virtual ~OwnTables() = default;
  [[nodiscard]] virtual std::vector<std::string> Schemas() const = 0;
  [[nodiscard]] virtual base::Result<std::vector<connector::TableName>> Tables(const std::string& project_id,
                                                                               const std::string& schema) = 0;
  // With the columns that every table has, as hidden ones.
  [[nodiscard]] virtual base::Result<connector::TableInfo> Describe(const std::string& project_id,
                                                                    const connector::TableName& name) = 0;
  // All of a schema, or of all schemas where it is empty.
  [[nodiscard]] virtual base::Result<std::vector<connector::TableInfo>> DescribeAll(const std::string& project_id,
                                                                                    const std::string& schema) = 0;
  // Engine SQL for reading it; `pin` is what must outlive the reading.
  struct Relation {
    connector::TableInfo table;
    std::string engine_sql;
    std::optional<Pin> pin = {};
    std::int64_t rows = -1;           // as far as they are known
    std::function<void()> stop = {};  // stops a live read at the source (Source::StopReading)
  };
  [[nodiscard]] virtual base::Result<Relation> Read(const std::string& project_id,
                                                    const connector::TableName& name) = 0;
};

}  // namespace tarn::catalog
