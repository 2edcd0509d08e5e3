#include "catalog/built_in.h"

#include <algorithm>

#include "catalog/own_tables.h"

namespace tarn::catalog {

namespace {

constexpr std::string_view kPrefix = "built-in/";

}  // namespace

const std::vector<std::string>& BuiltInNames() {
  static const std::vector<std::string> names = {"memory", "peaka", "system", "tpcds", "tpch"};
  return names;
}

std::optional<store::Catalog> BuiltIn(const std::string& project_id, std::string_view folded_name) {
  const auto& names = BuiltInNames();
  if (std::ranges::find(names, folded_name) == names.end()) return std::nullopt;
  store::Catalog catalog;
  catalog.name = folded_name;
  catalog.display_name = folded_name;
  catalog.type = folded_name == "peaka" ? kOwnCatalogType : folded_name;
  catalog.project_id = project_id;
  // Sample data is the same for all; what is in memory or in Tarn's own tables is the project's own.
  const bool own = folded_name == "memory" || folded_name == "peaka";
  catalog.id = std::string(kPrefix) + catalog.name + (own ? "/" + project_id : "");
  return catalog;
}

bool IsBuiltIn(const store::Catalog& catalog) { return catalog.id.starts_with(kPrefix); }

}  // namespace tarn::catalog
