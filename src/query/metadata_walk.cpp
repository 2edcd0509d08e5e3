#include "query/metadata_walk.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "base/log.h"
#include "catalog/built_in.h"
#include "query/metadata.h"
#include "query/statement_call.h"
#include "sql/text.h"

namespace tarn::query {

namespace {

// How long one of several sources is waited for.
constexpr std::chrono::seconds kSourcePatience{3};
constexpr std::size_t kWalkers = 16;
// So many tables are described one by one rather than all of their schema.
constexpr std::size_t kFewTables = 4;

void Confine(bool& confined, std::vector<std::string>& names, const std::vector<std::string>& values) {
  if (!confined) {
    names = values;
  } else {
    std::erase_if(names, [&](const std::string& name) { return std::ranges::find(values, name) == values.end(); });
  }
  confined = true;
}

bool IsBuiltIn(const store::Catalog& catalog, std::string_view type) {
  return catalog.type == type && catalog::IsBuiltIn(catalog);
}

// A walk through one catalog.
class Walk final {
 public:
  Walk(const MetadataCall& call, const Confines& confines, Depth depth, const store::Catalog& catalog,
       base::CallLimits limits)
      : call_(call), confines_(confines), depth_(depth), catalog_(catalog), limits_(std::move(limits)) {}

  base::Result<Found> Run() {
    LookAtOwn();
    if (IsBuiltIn(catalog_, "system")) return std::move(found_);
    auto& catalogs = call_.parts.catalogs;
    TARN_ASSIGN_OR_RETURN(auto schemas, catalogs.Schemas(catalog_, limits_));
    std::erase_if(schemas, [&](const std::string& schema) {
      const auto shown = sql::ToLower(schema);
      return shown == "information_schema" || !confines_.Schema(shown);
    });
    std::ranges::sort(schemas);
    for (const auto& schema : schemas) found_.schemas.emplace_back(catalog_.name, sql::ToLower(schema));
    if (depth_ == Depth::kSchemas || schemas.empty()) return std::move(found_);
    if (IsBuiltIn(catalog_, "memory")) {
      TARN_ASSIGN_OR_RETURN(memory_, catalogs.Memory(call_.project_id, limits_));
    }
    // All at once where all are wanted.
    if (!confines_.by_schema) schemas = {""};
    for (const auto& schema : schemas) TARN_RETURN_IF_ERROR(LookAtSchema(schema));
    return std::move(found_);
  }

 private:
  base::Result<void> LookAtSchema(const std::string& schema) {
    auto& catalogs = call_.parts.catalogs;
    if (depth_ == Depth::kTables) {
      TARN_ASSIGN_OR_RETURN(auto names, catalogs.Tables(catalog_, schema, limits_));
      std::ranges::sort(names);
      for (const auto& name : names) Add({.name = name, .columns = {}, .key = {}});
      return {};
    }
    if (confines_.by_table && !schema.empty() && confines_.tables.size() <= kFewTables) return LookAtTables(schema);
    TARN_ASSIGN_OR_RETURN(const auto tables, catalogs.DescribeAll(catalog_, schema, limits_));
    for (const auto& table : *tables) Add(table);
    return {};
  }

  base::Result<void> LookAtTables(const std::string& schema) {
    auto names = confines_.tables;
    std::ranges::sort(names);
    names.erase(std::ranges::unique(names).begin(), names.end());
    for (const auto& name : names) {
      const auto table = call_.parts.catalogs.Describe(catalog_, {.schema = schema, .table = name}, limits_);
      if (table) {
        Add(*table);
      } else if (table.error().kind != base::ErrorKind::kNotFound) {
        return std::unexpected(table.error());
      }
    }
    return {};
  }

  void Add(const connector::TableInfo& table) {
    FoundTable shown{
        .catalog = catalog_.name, .schema = sql::ToLower(table.name.schema), .name = sql::ToLower(table.name.table)};
    if (shown.schema == "information_schema" || !confines_.Table(shown.name)) return;
    if (memory_) {
      if (const auto view = memory_->FindView(table.name)) shown.view = view->text;
    }
    shown.comment = table.comment;
    shown.columns.reserve(table.columns.size());
    for (const auto& column : table.columns) {
      if (column.hidden) continue;
      shown.columns.push_back({.name = sql::ToLower(column.name),
                               .type = column.type,
                               .not_null = column.not_null,
                               .comment = column.comment,
                               .default_value = column.default_value});
    }
    found_.tables.push_back(std::move(shown));
  }

