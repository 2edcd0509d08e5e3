// Relations of FROM: tables, views, subqueries, joins, samples. Every one gets an alias of its own.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "sql/coercion.h"
#include "sql/parser.h"
#include "sql/text.h"
#include "sql/translator.h"
#include "sql/type_rules.h"

namespace tarn::sql {
namespace {

constexpr int kMaxViewDepth = 16;

std::string FullName(const QualifiedName& name) { return name.catalog + "." + name.schema + "." + name.table; }

Type ParseTypeText(const std::string& text) {
  if (text.empty()) return {};
  auto type = Parser(text).ParseOneType();
  return type ? *std::move(type) : Type{};
}

// What a LIKE pattern without wildcards matches; nullopt with wildcards.
std::optional<std::string> PlainPattern(std::string_view pattern, std::string_view escape) {
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (!escape.empty() && pattern[i] == escape[0]) {
      if (++i == pattern.size()) return std::nullopt;
    } else if (pattern[i] == '%' || pattern[i] == '_') {
      return std::nullopt;
    }
    text += pattern[i];
  }
  return text;
}

}  // namespace

WrittenRelation Translator::WriteRelation(const Relation& relation, const Scope* outer, const Scope* left,
                                          std::size_t alias_columns) {
  if (failed()) return {};
  switch (relation.kind) {
    case RelationKind::kTable: return WriteTable(As<TableRelation>(relation).name, relation.position);
    case RelationKind::kSubquery: return WriteDerived(*As<SubqueryRelation>(relation).query, outer, false);
    case RelationKind::kLateral:
      return WriteDerived(*As<SubqueryRelation>(relation).query, left != nullptr ? left : outer, true);
    case RelationKind::kAliased: return WriteAliased(As<AliasedRelation>(relation), outer, left);
    case RelationKind::kJoin: return WriteJoin(As<sql::Join>(relation), outer, left);
    case RelationKind::kUnnest: return WriteUnnest(As<Unnest>(relation), left != nullptr ? left : outer, alias_columns);
    case RelationKind::kSampled: return WriteSampled(As<SampledRelation>(relation), outer, left);
    case RelationKind::kJsonTable: return WriteJsonTable(As<JsonTable>(relation), left != nullptr ? left : outer);
    case RelationKind::kRowMatch: return WriteRowMatch(As<RowMatch>(relation), outer, left);
    case RelationKind::kTableFunction: return WriteTableFunction(As<TableFunction>(relation), outer);
  }
  return {};
}

// The text that an expression is, where it is one.
std::optional<std::string> Translator::TextOf(const Expression& expression) const {
  if (expression.kind == ExpressionKind::kString) return As<Literal>(expression).value;
  if (expression.kind != ExpressionKind::kParameter) return std::nullopt;
  const std::size_t index = As<Parameter>(expression).index;
  if (arguments_ == nullptr) return index < parameters_.size() ? parameters_[index] : std::nullopt;
  const Expression& argument = *(*arguments_)[index];
  if (argument.kind != ExpressionKind::kString) return std::nullopt;
  return As<Literal>(argument).value;
}

// What the terms of a WHERE demand of columns by texts: c = 't', c IN ('t', …), c LIKE 't' without wildcards.
std::vector<ColumnFilter> Translator::FiltersOf(const Expression* where) const {
  std::vector<ColumnFilter> filters;
  if (where == nullptr) return filters;
  const auto column = [](const Expression& expression) -> std::string {
    if (expression.kind == ExpressionKind::kIdentifier) return ToLower(As<Identifier>(expression).name.value);
    if (expression.kind == ExpressionKind::kDereference) return ToLower(As<Dereference>(expression).field.value);
    return "";
  };
  const auto add = [&](const Expression& named, std::vector<std::optional<std::string>> texts) {
    ColumnFilter filter{.column = column(named), .values = {}};
    for (std::optional<std::string>& text : texts) {
      if (!text) return;
      filter.values.push_back(*std::move(text));
    }
    if (!filter.column.empty()) filters.push_back(std::move(filter));
  };
  if (where->kind == ExpressionKind::kLogical && As<Logical>(*where).is_and) {
    for (const ExpressionPtr& term : As<Logical>(*where).terms) {
      if (term->kind == ExpressionKind::kLogical && !As<Logical>(*term).is_and) continue;
      for (ColumnFilter& filter : FiltersOf(term.get())) filters.push_back(std::move(filter));
    }
  } else if (where->kind == ExpressionKind::kComparison && As<Comparison>(*where).op == ComparisonOperator::kEqual) {
    const auto& equal = As<Comparison>(*where);
    add(*equal.left, {TextOf(*equal.right)});
    add(*equal.right, {TextOf(*equal.left)});
  } else if (where->kind == ExpressionKind::kInList && !As<InList>(*where).negated) {
    std::vector<std::optional<std::string>> texts;
    for (const ExpressionPtr& item : As<InList>(*where).items) texts.push_back(TextOf(*item));
    add(*As<InList>(*where).value, std::move(texts));
  } else if (where->kind == ExpressionKind::kLike && !As<Like>(*where).negated) {
    const auto& like = As<Like>(*where);
    const auto pattern = TextOf(*like.pattern);
    const auto escape = like.escape ? TextOf(*like.escape) : std::optional<std::string>("");
    if (pattern && escape && escape->size() <= 1) add(*like.value, {PlainPattern(*pattern, *escape)});
  }
  return filters;
}

