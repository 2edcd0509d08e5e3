// JSON text read in place: values are views of the text, so that numbers keep their digits.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tarn::engine {

// A step of Trino's small path grammar: $.name, $["name"], $[0]. Digits name a member of an object and an element of an
// array.
using JsonPath = std::vector<std::string>;

// Errors: INVALID_FUNCTION_ARGUMENT for what is no path.
[[nodiscard]] JsonPath ParseJsonPath(std::string_view path);

// The value's text without blanks around it; nullopt where the whole is no JSON.
[[nodiscard]] std::optional<std::string_view> JsonValue(std::string_view text);

// The value at a path of a valid value; nullopt where there is none.
[[nodiscard]] std::optional<std::string_view> JsonAt(std::string_view value, const JsonPath& path);

// The elements of an array or the values of an object's members, of a valid value; nullopt for scalars.
[[nodiscard]] std::optional<std::vector<std::string_view>> JsonChildren(std::string_view value);

// The names, as texts, and the values of an object's members, of a valid value; nullopt for others.
[[nodiscard]] std::optional<std::vector<std::pair<std::string, std::string_view>>> JsonMembers(std::string_view value);

[[nodiscard]] inline bool IsJsonScalar(std::string_view value) { return value[0] != '{' && value[0] != '['; }

// The text that a JSON string, with its quotes, stands for.
[[nodiscard]] std::string JsonStringText(std::string_view quoted);

// Without blanks, an object's members by name and each once (the last of equal ones), numbers as Trino writes them.
[[nodiscard]] std::string CanonicalJson(std::string_view value);

}  // namespace tarn::engine
