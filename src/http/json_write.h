// Writes described structs as JSON text, without a tree of values in between.
#pragma once

#include <boost/mp11.hpp>
#include <cmath>
#include <concepts>
#include <string>
#include <string_view>

#include "http/json_traits.h"

namespace tarn::http {

// Appends `text` as a JSON string with its quotes; bytes that are not UTF-8 become U+FFFD.
void AppendJsonText(std::string_view text, std::string& out);
void AppendJsonInteger(std::int64_t number, std::string& out);
// The shortest text that reads back as the same double; null when it is not finite.
void AppendJsonNumber(double number, std::string& out);
void AppendJsonValue(const boost::json::value& value, std::string& out);

// Appends `value` as JSON.
template <class T>
void WriteJson(const T& value, std::string& out);

namespace detail {

template <class T>
bool IsUnset(const T& field) {
  if constexpr (kIsOptional<T>) {
    return !field.has_value();
  } else if constexpr (kIsNullable<T>) {
    return !field.value.has_value();
  } else {
    return false;
  }
}

template <class T>
void WriteStruct(const T& value, std::string& out) {
  out.push_back('{');
  bool first = true;
  boost::mp11::mp_for_each<MembersOf<T>>([&](auto member) {
    const auto& field = value.*member.pointer;
    if (IsUnset(field) && OmittedWhenUnset<T>(member.name)) return;
    out.append(first ? "\"" : ",\"").append(member.name).append("\":");
    first = false;
    WriteJson(field, out);
  });
  out.push_back('}');
}

template <class E>
void WriteEnum(E value, std::string& out) {
  const char* name = boost::describe::enum_to_string(value, nullptr);
  if (name == nullptr) {
    out.append("null");
  } else {
    AppendJsonText(name, out);
  }
}

}  // namespace detail

template <class T>
void WriteJson(const T& value, std::string& out) {
  if constexpr (kIsOptional<T>) {
    if (value) {
      WriteJson(*value, out);
    } else {
      out.append("null");
    }
  } else if constexpr (kIsNullable<T>) {
    WriteJson(value.value, out);
  } else if constexpr (std::same_as<T, boost::json::value>) {
    AppendJsonValue(value, out);
  } else if constexpr (FreeForm<T>) {
    AppendJsonValue(boost::json::value(value), out);
  } else if constexpr (std::same_as<T, bool>) {
    out.append(value ? "true" : "false");
  } else if constexpr (std::integral<T>) {
    static_assert(std::signed_integral<T> || sizeof(T) < 8, "JSON readers lose unsigned 64-bit integers: write a text");
    AppendJsonInteger(static_cast<std::int64_t>(value), out);
  } else if constexpr (std::floating_point<T>) {
    AppendJsonNumber(value, out);
  } else if constexpr (std::convertible_to<const T&, std::string_view>) {
    AppendJsonText(value, out);
  } else if constexpr (kIsVector<T>) {
    out.push_back('[');
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i != 0) out.push_back(',');
      WriteJson(static_cast<const typename T::value_type&>(value[i]), out);
    }
    out.push_back(']');
  } else if constexpr (kIsMap<T>) {
    out.push_back('{');
    bool first = true;
    for (const auto& [name, item] : value) {
      if (!first) out.push_back(',');
      first = false;
      AppendJsonText(name, out);
      out.push_back(':');
      WriteJson(item, out);
    }
    out.push_back('}');
  } else if constexpr (DescribedEnum<T>) {
    detail::WriteEnum(value, out);
  } else {
    static_assert(DescribedStruct<T>, "Describe the response type with BOOST_DESCRIBE_STRUCT");
    detail::WriteStruct(value, out);
  }
}

}  // namespace tarn::http
