#include "api/catalog_view.h"

#include "catalog/definitions.h"

namespace tarn::api {

Catalog ShowCatalog(const store::Catalog& catalog) {
  Catalog shown = {.id = catalog.id,
                   .name = catalog.name,
                   .displayName = catalog.display_name,
                   .catalogType = catalog.type,
                   .connectionId = std::nullopt,
                   .type = std::nullopt};
  if (catalog.type == catalog::kSemanticType) {
    shown.type = "SEMANTIC";
  } else if (catalog.shared_from.empty()) {
    shown.connectionId = catalog.connection_id;
  }
  return shown;
}

std::unexpected<base::Error> CatalogNameTaken() {
  return base::AlreadyExists("There are already a catalog with same name!!");
}

}  // namespace tarn::api