WrittenRelation Translator::WriteTable(const TableName& name, base::SqlPosition position) {
  WrittenRelation written;
  const Expression* where = std::exchange(lone_where_, nullptr);
  if (name.parts.size() == 1) {
    const auto entry = std::ranges::find_if(
        common_tables_.rbegin(), common_tables_.rend(),
        [&](const CommonTableEntry& one) { return EqualsIgnoreCase(one.name, name.parts[0].value); });
    if (entry != common_tables_.rend()) {
      if (entry->recursive_open && ++entry->references > 1) {
        Fail(position, "multiple recursive references in the step relation of recursive query",
             "INVALID_RECURSIVE_REFERENCE");
      }
      const std::string alias = NewAlias("r");
      written.sql.Mark(view_position_.value_or(position)).Add(entry->alias).Add(" AS ").Add(alias);
      for (Field field : entry->columns) {
        field.qualifier = {entry->name};
        field.sql = alias + "." + field.sql;
        written.fields.push_back(std::move(field));
      }
      return written;
    }
  }
  const std::size_t count = name.parts.size();
  const bool own = !view_catalog_.empty() || !view_scope_.empty();
  QualifiedName wanted{.catalog = count > 2 ? ToLower(name.parts[0].value)
                                  : own     ? view_catalog_
                                            : session_.catalog,
                       .schema = count > 1 ? ToLower(name.parts[count - 2].value)
                                 : own     ? view_schema_
                                           : session_.schema,
                       .table = ToLower(name.parts.back().value)};
  if (wanted.schema.empty())
    Fail(position, "Schema must be specified when session schema is not set", "MISSING_SCHEMA_NAME");
  if (wanted.catalog.empty())
    Fail(position, "Catalog must be specified when session catalog is not set", "MISSING_CATALOG_NAME");
  if (failed()) return written;
  base::Result<ResolvedTable> table = resolver_.ResolveIn(view_scope_, wanted, FiltersOf(where));
  if (!table) {
    error_ = std::move(table).error();
    if (!error_->position) error_->position = view_position_.value_or(position);
    return written;
  }
  if (std::ranges::find(tables_, table->name) == tables_.end()) tables_.push_back(table->name);
  if (table->view_text) return WriteView(*table, position);
  const std::string alias = NewAlias("r");
  written.sql.Mark(view_position_.value_or(position)).Add(table->engine_sql).Add(" AS ").Add(alias);
  std::vector<std::string> called;  // as the statement calls it: FROM s.t is t or s.t
  for (const Name& part : name.parts) called.push_back(part.value);
  for (const ResolvedColumn& column : table->columns) {
    written.fields.push_back({.name = column.name,
                              .qualifier = called,
                              .sql = alias + "." + QuoteIdentifier(column.name),
                              .type = ParseTypeText(column.type),
                              .hidden = column.hidden,
                              .table = table->name,
                              .table_column = column.name,
                              .lineage = BaseLineage(table->name, column.name)});
  }
  return written;
}

