#include "catalog/parametric_text.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "sql/text.h"
#include "sql/translate.h"
#include "sql/translate_query.h"

namespace tarn::catalog {

namespace json = boost::json;

namespace {

constexpr std::size_t kMostDigits = 6;
constexpr std::string_view kInstants = "hm";  // units that make an instant of a day
constexpr std::string_view kPeriods = "Mqy";  // units that move the period of an anchor

struct Anchor {
  std::string_view name;
  std::string_view day;     // an expression for it, or for the first day of its period
  std::string_view period;  // whose last day is meant; empty: the day itself
};
constexpr std::array<Anchor, 11> kAnchors = {{{"today", "current_date", ""},
                                              {"yesterday", "date_add('day', -1, current_date)", ""},
                                              {"now", "", ""},
                                              {"sow", "date_trunc('week', current_date)", ""},
                                              {"eow", "date_add('day', 6, date_trunc('week', current_date))", ""},
                                              {"som", "date_trunc('month', current_date)", ""},
                                              {"eom", "date_trunc('month', current_date)", "month"},
                                              {"soq", "date_trunc('quarter', current_date)", ""},
                                              {"eoq", "date_trunc('quarter', current_date)", "quarter"},
                                              {"soy", "date_trunc('year', current_date)", ""},
                                              {"eoy", "date_trunc('year', current_date)", "year"}}};

struct Offset {
  std::string number;  // with its sign
  char unit = 'd';
};

std::string_view UnitName(char unit) {
  switch (unit) {
    case 'd': return "day";
    case 'w': return "week";
    case 'M': return "month";
    case 'q': return "quarter";
    case 'y': return "year";
    case 'h': return "hour";
    case 'm': return "minute";
    default: return {};
  }
}

std::string Add(std::string_view unit, const std::string& number, const std::string& to) {
  return "date_add('" + std::string(unit) + "', " + number + ", " + to + ")";
}

std::string Cast(const std::string& value, const std::string& type) { return "CAST(" + value + " AS " + type + ")"; }

std::unexpected<base::Error> Malformed(std::string_view text) {
  return base::InvalidArgument("Relative date is malformed: \"" + std::string(text) + "\"");
}

std::optional<std::vector<Offset>> ReadOffsets(std::string_view text) {
  std::vector<Offset> offsets;
  while (!text.empty()) {
    const auto digits = text.find_first_not_of("0123456789", 1);
    if ((text[0] != '+' && text[0] != '-') || digits == std::string_view::npos || digits == 1 ||
        digits > kMostDigits + 1 || UnitName(text[digits]).empty())
      return std::nullopt;
    const auto number = text.substr(1, digits - 1);
    offsets.push_back({.number = (text[0] == '-' ? "-" : "") + std::string(number), .unit = text[digits]});
    text.remove_prefix(digits + 1);
  }
  return offsets;
}

// A relative date as a value of a date, a timestamp, or a timestamp with time zone.
base::Result<std::string> RelativeDate(std::string_view text, const std::string& type, const sql::Type& read) {
  const auto end = std::min(text.find_first_of("+-"), text.size());
  const auto anchor = std::ranges::find(kAnchors, text.substr(1, end - 1), &Anchor::name);
  const auto offsets = ReadOffsets(text.substr(end));
  if (anchor == kAnchors.end() || !offsets) return Malformed(text);
  const bool zoned = read.Is("timestamp with time zone");
  bool is_instant = anchor->day.empty();
  std::string value = is_instant ? (zoned ? "current_timestamp(6)" : "localtimestamp(6)") : std::string(anchor->day);
  std::vector<Offset> after;
  for (const Offset& offset : *offsets) {
    if (!anchor->period.empty() && kPeriods.find(offset.unit) != std::string_view::npos) {
      value = Add(UnitName(offset.unit), offset.number, value);
    } else {
      after.push_back(offset);
    }
  }
  if (!anchor->period.empty()) value = Add("day", "-1", Add(anchor->period, "1", value));
  for (const Offset& offset : after) {
    if (!is_instant && kInstants.find(offset.unit) != std::string_view::npos) {
      value = Cast(value, "timestamp(6)");
      is_instant = true;
    }
    value = Add(UnitName(offset.unit), offset.number, value);
  }
  return Cast(value, type);
}

}  // namespace

base::Result<std::string> ParameterExpression(const json::value& value, const std::string& type) {
  if (!value.is_string() && !value.is_number() && !value.is_bool())
    return base::InvalidArgument("Parameter is neither a text, a number nor a truth value");
  TARN_ASSIGN_OR_RETURN(const auto read, sql::ReadType(type));
  std::string text = value.is_string() ? std::string(value.get_string()) : json::serialize(value);
  const bool is_time = read.Is("date") || read.Is("timestamp") || read.Is("timestamp with time zone");
  if (is_time && text.starts_with('@')) return RelativeDate(text, type, read);
  if (read.Is("varchar") || read.Is("char")) return sql::QuoteLiteral(text);
  const bool is_integer = read.Is("bigint") || read.Is("integer") || read.Is("smallint") || read.Is("tinyint");
  if (is_integer && (value.is_int64() || value.is_uint64())) return text;
  return Cast(sql::QuoteLiteral(text), type);
}

base::Result<std::string> ParametricText(const store::ParametricTable& table, const std::string& catalog,
                                         const connector::TableInfo& from) {
  boost::system::error_code failed;
  const auto parameters = json::parse(table.parameters, failed);
  if (failed || !parameters.is_array()) return base::Internal("The parameters of a table cannot be read");
  std::string text = "SELECT * FROM " + sql::QuoteIdentifier(catalog) + "." + sql::QuoteIdentifier(table.from_schema) +
                     "." + sql::QuoteIdentifier(table.from_table);
  std::string_view before = " WHERE ";
  for (const auto& parameter : parameters.as_array()) {
    const auto& object = parameter.as_object();
    const std::string key(object.at("key").as_string());
    const auto column = std::ranges::find_if(
        from.columns, [&](const auto& each) { return sql::ToLower(each.name) == sql::ToLower(key); });
    if (column == from.columns.end())
      return base::FailedPrecondition("The parameter's column does not exist: \"" + key + "\"", "COLUMN_NOT_FOUND");
    TARN_ASSIGN_OR_RETURN(const auto value, ParameterExpression(object.at("value"), column->type));
    text += std::string(before) + sql::QuoteIdentifier(column->name) + " = " + value;
    before = " AND ";
  }
  return text;
}

}  // namespace tarn::catalog
