#include "http/json_schema.h"

#include <boost/core/demangle.hpp>

namespace tarn::http {

boost::json::object SchemaBook::Refer(std::type_index type, std::string_view name,
                                      const std::function<boost::json::object()>& make) {
  auto [known, is_new] = names_.try_emplace(type, name);
  if (is_new) {
    std::string unique(name);
    for (int number = 2; schemas_.contains(unique); ++number) unique = std::string(name) + std::to_string(number);
    known->second = unique;
    schemas_[unique] = {};  // keeps the name while `make` meets the type again
    auto schema = make();
    schemas_[unique] = std::move(schema);
    return {{"$ref", "#/components/schemas/" + unique}};
  }
  return {{"$ref", "#/components/schemas/" + known->second}};
}

std::string PlainTypeName(const std::type_info& type) {
  std::string name = boost::core::demangle(type.name());
  if (const auto scope = name.rfind("::"); scope != std::string::npos) name.erase(0, scope + 2);
  std::erase_if(name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)) && c != '_'; });
  return name;
}

}  // namespace tarn::http
