// One SELECT: output columns, GROUP BY, HAVING, ORDER BY.
#include <algorithm>
#include <charconv>

#include "sql/printer.h"
#include "sql/text.h"
#include "sql/translator.h"
#include "sql/value_trace.h"

namespace tarn::sql {
namespace {

// The ordinal that an integer literal in GROUP BY or ORDER BY means.
std::optional<std::int64_t> OrdinalOf(const Expression& expression) {
  if (expression.kind != ExpressionKind::kInteger) return std::nullopt;
  return std::stoll(As<Literal>(expression).value);
}

bool IsOrderable(const Type& type) {
  return !type.Is("map") && !type.Is("json") && std::ranges::all_of(type.children, IsOrderable);
}

bool IsConstant(const Expression& expression) { return expression.kind <= ExpressionKind::kParameter; }

// a.b.c, whose column takes the last name; a field of any other value has no name.
bool IsDottedName(const Expression& expression) {
  if (expression.kind != ExpressionKind::kDereference) return false;
  const Expression* base = &expression;
  while (base->kind == ExpressionKind::kDereference) base = As<Dereference>(*base).base.get();
  return base->kind == ExpressionKind::kIdentifier;
}

}  // namespace

WrittenQuery Translator::WriteSelect(const Select& select, const Query* tail, const Scope* outer, Naming naming) {
  WrittenQuery written;
  Scope scope{.parent = outer, .level = ++levels_};
  SqlText from;
  if (select.from) {
    const Relation& read = *select.from;
    const bool lone = read.kind == RelationKind::kTable ||
                      (read.kind == RelationKind::kAliased && As<AliasedRelation>(read).columns.empty() &&
                       As<AliasedRelation>(read).relation->kind == RelationKind::kTable);
    lone_where_ = lone ? select.where.get() : nullptr;
    WrittenRelation relation = WriteRelation(read, outer, nullptr, 0);
    scope.fields = std::move(relation.fields);
    AbsorbFree(written.free, relation.free);
    from.Add(" FROM ").Add(relation.sql);
  }
  Context context{.scope = &scope, .level = scope.level, .select = &select};
  SqlText where;
  if (select.where) {
    const Written condition = Write(*select.where, context);
    RefuseAggregates(condition, "WHERE clause");
    RequireBoolean(condition.type, select.where->position, "WHERE clause");
    AbsorbFree(written.free, condition.free);
    std::erase_if(written.free, [&](const FreeColumn& column) { return column.level == scope.level; });
    where.Add(" WHERE ").Add(condition.sql);
  }
  for (std::size_t i = 0; i < select.windows.size(); ++i) {
    const bool repeated = std::any_of(
        select.windows.begin(), select.windows.begin() + static_cast<std::ptrdiff_t>(i),
        [&](const NamedWindow& other) { return EqualsIgnoreCase(other.name.value, select.windows[i].name.value); });
    if (repeated)
      Fail(select.windows[i].name.position,
           "WINDOW name '" + select.windows[i].name.value + "' specified more than once", "DUPLICATE_WINDOW_NAME");
  }
  std::vector<std::string> keys;
  const SqlText group_by = WriteGroupBy(select, context, keys, scope);
  if (select.group_by) context.keys = &keys;
  context.grouped_by_sets =
      select.group_by && std::ranges::any_of(select.group_by->elements, [](const GroupingElement& element) {
        return element.kind != GroupingElement::Kind::kSimple;
      });

  const std::vector<Output> outputs = WriteOutputs(select, context);
  bool aggregated = select.group_by.has_value() || select.having != nullptr;
  std::vector<FreeColumn> free;
  SqlText list;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Output& output = outputs[i];
    aggregated = aggregated || output.value.aggregate.has_value();
    AbsorbFree(free, output.value.free);
    if (select.distinct && Holds(output.value.type, CarriesZone))
      RefuseLast(select.position, "DISTINCT of timestamps that carry their time zone");
    Field column{.name = output.named ? output.name : "", .type = output.value.type};
    if (const Field* field = output.value.field) {
      column.table = field->table;
      column.table_column = field->table_column;
    }
    column.lineage = output.lineage;
    written.columns.push_back(std::move(column));
  }
  NameColumns(written.columns, naming);
  for (std::size_t i = 0; i < outputs.size(); ++i)
    list.Add(i == 0 ? "" : ", ").Add(outputs[i].value.sql).Add(" AS ").Add(written.columns[i].sql);

