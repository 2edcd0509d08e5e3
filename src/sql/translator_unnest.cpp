// UNNEST and table functions: relations made of values.
#include <algorithm>

#include "sql/text.h"
#include "sql/translator.h"

namespace tarn::sql {

namespace {

// A scope whose fields are the columns c0, c1, … of `alias`.
Scope Renamed(const Scope& scope, const std::string& alias) {
  Scope renamed = scope;
  for (std::size_t i = 0; i < renamed.fields.size(); ++i)
    renamed.fields[i].sql = alias + "." + QuoteIdentifier("c" + std::to_string(i));
  return renamed;
}

// (SELECT … AS c3) AS alias: those fields of `scope` that the SQL calls by their names in `renamed`; empty where it
// calls none.
std::string Passed(const Scope& scope, const Scope& renamed, const std::string& alias, std::string_view sql) {
  std::string list;
  for (std::size_t i = 0; i < scope.fields.size(); ++i) {
    if (sql.find(renamed.fields[i].sql) == std::string_view::npos) continue;
    list += (list.empty() ? "" : ", ") + scope.fields[i].sql + " AS " + QuoteIdentifier("c" + std::to_string(i));
  }
  return list.empty() ? list : "(SELECT " + list + ") AS " + alias;
}

bool IsName(const ExpressionPtr& expression) {
  return expression->kind == ExpressionKind::kIdentifier || expression->kind == ExpressionKind::kDereference;
}

}  // namespace

// UNNEST(a, b) WITH ORDINALITY becomes a subquery that unnests its arguments side by side; the engine pads the
// shorter ones with NULL as Trino does. A map gives two columns, an array of rows one of each field. The engine finds
// no column of another relation inside of a lambda there, so what is no plain column reads from a relation between.
WrittenRelation Translator::WriteUnnest(const Unnest& unnest, const Scope* scope, std::size_t alias_columns) {
  WrittenRelation written;
  const std::string between = NewAlias("b");
  const bool passes = scope != nullptr && !std::ranges::all_of(unnest.arrays, IsName);
  const std::optional<Scope> renamed = passes ? std::optional(Renamed(*scope, between)) : std::nullopt;
  const Context context{.scope = renamed ? &*renamed : scope};
  const std::string alias = NewAlias("r");
  SqlText list;
  std::string lengths;
  const auto add = [&](const SqlText& sql, Type type) {
    const std::string column = QuoteIdentifier("c" + std::to_string(written.fields.size() + 1));
    list.Add(written.fields.empty() ? "" : ", ").Add(sql).Add(" AS ").Add(column);
    written.fields.push_back({.sql = alias + "." + column, .type = std::move(type)});
  };
  const auto wrap = [](std::string_view before, const SqlText& inner, std::string_view after) {
    SqlText sql(std::string{before});
    return sql.Add(inner).Add(after);
  };
  SqlText rows;  // of an array of rows, which needs a subquery
  for (const ExpressionPtr& array : unnest.arrays) {
    const Written value = Write(*array, context);
    RefuseAggregates(value, "UNNEST");
    AbsorbFree(written.free, value.free);
    const Type element = value.type.children.empty() ? Type{} : value.type.children[0];
    lengths += (lengths.empty() ? "" : ", ");
    if (value.type.Is("map")) {
      add(wrap("unnest(map_keys(", value.sql, "))"), value.type.children[0]);
      add(wrap("unnest(map_values(", value.sql, "))"), value.type.children[1]);
      lengths += "len(map_keys(" + value.sql.text() + "))";
    } else if (value.type.Is("array") && element.Is("row")) {
      if (unnest.arrays.size() > 1 || unnest.with_ordinality)
        Refuse(array->position, "UNNEST of an array of rows beside others");
      rows = wrap("(SELECT unnest(", value.sql, ") AS \"e\")");
      for (std::size_t i = 0; i < element.children.size(); ++i) {
        add(SqlText("trino_subscript(\"e\", " + std::to_string(i + 1) + ")"), element.children[i]);
        written.fields.back().name = element.field_names[i];
      }
    } else if (value.type.known() && !value.type.Is("array")) {
      Fail(unnest.position, "Cannot unnest type: " + ToText(value.type), "INVALID_FUNCTION_ARGUMENT");
    } else {
      add(wrap("unnest(", value.sql, ")"), element);
      lengths += "len(" + value.sql.text() + ")";
      if (!value.type.known() && unnest.arrays.size() == 1 && alias_columns > (unnest.with_ordinality ? 2U : 1U)) {
        Refuse(array->position, "UNNEST into several columns of a value whose type is not known");
      }
    }
  }
  if (unnest.with_ordinality) add(SqlText("unnest(range(1, greatest(" + lengths + ") + 1))"), {.name = "bigint"});
  written.sql.Mark(view_position_.value_or(unnest.position)).Add("LATERAL (SELECT ").Add(list);
  std::string passed;
  if (renamed) passed = Passed(*scope, *renamed, between, written.sql.text() + rows.text());
  if (!passed.empty()) written.sql.Add(" FROM ").Add(passed);
  if (!rows.empty()) written.sql.Add(passed.empty() ? " FROM " : ", LATERAL ").Add(rows);
  written.sql.Add(") AS ").Add(alias);
  return written;
}

// TABLE(sequence(start => …, stop => …, step => …)) is the only one so far.
WrittenRelation Translator::WriteTableFunction(const TableFunction& function, const Scope* outer) {
  WrittenRelation written;
  const std::string name = ToLower(function.name.back().value);
  if (function.name.size() != 1 || name != "sequence") {
    std::string whole;
    for (const Name& part : function.name) whole += (whole.empty() ? "" : ".") + part.value;
    Fail(function.position, "Table function '" + whole + "' not registered", "FUNCTION_NOT_FOUND",
         base::ErrorKind::kNotFound);
    return written;
  }
  SqlText arguments[3] = {SqlText("0"), SqlText(), SqlText("1")};
  for (std::size_t i = 0; i < function.arguments.size(); ++i) {
    const TableFunction::Argument& argument = function.arguments[i];
    std::size_t slot = i;
    if (argument.name)
      slot = EqualsIgnoreCase(argument.name->value, "start")  ? 0
             : EqualsIgnoreCase(argument.name->value, "stop") ? 1
             : EqualsIgnoreCase(argument.name->value, "step") ? 2
                                                              : 3;
    if (slot > 2) {
      Fail(function.position, "Unexpected argument of the table function 'sequence'", "INVALID_ARGUMENTS");
      return written;
    }
    arguments[slot] = Write(*argument.value, Context{.scope = outer}).sql;
  }
  if (arguments[1].empty()) Fail(function.position, "Missing argument: STOP", "MISSING_ARGUMENT");
  const std::string& start = arguments[0].text();
  const std::string& stop = arguments[1].text();
  SqlText step("CASE WHEN (" + arguments[2].text() + ") = 0 OR ((" + start + ") < (" + stop + ") AND (" +
               arguments[2].text() + ") < 0) OR ((" + start + ") > (" + stop + ") AND (" + arguments[2].text() +
               ") > 0) THEN trino_fail('INVALID_FUNCTION_ARGUMENT', 'The step of a sequence must lead from start to "
               "stop') ELSE " +
               arguments[2].text() + " END");
  arguments[2] = std::move(step);
  const std::string alias = NewAlias("r");
  written.sql.Mark(view_position_.value_or(function.position))
      .Add("(SELECT \"generate_series\" AS \"c1\" FROM generate_series(CAST(")
      .Add(arguments[0])
      .Add(" AS BIGINT), CAST(")
      .Add(arguments[1]);
  written.sql.Add(" AS BIGINT), CAST(").Add(arguments[2]).Add(" AS BIGINT))) AS ").Add(alias);
  written.fields.push_back({.name = "sequential_number", .sql = alias + ".\"c1\"", .type = {.name = "bigint"}});
  return written;
}

}  // namespace tarn::sql
