#include "trino/type_display.h"

#include <algorithm>

#include "engine/encode.h"
#include "sql/text.h"
#include "sql/translate.h"

namespace tarn::trino {
namespace {

constexpr std::string_view kWithZone = " with time zone";
constexpr std::int64_t kUnboundedVarchar = 2'147'483'647;

bool IsTime(const sql::Type& type) {
  return type.Is("time") || type.Is("timestamp") || type.Is("time with time zone") ||
         type.Is("timestamp with time zone");
}

bool IsPlainName(std::string_view name) {
  return !name.empty() && !sql::IsDigit(name.front()) &&
         std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || sql::IsDigit(c) || c == '_'; });
}

std::string Arguments(const sql::Type& type) {
  std::string text;
  for (const auto number : type.numbers) text += (text.empty() ? "" : ", ") + std::to_string(number);
  for (std::size_t i = 0; i < type.children.size(); ++i) {
    if (i > 0 || !text.empty()) text += ", ";
    if (i < type.field_names.size() && !type.field_names[i].empty()) {
      const auto& name = type.field_names[i];
      text += (IsPlainName(name) ? name : sql::QuoteIdentifier(name)) + " ";
    }
    text += TypeText(type.children[i]);
  }
  return text.empty() ? text : "(" + text + ")";
}

void AppendNumber(std::int64_t number, std::string& out) {
  if (out.back() != '[') out += ',';
  out += "{\"kind\":\"LONG\",\"value\":" + std::to_string(number) + "}";
}

template <class Change>
sql::Type ChangeTimes(sql::Type type, const Change& change) {
  if (IsTime(type)) change(type);
  for (auto& child : type.children) child = ChangeTimes(std::move(child), change);
  return type;
}

}  // namespace

std::string TypeText(const sql::Type& type) {
  if (type.name.starts_with("interval ")) return sql::ToUpper(type.name);
  // The precision of a time stands inside its name.
  if (const auto zone = type.name.find(kWithZone); zone != std::string::npos) {
    return type.name.substr(0, zone) + Arguments(type) + std::string(kWithZone);
  }
  return type.name + Arguments(type);
}

void AppendTypeSignature(const sql::Type& type, std::string& out) {
  out += "{\"rawType\":";
  engine::AppendJsonString(type.name, out);
  out += ",\"arguments\":[";
  for (const auto number : type.numbers) AppendNumber(number, out);
  if (type.Is("varchar") && type.numbers.empty()) AppendNumber(kUnboundedVarchar, out);
  for (std::size_t i = 0; i < type.children.size(); ++i) {
    if (out.back() != '[') out += ',';
    if (type.Is("row")) {
      out += "{\"kind\":\"NAMED_TYPE\",\"value\":{";
      if (i < type.field_names.size() && !type.field_names[i].empty()) {
        out += "\"fieldName\":{\"name\":";
        engine::AppendJsonString(type.field_names[i], out);
        out += "},";
      }
      out += "\"typeSignature\":";
      AppendTypeSignature(type.children[i], out);
      out += "}}";
    } else {
      out += "{\"kind\":\"TYPE\",\"value\":";
      AppendTypeSignature(type.children[i], out);
      out += '}';
    }
  }
  out += "]}";
}

sql::Type WithMilliseconds(sql::Type type) {
  return ChangeTimes(std::move(type), [](sql::Type& time) { time.numbers = {3}; });
}

sql::Type WithoutPrecision(sql::Type type) {
  return ChangeTimes(std::move(type), [](sql::Type& time) { time.numbers.clear(); });
}

}  // namespace tarn::trino