  SqlText having;
  if (select.having) {
    const Written condition = Write(*select.having, context);
    if (condition.window)
      Fail(condition.window->position, "HAVING clause cannot contain window functions or row pattern measures",
           "NESTED_WINDOW");
    RequireBoolean(condition.type, select.having->position, "HAVING clause");
    AbsorbFree(free, condition.free);
    having.Add(" HAVING ").Add(condition.sql);
  }
  std::vector<Written> sort_values;
  std::vector<SqlText> sort;
  if (tail != nullptr) {
    sort = WriteSortKeys(tail->order_by, outputs, context, select.distinct ? &select : nullptr, sort_values);
    for (const Written& key : sort_values) {
      aggregated = aggregated || key.aggregate.has_value();
      AbsorbFree(free, key.free);
    }
  }
  if (aggregated) CheckGrouped(free, scope.level);
  std::erase_if(free, [&](const FreeColumn& column) { return column.level == scope.level; });
  AbsorbFree(written.free, free);

  const bool ties = tail != nullptr && tail->limit && tail->limit->with_ties;
  if (ties && select.distinct) Refuse(tail->limit->position, "WITH TIES of a SELECT DISTINCT");
  written.sql.Add(select.distinct ? "SELECT DISTINCT " : "SELECT ")
      .Add(list)
      .Add(from)
      .Add(where)
      .Add(group_by)
      .Add(having);
  if (ties) written.sql.Add(TiesClause(*tail, sort_values));
  for (std::size_t i = 0; i < sort.size(); ++i) written.sql.Add(i == 0 ? " ORDER BY " : ", ").Add(sort[i]);
  if (tail != nullptr) written.sql.Add(LimitClause(*tail));
  return written;
}

std::vector<Translator::Output> Translator::WriteOutputs(const Select& select, const Context& context) {
  std::vector<Output> outputs;
  for (const SelectItem& item : select.items) {
    if (failed()) break;
    if (item.kind != SelectItem::Kind::kExpression) {
      ExpandStar(item, context, outputs);
      continue;
    }
    ValueTrace trace(*this);
    Output output{.value = Write(*item.expression, context), .name = {}, .item = &item};
    output.lineage = trace.Of(output.value, *item.expression);
    if (item.alias) {
      output.name = item.alias->value;
    } else if (item.expression->kind == ExpressionKind::kIdentifier) {
      output.name = As<Identifier>(*item.expression).name.value;
    } else if (IsDottedName(*item.expression)) {
      output.name = As<Dereference>(*item.expression).field.value;
    }
    output.named = !output.name.empty();
    outputs.push_back(std::move(output));
  }
  return outputs;
}

