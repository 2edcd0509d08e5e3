// How a described type looks on the wire, where that differs from the rule.
//
// The rule: a type is described once with BOOST_DESCRIBE_STRUCT (fields carry the wire's own names) or
// BOOST_DESCRIBE_ENUM (enumerators carry the wire's own texts). A field of type std::optional or Nullable may be absent
// or null in a request; every other field is required. In a response an unset optional is written as null.
#pragma once

#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/error.h"

namespace tarn::http {

// Specialise for a described struct T; every member is optional:
//   static constexpr bool kOmitUnset = true;                            no unset optional of T is written
//   static constexpr std::string_view kOmitted[] = {"cacheActionLogs"};  these are not written when unset
//   static base::Result<void> Check(const T&);                          a rule beyond types, run after reading;
//                                                                       Error::field is relative to T
template <class T>
struct JsonTraits {};

// A request field that tells "absent" from "null".
template <class T>
struct Nullable {
  bool present = false;
  std::optional<T> value = {};
};

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;
template <class T>
inline constexpr bool kIsNullable = false;
template <class T>
inline constexpr bool kIsNullable<Nullable<T>> = true;
template <class T>
inline constexpr bool kIsVector = false;
template <class T>
inline constexpr bool kIsVector<std::vector<T>> = true;
template <class T>
inline constexpr bool kIsMap = false;
template <class T>
inline constexpr bool kIsMap<std::map<std::string, T>> = true;

template <class T>
concept DescribedStruct = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;
template <class T>
concept DescribedEnum = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;
template <class T>
concept FreeForm =
    std::same_as<T, boost::json::value> || std::same_as<T, boost::json::object> || std::same_as<T, boost::json::array>;

template <class T>
using MembersOf = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;
template <class E>
using EnumeratorsOf = boost::describe::describe_enumerators<E>;

// Whether field `name` of T is left out of a response when it is unset.
template <class T>
[[nodiscard]] constexpr bool OmittedWhenUnset(std::string_view name) {
  if constexpr (requires { JsonTraits<T>::kOmitUnset; }) {
    if (JsonTraits<T>::kOmitUnset) return true;
  }
  if constexpr (requires { JsonTraits<T>::kOmitted; }) {
    for (std::string_view omitted : JsonTraits<T>::kOmitted) {
      if (omitted == name) return true;
    }
  }
  return name.empty();
}

}  // namespace tarn::http
