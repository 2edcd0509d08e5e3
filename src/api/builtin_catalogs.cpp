#include "api/builtin_catalogs.h"

namespace tarn::api {

bool IsBuiltinCatalog(std::string_view id) { return id == kInternalCatalogId || id == kQueryCatalogId; }

const std::vector<Catalog>& BuiltinCatalogs() {
  static const std::vector<Catalog> kCatalogs = {{.id = std::string(kInternalCatalogId),
                                                  .name = std::string(kBuiltinCatalogName),
                                                  .displayName = "Peaka",
                                                  .catalogType = "internal",
                                                  .connectionId = std::nullopt,
                                                  .type = std::nullopt},
                                                 {.id = std::string(kQueryCatalogId),
                                                  .name = std::string(kBuiltinCatalogName),
                                                  .displayName = "Peaka Query",
                                                  .catalogType = "query",
                                                  .connectionId = std::nullopt,
                                                  .type = std::nullopt}};
  return kCatalogs;
}

const Catalog& BuiltinCatalog(std::string_view id) { return BuiltinCatalogs()[id == kInternalCatalogId ? 0 : 1]; }

const std::vector<std::string>& BuiltinSchemas(std::string_view id) {
  static const std::vector<std::string> kInternal = {"table", "bitable"};
  static const std::vector<std::string> kQuery = {"query", "mtquery"};
  return id == kInternalCatalogId ? kInternal : kQuery;
}

}  // namespace tarn::api
