#include "http/context.h"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <charconv>

namespace tarn::http {

namespace {

const std::string* Find(const NamedValues& values, std::string_view name) {
  for (const auto& [known, value] : values) {
    if (known == name) return &value;
  }
  return nullptr;
}

}  // namespace

const std::string& Context::Path(std::string_view name) const {
  static const std::string kEmpty;
  const auto* value = Find(facts_.path_values, name);
  return value == nullptr ? kEmpty : *value;
}

std::optional<std::string> Context::Query(std::string_view name) const {
  const auto* value = Find(facts_.query_values, name);
  return value == nullptr ? std::nullopt : std::optional(*value);
}

std::optional<std::int64_t> Context::QueryInteger(std::string_view name) const {
  const auto* value = Find(facts_.query_values, name);
  return value == nullptr ? std::nullopt : ReadInteger(*value);
}

std::optional<bool> Context::QueryBoolean(std::string_view name) const {
  const auto* value = Find(facts_.query_values, name);
  return value == nullptr ? std::nullopt : ReadBoolean(*value);
}

std::string_view Context::Header(std::string_view name) const {
  for (const auto& [known, value] : facts_.headers) {
    if (boost::beast::iequals(known, name)) return value;
  }
  return {};
}

std::optional<bool> ReadBoolean(std::string_view text) {
  if (boost::beast::iequals(text, "true")) return true;
  if (boost::beast::iequals(text, "false")) return false;
  return std::nullopt;
}

std::optional<std::int64_t> ReadInteger(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace tarn::http
