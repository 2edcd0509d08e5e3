// Tables that live in the serving engine's memory: one engine database per project, which is gone with the
// project or the server. The engine keeps the rows; what Trino knows of a table beyond that (exact types,
// comments, views as text) is kept here.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "connector/source.h"

namespace tarn::connector::memory {

// A view: its text in Trino SQL, read in the session it was made in.
struct View {
  std::string text;
  std::string catalog;
  std::string schema;
  bool invoker = false;  // SECURITY INVOKER
  std::optional<std::string> comment = {};
  std::vector<ColumnInfo> columns = {};
};

struct Table {
  TableInfo info;
  std::uint64_t number = 0;  // the engine's table is named by it, so that renaming touches no rows
  std::int64_t bytes = 0;    // as last measured
};

// The structure of one project's tables. Thread-safe. Names are in lower case. A change is made under `Changing`,
// first in the engine, then here, by who has checked the names; a change
// does nothing where what it names is not there.
class Structure final {
 public:
  explicit Structure(std::string database);

  [[nodiscard]] const std::string& database() const { return database_; }
  // Changes one after another. Held by who changes, not by readers; not owned when the time was over first.
  [[nodiscard]] std::unique_lock<std::timed_mutex> Changing(const base::CallLimits& limits);

  [[nodiscard]] std::vector<std::string> Schemas() const;
  [[nodiscard]] bool HasSchema(const std::string& schema) const;
  // Tables and views of a schema, or of all.
  [[nodiscard]] std::vector<TableName> Names(const std::string& schema) const;
  [[nodiscard]] std::optional<Table> FindTable(const TableName& name) const;
  [[nodiscard]] std::optional<View> FindView(const TableName& name) const;
  [[nodiscard]] std::int64_t bytes() const;
  // Engine SQL, legal after FROM and INTO.
  [[nodiscard]] std::string Relation(const Table& table) const;

  void AddSchema(const std::string& schema);
  void RemoveSchema(const std::string& schema);
  void RenameSchema(const std::string& from, const std::string& to);
  [[nodiscard]] std::uint64_t NextNumber();
  void PutTable(Table table);
  void PutView(const TableName& name, View view);
  void Remove(const TableName& name);
  void Rename(const TableName& from, const TableName& to);

 private:
  struct Schema {
    std::map<std::string, Table> tables = {};
    std::map<std::string, View> views = {};
  };

  const std::string database_;
  std::timed_mutex changing_;
  mutable std::mutex mutex_;
  std::map<std::string, Schema> schemas_;
  std::uint64_t numbers_ = 0;
};

// The source over a structure: what metadata and reading need. Attaching makes the engine database.
class MemorySource : public Source {
 public:
  [[nodiscard]] virtual const std::shared_ptr<Structure>& structure() const = 0;
};
[[nodiscard]] std::unique_ptr<MemorySource> MakeMemorySource(std::shared_ptr<Structure> structure);

}  // namespace tarn::connector::memory
