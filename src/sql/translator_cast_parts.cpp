// Casts of arrays, maps and rows, part by part, so that each part is cast as it would be alone; and of JSON to them.
#include <algorithm>

#include "sql/text.h"
#include "sql/translator.h"
#include "sql/type_rules.h"

namespace tarn::sql {
namespace {

// The engine's name of a row's field in a named row.
std::string FieldName(const Type& row, std::size_t i) {
  const std::string& name = row.field_names[i];
  return QuoteIdentifier(name.empty() ? "field" + std::to_string(i) : ToLower(name));
}

bool HasNames(const Type& row) {
  return std::ranges::any_of(row.field_names, [](const std::string& name) { return !name.empty(); });
}

// The names that members of a JSON object are found by.
std::string NameList(const Type& row) {
  std::string list = "[";
  for (std::size_t i = 0; i < row.children.size(); ++i)
    list += (i == 0 ? "" : ", ") + QuoteLiteral(ToLower(row.field_names[i]));
  return list + "]";
}

Written Part(SqlText sql, const Type& type) { return {.sql = std::move(sql), .type = type}; }

}  // namespace

// The names depend on the text alone, so that two equal casts are equal texts.
std::string Translator::PartName(const SqlText& around) {
  do ++lambda_depth_;
  while (around.text().contains("\"p" + std::to_string(lambda_depth_) + "_"));
  return LambdaName(0);
}

std::optional<Written> Translator::CastParts(const Cast& cast, const Written& operand, const Type& to) {
  const Type& from = operand.type;
  const bool json = from.Is("json");
  if (to.children.empty() || !from.known() || from.Is("unknown")) return std::nullopt;
  if (from == to) return operand;
  if (to.Is("row")) return CastRow(cast, operand, to);
  const int outer_depth = lambda_depth_;
  Written written{.type = to};
  const std::string part = PartName(operand.sql);
  const auto of = [&](std::string_view field, const Type& of_json, std::size_t i) {
    return CastPart(cast, Part(SqlText(part + std::string(field)), json ? of_json : from.children[i]), written, i);
  };
  const Type text{.name = "varchar"};
  const Type value{.name = "json"};
  if (to.Is("array")) {
    written.sql.Add("list_transform(").Add(json ? "trino_json_elements(" : "(").Add(operand.sql);
    written.sql.Add("), (lambda " + part + ": ").Add(of("", value, 0)).Add("))");
  } else {
    written.sql.Add("trino_map_of_cast(list_transform(").Add(json ? "trino_json_members(" : "map_entries(");
    written.sql.Add(operand.sql).Add("), (lambda " + part + ": struct_pack(key := ").Add(of(".\"key\"", text, 0));
    written.sql.Add(", \"value\" := ").Add(of(".\"value\"", value, 1)).Add("))))");
  }
  lambda_depth_ = outer_depth;
  return written;
}

// The row is the one element of a list, so that it is evaluated once.
Written Translator::CastRow(const Cast& cast, const Written& operand, const Type& to) {
  const bool json = operand.type.Is("json");
  const int outer_depth = lambda_depth_;
  Written written{.type = to};
  const std::string row = PartName(operand.sql);
  written.sql.Add("list_extract(list_transform([").Add(json ? "trino_json_fields(" : "(").Add(operand.sql);
  if (json) written.sql.Add(", " + NameList(to));
  written.sql.Add(")], (lambda " + row + ": CASE WHEN " + row + " IS NULL THEN NULL ELSE ");
  const bool named = HasNames(to);
  written.sql.Add(named ? "struct_pack(" : "row(");
  for (std::size_t i = 0; i < to.children.size(); ++i) {
    const std::string field = (json ? "list_extract(" : "trino_subscript(") + row + ", " + std::to_string(i + 1) + ")";
    const Written part = Part(SqlText(field), json ? Type{.name = "json"} : operand.type.children[i]);
    written.sql.Add(i == 0 ? "" : ", ").Add(named ? FieldName(to, i) + " := " : "");
    written.sql.Add(CastPart(cast, part, written, i));
  }
  written.sql.Add(") END)), 1)");
  lambda_depth_ = outer_depth;
  return written;
}

// One part; the zone of its values goes into the type of the whole.
SqlText Translator::CastPart(const Cast& cast, const Written& part, Written& whole, std::size_t i) {
  Type& to = whole.type.children[i];
  if (part.type == to) return part.sql;
  if (part.type.Is("unknown")) {
    const auto type = ToEngineType(to);
    if (!type) RefuseLast(cast.position, "A cast to the type '" + ToText(to) + "'");
    return SqlText("CAST(NULL AS " + type.value_or("INTEGER") + ")");
  }
  if (!part.type.known()) {
    // Native, as nothing is known of it.
    const auto type = ToEngineType(to);
    if (!type) RefuseLast(cast.position, "A cast to the type '" + ToText(to) + "'");
    SqlText sql;
    return std::move(sql.Add("CAST(").Add(part.sql).Add(" AS " + type.value_or("INTEGER") + ")"));
  }
  Written value = CastValue(cast, part, to);
  to = std::move(value.type);
  return std::move(value.sql);
}

}  // namespace tarn::sql
