// What the catalogs of a project contain, for the tables that describe it.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/limits.h"
#include "sql/translate.h"

namespace tarn::query {

struct MetadataCall;

// The names that a listing may be confined to.
struct Confines {
  std::vector<std::string> catalogs = {};
  std::vector<std::string> schemas = {};
  std::vector<std::string> tables = {};
  bool by_catalog = false;
  bool by_schema = false;
  bool by_table = false;

  // By what the filters call them.
  [[nodiscard]] static Confines Of(const std::vector<sql::ColumnFilter>& filters);
  void ToCatalog(const std::string& name);

  [[nodiscard]] bool Catalog(const std::string& name) const { return Has(by_catalog, catalogs, name); }
  [[nodiscard]] bool Schema(const std::string& name) const { return Has(by_schema, schemas, name); }
  [[nodiscard]] bool Table(const std::string& name) const { return Has(by_table, tables, name); }

 private:
  [[nodiscard]] static bool Has(bool confined, const std::vector<std::string>& names, const std::string& name);
};

struct FoundColumn {
  std::string name;
  std::string type;
  bool not_null = false;
  std::optional<std::string> comment = {};
  std::optional<std::string> default_value = {};
};

struct FoundTable {
  std::string catalog;
  std::string schema;
  std::string name;
  std::optional<std::string> view = {};  // its text
  std::optional<std::string> comment = {};
  std::vector<FoundColumn> columns = {};
};

struct Found {
  std::vector<std::pair<std::string, std::string>> schemas = {};  // catalog, schema
  std::vector<FoundTable> tables = {};
};

// What to look at: schemas, tables in them, columns of those.
enum class Depth { kSchemas, kTables, kColumns };

// Catalogs that did not answer a listing of late, and are not asked by listings for a while. Thread-safe.
class SilentCatalogs final {
 public:
  static constexpr std::chrono::seconds kTime{10};

  [[nodiscard]] bool Has(const std::string& catalog_id) const;
  void Add(const std::string& catalog_id);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, base::SteadyTime> until_;
};

// Several sources are asked at a time, each for a few seconds at most; one that does not answer is left out, unless it
// is the only one asked for. Names are as SQL shows them, in lower case; within a catalog they are sorted.
[[nodiscard]] base::Result<Found> LookAround(const MetadataCall& call, const Confines& confines, Depth depth);

}  // namespace tarn::query
