// The tables that Tarn itself keeps for a project: the catalog "peaka".
#pragma once

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
  // Engine SQL for reading it; `pin` is what must outlive the reading.
  struct Relation {
    connector::TableInfo table;
    std::string engine_sql;
    std::optional<Pin> pin;
  };
  [[nodiscard]] virtual base::Result<Relation> Read(const std::string& project_id,
                                                    const connector::TableName& name) = 0;
};

}  // namespace tarn::catalog
