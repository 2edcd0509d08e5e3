// Catalogs as the wire shows them.
#pragma once

#include "api/dto_catalog.h"
#include "base/error.h"
#include "store/catalogs.h"

namespace tarn::api {

// A window shows no connection: that is the other project's.
[[nodiscard]] Catalog ShowCatalog(const store::Catalog& catalog);

[[nodiscard]] std::unexpected<base::Error> CatalogNameTaken();

}  // namespace tarn::api
