// The two catalogs that every project has: Tarn's own tables and its saved queries. Both have the SQL name
// "peaka".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/dto_catalog.h"

namespace tarn::api {

inline constexpr std::string_view kInternalCatalogId = "1";
inline constexpr std::string_view kQueryCatalogId = "2";
inline constexpr std::string_view kBuiltinCatalogName = "peaka";

[[nodiscard]] bool IsBuiltinCatalog(std::string_view id);
// The built-in catalogs, the internal one first.
[[nodiscard]] const std::vector<Catalog>& BuiltinCatalogs();
[[nodiscard]] const Catalog& BuiltinCatalog(std::string_view id);
// The schemas of a built-in catalog.
[[nodiscard]] const std::vector<std::string>& BuiltinSchemas(std::string_view id);

}  // namespace tarn::api
