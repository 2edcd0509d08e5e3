// Queries as Trino SQL.
#include <algorithm>
#include <array>
#include <initializer_list>

#include "sql/printer.h"
#include "sql/printer_parts.h"
#include "sql/text.h"

namespace tarn::sql {
namespace {

std::string PrintBound(const FrameBound& bound) {
  static constexpr std::array<std::string_view, 5> kBounds = {"UNBOUNDED PRECEDING", " PRECEDING", "CURRENT ROW",
                                                              " FOLLOWING", "UNBOUNDED FOLLOWING"};
  return (bound.offset ? ToSql(*bound.offset) : "") + std::string(kBounds[static_cast<std::size_t>(bound.kind)]);
}

std::string PrintJoin(const Join& join) {
  static constexpr std::array<std::string_view, 6> kJoins = {" CROSS JOIN ", ", ",           " INNER JOIN ",
                                                             " LEFT JOIN ",  " RIGHT JOIN ", " FULL JOIN "};
  const bool nested = join.right->kind == RelationKind::kJoin;
  std::string text = PrintRelation(*join.left) + (join.natural ? " NATURAL" : "") +
                     std::string(kJoins[static_cast<std::size_t>(join.join)]);
  text += (nested ? "(" : "") + PrintRelation(*join.right) + (nested ? ")" : "");
  if (join.on) text += " ON " + ToSql(*join.on);
  if (!join.using_columns.empty()) text += " USING" + PrintNames(join.using_columns);
  return text;
}

std::string PrintTableFunction(const TableFunction& function) {
  std::string text = "TABLE(" + Print(TableName{.parts = function.name}) + "(";
  for (std::size_t i = 0; i < function.arguments.size(); ++i) {
    const TableFunction::Argument& argument = function.arguments[i];
    text += (i == 0 ? "" : ", ") + (argument.name ? sql::Print(*argument.name) + " => " : "") + ToSql(*argument.value);
  }
  return text + "))";
}

std::string Print(const SelectItem& item) {
  if (item.kind == SelectItem::Kind::kAll) return "*";
  if (item.kind == SelectItem::Kind::kQualifiedAll)
    return ToSql(*item.expression) + ".*" +
           (item.column_aliases.empty() ? "" : " AS" + PrintNames(item.column_aliases));
  return ToSql(*item.expression) + (item.alias ? " AS " + sql::Print(*item.alias) : "");
}

std::string Print(const GroupBy& group_by) {
  if (group_by.automatic) return " GROUP BY AUTO";
  std::string text = group_by.distinct ? " GROUP BY DISTINCT " : " GROUP BY ";
  for (std::size_t i = 0; i < group_by.elements.size(); ++i) {
    const GroupingElement& element = group_by.elements[i];
    const bool simple = element.kind == GroupingElement::Kind::kSimple;
    static constexpr std::array<std::string_view, 4> kKinds = {"", "GROUPING SETS (", "CUBE (", "ROLLUP ("};
    text += (i == 0 ? "" : ", ") + std::string(kKinds[static_cast<std::size_t>(element.kind)]);
    for (std::size_t s = 0; s < element.sets.size(); ++s) {
      const auto& set = element.sets[s];
      // A subquery has parentheses; with more of them it would be a query in parentheses.
      const bool bare = set.size() == 1 && set.front()->kind == ExpressionKind::kScalarSubquery;
      text += (s == 0 ? "" : ", ") + (bare ? sql::Print(set) : "(" + sql::Print(set) + ")");
    }
    text += simple ? "" : ")";
  }
  return text;
}

std::string PrintSelect(const Select& select) {
  std::string text = select.distinct ? "SELECT DISTINCT " : "SELECT ";
  for (std::size_t i = 0; i < select.items.size(); ++i) text += (i == 0 ? "" : ", ") + Print(select.items[i]);
  if (select.from) text += " FROM " + PrintRelation(*select.from);
  if (select.where) text += " WHERE " + ToSql(*select.where);
  if (select.group_by) text += Print(*select.group_by);
  if (select.having) text += " HAVING " + ToSql(*select.having);
  for (std::size_t i = 0; i < select.windows.size(); ++i) {
    text += (i == 0 ? " WINDOW " : ", ") + sql::Print(select.windows[i].name) + " AS " +
            PrintWindow(select.windows[i].specification);
  }
  return text;
}

std::string Print(const QueryBody& body) {
  switch (body.kind) {
    case QueryBodyKind::kSelect: return PrintSelect(As<Select>(body));
    case QueryBodyKind::kValues: return "VALUES " + sql::Print(As<Values>(body).rows);
    case QueryBodyKind::kTable: return "TABLE " + Print(As<TableBody>(body).name);
    case QueryBodyKind::kSubquery: return "(" + ToSql(*As<SubqueryBody>(body).query) + ")";
    case QueryBodyKind::kSetOperation: break;
  }
  const auto& operation = As<SetOperation>(body);
  static constexpr std::array<std::string_view, 3> kNames = {" UNION", " INTERSECT", " EXCEPT"};
  std::string text;
  for (std::size_t i = 0; i < operation.terms.size(); ++i) {
    if (i > 0)
      text += std::string(kNames[static_cast<std::size_t>(operation.op)]) + (operation.all ? " ALL" : "") +
              (operation.corresponding ? " CORRESPONDING " : " ");
    text += Print(*operation.terms[i]);  // a chain inside stands first, or is an INTERSECT, which binds tighter
  }
  return text;
}

std::string Print(const RowCount& count) { return count.parameter ? "?" : count.digits; }

std::string PrintFunction(const InlineFunction& function) {
  std::string text = Print(function.name) + "(";
  for (std::size_t i = 0; i < function.parameters.size(); ++i) {
    text += (i == 0 ? "" : ", ") + Print(function.parameters[i].name) + " " + ToText(function.parameters[i].type);
  }
  text += ") RETURNS " + ToText(function.returns) + (function.null_on_null ? " RETURNS NULL ON NULL INPUT" : "");
  return text + " RETURN " + ToSql(*function.body);
}

}  // namespace

std::string PrintNames(const std::vector<Name>& names) {
  std::string text = " (";
  for (std::size_t i = 0; i < names.size(); ++i) text += (i == 0 ? "" : ", ") + Print(names[i]);
  return text + ")";
}

std::string Print(const TableName& name) {
  std::string text;
  for (const Name& part : name.parts) text += (text.empty() ? "" : ".") + Print(part);
  return text;
}

// A relation that something follows: in parentheses where it is a join or of one of those kinds, whose own ends would
// not let it follow.
static std::string PrintInner(const Relation& relation, std::initializer_list<RelationKind> enclosed) {
  const bool parentheses =
      relation.kind == RelationKind::kJoin || std::ranges::find(enclosed, relation.kind) != enclosed.end();
  return parentheses ? "(" + PrintRelation(relation) + ")" : PrintRelation(relation);
}

std::string PrintRelation(const Relation& relation) {
  switch (relation.kind) {
    case RelationKind::kTable: return Print(As<TableRelation>(relation).name);
    case RelationKind::kSubquery: return "(" + ToSql(*As<SubqueryRelation>(relation).query) + ")";
    case RelationKind::kLateral: return "LATERAL (" + ToSql(*As<SubqueryRelation>(relation).query) + ")";
    case RelationKind::kAliased: {
      const auto& aliased = As<AliasedRelation>(relation);
      return PrintInner(*aliased.relation, {RelationKind::kAliased, RelationKind::kSampled}) + " AS " +
             sql::Print(aliased.alias) + (aliased.columns.empty() ? "" : PrintNames(aliased.columns));
    }
    case RelationKind::kJoin: return PrintJoin(As<Join>(relation));
    case RelationKind::kUnnest:
      return "UNNEST(" + sql::Print(As<Unnest>(relation).arrays) + ")" +
             (As<Unnest>(relation).with_ordinality ? " WITH ORDINALITY" : "");
    case RelationKind::kSampled: {
      const auto& sampled = As<SampledRelation>(relation);
      return PrintInner(*sampled.relation, {RelationKind::kSampled}) + " TABLESAMPLE " +
             (sampled.bernoulli ? "BERNOULLI (" : "SYSTEM (") + ToSql(*sampled.percentage) + ")";
    }
    case RelationKind::kRowMatch: {
      const auto& match = As<RowMatch>(relation);
      const bool named = match.relation->kind == RelationKind::kAliased &&
                         As<AliasedRelation>(*match.relation).relation->kind == RelationKind::kRowMatch;
      return PrintInner(*match.relation, {RelationKind::kSampled, RelationKind::kRowMatch,
                                          named ? RelationKind::kAliased : RelationKind::kRowMatch}) +
             PrintRowMatch(match);
    }
    case RelationKind::kJsonTable: return PrintJsonTable(As<JsonTable>(relation));
    case RelationKind::kTableFunction: return PrintTableFunction(As<TableFunction>(relation));
  }
  return "";
}

std::string PrintOrderBy(const std::vector<SortItem>& items) {
  std::string text = "ORDER BY ";
  for (std::size_t i = 0; i < items.size(); ++i) {
    text += (i == 0 ? "" : ", ") + ToSql(*items[i].key) + (items[i].descending ? " DESC" : " ASC");
    if (items[i].nulls_first) text += *items[i].nulls_first ? " NULLS FIRST" : " NULLS LAST";
  }
  return text;
}

std::string PrintWindow(const WindowSpecification& window) {
  std::string text = "(";
  const auto add = [&text](const std::string& part) { text += (text.size() > 1 ? " " : "") + part; };
  if (window.base) add(Print(*window.base));
  if (!window.partition_by.empty()) add("PARTITION BY " + Print(window.partition_by));
  if (!window.order_by.empty()) add(PrintOrderBy(window.order_by));
  if (window.frame) {
    static constexpr std::array<std::string_view, 3> kUnits = {"ROWS ", "RANGE ", "GROUPS "};
    const WindowFrame& frame = *window.frame;
    add(std::string(kUnits[static_cast<std::size_t>(frame.unit)]) + (frame.end ? "BETWEEN " : "") +
        PrintBound(frame.start) + (frame.end ? " AND " + PrintBound(*frame.end) : ""));
  }
  return text + ")";
}

std::string ToSql(const Query& query) {
  std::string text;
  for (std::size_t i = 0; i < query.functions.size(); ++i) {
    text += (i == 0 ? "WITH FUNCTION " : ", FUNCTION ") + PrintFunction(query.functions[i]);
  }
  if (!text.empty() && !query.with.tables.empty()) text += " ";
  for (std::size_t i = 0; i < query.with.tables.size(); ++i) {
    const CommonTable& table = query.with.tables[i];
    text += i > 0 ? ", " : query.with.recursive ? "WITH RECURSIVE " : "WITH ";
    text += Print(table.name) + (table.columns.empty() ? "" : PrintNames(table.columns)) + " AS (" +
            ToSql(*table.query) + ")";
  }
  text += (text.empty() ? "" : " ") + Print(*query.body);
  if (!query.order_by.empty()) text += " " + PrintOrderBy(query.order_by);
  if (query.offset) text += " OFFSET " + Print(*query.offset) + " ROWS";
  if (query.limit && !query.limit->fetch) text += " LIMIT " + (query.limit->all ? "ALL" : Print(query.limit->count));
  if (query.limit && query.limit->fetch)
    text += " FETCH FIRST " + Print(query.limit->count) + (query.limit->with_ties ? " ROWS WITH TIES" : " ROWS ONLY");
  return text;
}

}  // namespace tarn::sql
