// Queries: WITH, set operations, VALUES, and ORDER BY, OFFSET and LIMIT around them.
#include <algorithm>
#include <charconv>

#include "sql/coercion.h"
#include "sql/text.h"
#include "sql/translator.h"
#include "sql/type_rules.h"

namespace tarn::sql {
namespace {

constexpr int kMaxRecursionDepth = 10;  // Trino's default of the session property max_recursion_depth

// A digest is for functions to read: its bytes are not those that Trino would show.
bool HoldsDigest(const Type& type) { return IsDigest(type) || std::ranges::any_of(type.children, HoldsDigest); }

}  // namespace

base::Result<Translation> Translator::Translate(const Query& query) {
  WrittenQuery written = WriteQuery(query, nullptr, Naming::kOutput);
  ShowZones(written);
  for (const Field& column : written.columns) {
    if (HoldsDigest(column.type)) RefuseLast({}, "A column of the type '" + ToText(column.type) + "'");
  }
  if (!failed() && refusal_) error_ = refusal_;
  if (failed()) return std::unexpected(*error_);
  Translation translation{.engine_sql = written.sql.text(),
                          .source_map = std::move(written.sql.marks()),
                          .columns = {},
                          .tables = std::move(tables_)};
  for (const Field& column : written.columns) {
    translation.columns.push_back(
        {.name = column.name, .type = ToText(column.type), .table = column.table, .table_column = column.table_column});
  }
  return translation;
}

void Translator::Fail(std::optional<base::SqlPosition> position, std::string message, std::string_view code,
                      base::ErrorKind kind) {
  if (failed()) return;
  error_ = base::InvalidArgument(std::move(message)).error();
  error_->kind = kind;
  error_->code = code;
  error_->position = position && view_position_ ? view_position_ : position;
}

void Translator::Refuse(base::SqlPosition position, std::string_view what) {
  Fail(position, std::string(what) + " is not supported", "NOT_SUPPORTED", base::ErrorKind::kNotSupported);
}

void Translator::RefuseLast(base::SqlPosition position, std::string_view what) {
  if (refusal_) return;
  refusal_ = base::NotSupported(std::string(what) + " is not supported").error();
  refusal_->code = "NOT_SUPPORTED";
  refusal_->position = view_position_.value_or(position);
}

void Translator::NameColumns(std::vector<Field>& columns, Naming naming) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (naming == Naming::kOutput && columns[i].name.empty()) columns[i].name = "_col" + std::to_string(i);
    columns[i].sql = QuoteIdentifier(naming == Naming::kOutput ? columns[i].name : "c" + std::to_string(i + 1));
  }
}

WrittenQuery Translator::WriteQuery(const Query& query, const Scope* outer, Naming naming) {
  if (failed()) return {};
  for (const InlineFunction& function : query.functions) functions_.push_back(&function);
  if (!query.functions.empty()) visible_functions_ = functions_.size();
  const std::size_t visible = common_tables_.size();
  SqlText with;
  WriteWith(query.with, outer, with);
  CheckLimit(query);
  const bool plain = query.order_by.empty() && !query.offset && !query.limit;
  WrittenQuery written;
  if (query.body->kind == QueryBodyKind::kSelect) {
    written = WriteSelect(As<Select>(*query.body), &query, outer, naming);
  } else if (query.body->kind == QueryBodyKind::kSubquery && plain) {
    written = WriteQuery(*As<SubqueryBody>(*query.body).query, outer, naming);
  } else {
    written = WriteBody(*query.body, outer);
    if (!plain || naming == Naming::kOutput) written = WriteWrapped(query, std::move(written), outer, naming);
  }
  common_tables_.resize(std::min(visible, common_tables_.size()));
  if (!with.empty()) {
    with.Add(" ").Add(written.sql);
    written.sql = std::move(with);
  }
  return written;
}

