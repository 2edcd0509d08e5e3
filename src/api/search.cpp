// Search over the names of catalogs, schemas and tables.
#include <atomic>
#include <boost/algorithm/string/predicate.hpp>
#include <thread>

#include "api/areas.h"
#include "api/builtin_catalogs.h"
#include "api/dto_catalog.h"
#include "api/reach.h"
#include "api/search_page.h"

namespace tarn::api {

namespace {

// A source that takes longer is not searched: its schemas and tables are absent, and nobody waits for it.
constexpr std::chrono::milliseconds kSourceTime{800};
constexpr std::size_t kSourcesAtOnce = 16;

struct Matches {
  std::vector<CatalogSchemaTable> schemas;
  std::vector<CatalogSchemaTable> tables;
};

class Search final {
 public:
  Search(const Parts& parts, const ProjectCall& call, const SearchRequest& request)
      : parts_(parts),
        call_(call),
        request_(request),
        limits_(base::CallLimits::Within(kSourceTime, call.context.limits().cancel)) {}

  [[nodiscard]] SearchResult Run() {
    std::vector<CatalogSchemaTable> catalogs;
    std::vector<store::Catalog> searched;
    for (store::Catalog& catalog : parts_.catalog_store.List(call_.project.id))
      if (InCatalog(catalog.name)) searched.push_back(std::move(catalog));

    Matches all;
    if (InCatalog(kBuiltinCatalogName)) {
      const std::string builtin(kBuiltinCatalogName);
      AddCatalog(builtin, catalogs);
      for (const Catalog& catalog : BuiltinCatalogs())
        for (const std::string& schema : BuiltinSchemas(catalog.id)) AddSchema(builtin, schema, all);
      AddInternalTables(all);
    }
    for (const store::Catalog& catalog : searched) AddCatalog(catalog.name, catalogs);
    for (Matches& found : SearchSources(searched)) {
      std::ranges::move(found.schemas, std::back_inserter(all.schemas));
      std::ranges::move(found.tables, std::back_inserter(all.tables));
    }
    return Page(std::move(catalogs), std::move(all));
  }

 private:
  [[nodiscard]] bool Contains(std::string_view name) const { return boost::algorithm::icontains(name, request_.query); }
  [[nodiscard]] bool InCatalog(std::string_view name) const {
    return !request_.catalog || boost::algorithm::iequals(name, *request_.catalog);
  }
  [[nodiscard]] bool InSchema(std::string_view name) const {
    return !request_.schema || boost::algorithm::iequals(name, *request_.schema);
  }

  void AddCatalog(const std::string& name, std::vector<CatalogSchemaTable>& catalogs) const {
    if (!request_.catalog && !request_.schema && Contains(name))
      catalogs.push_back({.catalog = name, .schema = std::nullopt, .table = std::nullopt});
  }

  void AddSchema(const std::string& catalog, const std::string& name, Matches& found) const {
    if (!request_.schema && Contains(name))
      found.schemas.push_back({.catalog = catalog, .schema = name, .table = std::nullopt});
  }

  void AddInternalTables(Matches& found) const {
    for (const tables::Kind kind : {tables::Kind::kRows, tables::Kind::kColumns}) {
      if (!InSchema(tables::SchemaOf(kind))) continue;
      const auto listed = parts_.tables.List(call_.project.id, kind);
      if (!listed) return;
      for (const tables::TableDefinition& table : *listed)
        if (Contains(table.name))
          found.tables.push_back({.catalog = std::string(kBuiltinCatalogName),
                                  .schema = std::string(tables::SchemaOf(kind)),
                                  .table = table.name});
    }
  }

  [[nodiscard]] std::vector<Matches> SearchSources(const std::vector<store::Catalog>& catalogs) const {
    std::vector<Matches> found(catalogs.size());
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
      for (std::size_t i = next++; i < catalogs.size(); i = next++) SearchSource(catalogs[i], found[i]);
    };
    std::vector<std::jthread> workers;
    for (std::size_t i = 1; i < std::min(kSourcesAtOnce, catalogs.size()); ++i) workers.emplace_back(work);
    work();
    workers.clear();
    return found;
  }

  void SearchSource(const store::Catalog& catalog, Matches& found) const {
    const auto schemas = parts_.catalogs.Schemas(catalog, limits_);
    if (!schemas) return;
    for (const std::string& schema : *schemas) {
      AddSchema(catalog.name, schema, found);
      if (!InSchema(schema)) continue;
      const auto tables = parts_.catalogs.Tables(catalog, schema, limits_);
      if (!tables) return;
      for (const connector::TableName& table : *tables)
        if (Contains(table.table))
          found.tables.push_back({.catalog = catalog.name, .schema = table.schema, .table = table.table});
    }
  }

  [[nodiscard]] SearchResult Page(std::vector<CatalogSchemaTable> catalogs, Matches all) const {
    SearchPage page(request_.limit.value_or(kDefaultSearchLimit), request_.offset.value_or(0));
    SearchResult result;
    result.matchedCatalogs = page.Cut(std::move(catalogs));
    result.matchedSchemas = page.Cut(std::move(all.schemas));
    result.matchedTables = page.Cut(std::move(all.tables));
    result.meta = {.page = page.Shown(), .query = {.text = request_.query}};
    return result;
  }

  const Parts& parts_;
  const ProjectCall& call_;
  const SearchRequest& request_;
  const base::CallLimits limits_;
};

}  // namespace

void AddSearch(Parts& parts, OperationList& operations) {
  operations.push_back(ProjectOperation<SearchRequest, SearchResult>(
      parts,
      {.id = "search",
       .method = http::Method::kPost,
       .path = "/data/projects/{projectId}/search",
       .area = "Data: Catalogs",
       .summary = "Search"},
      [&parts](const ProjectCall& call, const SearchRequest& request) -> base::Result<SearchResult> {
        return Search(parts, call, request).Run();
      }));
}

}  // namespace tarn::api
