// What is known of a project's tables: their structure, and what users say of them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"
#include "connector/source.h"
#include "metadata/structure.h"
#include "store/catalogs.h"
#include "store/metadata.h"

namespace tarn::metadata {

struct ColumnKnowledge {
  connector::ColumnInfo column;
  std::optional<std::string> description;  // the user's, or else the source's
  bool not_null = false;                   // these three as the user says, or else the source
  bool unique = false;
  bool primary = false;
  std::optional<store::CategoricalColumn> categorical;
  std::optional<sql::Lineage> lineage;  // of a query's column
};

struct TableKnowledge {
  store::Catalog catalog;
  connector::TableName name;
  std::optional<std::string> description;
  bool use_with_ai = true;
  bool cacheable = false;
  bool current = true;  // false: the source did not answer, and this is what was last read of it
  std::vector<ColumnKnowledge> columns;
  std::vector<store::Relation> relations;  // from here
};

struct ColumnChange {
  std::string name;
  std::optional<std::string> description;
  std::optional<bool> not_null;
  std::optional<bool> unique;
  std::optional<bool> primary;
};

// What is not said stays.
struct TableChange {
  std::optional<std::string> description;
  std::optional<bool> use_with_ai;
  std::vector<ColumnChange> columns;
};

// Thread-safe.
class Tables final {
 public:
  struct Parts {
    store::MetadataRepository& store;
    const store::CatalogRepository& catalogs;
    const Structure& structure;
  };
  explicit Tables(Parts parts) : parts_(parts) {}

  // All tables of a project, or of one catalog, or of a schema of it. A source that does not answer soon is told of as
  // it was last read, or left out; nobody waits for it long.
  [[nodiscard]] base::Result<std::vector<TableKnowledge>> List(const std::string& project_id,
                                                               const std::string& catalog_id, const std::string& schema,
                                                               const base::CallLimits& limits) const;
  // Errors: NotFound; those of the source.
  [[nodiscard]] base::Result<TableKnowledge> Find(const std::string& project_id, const store::TableAddress& table,
                                                  const base::CallLimits& limits) const;
  // Errors: as Find; InvalidArgument with the field of a column that the table has not.
  [[nodiscard]] base::Result<void> Change(const std::string& project_id, const store::TableAddress& table,
                                          const TableChange& change, const base::CallLimits& limits);
  // Whether assistants may use all tables of a catalog, or of a schema of it, from now on; takes the place of what was
  // said of them. Errors: NotFound; those of the source.
  [[nodiscard]] base::Result<void> Switch(const std::string& project_id, const store::TableAddress& where, bool use,
                                          const base::CallLimits& limits);

 private:
  struct Said;
  [[nodiscard]] base::Result<Said> ReadSaid(const std::string& project_id) const;
  [[nodiscard]] TableKnowledge Know(const store::Catalog& catalog, const connector::TableInfo& table, const Said& said,
                                    const base::CallLimits& limits) const;

  const Parts parts_;
};

}  // namespace tarn::metadata