// A view is written as a subquery. It sees neither the WITH tables nor the scopes of the statement around it, and
// its errors are reported where the statement names it.
WrittenRelation Translator::WriteView(const ResolvedTable& table, base::SqlPosition position) {
  WrittenRelation written;
  const base::SqlPosition place = view_position_.value_or(position);
  if (view_depth_ >= kMaxViewDepth) {
    Fail(place, "View is nested too deeply, or is part of a cycle: '" + FullName(table.name) + "'",
         "VIEW_IS_RECURSIVE");
    return written;
  }
  base::Result<std::unique_ptr<const Statement>> statement = Parser(*table.view_text).ParseStatement(true);
  if (!statement || (*statement)->query == nullptr) {
    Fail(place,
         "Failed parsing stored view '" + FullName(table.name) + "'" +
             (statement ? "" : ": " + statement.error().message),
         "INVALID_VIEW");
    return written;
  }
  if ((*statement)->parameter_count > 0) {
    Fail(place, "A view takes no parameters: '" + FullName(table.name) + "'", "INVALID_VIEW");
    return written;
  }
  const std::optional<base::SqlPosition> outer_position = std::exchange(view_position_, place);
  std::vector<CommonTableEntry> outer_tables = std::exchange(common_tables_, {});
  const std::size_t outer_functions = std::exchange(visible_functions_, 0);
  std::string outer_catalog = std::exchange(view_catalog_, table.view_catalog);
  std::string outer_schema = std::exchange(view_schema_, table.view_schema);
  std::string outer_scope = view_scope_;
  if (!table.view_scope.empty()) view_scope_ = table.view_scope;
  ++view_depth_;
  WrittenQuery query = WriteQuery(*(*statement)->query, nullptr, Naming::kInternal);
  --view_depth_;
  visible_functions_ = outer_functions;
  common_tables_ = std::move(outer_tables);
  view_catalog_ = std::move(outer_catalog);
  view_schema_ = std::move(outer_schema);
  view_scope_ = std::move(outer_scope);
  view_position_ = outer_position;
  if (failed()) return written;
  if (!table.columns.empty() && table.columns.size() != query.columns.size()) {
    Fail(place,
         "View is stale or in an invalid state: '" + FullName(table.name) + "' has " +
             std::to_string(query.columns.size()) + " columns, " + std::to_string(table.columns.size()) +
             " are declared",
         "VIEW_IS_STALE");
    return written;
  }
  const std::string alias = NewAlias("r");
  written.sql.Add("(").Add(query.sql).Add(") AS ").Add(alias);
  for (std::size_t i = 0; i < query.columns.size(); ++i) {
    Field field = std::move(query.columns[i]);
    if (field.name.empty()) field.name = "_col" + std::to_string(i);
    field.qualifier = {table.name.catalog, table.name.schema, table.name.table};
    field.sql = alias + "." + field.sql;
    if (!table.columns.empty()) {
      const ResolvedColumn& declared = table.columns[i];
      field.name = declared.name;
      if (!declared.type.empty()) field.type = ParseTypeText(declared.type);
    }
    field.table = table.name;
    field.table_column = field.name;
    written.fields.push_back(std::move(field));
  }
  return written;
}

WrittenRelation Translator::WriteDerived(const Query& query, const Scope* outer, bool lateral) {
  WrittenRelation written;
  WrittenQuery derived = WriteQuery(query, outer, Naming::kInternal);
  const std::string alias = NewAlias("r");
  written.free = std::move(derived.free);
  written.sql.Add(lateral ? "LATERAL (" : "(").Add(derived.sql).Add(") AS ").Add(alias);
  for (Field& field : derived.columns) {
    field.qualifier.clear();
    field.hidden = false;
    field.sql = alias + "." + field.sql;
    written.fields.push_back(std::move(field));
  }
  return written;
}

WrittenRelation Translator::WriteAliased(const AliasedRelation& aliased, const Scope* outer, const Scope* left) {
  WrittenRelation written = WriteRelation(*aliased.relation, outer, left, aliased.columns.size());
  if (failed()) return written;
  if (!aliased.columns.empty()) {
    std::erase_if(written.fields, &Field::hidden);
    if (written.fields.size() != aliased.columns.size()) {
      Fail(aliased.position,
           "Column alias list has " + std::to_string(aliased.columns.size()) + " entries but '" + aliased.alias.value +
               "' has " + std::to_string(written.fields.size()) + " columns available",
           "MISMATCHED_COLUMN_ALIASES");
      return written;
    }
  }
  for (std::size_t i = 0; i < written.fields.size(); ++i) {
    written.fields[i].qualifier = {aliased.alias.value};
    if (!aliased.columns.empty()) written.fields[i].name = aliased.columns[i].value;
  }
  return written;
}

