// MATCH_RECOGNIZE. The rows of a partition are gathered in a list, in order; the engine's matcher says which rows the
// measures look at, and the measures are expressions over them (src/engine/duck/functions_row_match.cpp).
#include <charconv>

#include "sql/ast_row_match.h"
#include "sql/printer.h"
#include "sql/row_match_program.h"
#include "sql/row_match_scope.h"
#include "sql/text.h"
#include "sql/translator.h"
#include "sql/type_rules.h"

namespace tarn::sql {
namespace {

constexpr std::string_view kAll = "*";

// Names that are not quoted are one whatever their case.
std::string Canonical(const Name& name) { return name.quoted ? name.value : ToUpper(name.value); }

std::string Named(std::string_view prefix, std::size_t i) {
  return QuoteIdentifier(std::string(prefix) + std::to_string(i));
}
std::string FieldOf(const std::string& row, std::string_view field) {
  return "struct_extract(" + row + ", '" + std::string(field) + "')";
}

// The labels of a pattern in the order of their first appearance.
void CollectLabels(const RowPattern& pattern, std::vector<std::string>& labels) {
  if (pattern.kind == RowPattern::Kind::kLabel) (void)RowMatchScope::NumberOf(labels, Canonical(pattern.label));
  for (const RowPattern& part : pattern.parts) CollectLabels(part, labels);
}

std::string_view RowsText(RowMatch::Rows rows) {
  switch (rows) {
    case RowMatch::Rows::kOne: return "one";
    case RowMatch::Rows::kAllShowEmpty: return "show";
    case RowMatch::Rows::kAllOmitEmpty: return "omit";
    default: return "unmatched";
  }
}

std::string Joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : " ") + part;
  return text;
}

bool HasExclusion(const RowPattern& pattern) {
  return pattern.kind == RowPattern::Kind::kExcluded || std::ranges::any_of(pattern.parts, HasExclusion);
}

}  // namespace

// What a column of the rows is called outside of the pattern, where it must be nothing but a column.
std::optional<std::size_t> Translator::MatchColumn(const Expression& expression, const Scope& scope) {
  const Written written = Write(expression, Context{.scope = &scope});
  for (std::size_t i = 0; i < scope.fields.size() && !failed(); ++i) {
    if (written.field == &scope.fields[i]) return i;
  }
  Fail(expression.position, "Expected column reference. Actual: " + ToSql(expression), "INVALID_COLUMN_REFERENCE");
  return std::nullopt;
}

