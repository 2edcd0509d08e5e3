// Subqueries as values and in predicates: EXISTS, IN, ANY, ALL.
#include <algorithm>
#include <array>

#include "sql/coercion.h"
#include "sql/translator.h"
#include "sql/type_rules.h"

namespace tarn::sql {
namespace {

std::string_view SymbolOf(ComparisonOperator op) {
  static constexpr std::array<std::string_view, 6> kSymbols = {" = ", " <> ", " < ", " <= ", " > ", " >= "};
  return kSymbols[static_cast<std::size_t>(op)];
}

// Whether a column that a subquery takes from the query around it is one of that query's GROUP BY keys.
bool IsKey(const FreeColumn& column, const Scope* scope, const std::vector<std::string>* keys) {
  if (keys == nullptr) return false;
  const std::size_t dot = column.name.rfind('.');
  std::vector<std::string> qualifier;
  if (dot != std::string::npos) qualifier.push_back(column.name.substr(0, dot));
  const FoundField found =
      FindField(scope, qualifier, dot == std::string::npos ? column.name : column.name.substr(dot + 1));
  return found.field != nullptr && std::ranges::find(*keys, found.field->sql) != keys->end();
}

// Whether the least and the greatest of some values say whether they are equal.
bool IsPlainlyOrdered(const Type& type) {
  return type.known() && type.children.empty() && !type.Is("double") && !type.Is("real") && !type.Is("unknown") &&
         !type.Is("number") && IsOrderable(type) && !type.name.ends_with("with time zone");
}

}  // namespace

SqlText Translator::WriteSubquery(const Query& query, const Context& context, std::size_t columns, Written& into,
                                  Type* type) {
  const WrittenQuery written = WriteQuery(query, context.scope, Naming::kInternal);
  const bool row = columns == 1 && type != nullptr && written.columns.size() > 1;
  if (columns > 0 && written.columns.size() != columns && !row) {
    const std::string found = std::to_string(written.columns.size());
    Fail(query.position, "Subquery must have " + std::to_string(columns) + " columns, found " + found, "TYPE_MISMATCH");
  }
  if (type != nullptr && !written.columns.empty()) *type = written.columns[0].type;
  std::vector<FreeColumn> free = written.free;
  std::erase_if(free, [&context](const FreeColumn& column) {
    return column.level == context.level && IsKey(column, context.scope, context.keys);
  });
  AbsorbFree(into.free, free);
  SqlText sql;
  if (!row) return sql.Add("(").Add(written.sql).Add(")");
  // Several columns are the fields of one row.
  *type = {.name = "row"};
  const std::string alias = NewAlias("s");
  sql.Add("(SELECT row(");
  for (std::size_t i = 0; i < written.columns.size(); ++i) {
    const Field& column = written.columns[i];
    sql.Add(i == 0 ? "" : ", ").Add(alias + "." + column.sql);
    type->children.push_back(column.type);
    type->field_names.push_back(column.name);
  }
  return std::move(sql.Add(") FROM (").Add(written.sql).Add(") AS " + alias + ")"));
}

// x = ALL (…). As in Trino it is false where the rows differ among themselves, even for NULL.
SqlText Translator::WriteEqualsAll(const SqlText& value, const SqlText& subquery) {
  const std::string rows = NewAlias("s");
  const std::string greatest = rows + ".\"hi\"";
  SqlText sql("(SELECT CASE WHEN " + rows + ".\"n\" = 0 THEN TRUE WHEN " + rows + ".\"lo\" <> " + greatest +
              " THEN FALSE WHEN " + rows + ".\"n\" <> " + rows + ".\"k\" THEN CASE WHEN ");
  sql.Add(value).Add(" <> " + greatest + " THEN FALSE END ELSE ").Add(value).Add(" = " + greatest + " END FROM (");
  sql.Add("SELECT count(*) AS \"n\", count(\"v\") AS \"k\", min(\"v\") AS \"lo\", max(\"v\") AS \"hi\" FROM ");
  return std::move(sql.Add(subquery).Add(" AS " + NewAlias("s") + "(\"v\")) AS " + rows + ")"));
}

Written Translator::WriteSubqueryPredicate(const Expression& expression, const Context& context) {
  if (expression.kind == ExpressionKind::kScalarSubquery) {
    Written written;
    written.sql = WriteSubquery(*As<Subquery>(expression).query, context, 1, written, &written.type);
    return written;
  }
  Written written{.type = {.name = "boolean"}};
  if (expression.kind == ExpressionKind::kExists) {
    written.sql.Add("(EXISTS ").Add(WriteSubquery(*As<Subquery>(expression).query, context, 0, written)).Add(")");
    return written;
  }
  const bool in = expression.kind == ExpressionKind::kInSubquery;
  const Expression& operand = in ? *As<InSubquery>(expression).value : *As<QuantifiedComparison>(expression).value;
  const Query& query = in ? *As<InSubquery>(expression).query : *As<QuantifiedComparison>(expression).query;
  const Written value = Write(operand, context);
  Absorb(written, value);
  Type type;
  const std::size_t columns = operand.kind == ExpressionKind::kRow ? As<Collection>(operand).items.size() : 1;
  const SqlText subquery = WriteSubquery(query, context, columns, written, columns == 1 ? &type : nullptr);
  if (columns == 1 && !FindCommonType(value.type, type)) {
    Fail(expression.position,
         std::string(
             in ? "value and result of subquery must be of the same type for IN expression: "
                : "Value expression and result of subquery must be of the same type for quantified comparison: ") +
             ToText(value.type) + " vs " + ToText(type),
         "TYPE_MISMATCH");
    return written;
  }
  if (Holds(value.type, CarriesZone) || Holds(type, CarriesZone) || (IsTagged(value.type) != IsTagged(type)))
    RefuseLast(expression.position, "Comparison of '" + ToText(value.type) + "' with a subquery");
  if (!in && columns == 1 && !value.aggregate && !value.window && IsPlainlyOrdered(value.type) &&
      IsPlainlyOrdered(type)) {
    const auto& quantified = As<QuantifiedComparison>(expression);
    const bool all = quantified.quantifier == Quantifier::kAll;
    if (all ? quantified.op == ComparisonOperator::kEqual : quantified.op == ComparisonOperator::kNotEqual) {
      written.sql.Add(all ? "(" : "(NOT ").Add(WriteEqualsAll(value.sql, subquery)).Add(")");
      return written;
    }
  }
  written.sql.Mark(view_position_.value_or(expression.position)).Add("(");
  if (in) {
    const bool negated = As<InSubquery>(expression).negated;
    written.sql.Add(negated ? "NOT (" : "").Add(value.sql).Add(" IN ").Add(subquery).Add(negated ? ")" : "");
  } else {
    const auto& quantified = As<QuantifiedComparison>(expression);
    written.sql.Add(value.sql)
        .Add(SymbolOf(quantified.op))
        .Add(quantified.quantifier == Quantifier::kAll ? "ALL " : "ANY ")
        .Add(subquery);
  }
  written.sql.Add(")");
  return written;
}

}  // namespace tarn::sql