void Translator::WriteWith(const With& with, const Scope* outer, SqlText& sql) {
  const std::size_t first = common_tables_.size();
  for (const CommonTable& table : with.tables) {
    const bool repeated =
        std::any_of(common_tables_.begin() + static_cast<std::ptrdiff_t>(first), common_tables_.end(),
                    [&](const CommonTableEntry& entry) { return EqualsIgnoreCase(entry.name, table.name.value); });
    if (repeated)
      Fail(table.name.position, "WITH query name '" + table.name.value + "' specified more than once",
           "DUPLICATE_NAMED_QUERY");
    if (failed()) return;
    sql.Add(sql.empty() ? (with.recursive ? "WITH RECURSIVE " : "WITH ") : ", ");
    if (with.recursive) {
      if (table.columns.empty())
        Fail(table.name.position, "missing column aliases in recursive WITH query", "MISSING_COLUMN_ALIASES");
      WriteRecursiveTable(table, outer, sql);
    } else {
      AddCommonTable(table, WriteQuery(*table.query, outer, Naming::kInternal), sql);
    }
  }
}

void Translator::AddCommonTable(const CommonTable& table, WrittenQuery query, SqlText& sql) {
  CommonTableEntry entry{.name = table.name.value, .alias = NewAlias("q"), .columns = std::move(query.columns)};
  if (!table.columns.empty() && table.columns.size() != entry.columns.size()) {
    Fail(table.columns[0].position,
         "Column alias list has " + std::to_string(table.columns.size()) + " entries but WITH query(" +
             table.name.value + ") has " + std::to_string(entry.columns.size()) + " columns",
         "MISMATCHED_COLUMN_ALIASES");
    return;
  }
  for (std::size_t i = 0; i < table.columns.size(); ++i) entry.columns[i].name = table.columns[i].value;
  sql.Add(entry.alias).Add(" AS (").Add(query.sql).Add(")");
  common_tables_.push_back(std::move(entry));
}

// WITH RECURSIVE t(a) AS (base UNION ALL step): the step sees the columns of the base.
void Translator::WriteRecursiveTable(const CommonTable& table, const Scope* outer, SqlText& sql) {
  const QueryBody& body = *table.query->body;
  const bool recursive = body.kind == QueryBodyKind::kSetOperation &&
                         As<SetOperation>(body).op == SetOperator::kUnion && As<SetOperation>(body).terms.size() == 2 &&
                         table.query->order_by.empty() && !table.query->limit && !table.query->offset &&
                         table.query->with.tables.empty();
  if (!recursive) {
    AddCommonTable(table, WriteQuery(*table.query, outer, Naming::kInternal), sql);
    return;
  }
  const auto& step = As<SetOperation>(body);
  const WrittenQuery base = WriteBody(*step.terms[0], outer);
  if (table.columns.size() != base.columns.size() && !failed()) {
    Fail(table.name.position,
         "Column alias list has " + std::to_string(table.columns.size()) + " entries but relation has " +
             std::to_string(base.columns.size()) + " columns",
         "MISMATCHED_COLUMN_ALIASES");
  }
  if (failed()) return;
  CommonTableEntry entry{.name = table.name.value, .alias = NewAlias("q"), .columns = base.columns};
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    entry.columns[i].name = table.columns[i].value;
    entry.columns[i].table.reset();
  }
  entry.recursive_open = true;
  std::string names;
  for (const Field& column : entry.columns) names += column.sql + ", ";
  common_tables_.push_back(entry);
  const WrittenQuery recursion = WriteBody(*step.terms[1], outer);
  CheckRecursion(step, base, recursion);
  // The depth stands in a column that nobody sees. All rows of the working table have the same.
  sql.Add(entry.alias)
      .Add("(" + names + "\"depth\") AS (SELECT *, 0 FROM (")
      .Add(base.sql)
      .Add(") AS ")
      .Add(NewAlias("b"));
  const std::string rows = NewAlias("s");
  const std::string reached = NewAlias("d");
  sql.Add(" UNION ALL SELECT " + rows + ".*, CASE WHEN " + reached + ".\"depth\" >= " +
          std::to_string(kMaxRecursionDepth) + " THEN trino_fail('NOT_SUPPORTED', 'Recursion depth limit exceeded (" +
          std::to_string(kMaxRecursionDepth) + ")') ELSE " + reached + ".\"depth\" + 1 END FROM (");
  sql.Add(recursion.sql)
      .Add(") AS " + rows + ", (SELECT max(\"depth\") AS \"depth\" FROM ")
      .Add(entry.alias)
      .Add(") AS " + reached + ")");
  CommonTableEntry& whole = common_tables_.back();
  whole.recursive_open = false;
  if (step.all || failed()) return;
  // UNION drops rows that came before, whatever their depth.
  whole.alias = NewAlias("q");
  sql.Add(", ")
      .Add(whole.alias)
      .Add(" AS (SELECT DISTINCT ")
      .Add(names.substr(0, names.size() - 2))
      .Add(" FROM ")
      .Add(entry.alias)
      .Add(")");
}