// * and t.*: the fields in sight that are not hidden.
void Translator::ExpandStar(const SelectItem& item, const Context& context, std::vector<Output>& outputs) {
  std::vector<std::string> qualifier;
  std::string whole;
  if (item.kind == SelectItem::Kind::kQualifiedAll) {
    const Expression* part = item.expression.get();
    for (; part->kind == ExpressionKind::kDereference; part = As<Dereference>(*part).base.get())
      qualifier.insert(qualifier.begin(), As<Dereference>(*part).field.value);
    if (part->kind != ExpressionKind::kIdentifier) {
      Refuse(item.position, "The expansion of a row value");
      return;
    }
    qualifier.insert(qualifier.begin(), As<Identifier>(*part).name.value);
    for (const std::string& one : qualifier) whole += (whole.empty() ? "" : ".") + one;
  }
  std::size_t count = 0;
  for (const Field& field : context.scope->fields) {
    if (field.hidden || !MatchesQualifier(field, qualifier)) continue;
    Output output{.value = {.sql = SqlText(), .type = field.type, .field = &field},
                  .name = field.name,
                  .named = !field.name.empty(),
                  .item = &item,
                  .lineage = field.lineage};
    output.value.sql.Mark(view_position_.value_or(item.position)).Add(field.sql);
    const bool grouped = context.keys != nullptr && std::ranges::find(*context.keys, field.sql) != context.keys->end();
    if (!grouped) output.value.free.push_back({.level = context.level, .position = item.position, .name = field.name});
    if (count < item.column_aliases.size()) {
      const Name& alias = item.column_aliases[count];
      output.name = alias.quoted ? alias.value : ToUpper(alias.value);  // Trino folds these aliases upwards
      output.named = true;
    }
    outputs.push_back(std::move(output));
    ++count;
  }
  if (count > 0) {
    if (!item.column_aliases.empty() && item.column_aliases.size() != count) {
      Fail(item.column_aliases[0].position,
           "Column alias list has " + std::to_string(item.column_aliases.size()) + " entries but relation has " +
               std::to_string(count) + " columns",
           "MISMATCHED_COLUMN_ALIASES");
    }
    return;
  }
  if (qualifier.empty())
    Fail(item.position,
         context.scope->fields.empty() ? "SELECT * not allowed in queries without FROM clause"
                                       : "SELECT * not allowed from relation that has no columns",
         "COLUMN_NOT_FOUND");
  else
    Fail(item.position, "Unable to resolve reference " + whole, "TABLE_NOT_FOUND", base::ErrorKind::kNotFound);
}

// One key: an ordinal stands for its select item.
SqlText Translator::WriteGroupingKey(const Expression& key, const Select& select, const Context& context,
                                     const Scope& scope, std::vector<std::string>& keys) {
  const Expression* expression = &key;
  SqlText sql;
  if (const auto ordinal = OrdinalOf(key)) {
    const bool expandable = std::ranges::all_of(
        select.items, [](const SelectItem& item) { return item.kind == SelectItem::Kind::kExpression; });
    if (expandable && *ordinal >= 1 && *ordinal <= static_cast<std::int64_t>(select.items.size())) {
      expression = select.items[static_cast<std::size_t>(*ordinal - 1)].expression.get();
    } else {
      const std::vector<Output> outputs =
          expandable ? std::vector<Output>{}
                     : WriteOutputs(select, Context{.scope = &scope, .level = scope.level, .select = &select});
      if (*ordinal < 1 || *ordinal > static_cast<std::int64_t>(outputs.size())) {
        Fail(key.position, "GROUP BY position " + std::to_string(*ordinal) + " is not in select list",
             "INVALID_COLUMN_REFERENCE");
        return sql;
      }
      const Written& output = outputs[static_cast<std::size_t>(*ordinal - 1)].value;
      keys.push_back(output.sql.text());
      return GroupingForm(output, key.position);
    }
  }
  Written written = Write(*expression, context);
  RefuseAggregates(written, "GROUP BY clause");
  keys.push_back(written.sql.text());
  if (CarriesZone(written.type)) return GroupingForm(std::move(written), expression->position);
  // A bare literal would be taken for an ordinal by the engine.
  if (IsConstant(*expression)) return sql.Add("coalesce(").Add(written.sql).Add(", NULL)");
  return GroupingForm(std::move(written), expression->position);
}

