// The schemas of described types, for the OpenAPI document.
#pragma once

#include <boost/mp11.hpp>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <typeindex>

#include "http/json_traits.h"

namespace tarn::http {

// Collects the named schemas that a document refers to.
class SchemaBook final {
 public:
  // A reference to the schema of a type, which `make` fills in on first sight. Two types of one name are told apart by
  // a number.
  boost::json::object Refer(std::type_index type, std::string_view name,
                            const std::function<boost::json::object()>& make);
  [[nodiscard]] const std::map<std::string, boost::json::object>& schemas() const { return schemas_; }

 private:
  std::map<std::type_index, std::string> names_;
  std::map<std::string, boost::json::object> schemas_;
};

// The name of a type without its namespaces.
[[nodiscard]] std::string PlainTypeName(const std::type_info& type);

template <class T>
[[nodiscard]] boost::json::object SchemaOf(SchemaBook& book);

namespace detail {

template <class T>
boost::json::object StructSchema(SchemaBook& book) {
  boost::json::object properties;
  boost::json::array required;
  boost::mp11::mp_for_each<MembersOf<T>>([&](auto member) {
    using Field = std::remove_cvref_t<decltype(std::declval<T>().*member.pointer)>;
    properties[member.name] = SchemaOf<Field>(book);
    if (!kIsOptional<Field> && !kIsNullable<Field>) required.emplace_back(member.name);
  });
  boost::json::object schema{{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) schema["required"] = std::move(required);
  return schema;
}

template <class T>
boost::json::object NullableSchema(SchemaBook& book) {
  auto schema = SchemaOf<T>(book);
  // OpenAPI 3.0 ignores what stands beside a $ref.
  if (schema.contains("$ref")) schema = {{"allOf", boost::json::array{std::move(schema)}}};
  schema["nullable"] = true;
  return schema;
}

}  // namespace detail

template <class T>
boost::json::object SchemaOf(SchemaBook& book) {
  if constexpr (kIsOptional<T>) {
    return detail::NullableSchema<typename T::value_type>(book);
  } else if constexpr (kIsNullable<T>) {
    return detail::NullableSchema<typename decltype(T::value)::value_type>(book);
  } else if constexpr (std::same_as<T, boost::json::value>) {
    return {};
  } else if constexpr (std::same_as<T, boost::json::object>) {
    return {{"type", "object"}};
  } else if constexpr (std::same_as<T, boost::json::array>) {
    return {{"type", "array"}, {"items", boost::json::object{}}};
  } else if constexpr (std::same_as<T, bool>) {
    return {{"type", "boolean"}};
  } else if constexpr (std::integral<T>) {
    return {{"type", "integer"}, {"format", sizeof(T) > 4 ? "int64" : "int32"}};
  } else if constexpr (std::floating_point<T>) {
    return {{"type", "number"}};
  } else if constexpr (std::convertible_to<const T&, std::string_view>) {
    return {{"type", "string"}};
  } else if constexpr (kIsVector<T>) {
    return {{"type", "array"}, {"items", SchemaOf<typename T::value_type>(book)}};
  } else if constexpr (kIsMap<T>) {
    return {{"type", "object"}, {"additionalProperties", SchemaOf<typename T::mapped_type>(book)}};
  } else if constexpr (DescribedEnum<T>) {
    boost::json::array values;
    boost::mp11::mp_for_each<EnumeratorsOf<T>>([&](auto enumerator) { values.emplace_back(enumerator.name); });
    return {{"type", "string"}, {"enum", std::move(values)}};
  } else {
    static_assert(DescribedStruct<T>, "Describe the type with BOOST_DESCRIBE_STRUCT");
    return book.Refer(typeid(T), PlainTypeName(typeid(T)), [&book] { return detail::StructSchema<T>(book); });
  }
}

}  // namespace tarn::http
