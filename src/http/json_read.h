// Reads JSON requests into described structs; every error names the field's path, such as "[3].tableName".
#pragma once

#include <boost/mp11.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "http/json_traits.h"

namespace tarn::http {

// Parses one JSON document: UTF-8, at most 64 levels deep; of repeated object keys the last counts.
// Errors: InvalidArgument with line and column.
[[nodiscard]] base::Result<boost::json::value> ParseJson(std::string_view text);

// Where in a document a value stands; a chain on the stack, made text only for errors.
struct JsonPath {
  const JsonPath* parent = nullptr;
  std::string_view name = {};
  std::size_t index = 0;  // counts when `name` is empty and there is a parent

  [[nodiscard]] std::string Text() const;
};

// Errors of reading: `Expected a text but found a number`, with the path as Error::field.
[[nodiscard]] std::unexpected<base::Error> WrongType(std::string_view expected, const boost::json::value& found,
                                                     const JsonPath& path);
[[nodiscard]] std::unexpected<base::Error> MissingField(const JsonPath& path);
[[nodiscard]] std::unexpected<base::Error> UnknownValue(std::string_view found,
                                                        const std::vector<std::string_view>& known,
                                                        const JsonPath& path);
[[nodiscard]] std::unexpected<base::Error> OutOfRange(const boost::json::value& found, const JsonPath& path);
// Puts `path` before the field that the error names.
[[nodiscard]] std::unexpected<base::Error> AtPath(base::Error error, const JsonPath& path);

// Errors: InvalidArgument when an array has more than `most` items (0: no limit).
[[nodiscard]] base::Result<void> CheckItemCount(const boost::json::value& value, std::size_t most);

template <class T>
[[nodiscard]] base::Result<void> ReadInto(const boost::json::value& value, const JsonPath& path, T& out);

// Reads a value as T; `path` is where it stands in the caller's document ("[3]"), for errors.
// Errors: InvalidArgument.
template <class T>
[[nodiscard]] base::Result<T> ReadJson(const boost::json::value& value, std::string_view path = {}) {
  T out{};
  const JsonPath top{};
  const JsonPath named{.parent = &top, .name = path};
  TARN_RETURN_IF_ERROR(ReadInto(value, path.empty() ? top : named, out));
  return out;
}

namespace detail {

template <class T>
base::Result<void> ReadInteger(const boost::json::value& value, const JsonPath& path, T& out) {
  if (const auto* number = value.if_int64()) {
    if (!std::in_range<T>(*number)) return OutOfRange(value, path);
    out = static_cast<T>(*number);
    return {};
  }
  if (const auto* number = value.if_uint64()) {
    if (!std::in_range<T>(*number)) return OutOfRange(value, path);
    out = static_cast<T>(*number);
    return {};
  }
  if (!value.is_double()) return WrongType("an integer", value, path);
  const double number = value.get_double();
  // 10.0 and 1e3 are integers too; the bound is what a double holds exactly.
  if (std::nearbyint(number) != number) return WrongType("an integer", value, path);
  if (std::abs(number) > 9007199254740992.0 || !std::in_range<T>(static_cast<std::int64_t>(number)))
    return OutOfRange(value, path);
  out = static_cast<T>(static_cast<std::int64_t>(number));
  return {};
}

template <class E>
base::Result<void> ReadEnum(const boost::json::value& value, const JsonPath& path, E& out) {
  const auto* text = value.if_string();
  if (text == nullptr) return WrongType("a text", value, path);
  bool found = false;
  std::vector<std::string_view> known;
  boost::mp11::mp_for_each<EnumeratorsOf<E>>([&](auto enumerator) {
    if (std::string_view(*text) == enumerator.name) {
      out = enumerator.value;
      found = true;
    }
  });
  if (found) return {};
  boost::mp11::mp_for_each<EnumeratorsOf<E>>([&](auto enumerator) { known.push_back(enumerator.name); });
  return UnknownValue(*text, known, path);
}

template <class T>
base::Result<void> ReadField(const boost::json::object& object, std::string_view name, const JsonPath& path, T& out) {
  const JsonPath at{.parent = &path, .name = name};
  const auto* value = object.if_contains(name);
  if constexpr (kIsNullable<T>) {
    if (value == nullptr) return {};
    out.present = true;
    return ReadInto(*value, at, out.value);
  } else if constexpr (kIsOptional<T>) {
    return value == nullptr ? base::Result<void>{} : ReadInto(*value, at, out);
  } else {
    if (value == nullptr) return MissingField(at);
    return ReadInto(*value, at, out);
  }
}

template <class T>
base::Result<void> ReadStruct(const boost::json::value& value, const JsonPath& path, T& out) {
  const auto* object = value.if_object();
  if (object == nullptr) return WrongType("an object", value, path);
  base::Result<void> result;
  boost::mp11::mp_for_each<MembersOf<T>>([&](auto member) {
    if (result) result = ReadField(*object, member.name, path, out.*member.pointer);
  });
  if (!result) return result;
  if constexpr (requires { JsonTraits<T>::Check(out); }) {
    if (auto checked = JsonTraits<T>::Check(out); !checked) return AtPath(std::move(checked).error(), path);
  }
  return {};
}

}  // namespace detail

template <class T>
base::Result<void> ReadInto(const boost::json::value& value, const JsonPath& path, T& out) {
  if constexpr (kIsOptional<T>) {
    if (value.is_null()) return {};
    return ReadInto(value, path, out.emplace());
  } else if constexpr (std::same_as<T, boost::json::value>) {
    out = value;
  } else if constexpr (std::same_as<T, boost::json::object>) {
    if (!value.is_object()) return WrongType("an object", value, path);
    out = value.get_object();
  } else if constexpr (std::same_as<T, boost::json::array>) {
    if (!value.is_array()) return WrongType("an array", value, path);
    out = value.get_array();
  } else if constexpr (std::same_as<T, bool>) {
    if (!value.is_bool()) return WrongType("true or false", value, path);
    out = value.get_bool();
  } else if constexpr (std::integral<T>) {
    return detail::ReadInteger(value, path, out);
  } else if constexpr (std::floating_point<T>) {
    if (!value.is_number()) return WrongType("a number", value, path);
    out = value.to_number<T>();
  } else if constexpr (std::same_as<T, std::string>) {
    if (!value.is_string()) return WrongType("a text", value, path);
    out.assign(value.get_string().data(), value.get_string().size());
  } else if constexpr (kIsVector<T>) {
    if (!value.is_array()) return WrongType("an array", value, path);
    const auto& items = value.get_array();
    out.reserve(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      typename T::value_type item{};
      TARN_RETURN_IF_ERROR(ReadInto(items[i], JsonPath{.parent = &path, .index = i}, item));
      out.push_back(std::move(item));
    }
  } else if constexpr (kIsMap<T>) {
    if (!value.is_object()) return WrongType("an object", value, path);
    for (const auto& [name, item] : value.get_object()) {
      TARN_RETURN_IF_ERROR(ReadInto(item, JsonPath{.parent = &path, .name = name}, out[std::string(name)]));
    }
  } else if constexpr (DescribedEnum<T>) {
    return detail::ReadEnum(value, path, out);
  } else {
    static_assert(DescribedStruct<T>, "Describe the request type with BOOST_DESCRIBE_STRUCT");
    return detail::ReadStruct(value, path, out);
  }
  return {};
}

}  // namespace tarn::http
