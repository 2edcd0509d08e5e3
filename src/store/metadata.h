// What users say of tables, in the control store: descriptions, keys, relations, values worth knowing; and the jobs
// that look after it. Rows go with their project, and with their catalog where that is not a built-in one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::store {

class Database;

struct TableAddress {
  std::string catalog_id;
  std::string schema;
  std::string table;
  auto operator<=>(const TableAddress&) const = default;
};

struct ColumnAddress {
  TableAddress table;
  std::string column;
  auto operator<=>(const ColumnAddress&) const = default;
};

struct TableNotes {
  std::string project_id;
  TableAddress table;
  std::optional<std::string> description = {};
  std::string columns = "{}";  // JSON, by name: what is said of each
  bool operator==(const TableNotes&) const = default;
};

// Whether assistants may use a table, all of a schema (no table), or of a catalog (no schema either).
struct AiSwitch {
  std::string project_id;
  TableAddress where;
  bool use = true;
  bool operator==(const AiSwitch&) const = default;
};

struct Relation {
  std::string id;  // UUID
  std::string project_id;
  ColumnAddress source;
  ColumnAddress target;
  std::string type;          // ONE_TO_ONE, ONE_TO_MANY, MANY_TO_ONE
  std::string measure = {};  // JSON of what was found of it, or empty
  base::SystemTime created_at{};
  bool operator==(const Relation&) const = default;
};

// A column of few values, which are kept.
struct CategoricalColumn {
  std::string project_id;
  ColumnAddress column;
  std::int64_t limit = 0;
  std::string frequency;                      // NONE, DAILY, WEEKLY, MONTHLY
  std::string values = "[]";                  // JSON
  std::string error = {};                     // of the last reading; the values are those before
  std::optional<base::SystemTime> next = {};  // reading
  bool operator==(const CategoricalColumn&) const = default;
};

// Who is told of refreshes of the project's metadata. The token is sealed.
struct MetadataCallback {
  std::string project_id;
  std::string url;
  std::string token;
  bool operator==(const MetadataCallback&) const = default;
};

// The newest refresh of a catalog's metadata.
struct MetadataRefresh {
  std::string project_id;
  std::string catalog_id;
  std::string id;              // UUID
  std::string status;          // waiting, active, completed, failed
  std::string error = {};      // of a failed one
  std::string callback = {};   // who is still to be told, or empty
  std::string token = {};      // sealed
  std::string structure = {};  // JSON: the catalog's tables as they were last read, or empty
  base::SystemTime changed_at{};
  bool operator==(const MetadataRefresh&) const = default;
};

// Thread-safe. Nothing is kept in memory. Errors of what writes: FailedPrecondition when the project is gone.
class MetadataRepository final {
 public:
  explicit MetadataRepository(Database& database) : database_(database) {}

  [[nodiscard]] base::Result<std::vector<TableNotes>> Notes(const std::string& project_id) const;
  [[nodiscard]] base::Result<void> Save(const TableNotes& notes);

  [[nodiscard]] base::Result<std::vector<AiSwitch>> Switches(const std::string& project_id) const;
  // Takes the place of all switches below it.
  [[nodiscard]] base::Result<void> Set(const AiSwitch& one);

  // In the order of creation.
  [[nodiscard]] base::Result<std::vector<Relation>> Relations(const std::string& project_id) const;
  [[nodiscard]] base::Result<void> Insert(const Relation& relation);
  // Type and measure. False when it is gone.
  [[nodiscard]] base::Result<bool> Update(const Relation& relation);
  [[nodiscard]] base::Result<bool> DeleteRelation(const std::string& project_id, const std::string& id);

  // Of a project, or of all where it is empty.
  [[nodiscard]] base::Result<std::vector<CategoricalColumn>> Categorical(const std::string& project_id) const;
  [[nodiscard]] base::Result<void> Save(const CategoricalColumn& column);
  // Values, error and next reading of one that is still wanted with this limit and frequency.
  [[nodiscard]] base::Result<void> SaveReading(const CategoricalColumn& column);
  [[nodiscard]] base::Result<bool> DeleteCategorical(const std::string& project_id, const ColumnAddress& column);

  [[nodiscard]] base::Result<std::optional<MetadataCallback>> Callback(const std::string& project_id) const;
  [[nodiscard]] base::Result<void> Save(const MetadataCallback& callback);
  [[nodiscard]] base::Result<void> DeleteCallback(const std::string& project_id);

  // Of a project, or of all where it is empty.
  [[nodiscard]] base::Result<std::vector<MetadataRefresh>> Refreshes(const std::string& project_id) const;
  [[nodiscard]] base::Result<void> Save(const MetadataRefresh& refresh);

 private:
  Database& database_;
};

}  // namespace tarn::store