void Translator::CheckRecursion(const SetOperation& operation, const WrittenQuery& base, const WrittenQuery& step) {
  if (failed()) return;
  if (step.columns.size() != base.columns.size()) {
    Fail(operation.position,
         "base and step relations of recursion have different number of fields: " +
             std::to_string(base.columns.size()) + ", " + std::to_string(step.columns.size()),
         "TYPE_MISMATCH");
    return;
  }
  for (std::size_t i = 0; i < base.columns.size(); ++i) {
    const Type& from = step.columns[i].type;
    const Type& to = base.columns[i].type;
    if (!from.known() || !to.known() || CanCoerce(from, to)) continue;
    Fail(operation.terms[1]->position,
         "recursion step relation output type (" + ToText(from) +
             ") is not coercible to recursion base relation output type (" + ToText(to) + ") at column " +
             std::to_string(i + 1),
         "TYPE_MISMATCH");
  }
}

WrittenQuery Translator::WriteBody(const QueryBody& body, const Scope* outer) {
  if (failed()) return {};
  switch (body.kind) {
    case QueryBodyKind::kSelect: return WriteSelect(As<Select>(body), nullptr, outer, Naming::kInternal);
    case QueryBodyKind::kSetOperation: return WriteSetOperation(As<SetOperation>(body), outer);
    case QueryBodyKind::kValues: return WriteValues(As<Values>(body), outer);
    case QueryBodyKind::kTable: return WriteTableBody(As<TableBody>(body), outer);
    case QueryBodyKind::kSubquery: break;
  }
  WrittenQuery written = WriteQuery(*As<SubqueryBody>(body).query, outer, Naming::kInternal);
  SqlText sql;
  sql.Add("(").Add(written.sql).Add(")");
  written.sql = std::move(sql);
  return written;
}

void Translator::CheckNamed(const WrittenQuery& query, base::SqlPosition position) {
  for (std::size_t i = 0; i < query.columns.size(); ++i) {
    const std::string& name = query.columns[i].name;
    if (name.empty())
      Fail(position, "Anonymous columns are not allowed in set operations with CORRESPONDING", "MISSING_COLUMN_NAME");
    for (std::size_t j = 0; j < i; ++j) {
      if (EqualsIgnoreCase(query.columns[j].name, name))
        Fail(position, "Duplicate columns found when using CORRESPONDING in set operations: " + name, "AMBIGUOUS_NAME");
    }
  }
}

// Both queries cut down to the columns whose names they share, in the order of the first.
void Translator::MatchColumns(WrittenQuery& left, WrittenQuery& right, base::SqlPosition position) {
  std::vector<Field> left_columns;
  std::vector<Field> right_columns;
  for (const Field& column : left.columns) {
    const auto found = std::ranges::find_if(
        right.columns, [&](const Field& other) { return EqualsIgnoreCase(other.name, column.name); });
    if (found == right.columns.end()) continue;
    left_columns.push_back(column);
    right_columns.push_back(*found);
  }
  if (left_columns.empty()) Refuse(position, "CORRESPONDING of queries without a common column");
  const auto cut = [this](WrittenQuery& query, std::vector<Field> columns) {
    SqlText sql;
    sql.Add("SELECT ");
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string name = QuoteIdentifier("c" + std::to_string(i + 1));
      sql.Add(i == 0 ? "" : ", ").Add(columns[i].sql).Add(" AS ").Add(name);
      columns[i].sql = name;
    }
    sql.Add(" FROM (").Add(query.sql).Add(") AS ").Add(NewAlias("s"));
    query.sql = std::move(sql);
    query.columns = std::move(columns);
  };
  cut(left, std::move(left_columns));
  cut(right, std::move(right_columns));
}