WrittenRelation Translator::WriteRowMatch(const RowMatch& match, const Scope* outer, const Scope* left) {
  WrittenRelation input = WriteRelation(*match.relation, outer, left, 0);
  if (failed()) return {};
  std::erase_if(input.fields, &Field::hidden);
  const Scope scope{.parent = outer, .fields = input.fields};
  WrittenRelation written;
  written.free = std::move(input.free);

  // The partitions: their columns, and their rows in order.
  std::vector<std::size_t> partition;
  std::vector<std::size_t> ordered;
  SqlText keys;
  SqlText order;
  for (const ExpressionPtr& key : match.partition_by) {
    const auto column = MatchColumn(*key, scope);
    if (!column) return {};
    keys.Add(keys.empty() ? "" : ", ").Add(input.fields[*column].sql);
    partition.push_back(*column);
  }
  for (const SortItem& item : match.order_by) {
    const auto column = MatchColumn(*item.key, scope);
    if (!column) return {};
    order.Add(order.empty() ? " ORDER BY " : ", ").Add(WriteSortItem(item, SqlText(input.fields[*column].sql)));
    ordered.push_back(*column);
  }
  const std::string group = NewAlias("g");
  SqlText partitions("SELECT ");
  for (std::size_t i = 0; i < partition.size(); ++i)
    partitions.Add(input.fields[partition[i]].sql + " AS " + Named("k", i) + ", ");
  partitions.Add("list(struct_pack(");
  for (std::size_t i = 0; i < input.fields.size(); ++i)
    partitions.Add((i == 0 ? "" : ", ") + Named("f", i) + " := " + input.fields[i].sql);
  partitions.Add(")").Add(order).Add(") AS \"rows\" FROM ").Add(input.sql);
  if (!keys.empty()) partitions.Add(" GROUP BY ").Add(keys);

  RowMatchScope names;
  names.columns = input.fields;
  std::vector<std::string> labels;
  CollectLabels(match.pattern, labels);
  NameVariables(match, labels, names);
  if (failed()) return {};
  RowMatchScope* const around = row_match_;
  row_match_ = &names;
  const SqlText condition = WriteDefinitions(match, labels, names);
  const std::string rows = NewAlias("x");
  names.defining = false;
  names.rows = rows + ".\"rows\"";
  names.row = rows + ".\"m\"";
  const std::vector<Written> measures = WriteMeasures(match, names);
  row_match_ = around;
  if (failed()) return {};
  const std::string plan = MatchPlan(match, labels, names);
  if (failed()) return {};

  SqlText matched("SELECT " + group + ".*, unnest(trino_match_rows(" + group + ".\"rows\", ");
  matched.Add(condition).Add(", " + ExampleOf(names, group) + ", [");
  for (std::size_t i = 0; i < labels.size(); ++i) matched.Add((i == 0 ? "" : ", ") + QuoteLiteral(labels[i]));
  matched.Add("], " + QuoteLiteral(plan) + ")) AS \"m\" FROM (").Add(partitions).Add(") AS " + group);

  // Columns of the partition and of the order, measures, and in ALL ROWS what is left of the row.
  const std::string alias = NewAlias("r");
  SqlText list;
  const auto add = [&](Field field, const SqlText& sql) {
    const std::string column = Named("c", written.fields.size() + 1);
    list.Add(written.fields.empty() ? "" : ", ").Add(sql).Add(" AS " + column);
    field.sql = alias + "." + column;
    field.qualifier.clear();
    field.table.reset();
    written.fields.push_back(std::move(field));
  };
  std::vector<bool> shown(input.fields.size());
  for (std::size_t i = 0; i < partition.size(); ++i) {
    if (!shown[partition[i]]) add(input.fields[partition[i]], SqlText(rows + "." + Named("k", i)));
    shown[partition[i]] = true;
  }
  const bool all = match.rows != RowMatch::Rows::kOne;
  const std::string row = "list_extract(" + names.rows + ", " + FieldOf(names.row, "r") + ")";
  const auto column_of_row = [&](std::size_t i) {
    if (all && !shown[i]) add(input.fields[i], SqlText(FieldOf(row, "f" + std::to_string(i))));
    shown[i] = true;
  };
  for (const std::size_t column : ordered) column_of_row(column);
  for (std::size_t i = 0; i < measures.size(); ++i) {
    const bool guarded = match.rows == RowMatch::Rows::kAllWithUnmatched;
    SqlText sql(guarded ? "CASE WHEN " + FieldOf(names.row, "n") + " IS NULL THEN NULL ELSE " : "");
    sql.Add(measures[i].sql).Add(guarded ? " END" : "");
    add({.name = match.measures[i].name.value, .type = measures[i].type}, sql);
  }
  for (std::size_t i = 0; i < input.fields.size(); ++i) column_of_row(i);
  if (written.fields.empty()) {
    Fail(match.position, "pattern recognition output table has no columns", "TABLE_HAS_NO_COLUMNS");
    return {};
  }
  written.sql.Add("(SELECT ").Add(list).Add(" FROM (").Add(matched).Add(") AS " + rows + ") AS " + alias);
  return written;
}

// The labels of the pattern, and the subsets of them.
void Translator::NameVariables(const RowMatch& match, const std::vector<std::string>& labels, RowMatchScope& names) {
  for (std::size_t i = 0; i < labels.size(); ++i) names.variables[labels[i]] = std::to_string(i);
  for (const RowMatch::Subset& subset : match.subsets) {
    std::string members;
    for (const Name& label : subset.labels) {
      const auto found = names.variables.find(Canonical(label));
      if (found == names.variables.end() || found->second.contains('.')) {
        Fail(label.position, "subset element: " + Canonical(label) + " is not a primary pattern variable",
             "INVALID_LABEL");
        return;
      }
      members += (members.empty() ? "" : ".") + found->second;
    }
    if (!names.variables.try_emplace(Canonical(subset.name), members).second)
      Fail(
          subset.name.position,
          "union pattern variable name: " + Canonical(subset.name) + " is a duplicate of primary pattern variable name",
          "INVALID_LABEL");
  }
}

// The conditions as one lambda: l says which label is tried.
SqlText Translator::WriteDefinitions(const RowMatch& match, const std::vector<std::string>& labels,
                                     RowMatchScope& names) {
  const int outer_depth = lambda_depth_;
  names.defining = true;
  names.row = PartName(SqlText());
  SqlText cases;
  std::vector<std::string> defined;
  for (const RowMatch::Definition& definition : match.definitions) {
    const std::string name = Canonical(definition.label);
    const auto label = std::ranges::find(labels, name);
    if (label == labels.end() || std::ranges::find(defined, name) != defined.end()) {
      Fail(definition.label.position,
           label == labels.end() ? "defined variable: " + name + " is not a primary pattern variable"
                                 : "pattern variable with name: " + name + " is defined twice",
           "INVALID_LABEL");
      break;
    }
    defined.push_back(name);
    const Written condition = WriteMatched(*definition.condition, names, {});
    if (failed()) break;
    if (condition.type.known() && !condition.type.Is("boolean") && !condition.type.Is("unknown"))
      Fail(definition.condition->position,
           "Expression defining a label must be boolean (actual type: " + ToText(condition.type) + ")",
           "TYPE_MISMATCH");
    cases.Add(" WHEN " + FieldOf(names.row, "l") + " = " + std::to_string(label - labels.begin()) + " THEN ");
    cases.Add(condition.sql);
  }
  lambda_depth_ = outer_depth;
  SqlText sql("(lambda " + names.row + ": CASE");
  return std::move(sql.Add(cases).Add(" ELSE TRUE END)"));
}