SqlText Translator::WriteGroupBy(const Select& select, const Context& context, std::vector<std::string>& keys,
                                 const Scope& scope) {
  SqlText sql;
  if (!select.group_by || failed()) return sql;
  const GroupBy& group_by = *select.group_by;
  std::vector<SqlText> parts;
  if (group_by.automatic) {
    for (const Output& output : WriteOutputs(select, context)) {
      if (output.value.aggregate) continue;
      keys.push_back(output.value.sql.text());
      parts.push_back(GroupingForm(output.value, select.position));
    }
  }
  for (const GroupingElement& element : group_by.elements) {
    if (element.kind == GroupingElement::Kind::kSimple) continue;
    for (const std::vector<ExpressionPtr>& expressions : element.sets) {
      for (const ExpressionPtr& key : expressions) {
        const bool column =
            key->kind == ExpressionKind::kIdentifier || key->kind == ExpressionKind::kDereference || OrdinalOf(*key);
        if (!column)
          Fail(key->position, "GROUP BY expression must be a column reference: " + ToSql(*key),
               "INVALID_COLUMN_REFERENCE");
      }
    }
  }
  if (group_by.distinct && group_by.elements.size() > 1) return WriteDistinctSets(select, context, keys, scope);
  const auto set = [&](const std::vector<ExpressionPtr>& expressions, bool parenthesised) {
    SqlText text;
    text.Add(parenthesised ? "(" : "");
    for (std::size_t i = 0; i < expressions.size(); ++i)
      text.Add(i == 0 ? "" : ", ").Add(WriteGroupingKey(*expressions[i], select, context, scope, keys));
    return text.Add(parenthesised ? ")" : "");
  };
  for (const GroupingElement& element : group_by.elements) {
    if (element.kind == GroupingElement::Kind::kSimple) {
      const std::vector<ExpressionPtr>& only = element.sets[0];
      parts.push_back(only.empty() ? SqlText().Add("GROUPING SETS (())") : set(only, false));
      continue;
    }
    SqlText text;
    text.Add(element.kind == GroupingElement::Kind::kSets   ? "GROUPING SETS ("
             : element.kind == GroupingElement::Kind::kCube ? "CUBE ("
                                                            : "ROLLUP (");
    for (std::size_t i = 0; i < element.sets.size(); ++i) {
      text.Add(i == 0 ? "" : ", ")
          .Add(set(element.sets[i], element.kind == GroupingElement::Kind::kSets || element.sets[i].size() != 1));
    }
    parts.push_back(text.Add(")"));
  }
  for (std::size_t i = 0; i < parts.size(); ++i) sql.Add(i == 0 ? " GROUP BY " : ", ").Add(parts[i]);
  if (parts.empty()) sql.Add(" GROUP BY GROUPING SETS (())");
  return sql;
}

// GROUP BY DISTINCT: the product of the elements' sets, each set of keys once.
SqlText Translator::WriteDistinctSets(const Select& select, const Context& context, std::vector<std::string>& keys,
                                      const Scope& scope) {
  using Keys = std::vector<std::string>;
  std::vector<Keys> product = {{}};
  for (const GroupingElement& element : select.group_by->elements) {
    std::vector<Keys> groups;
    for (const std::vector<ExpressionPtr>& expressions : element.sets) {
      Keys& group = groups.emplace_back();
      for (const ExpressionPtr& key : expressions)
        group.push_back(WriteGroupingKey(*key, select, context, scope, keys).text());
    }
    std::vector<Keys> sets;
    const auto join = [&](const auto& chosen) {
      Keys& set = sets.emplace_back();
      for (std::size_t i = 0; i < groups.size(); ++i) {
        if (chosen(i)) set.insert(set.end(), groups[i].begin(), groups[i].end());
      }
    };
    if (element.kind == GroupingElement::Kind::kRollup) {
      for (std::size_t length = groups.size() + 1; length-- > 0;) join([length](std::size_t i) { return i < length; });
    } else if (element.kind == GroupingElement::Kind::kCube) {
      if (groups.size() > 10) Refuse(element.position, "A CUBE of more than 10 columns");
      for (std::size_t mask = 0; mask < std::size_t{1} << std::min<std::size_t>(groups.size(), 10); ++mask)
        join([mask](std::size_t i) { return (mask >> i & 1U) != 0; });
    } else {
      sets = std::move(groups);
    }
    std::vector<Keys> next;
    if (product.size() * sets.size() > 4096) Refuse(element.position, "GROUP BY with more than 4096 grouping sets");
    for (const Keys& left : failed() ? std::vector<Keys>{} : product) {
      for (const Keys& right : sets) {
        Keys both = left;
        both.insert(both.end(), right.begin(), right.end());
        std::ranges::sort(both);
        both.erase(std::ranges::unique(both).begin(), both.end());
        if (std::ranges::find(next, both) == next.end()) next.push_back(std::move(both));
      }
    }
    product = std::move(next);
  }
  SqlText sql(" GROUP BY GROUPING SETS (");
  for (std::size_t i = 0; i < product.size(); ++i) {
    sql.Add(i == 0 ? "(" : ", (");
    for (std::size_t k = 0; k < product[i].size(); ++k) sql.Add(k == 0 ? "" : ", ").Add(product[i][k]);
    sql.Add(")");
  }
  return sql.Add(")");
}