bool Translator::ConvertColumns(WrittenQuery& query, const std::vector<Field>& columns) {
  const auto differs = [&](std::size_t i) {
    const Type& from = query.columns[i].type;
    const Type& to = columns[i].type;
    const bool tagged = IsTagged(from) || IsTagged(to);
    return tagged && from.known() && to.known() && ToEngineType(from) != ToEngineType(to);
  };
  bool any = false;
  for (std::size_t i = 0; i < query.columns.size(); ++i) any = any || differs(i);
  if (!any) return false;
  SqlText sql("SELECT ");
  for (std::size_t i = 0; i < query.columns.size(); ++i) {
    const Field& column = query.columns[i];
    sql.Add(i == 0 ? "" : ", ")
        .Add(differs(i) ? Convert(SqlText(column.sql), column.type, columns[i].type) : SqlText(column.sql))
        .Add(" AS ")
        .Add(column.sql);
  }
  sql.Add(" FROM (").Add(query.sql).Add(") AS ").Add(NewAlias("s"));
  query.sql = std::move(sql);
  return true;
}

WrittenQuery Translator::WriteSetOperation(const SetOperation& operation, const Scope* outer) {
  if (operation.corresponding && operation.terms.size() != 2)
    Refuse(operation.position, "CORRESPONDING of more than two queries");
  const std::string name = operation.op == SetOperator::kUnion    ? "UNION"
                           : operation.op == SetOperator::kExcept ? "EXCEPT"
                                                                  : "INTERSECT";
  WrittenQuery result;
  WrittenQuery first;  // of CORRESPONDING
  std::vector<WrittenQuery> terms;
  for (std::size_t i = 0; i < operation.terms.size() && !failed(); ++i) {
    const QueryBody& term = *operation.terms[i];
    WrittenQuery written = WriteBody(term, outer);
    AbsorbFree(result.free, written.free);
    if (operation.corresponding) {
      CheckNamed(written, operation.position);
      if (failed()) break;
      if (i == 0) {
        first = std::move(written);
        continue;
      }
      MatchColumns(first, written, operation.position);
      result.columns = first.columns;
      terms.push_back(std::move(first));
    }
    if (i == 0) {
      result.columns = written.columns;
    } else {
      if (written.columns.size() != result.columns.size()) {
        Fail(operation.position,
             name + " query has different number of fields: " + std::to_string(result.columns.size()) + ", " +
                 std::to_string(written.columns.size()),
             "TYPE_MISMATCH");
        break;
      }
      for (std::size_t c = 0; c < result.columns.size(); ++c) {
        const auto common = FindCommonType(result.columns[c].type, written.columns[c].type);
        if (!common) {
          Fail(operation.position,
               "column " + std::to_string(c + 1) + " in " + name + " query has incompatible types: " +
                   ToText(result.columns[c].type) + ", " + ToText(written.columns[c].type),
               "TYPE_MISMATCH");
        }
        result.columns[c].type = common.value_or(Type{});
        result.columns[c].lineage = OfBoth(result.columns[c].lineage, written.columns[c].lineage);
      }
    }
    terms.push_back(std::move(written));
  }
  for (std::size_t i = 0; i < terms.size() && !failed(); ++i) {
    // A term that is cut or converted is a select by now.
    const bool compound = operation.terms[i]->kind == QueryBodyKind::kSetOperation && !operation.corresponding;
    const bool parenthesised = !ConvertColumns(terms[i], result.columns) && compound;
    if (i > 0) result.sql.Add(" " + name + (operation.all ? " ALL " : " "));
    result.sql.Add(parenthesised ? "(" : "").Add(terms[i].sql).Add(parenthesised ? ")" : "");
  }
  const bool compares = !operation.all || operation.op != SetOperator::kUnion;
  if (compares && std::ranges::any_of(result.columns, [](const Field& one) { return Holds(one.type, CarriesZone); }))
    RefuseLast(operation.position, name + " of timestamps that carry their time zone");
  for (Field& column : result.columns) column.table.reset();
  return result;
}