std::vector<Written> Translator::WriteMeasures(const RowMatch& match, RowMatchScope& names) {
  std::vector<Written> measures;
  for (const RowMatch::Measure& measure : match.measures) {
    if (failed()) break;
    measures.push_back(WriteMatched(*measure.expression, names, {}));
  }
  return measures;
}

// An expression whose columns are those of the rows that a navigation leads to.
Written Translator::WriteMatched(const Expression& expression, RowMatchScope& names, const RowNavigation& navigation) {
  Scope variables{.level = ++levels_};
  const auto add = [&](Scope& to, const std::string& set, const std::vector<std::string>& qualifier) {
    const std::string row = NavigatedRow(names, set, navigation).first;
    for (std::size_t i = 0; i < names.columns.size(); ++i)
      to.fields.push_back({.name = names.columns[i].name,
                           .qualifier = qualifier,
                           .sql = FieldOf(row, "f" + std::to_string(i)),
                           .type = names.columns[i].type});
  };
  for (const auto& [name, set] : names.variables) add(variables, set, {name});
  Scope scope{.parent = &variables, .level = variables.level};
  add(scope, std::string(kAll), {});
  Written written = Write(expression, Context{.scope = &scope, .level = scope.level});
  if (written.sql.text().contains("(SELECT ")) RefuseLast(expression.position, "A subquery in MATCH_RECOGNIZE");
  if (written.window) Fail(expression.position, "A window function in MATCH_RECOGNIZE is not allowed", "NESTED_WINDOW");
  written.field = nullptr;
  written.free.clear();
  written.aggregate.reset();
  return written;
}

// The row that a navigation over some labels leads to, and its label.
std::pair<std::string, std::string> Translator::NavigatedRow(RowMatchScope& names, const std::string& set,
                                                             const RowNavigation& navigation) {
  const std::string text = set + ":" + (navigation.last ? "l" : "f") + ":" + navigation.offset + ":" +
                           std::to_string(navigation.move) + ":" + (navigation.final ? "f" : "r");
  if (names.defining) {
    const std::string number = std::to_string(RowMatchScope::NumberOf(names.conditions, text));
    return {FieldOf(names.row, "r" + number), FieldOf(names.row, "c" + number)};
  }
  const std::string number = std::to_string(RowMatchScope::NumberOf(names.measures, text) + 1);
  const std::string place = "list_extract(" + FieldOf(names.row, "p") + ", " + number + ")";
  return {"list_extract(" + names.rows + ", " + FieldOf(place, "i") + ")", FieldOf(place, "l")};
}

std::string Translator::ExampleOf(const RowMatchScope& names, const std::string& group) const {
  std::string example = "struct_pack(\"l\" := 0, \"n\" := CAST(0 AS BIGINT)";
  for (std::size_t i = 0; i < names.conditions.size(); ++i)
    example += ", " + Named("r", i) + " := list_extract(" + group + ".\"rows\", 1), " + Named("c", i) + " := ''";
  return example + ")";
}

std::string Translator::MatchPlan(const RowMatch& match, const std::vector<std::string>& labels,
                                  const RowMatchScope& names) {
  const auto program = RowPatternProgramOf(match.pattern, [&](const Name& label) {
    return static_cast<int>(std::ranges::find(labels, Canonical(label)) - labels.begin());
  });
  if (!program) {
    Refuse(match.pattern.position, "A row pattern of this size");
    return {};
  }
  if (match.rows == RowMatch::Rows::kAllWithUnmatched && HasExclusion(match.pattern))
    Fail(match.pattern.position,
         "Pattern exclusion syntax is not allowed when ALL ROWS PER MATCH WITH UNMATCHED ROWS is specified",
         "INVALID_ROW_PATTERN");
  std::string skip = match.skip == RowMatch::Skip::kPastLast ? "past" : "next";
  if (match.skip == RowMatch::Skip::kToFirst || match.skip == RowMatch::Skip::kToLast) {
    const auto target = names.variables.find(Canonical(match.skip_to));
    if (target == names.variables.end()) {
      Fail(match.skip_to.position, Canonical(match.skip_to) + " is not a primary or union pattern variable",
           "INVALID_LABEL");
      return {};
    }
    skip = (match.skip == RowMatch::Skip::kToFirst ? "first:" : "last:") + target->second;
  }
  return *program + ";" + std::string(RowsText(match.rows)) + ";" + skip + ";" + Joined(names.conditions) + ";" +
         Joined(names.measures) + ";" + Joined(names.sets);
}

}  // namespace tarn::sql
