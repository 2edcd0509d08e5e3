// Queries in another dialect.
#include <array>

#include "sql/dialect_writer.h"
#include "sql/printer.h"

namespace tarn::sql {

base::Result<std::string> WriteDialect(const ParsedStatement& statement, Dialect dialect) {
  if (dialect == Dialect::kTrino) return ToSql(statement.statement());
  if (!statement.IsQuery()) {
    auto error = base::NotSupported("Only queries can be said in another dialect, not \"" +
                                    std::string(statement.kind()) + "\"");
    error.error().position = base::SqlPosition{};
    return error;
  }
  return DialectWriter(dialect).Whole(*statement.statement().query);
}

base::Result<std::string> DialectWriter::Whole(const Query& query) {
  auto text = Write(query) + std::string(traits_.tail);
  if (refused_) return std::unexpected(*std::move(refused_));
  return text;
}

std::string DialectWriter::Refuse(std::string_view what, base::SqlPosition position) {
  if (!refused_) {
    refused_ =
        base::NotSupported(std::string(traits_.title) + " cannot say this with the same meaning: " + std::string(what))
            .error();
    refused_->code = "NOT_SUPPORTED";
    refused_->position = position;
  }
  return {};
}

std::string DialectWriter::WriteTable(const TableName& name) {
  if (name.parts.size() > traits_.most_name_parts) return Refuse("a name of so many parts", name.position);
  std::string text;
  for (const Name& part : name.parts) text += (text.empty() ? "" : ".") + WriteName(part);
  return text;
}

std::string DialectWriter::WriteCount(const RowCount& count) {
  if (!count.parameter) return count.digits;
  return traits_.parameters ? "?" : Refuse("a parameter", count.position);
}

// ORDER BY, OFFSET, LIMIT.
std::string DialectWriter::WriteEnd(const Query& query) {
  std::string text;
  const bool limited = query.limit && !query.limit->all;
  if (limited && query.limit->with_ties) return Refuse("WITH TIES", query.limit->position);
  if (!query.order_by.empty()) {
    const auto* select = query.body->kind == QueryBodyKind::kSelect ? &As<Select>(*query.body) : nullptr;
    text += " ORDER BY " + WriteOrder(query.order_by, select);
  }
  if (dialect_ == Dialect::kTsql) {
    if (depth_ > 1 && !query.order_by.empty() && !query.offset && !limited)
      return Refuse("ORDER BY in a subquery", query.order_by[0].position);
    if (query.order_by.empty() && (query.offset || limited)) {
      if (!query.offset && query.body->kind == QueryBodyKind::kSelect) return text;  // TOP says it
      return Refuse("OFFSET or LIMIT without ORDER BY", query.position);
    }
    if (query.offset || limited)
      text += " OFFSET " + (query.offset ? WriteCount(*query.offset) : std::string("0")) + " ROWS";
    if (limited) text += " FETCH NEXT " + WriteCount(query.limit->count) + " ROWS ONLY";
    return text;
  }
  if (limited) {
    text += " LIMIT " + WriteCount(query.limit->count);
  } else if (query.offset && !traits_.no_limit.empty()) {
    text += " LIMIT " + std::string(traits_.no_limit);
  }
  // The order of two parameters would be another one.
  if (limited && query.offset && query.limit->count.parameter && query.offset->parameter)
    return Refuse("OFFSET ? LIMIT ?", query.offset->position);
  if (query.offset) text += " OFFSET " + WriteCount(*query.offset);
  return text;
}

std::string DialectWriter::Write(const Query& query) {
  if (!query.functions.empty()) return Refuse("a function of the statement", query.functions[0].position);
  ++depth_;
  std::string text;
  if (!query.with.tables.empty()) {
    const auto position = query.with.tables[0].name.position;
    if (query.with.recursive && !traits_.recursive) Refuse("WITH RECURSIVE", position);
    if (depth_ > 1 && dialect_ == Dialect::kTsql) Refuse("WITH in a subquery", position);
    text += query.with.recursive ? "WITH RECURSIVE " : "WITH ";
    for (std::size_t i = 0; i < query.with.tables.size(); ++i) {
      const CommonTable& table = query.with.tables[i];
      text += (i == 0 ? "" : ", ") + WriteName(table.name);
      if (!table.columns.empty() && !traits_.with_columns) Refuse("names of a WITH table's columns", position);
      for (std::size_t c = 0; c < table.columns.size(); ++c)
        text += (c == 0 ? " (" : ", ") + WriteName(table.columns[c]) + (c + 1 == table.columns.size() ? ")" : "");
      text += " AS (" + Write(*table.query) + ")";
    }
    text += " ";
  }
  std::string top;
  const bool limited = query.limit && !query.limit->all;
  if (dialect_ == Dialect::kTsql && limited && query.order_by.empty() && !query.offset)
    top = "TOP (" + WriteCount(query.limit->count) + ") ";
  text += WriteBody(*query.body, top) + WriteEnd(query);
  --depth_;
  return text;
}

std::string DialectWriter::WriteBody(const QueryBody& body, std::string_view top) {
  switch (body.kind) {
    case QueryBodyKind::kSelect: return WriteSelect(As<Select>(body), top);
    case QueryBodyKind::kTable: return "SELECT * FROM " + WriteTable(As<TableBody>(body).name);
    case QueryBodyKind::kSetOperation: return WriteSets(As<SetOperation>(body));
    case QueryBodyKind::kSubquery:
      if (!traits_.nested_sets) return Refuse("a query in parentheses", body.position);
      return "(" + Write(*As<SubqueryBody>(body).query) + ")";
    case QueryBodyKind::kValues: break;
  }
  if (!traits_.values || dialect_ == Dialect::kSnowflake) return Refuse("VALUES", body.position);
  std::string text;
  for (const ExpressionPtr& row : As<Values>(body).rows) {
    const bool several = row->kind == ExpressionKind::kRow;
    text += (text.empty() ? "VALUES (" : ", (") + (several ? WriteList(As<Collection>(*row).items) : Write(*row)) + ")";
  }
  return text;
}

std::string DialectWriter::WriteSelect(const Select& select, std::string_view top) {
  std::string text = std::string(select.distinct ? "SELECT DISTINCT " : "SELECT ") + std::string(top);
  for (std::size_t i = 0; i < select.items.size(); ++i) {
    const SelectItem& item = select.items[i];
    text += i == 0 ? "" : ", ";
    if (item.kind == SelectItem::Kind::kAll) {
      text += "*";
    } else if (item.kind == SelectItem::Kind::kQualifiedAll) {
      if (!item.column_aliases.empty()) return Refuse("names of all columns", item.position);
      text += Write(*item.expression) + ".*";
    } else {
      text += Write(*item.expression) + (item.alias ? " AS " + WriteName(*item.alias) : "");
    }
  }
  if (select.from) text += " FROM " + WriteRelation(*select.from, false);
  if (select.where) text += " WHERE " + Write(*select.where);
  if (select.group_by) text += WriteGroups(*select.group_by);
  if (select.having) text += " HAVING " + Write(*select.having);
  if (!select.windows.empty()) return Refuse("a named window", select.windows[0].name.position);
  return text;
}

std::string DialectWriter::WriteSets(const SetOperation& operation) {
  static constexpr std::array<std::string_view, 3> kNames = {" UNION", " INTERSECT", " EXCEPT"};
  if (operation.corresponding) return Refuse("CORRESPONDING", operation.position);
  if (operation.all && operation.op != SetOperator::kUnion && !traits_.set_all)
    return Refuse("INTERSECT ALL or EXCEPT ALL", operation.position);
  const std::string_view manner = operation.all ? " ALL " : traits_.set_distinct_word ? " DISTINCT " : " ";
  std::string text;
  for (std::size_t i = 0; i < operation.terms.size(); ++i) {
    const QueryBody& term = *operation.terms[i];
    if (i > 0) text += std::string(kNames[static_cast<std::size_t>(operation.op)]) + std::string(manner);
    const bool nested = term.kind == QueryBodyKind::kSetOperation;
    if (nested && !traits_.nested_sets) return Refuse("one set operation in another", term.position);
    text += nested ? "(" + WriteBody(term, "") + ")" : WriteBody(term, "");
  }
  return text;
}

std::string DialectWriter::WriteGroups(const GroupBy& group_by) {
  static constexpr std::array<std::string_view, 4> kKinds = {"", "GROUPING SETS (", "CUBE (", "ROLLUP ("};
  std::string text;
  for (const GroupingElement& element : group_by.elements) {
    const bool simple = element.kind == GroupingElement::Kind::kSimple;
    if (group_by.distinct || (!simple && !traits_.grouping_sets)) return Refuse("grouping sets", element.position);
    text += text.empty() ? " GROUP BY " : ", ";
    text += kKinds[static_cast<std::size_t>(element.kind)];
    for (std::size_t s = 0; s < element.sets.size(); ++s) {
      const auto& set = element.sets[s];
      const bool bare = set.size() == 1;
      if (simple && set.empty()) return Refuse("GROUP BY ()", element.position);
      if (bare && set[0]->kind == ExpressionKind::kInteger && dialect_ == Dialect::kTsql)
        return Refuse("GROUP BY a position", set[0]->position);
      text += (s == 0 ? "" : ", ") + (bare ? Write(*set[0]) : simple ? WriteList(set) : "(" + WriteList(set) + ")");
    }
    text += simple ? "" : ")";
  }
  if (group_by.automatic || text.empty()) return Refuse("GROUP BY AUTO", base::SqlPosition{});
  return text;
}

std::string DialectWriter::WriteJoin(const Join& join) {
  static constexpr std::array<std::string_view, 6> kJoins = {" CROSS JOIN ", ", ",           " INNER JOIN ",
                                                             " LEFT JOIN ",  " RIGHT JOIN ", " FULL JOIN "};
  if (join.natural && !traits_.natural) return Refuse("NATURAL JOIN", join.position);
  if (join.join == JoinKind::kFull && !traits_.full_join) return Refuse("FULL JOIN", join.position);
  if (!join.using_columns.empty() && !traits_.using_columns) return Refuse("USING", join.position);
  const bool nested = join.right->kind == RelationKind::kJoin;
  std::string text = WriteRelation(*join.left, false) + (join.natural ? " NATURAL" : "") +
                     std::string(kJoins[static_cast<std::size_t>(join.join)]);
  text += (nested ? "(" : "") + WriteRelation(*join.right, false) + (nested ? ")" : "");
  if (join.on) text += " ON " + Write(*join.on);
  for (std::size_t i = 0; i < join.using_columns.size(); ++i)
    text += (i == 0 ? " USING (" : ", ") + WriteName(join.using_columns[i]);
  return text + (join.using_columns.empty() ? "" : ")");
}

// Most dialects want a name for a query in FROM.
std::string DialectWriter::WriteRelation(const Relation& relation, bool named) {
  switch (relation.kind) {
    case RelationKind::kTable: return WriteTable(As<TableRelation>(relation).name);
    case RelationKind::kJoin: return WriteJoin(As<Join>(relation));
    case RelationKind::kSubquery: {
      auto text = "(" + Write(*As<SubqueryRelation>(relation).query) + ")";
      if (named) return text;
      return text + " AS " + WriteName(Name{.value = "derived_" + std::to_string(++derived_)});
    }
    case RelationKind::kAliased: {
      const auto& aliased = As<AliasedRelation>(relation);
      const auto kind = aliased.relation->kind;
      if (kind != RelationKind::kTable && kind != RelationKind::kSubquery)
        return Refuse("a name for such a relation", relation.position);
      std::string text = WriteRelation(*aliased.relation, true) + " AS " + WriteName(aliased.alias);
      const bool may_name = kind == RelationKind::kSubquery && traits_.with_columns && dialect_ != Dialect::kSqlite;
      if (!aliased.columns.empty() && !may_name && dialect_ != Dialect::kPostgres && dialect_ != Dialect::kDuckdb)
        return Refuse("names of a relation's columns", relation.position);
      for (std::size_t i = 0; i < aliased.columns.size(); ++i)
        text += (i == 0 ? " (" : ", ") + WriteName(aliased.columns[i]);
      return text + (aliased.columns.empty() ? "" : ")");
    }
    case RelationKind::kUnnest: return Refuse("UNNEST", relation.position);
    case RelationKind::kLateral: return Refuse("LATERAL", relation.position);
    case RelationKind::kSampled: return Refuse("TABLESAMPLE", relation.position);
    case RelationKind::kTableFunction: return Refuse("a table function", relation.position);
    case RelationKind::kJsonTable: return Refuse("JSON_TABLE", relation.position);
    case RelationKind::kRowMatch: return Refuse("MATCH_RECOGNIZE", relation.position);
  }
  return {};
}

}  // namespace tarn::sql
