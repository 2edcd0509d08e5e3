// Calls of functions that the statement defines itself: WITH FUNCTION.
#include "sql/coercion.h"
#include "sql/text.h"
#include "sql/translator.h"

namespace tarn::sql {

std::optional<Written> Translator::WriteInlineCall(const std::string& name, const Call& call, const Context& context) {
  if (open_function_ != nullptr && EqualsIgnoreCase(open_function_->name.value, name)) {
    Refuse(open_function_->position, "A recursive function");
    return Written{.sql = SqlText("NULL")};
  }
  for (std::size_t i = visible_functions_; i-- > 0;) {
    const InlineFunction& function = *functions_[i];
    if (!EqualsIgnoreCase(function.name.value, name) || function.parameters.size() != call.arguments.size()) continue;
    return WriteInlineCall(i, call, context);
  }
  return std::nullopt;
}

// An argument in the type of its parameter.
SqlText Translator::WriteInlineArgument(const InlineFunction& function, std::size_t index, const Call& call,
                                        const Context& context, Written& into) {
  const Type& type = function.parameters[index].type;
  const Written value = Write(*call.arguments[index], context);
  Absorb(into, value);
  if (value.type.known() && !CanCoerce(value.type, type)) {
    Fail(call.position,
         "Unexpected parameters (" + ToText(value.type) + ") for function " + ToLower(function.name.value) +
             ". Expected: " + ToText(type),
         "FUNCTION_NOT_FOUND", base::ErrorKind::kNotFound);
  }
  const std::optional<std::string> engine_type = ToEngineType(type);
  if (!engine_type) Refuse(call.position, "A function with a parameter of the type '" + ToText(type) + "'");
  if (value.type == type || failed()) return value.sql;
  SqlText sql("CAST(");
  return sql.Add(value.type.known() ? Convert(value.sql, value.type, type) : value.sql)
      .Add(" AS " + *engine_type + ")");
}

// The body stands in a lambda over one row of arguments, so that each is evaluated once.
Written Translator::WriteInlineCall(std::size_t index, const Call& call, const Context& context) {
  const InlineFunction& function = *functions_[index];
  Written written{.type = function.returns};
  if (call.window || call.filter || call.distinct || call.star || !call.order_by.empty()) {
    Fail(
        call.position,
        "Function '" + function.name.value + "' is not an aggregate, so it takes no DISTINCT, FILTER, ORDER BY or OVER",
        "FUNCTION_NOT_AGGREGATE");
    return written;
  }
  const std::string row = NewAlias("f");
  Scope scope;
  SqlText arguments;
  std::string missing;
  for (std::size_t i = 0; i < function.parameters.size(); ++i) {
    const std::string name = "a" + std::to_string(i + 1);
    arguments.Add(i == 0 ? "" : ", ").Add(name + " := ").Add(WriteInlineArgument(function, i, call, context, written));
    const std::string value = "struct_extract(" + row + ", '" + name + "')";
    missing += (i == 0 ? "" : " OR ") + value + " IS NULL";
    scope.fields.push_back(
        {.name = function.parameters[i].name.value, .sql = value, .type = function.parameters[i].type});
  }
  const std::size_t outer = std::exchange(visible_functions_, index);
  const InlineFunction* const outer_function = std::exchange(open_function_, &function);
  const Written body = Write(*function.body, Context{.scope = &scope});
  visible_functions_ = outer;
  open_function_ = outer_function;
  RefuseAggregates(body, "Function body");
  if (body.type.known() && !CanCoerce(body.type, function.returns)) {
    Fail(function.body->position,
         "Value of RETURN must evaluate to " + ToText(function.returns) + " (actual: " + ToText(body.type) + ")",
         "TYPE_MISMATCH");
  }
  const std::optional<std::string> engine_type = ToEngineType(function.returns);
  if (!engine_type) Refuse(call.position, "A function that returns the type '" + ToText(function.returns) + "'");
  if (failed()) return written;
  SqlText value("CAST(");
  value.Add(body.type.known() ? Convert(body.sql, body.type, function.returns) : body.sql)
      .Add(" AS " + *engine_type + ")");
  written.sql.Mark(view_position_.value_or(call.position));
  if (function.parameters.empty()) {
    written.sql.Add(value);
    return written;
  }
  written.sql.Add("list_extract(list_transform([struct_pack(").Add(arguments).Add(")], (lambda " + row + ": ");
  if (function.null_on_null) written.sql.Add("CASE WHEN " + missing + " THEN NULL ELSE ");
  written.sql.Add(value).Add(function.null_on_null ? " END)), 1)" : ")), 1)");
  return written;
}

}  // namespace tarn::sql
