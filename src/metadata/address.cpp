#include "metadata/address.h"

#include <fmt/format.h>

#include "sql/translate.h"

namespace tarn::metadata {

base::Result<store::Catalog> FindCatalog(const store::CatalogRepository& catalogs, const std::string& project_id,
                                         const std::string& id) {
  if (IsBuiltIn(id)) {
    store::Catalog catalog;
    catalog.id = id;
    catalog.project_id = project_id;
    catalog.name = kBuiltInName;
    catalog.display_name = id == kInternalCatalogId ? "Peaka" : "Peaka Query";
    catalog.type = id == kInternalCatalogId ? "internal" : "query";
    return catalog;
  }
  auto catalog = catalogs.Find(id);
  if (!catalog || catalog->project_id != project_id)
    return base::NotFound(fmt::format("There is no catalog with id: {}", id), "CATALOG_NOT_FOUND");
  return *std::move(catalog);
}

std::string SqlName(const store::Catalog& catalog, const store::TableAddress& table) {
  return fmt::format("{}.{}.{}", sql::QuoteIdentifier(catalog.name), sql::QuoteIdentifier(table.schema),
                     sql::QuoteIdentifier(table.table));
}

}  // namespace tarn::metadata