namespace {

// A line of VALUES that is one value: the fields of a row are its columns.
std::vector<Written> FieldsOf(Written value) {
  std::vector<Written> fields;
  if (!value.type.Is("row")) {
    fields.push_back(std::move(value));
    return fields;
  }
  for (std::size_t i = 0; i < value.type.children.size(); ++i) {
    Written field = value;
    field.type = value.type.children[i];
    field.sql = SqlText("struct_extract_at(");
    field.sql.Add(value.sql).Add(", " + std::to_string(i + 1) + ")");
    fields.push_back(std::move(field));
  }
  return fields;
}

}  // namespace

WrittenQuery Translator::WriteValues(const Values& values, const Scope* outer) {
  WrittenQuery written;
  Context context{.scope = outer};
  std::vector<std::vector<Written>> rows;
  std::size_t width = 0;
  for (std::size_t r = 0; r < values.rows.size() && !failed(); ++r) {
    std::vector<Written> cells;
    if (values.rows[r]->kind == ExpressionKind::kRow) {
      for (const ExpressionPtr& item : As<Collection>(*values.rows[r]).items) cells.push_back(Write(*item, context));
    } else {
      cells = FieldsOf(Write(*values.rows[r], context));
    }
    if (r == 0) {
      width = cells.size();
      written.columns.resize(width);
    } else if (cells.size() != width) {
      Fail(values.position,
           "Values rows have mismatched sizes: " + std::to_string(width) + " vs " + std::to_string(cells.size()),
           "TYPE_MISMATCH");
      break;
    }
    rows.emplace_back();
    for (std::size_t c = 0; c < width; ++c) {
      Written& cell = cells[c];
      if (cell.aggregate || cell.window) RefuseAggregates(cell, "VALUES clause");
      AbsorbFree(written.free, cell.free);
      Type& type = written.columns[c].type;
      const auto common = r == 0 ? std::optional(cell.type) : FindCommonType(type, cell.type);
      if (!common)
        Fail(values.position, "Values rows have mismatched types: " + ToText(type) + " vs " + ToText(cell.type),
             "TYPE_MISMATCH");
      type = common.value_or(Type{});
      rows.back().push_back(std::move(cell));
    }
  }
  NameColumns(written.columns, Naming::kInternal);
  written.sql.Add("SELECT * FROM (VALUES ");
  for (std::size_t r = 0; r < rows.size(); ++r) {
    written.sql.Add(r == 0 ? "(" : ", (");
    for (std::size_t c = 0; c < rows[r].size(); ++c) {
      Coerce(rows[r][c], written.columns[c].type);
      written.sql.Add(c == 0 ? "" : ", ").Add(rows[r][c].sql);
    }
    written.sql.Add(")");
  }
  written.sql.Add(") AS ").Add(NewAlias("v")).Add("(");
  for (std::size_t c = 0; c < width; ++c) written.sql.Add(c == 0 ? "" : ", ").Add(written.columns[c].sql);
  written.sql.Add(")");
  return written;
}

WrittenQuery Translator::WriteTableBody(const TableBody& table, const Scope*) {
  const WrittenRelation relation = WriteTable(table.name, table.position);
  WrittenQuery written;
  written.sql.Add("SELECT ");
  for (const Field& field : relation.fields) {
    if (field.hidden) continue;
    Field column = field;
    column.sql = QuoteIdentifier("c" + std::to_string(written.columns.size() + 1));
    column.qualifier.clear();
    written.sql.Add(written.columns.empty() ? "" : ", ").Add(field.sql).Add(" AS ").Add(column.sql);
    written.columns.push_back(std::move(column));
  }
  written.sql.Add(" FROM ").Add(relation.sql);
  return written;
}