  // information_schema, and the schemas of system.
  void LookAtOwn() {
    const bool system = IsBuiltIn(catalog_, "system");
    for (const auto& table : SystemTables()) {
      const std::string schema(table.schema);
      if ((schema != "information_schema" && !system) || !confines_.Schema(schema)) continue;
      if (found_.schemas.empty() || found_.schemas.back().second != schema)
        found_.schemas.emplace_back(catalog_.name, schema);
      if (depth_ == Depth::kSchemas || !confines_.Table(std::string(table.name))) continue;
      FoundTable shown{.catalog = catalog_.name, .schema = schema, .name = std::string(table.name)};
      for (const auto& column : table.columns) {
        if (!column.hidden)
          shown.columns.push_back({.name = std::string(column.name), .type = std::string(column.type)});
      }
      found_.tables.push_back(std::move(shown));
    }
  }

  const MetadataCall& call_;
  const Confines& confines_;
  const Depth depth_;
  const store::Catalog& catalog_;
  const base::CallLimits limits_;
  std::shared_ptr<connector::memory::Structure> memory_;
  Found found_;
};

}  // namespace

bool Confines::Has(bool confined, const std::vector<std::string>& names, const std::string& name) {
  return !confined || std::ranges::find(names, name) != names.end();
}

Confines Confines::Of(const std::vector<sql::ColumnFilter>& filters) {
  Confines confines;
  for (const auto& filter : filters) {
    const auto& column = filter.column;
    if (column == "table_catalog" || column == "catalog_name" || column == "table_cat")
      Confine(confines.by_catalog, confines.catalogs, filter.values);
    if (column == "table_schema" || column == "schema_name" || column == "table_schem")
      Confine(confines.by_schema, confines.schemas, filter.values);
    if (column == "table_name") Confine(confines.by_table, confines.tables, filter.values);
  }
  return confines;
}

void Confines::ToCatalog(const std::string& name) { Confine(by_catalog, catalogs, {name}); }

bool SilentCatalogs::Has(const std::string& catalog_id) const {
  const std::scoped_lock lock(mutex_);
  const auto found = until_.find(catalog_id);
  return found != until_.end() && found->second > std::chrono::steady_clock::now();
}

void SilentCatalogs::Add(const std::string& catalog_id) {
  const auto now = std::chrono::steady_clock::now();
  const std::scoped_lock lock(mutex_);
  std::erase_if(until_, [&](const auto& entry) { return entry.second <= now; });
  until_[catalog_id] = now + kTime;
}

base::Result<Found> LookAround(const MetadataCall& call, const Confines& confines, Depth depth) {
  auto& silent = call.parts.silent;
  std::vector<store::Catalog> catalogs;
  for (auto& catalog : call.parts.catalogs.List(call.project_id)) {
    if (confines.Catalog(catalog.name)) catalogs.push_back(std::move(catalog));
  }
  const bool alone = catalogs.size() == 1;
  if (!alone) std::erase_if(catalogs, [&](const store::Catalog& catalog) { return silent.Has(catalog.id); });

  std::vector<base::Result<Found>> found(catalogs.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < catalogs.size(); i = next++) {
      auto limits = call.limits;
      if (!alone) limits.deadline = std::min(limits.deadline, std::chrono::steady_clock::now() + kSourcePatience);
      found[i] = Walk(call, confines, depth, catalogs[i], std::move(limits)).Run();
    }
  };
  {
    std::vector<std::jthread> walkers;
    for (std::size_t i = 1; i < std::min(kWalkers, catalogs.size()); ++i) walkers.emplace_back(work);
    work();
  }
  Found all;
  for (std::size_t i = 0; i < catalogs.size(); ++i) {
    if (!found[i]) {
      TARN_RETURN_IF_ERROR(call.limits.Check());
      if (alone) return std::unexpected(std::move(found[i]).error());
      silent.Add(catalogs[i].id);
      base::log::Warning("catalog left out of a listing",
                         {{"catalog", catalogs[i].id}, {"reason", found[i].error().message}});
      continue;
    }
    std::ranges::move(found[i]->schemas, std::back_inserter(all.schemas));
    std::ranges::move(found[i]->tables, std::back_inserter(all.tables));
  }
  return all;
}

}  // namespace tarn::query