// Keys of ORDER BY: ordinals and names of output columns become ordinals; in other expressions output names stand for
// their expressions. `written` receives each key's value, for ties and checks.
std::vector<SqlText> Translator::WriteSortKeys(const std::vector<SortItem>& items, const std::vector<Output>& outputs,
                                               const Context& context, const Select* distinct,
                                               std::vector<Written>& written) {
  std::vector<SqlText> keys;
  Scope names{.parent = context.scope};
  for (const Output& output : outputs) {
    if (output.named)
      names.fields.push_back({.name = output.name, .sql = output.value.sql.text(), .type = output.value.type});
  }
  for (const SortItem& item : items) {
    if (failed()) break;
    std::optional<std::size_t> output;
    if (const auto ordinal = OrdinalOf(*item.key)) {
      if (*ordinal < 1 || *ordinal > static_cast<std::int64_t>(outputs.size())) {
        Fail(item.key->position, "ORDER BY position " + std::to_string(*ordinal) + " is not in select list",
             "INVALID_COLUMN_REFERENCE");
        break;
      }
      output = static_cast<std::size_t>(*ordinal - 1);
      written.push_back({.sql = outputs[*output].value.sql,
                         .type = outputs[*output].value.type,
                         .aggregate = outputs[*output].value.aggregate});
    } else {
      Context inner = context;
      inner.scope = &names;
      written.push_back(Write(*item.key, inner));
      written.back().field = nullptr;
      const auto same = std::ranges::find_if(
          outputs, [&](const Output& one) { return one.value.sql.text() == written.back().sql.text(); });
      if (same != outputs.end()) output = static_cast<std::size_t>(same - outputs.begin());
      if (!output && distinct != nullptr) {
        Fail(distinct->position, "For SELECT DISTINCT, ORDER BY expressions must appear in select list",
             "EXPRESSION_NOT_IN_DISTINCT");
      }
      if (!output && IsConstant(*item.key)) continue;  // does not order anything
    }
    if (!IsOrderable(written.back().type)) {
      Fail(item.key->position,
           "Type " + ToText(written.back().type) + " is not orderable, and therefore cannot be used in ORDER BY",
           "TYPE_MISMATCH");
    }
    SqlText key = output ? SqlText(std::to_string(*output + 1)) : written.back().sql;
    if (output && distinct == nullptr && LosesSign(written.back())) key = KeepSign(written.back().sql);
    keys.push_back(WriteSortItem(item, std::move(key)));
  }
  return keys;
}

void Translator::CheckGrouped(const std::vector<FreeColumn>& free, int level) {
  const auto found = std::ranges::find(free, level, &FreeColumn::level);
  if (found == free.end()) return;
  Fail(found->position, "'" + found->name + "' must be an aggregate expression or appear in GROUP BY clause",
       "EXPRESSION_NOT_AGGREGATE");
}

void Translator::RefuseAggregates(const Written& written, std::string_view clause) {
  const std::optional<CallSite>& site = written.aggregate ? written.aggregate : written.window;
  if (!site) return;
  Fail(site->position,
       std::string(clause) + " cannot contain aggregations, window functions or grouping operations: [" + site->text +
           "]",
       "EXPRESSION_NOT_SCALAR");
}

}  // namespace tarn::sql