// ORDER BY, OFFSET and LIMIT around a body that has no place for them, or a body whose columns need their names.
WrittenQuery Translator::WriteWrapped(const Query& query, WrittenQuery body, const Scope* outer, Naming naming) {
  if (failed()) return {};
  const std::string alias = NewAlias("u");
  Scope scope{.parent = outer, .level = ++levels_};
  for (Field field : body.columns) {
    field.sql = alias + "." + field.sql;
    scope.fields.push_back(std::move(field));
  }
  WrittenQuery written;
  written.free = std::move(body.free);
  std::vector<Output> outputs;
  written.sql.Add("SELECT ");
  written.columns = scope.fields;
  NameColumns(written.columns, naming);
  for (std::size_t i = 0; i < scope.fields.size(); ++i) {
    const Field& field = scope.fields[i];
    outputs.push_back(
        {.value = {.sql = SqlText(field.sql), .type = field.type}, .name = field.name, .named = !field.name.empty()});
    written.sql.Add(i == 0 ? "" : ", ").Add(field.sql).Add(" AS ").Add(written.columns[i].sql);
  }
  written.sql.Add(" FROM (").Add(body.sql).Add(") AS ").Add(alias);
  const Context context{.scope = &scope, .level = scope.level};
  std::vector<Written> keys;
  const std::vector<SqlText> sort = WriteSortKeys(query.order_by, outputs, context, nullptr, keys);
  if (query.limit && query.limit->with_ties) written.sql.Add(TiesClause(query, keys));
  for (std::size_t i = 0; i < sort.size(); ++i) written.sql.Add(i == 0 ? " ORDER BY " : ", ").Add(sort[i]);
  written.sql.Add(LimitClause(query));
  return written;
}

void Translator::CheckLimit(const Query& query) {
  if (query.limit && query.limit->with_ties && query.order_by.empty()) {
    Fail(query.limit->position, "FETCH FIRST WITH TIES clause requires ORDER BY", "MISSING_ORDER_BY");
  }
  if (!query.limit || query.limit->all || query.limit->count.parameter) return;
  const std::string& digits = query.limit->count.digits;
  if (query.limit->fetch && digits == "0")
    Fail(query.limit->position, "FETCH FIRST row count must be positive (actual value: 0)",
         "NUMERIC_VALUE_OUT_OF_RANGE");
  if (!query.order_by.empty() && std::stoll(digits) > INT32_MAX) {
    Fail(query.limit->position, "ORDER BY LIMIT > " + std::to_string(INT32_MAX) + " is not supported", "NOT_SUPPORTED",
         base::ErrorKind::kNotSupported);
  }
}

std::string Translator::RowCountText(const RowCount& count) {
  if (!count.parameter) return count.digits;
  std::optional<std::string> value;
  if (arguments_ == nullptr) {
    value = parameters_[*count.parameter];
  } else if (const Expression& argument = *(*arguments_)[*count.parameter];
             argument.kind == ExpressionKind::kInteger || argument.kind == ExpressionKind::kString) {
    value = As<Literal>(argument).value;
  } else if (argument.kind == ExpressionKind::kGenericLiteral) {
    value = As<GenericLiteral>(argument).value;
  }
  std::uint64_t number = 0;
  const bool valid =
      value && !value->empty() &&
      std::from_chars(value->data(), value->data() + value->size(), number).ptr == value->data() + value->size() &&
      number <= INT64_MAX;
  if (!valid)
    Fail(count.position,
         "Parameter of LIMIT, OFFSET or FETCH must be a row count: " + QuoteLiteral(value.value_or("NULL")),
         "INVALID_PARAMETER_USAGE");
  return std::to_string(number);
}

std::string Translator::LimitClause(const Query& query) {
  std::string clause;
  const bool ties = query.limit && query.limit->with_ties;
  if (query.limit && !query.limit->all && !ties) clause += " LIMIT " + RowCountText(query.limit->count);
  if (query.offset && !ties) clause += " OFFSET " + RowCountText(*query.offset);
  return clause;
}

// The rows after the offset whose rank is within the count.
SqlText Translator::TiesClause(const Query& query, const std::vector<Written>& keys) {
  SqlText order;
  for (std::size_t i = 0; i < keys.size(); ++i)
    order.Add(i == 0 ? "ORDER BY " : ", ").Add(WriteSortItem(query.order_by[i], keys[i].sql));
  const std::string offset = query.offset ? RowCountText(*query.offset) : "0";
  SqlText clause;
  clause.Add(" QUALIFY ((rank() OVER (")
      .Add(order)
      .Add(")) <= (" + offset + " + " + RowCountText(query.limit->count) + ")");
  if (query.offset) clause.Add(" AND (row_number() OVER (").Add(order).Add(")) > " + offset);
  return clause.Add(")");
}

}  // namespace tarn::sql
