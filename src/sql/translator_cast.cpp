// CAST and TRY_CAST: a function of the engine for the types where Trino's rules differ, a native cast for the rest.
#include <algorithm>
#include <array>

#include "sql/text.h"
#include "sql/translator.h"
#include "sql/type_rules.h"

namespace tarn::sql {
namespace {

struct CastFunction {
  std::string_view type;
  std::string_view function;
};

constexpr auto kCasts = std::to_array<CastFunction>({
    {"bigint", "trino_cast_bigint"},
    {"boolean", "trino_cast_boolean"},
    {"date", "trino_cast_date"},
    {"double", "trino_cast_double"},
    {"integer", "trino_cast_integer"},
    {"ipaddress", "trino_cast_ipaddress"},
    {"json", "trino_cast_json"},
    {"real", "trino_cast_real"},
    {"smallint", "trino_cast_smallint"},
    {"tinyint", "trino_cast_tinyint"},
    {"uuid", "trino_cast_uuid"},
    {"varbinary", "trino_cast_varbinary"},
    {"varchar", "trino_cast_varchar"},
    {"char", "trino_char"},
    {"color", "trino_color"},
    {"decimal", "trino_cast_decimal"},
    {"number", "trino_cast_number"},
    {"time", "trino_cast_time"},
    {"timestamp", "trino_cast_timestamp"},
    {"timestamp with time zone", "trino_cast_timestamptz"},
});

// The type with its default precision filled in.
Type Complete(Type type) {
  if (type.Is("decimal") && type.numbers.empty()) type.numbers = {38, 0};
  if (type.Is("decimal") && type.numbers.size() == 1) type.numbers.push_back(0);
  if (type.Is("char") && type.numbers.empty()) type.numbers = {1};
  if (type.name.starts_with("time") && type.numbers.empty()) type.numbers = {3};
  for (Type& child : type.children) child = Complete(std::move(child));
  return type;
}

const Type* FindUnknown(const Type& type) {
  if (!IsTypeName(type.name) || (type.Is("array") && type.children.size() != 1) ||
      (type.Is("map") && type.children.size() != 2))
    return &type;
  for (const Type& child : type.children) {
    if (const Type* unknown = FindUnknown(child)) return unknown;
  }
  return nullptr;
}

bool HasValidNumbers(const Type& type) {
  const auto in = [&](std::size_t index, std::int64_t low, std::int64_t high) {
    return type.numbers[index] >= low && type.numbers[index] <= high;
  };
  if (type.Is("decimal")) return type.numbers.size() == 2 && in(0, 1, 38) && in(1, 0, type.numbers[0]);
  if (type.Is("char")) return type.numbers.size() == 1 && in(0, 0, 65536);
  if (type.Is("varchar")) return type.numbers.empty() || (type.numbers.size() == 1 && in(0, 0, INT32_MAX));
  if (type.name.starts_with("time")) return type.numbers.size() == 1 && in(0, 0, 12);
  return type.numbers.empty() && std::ranges::all_of(type.children, HasValidNumbers);
}

}  // namespace

Written Translator::WriteCast(const Cast& cast, const Context& context) {
  const Written operand = Write(*cast.operand, context);
  Written written{.type = Complete(cast.type)};
  Absorb(written, operand);
  if (const Type* unknown = FindUnknown(written.type)) {
    Fail(cast.position, "Unknown type: " + unknown->name, "TYPE_MISMATCH");
    return written;
  }
  if (!HasValidNumbers(written.type)) {
    if (written.type.Is("decimal") && written.type.numbers.size() <= 2)
      Fail(base::SqlPosition{}, "DECIMAL precision must be in range [1, 38] and its scale in range [0, precision]",
           "INVALID_FUNCTION_ARGUMENT");
    else
      Fail(cast.position, "Unknown type: " + ToText(cast.type), "TYPE_MISMATCH");
    return written;
  }
  if (!CanCast(operand.type, written.type)) {
    Fail(cast.position, "Cannot cast " + ToText(operand.type) + " to " + ToText(written.type), "TYPE_MISMATCH");
    return written;
  }
  if (operand.type.Is("unknown")) {
    const std::optional<std::string> engine_type = ToEngineType(written.type);
    if (engine_type)
      written.sql.Add("CAST(NULL AS " + *engine_type + ")");
    else
      RefuseLast(cast.position, "A cast to the type '" + ToText(written.type) + "'");
    return written;
  }
  // A digest's bytes are not those that Trino would make or read.
  if (IsDigest(operand.type) != IsDigest(written.type)) {
    RefuseLast(cast.position, "A cast between a digest and bytes");
    return written;
  }
  const Written value = CastValue(cast, operand, written.type);
  written.type = value.type;
  written.sql.Mark(view_position_.value_or(cast.position)).Add(cast.try_cast ? "TRY(" : "");
  written.sql.Add(value.sql).Add(cast.try_cast ? ")" : "");
  return written;
}

Written Translator::CastValue(const Cast& cast, const Written& operand, const Type& to) {
  if (auto zoned = WriteZonedCast(cast, operand, to)) return std::move(*zoned);
  if (auto parts = CastParts(cast, operand, to)) return std::move(*parts);
  Written written{.type = to};
  const bool timed =
      operand.type.name.starts_with("time") && !operand.type.numbers.empty() && operand.type.numbers[0] <= 9;
  if (timed && to.Is("varchar") && to.numbers.empty() && operand.type.zone.empty()) {
    written.sql.Add("trino_zoned_text(")
        .Add(operand.sql)
        .Add(", " + std::to_string(operand.type.numbers[0]) + ", " + QuoteLiteral(session_.time_zone) + ")");
    return written;
  }
  const auto* function = std::ranges::find(kCasts, to.name, &CastFunction::type);
  if (function != kCasts.end()) {
    const bool bounded_text = to.Is("varchar") && !to.numbers.empty();
    written.sql.Add(function->function).Add(bounded_text ? "_n(" : "(").Add(operand.sql);
    for (const std::int64_t number : to.numbers) written.sql.Add(", " + std::to_string(number));
    written.sql.Add(")");
    return written;
  }
  const std::optional<std::string> engine_type = ToEngineType(to);
  const bool interval_of_text = to.name.starts_with("interval") && operand.type != to;
  if (!engine_type || interval_of_text)
    RefuseLast(cast.position, "A cast to the type '" + ToText(to) + "'");
  else
    written.sql.Add("CAST(").Add(operand.sql).Add(" AS ").Add(*engine_type).Add(")");
  return written;
}

}  // namespace tarn::sql
