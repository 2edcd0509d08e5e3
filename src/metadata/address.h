// Tables by the ids that clients know, also those of the two catalogs that have none in the store.
#pragma once

#include <string>
#include <string_view>

#include "store/catalogs.h"
#include "store/metadata.h"

namespace tarn::metadata {

// Tarn's own tables and its saved queries; both have the SQL name "peaka".
inline constexpr std::string_view kInternalCatalogId = "1";
inline constexpr std::string_view kQueryCatalogId = "2";
inline constexpr std::string_view kBuiltInName = "peaka";

[[nodiscard]] inline bool IsBuiltIn(std::string_view catalog_id) {
  return catalog_id == kInternalCatalogId || catalog_id == kQueryCatalogId;
}

// The catalog of a project with this id, also a built-in one. Errors: NotFound.
[[nodiscard]] base::Result<store::Catalog> FindCatalog(const store::CatalogRepository& catalogs,
                                                       const std::string& project_id, const std::string& id);

// In SQL: "catalog"."schema"."table".
[[nodiscard]] std::string SqlName(const store::Catalog& catalog, const store::TableAddress& table);

}  // namespace tarn::metadata
