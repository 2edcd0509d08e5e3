// Credentials: JSON in, texts kept, non-secret fields out.
#include <boost/json.hpp>
#include <charconv>
#include <cmath>

#include "connector/registry.h"

namespace tarn::connector {
namespace {

using Type = CredentialField::Type;

std::unexpected<base::Error> Invalid(std::string message, const std::string& field) {
  auto refused = base::InvalidArgument(std::move(message), field.empty() ? "credential" : "credential." + field);
  refused.error().code = "INVALID_CREDENTIALS";
  return refused;
}

// A number in plain decimal digits.
std::optional<std::string> NumberText(const boost::json::value& value) {
  if (value.is_int64()) return std::to_string(value.get_int64());
  if (value.is_uint64()) return std::to_string(value.get_uint64());
  if (value.is_double() && std::isfinite(value.get_double())) return fmt::format("{}", value.get_double());
  if (!value.is_string()) return std::nullopt;
  const std::string_view text = value.get_string();
  double number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return std::string(text);
}

std::optional<std::string> BooleanText(const boost::json::value& value) {
  if (value.is_bool()) return value.get_bool() ? "true" : "false";
  if (value.is_string() && (value.get_string() == "true" || value.get_string() == "false"))
    return std::string(value.get_string());
  return std::nullopt;
}

base::Result<std::string> FieldText(const CredentialField& field, const boost::json::value& value) {
  std::optional<std::string> text;
  std::string_view wanted = "a text";
  if (field.type == Type::kNumber) {
    text = NumberText(value);
    wanted = "a number";
  } else if (field.type == Type::kBoolean) {
    text = BooleanText(value);
    wanted = "true or false";
  } else if (value.is_string()) {
    text = std::string(value.get_string());
  }
  if (!text) return Invalid(fmt::format("A field of the credential is not {}: \"{}\"", wanted, field.name), field.name);
  if (text->find('\0') != std::string::npos)
    return Invalid(fmt::format("A field of the credential holds a zero byte: \"{}\"", field.name), field.name);
  return *text;
}

}  // namespace

base::Result<Credential> ReadCredential(const ConnectorSpec& spec, std::string_view json) {
  boost::system::error_code failure;
  const auto parsed = boost::json::parse(json, failure);
  if (failure || !parsed.is_object()) return Invalid("The credential is not a JSON object", "");
  Credential credential;
  for (const auto& field : spec.fields) {
    const auto* value = parsed.get_object().if_contains(field.name);
    const bool given = value != nullptr && !value->is_null() && !(value->is_string() && value->get_string().empty());
    if (!given && field.required)
      return Invalid(fmt::format("A field of the credential is missing: \"{}\"", field.name), field.name);
    if (!given) continue;
    TARN_ASSIGN_OR_RETURN(auto text, FieldText(field, *value));
    credential.emplace(field.name, base::SecretString(std::move(text)));
  }
  return credential;
}

std::string PublicDetail(const ConnectorSpec& spec, const Credential& credential) {
  boost::json::object detail{{"type", spec.type}};
  for (const auto& field : spec.fields) {
    const auto found = credential.find(field.name);
    if (field.secret || found == credential.end()) continue;
    const auto& text = found->second.Reveal();
    if (field.type == Type::kText) {
      detail[field.name] = text;
    } else {
      boost::system::error_code failure;
      auto value = boost::json::parse(text, failure);  // numbers and booleans are JSON as they stand
      detail[field.name] = failure ? boost::json::value(text) : std::move(value);
    }
  }
  return boost::json::serialize(detail);
}

}  // namespace tarn::connector