WrittenRelation Translator::WriteJoin(const sql::Join& join, const Scope* outer, const Scope* left_of_all) {
  WrittenRelation left = WriteRelation(*join.left, outer, left_of_all, 0);
  if (join.natural) Refuse(join.position, "Natural join");
  // LATERAL and UNNEST on the right see the left side, and what stands left of this join.
  const bool right_or_full = join.join == JoinKind::kRight || join.join == JoinKind::kFull;
  Scope left_scope{
      .parent = left_of_all != nullptr ? left_of_all : outer, .fields = left.fields, .refused = right_or_full};
  WrittenRelation right = WriteRelation(*join.right, outer, &left_scope, 0);
  if (failed()) return {};
  const Relation* inner = join.right.get();
  if (inner->kind == RelationKind::kAliased) inner = As<AliasedRelation>(*inner).relation.get();
  const bool always =
      join.on != nullptr && join.on->kind == ExpressionKind::kBoolean && As<Literal>(*join.on).value == "true";
  if (inner->kind == RelationKind::kUnnest && join.join != JoinKind::kCross && join.join != JoinKind::kImplicit &&
      !always) {
    Refuse(join.on ? join.on->position : join.position, "A join with UNNEST on a condition other than TRUE");
  }

  WrittenRelation written;
  AbsorbFree(written.free, left.free);
  AbsorbFree(written.free, right.free);
  written.join = true;
  static constexpr std::array<std::string_view, 6> kJoins = {" CROSS JOIN ", " CROSS JOIN ", " INNER JOIN ",
                                                             " LEFT JOIN ",  " RIGHT JOIN ", " FULL JOIN "};
  written.sql.Add(left.sql).Add(kJoins[static_cast<std::size_t>(join.join)]);
  written.sql.Add(right.join ? "(" : "").Add(right.sql).Add(right.join ? ")" : "");
  if (!join.using_columns.empty()) {
    WriteUsing(join, left, right, written);
    return written;
  }
  written.fields = std::move(left.fields);
  std::ranges::move(right.fields, std::back_inserter(written.fields));
  if (join.on) {
    const Scope scope{.parent = outer, .fields = written.fields};
    const Context context{.scope = &scope};
    const Written condition = Write(*join.on, context);
    RefuseAggregates(condition, "JOIN clause");
    RequireBoolean(condition.type, join.on->position, "JOIN ON clause");
    AbsorbFree(written.free, condition.free);
    written.sql.Add(" ON (").Add(condition.sql).Add(")");
  }
  return written;
}

// USING: the joined columns come first and belong to neither side, then what is left of both sides.
void Translator::WriteUsing(const sql::Join& join, WrittenRelation& left, WrittenRelation& right,
                            WrittenRelation& result) {
  const Scope left_scope{.fields = left.fields};
  const Scope right_scope{.fields = right.fields};
  std::vector<const Field*> used;
  SqlText condition;
  for (const Name& name : join.using_columns) {
    const FoundField on_left = FindField(&left_scope, {}, name.value);
    const FoundField on_right = FindField(&right_scope, {}, name.value);
    if (on_left.ambiguous || on_right.ambiguous)
      Fail(name.position, "Column '" + name.value + "' is ambiguous", "AMBIGUOUS_NAME");
    if (on_left.field == nullptr || on_right.field == nullptr) {
      Fail(name.position,
           "Column '" + name.value + "' is missing from " + (on_left.field == nullptr ? "left" : "right") +
               " side of join",
           "COLUMN_NOT_FOUND", base::ErrorKind::kNotFound);
      return;
    }
    used.push_back(on_left.field);
    used.push_back(on_right.field);
    condition.Add(condition.empty() ? "" : " AND ")
        .Mark(view_position_.value_or(name.position))
        .Add("(" + on_left.field->sql + " = " + on_right.field->sql + ")");
    Field field{.name = name.value, .type = FindCommonType(on_left.field->type, on_right.field->type).value_or(Type{})};
    field.lineage = OfBoth(on_left.field->lineage, on_right.field->lineage);
    if (join.join == JoinKind::kFull) {
      field.sql = "coalesce(" + on_left.field->sql + ", " + on_right.field->sql + ")";
    } else {
      const Field& source = join.join == JoinKind::kRight ? *on_right.field : *on_left.field;
      if (!field.type.known()) field.type = source.type;
      field.sql = field.type == source.type ? source.sql : Convert(SqlText(source.sql), source.type, field.type).text();
      field.table = source.table;
      field.table_column = source.table_column;
    }
    result.fields.push_back(std::move(field));
  }
  for (const Scope* side : {&left_scope, &right_scope}) {
    for (const Field& field : side->fields) {
      if (std::ranges::find(used, &field) == used.end()) result.fields.push_back(field);
    }
  }
  result.sql.Add(" ON (").Add(condition).Add(")");
}

WrittenRelation Translator::WriteSampled(const SampledRelation& sampled, const Scope* outer, const Scope* left) {
  WrittenRelation written = WriteRelation(*sampled.relation, outer, left, 0);
  const ExpressionKind kind = sampled.percentage->kind;
  if (written.join || (kind != ExpressionKind::kInteger && kind != ExpressionKind::kDecimal)) {
    Refuse(sampled.position, "A sample of a join or with a computed percentage");
    return written;
  }
  const double percentage = std::strtod(As<Literal>(*sampled.percentage).value.c_str(), nullptr);
  if (percentage < 0 || percentage > 100)
    Fail(sampled.percentage->position, "Sample percentage must be between 0 and 100", "NUMERIC_VALUE_OUT_OF_RANGE");
  written.sql.Add(sampled.bernoulli ? " TABLESAMPLE bernoulli(" : " TABLESAMPLE system(")
      .Add(As<Literal>(*sampled.percentage).value)
      .Add(" PERCENT)");
  return written;
}

}  // namespace tarn::sql
