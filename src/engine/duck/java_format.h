// The format strings of Java's Formatter, as format() takes them: %s %d %x %o %f %e %b %c %n %%.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tarn::engine {

// A number with its decimal digits, such as "-12.50": of a decimal, or the shortest ones of a double ("NaN",
// "Infinity"). `text` is what Java's toString gives; empty where that is not known.
struct FormatNumber {
  std::string digits = {};
  std::string text = {};
};
// NULL, boolean, whole number, number, text.
using FormatArgument = std::variant<std::monostate, bool, std::int64_t, FormatNumber, std::string>;

// Errors: INVALID_FUNCTION_ARGUMENT where Java's Formatter refuses, NOT_SUPPORTED for conversions that are not here.
[[nodiscard]] std::string JavaFormat(std::string_view pattern, const std::vector<FormatArgument>& arguments);

}  // namespace tarn::engine
