// The catalogs that every project has without a connection: `peaka`, `tpch`, `tpcds`, `memory` and `system`. A
// project's own catalog of the same name hides the built-in one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/catalogs.h"

namespace tarn::catalog {

// As the project sees it; nullopt: there is no such. Ids are unlike those of the store.
[[nodiscard]] std::optional<store::Catalog> BuiltIn(const std::string& project_id, std::string_view folded_name);
// Their names in order.
[[nodiscard]] const std::vector<std::string>& BuiltInNames();
[[nodiscard]] bool IsBuiltIn(const store::Catalog& catalog);

}  // namespace tarn::catalog
