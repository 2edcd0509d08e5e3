// USE, SET and RESET: what they change is told to the client, who keeps it.
#include <algorithm>

#include "catalog/built_in.h"
#include "query/session_properties.h"
#include "query/statement_call.h"
#include "sql/printer.h"
#include "sql/text.h"

namespace tarn::query {

namespace {

// The text that a literal stands for; nullopt for any other expression.
std::optional<std::string> LiteralText(const sql::Expression& expression) {
  using enum sql::ExpressionKind;
  switch (expression.kind) {
    case kString:
    case kBoolean:
    case kInteger:
    case kDecimal:
    case kDouble: return sql::As<sql::Literal>(expression).value;
    case kGenericLiteral: return sql::As<sql::GenericLiteral>(expression).value;
    default: return std::nullopt;
  }
}

StatementResult RunUse(const StatementCall& call, const sql::Use& use) {
  const auto catalog_name = use.catalog ? sql::ToLower(use.catalog->value) : call.session.catalog;
  const auto schema = sql::ToLower(use.schema.value);
  if (catalog_name.empty())
    return Failed("MISSING_CATALOG_NAME", "Catalog must be specified when session catalog is not set",
                  base::SqlPosition{});
  TARN_ASSIGN_OR_RETURN(const auto catalog, call.parts.catalogs.FindByName(call.request.project_id, catalog_name));
  TARN_RETURN_IF_ERROR(CheckSchema(call, {.catalog = catalog.name, .schema = schema, .table = ""}, std::nullopt));
  SessionChanges changes;
  if (use.catalog) changes.catalog = catalog.name;
  changes.schema = schema;
  return AnswerDone("USE", std::move(changes));
}

base::Result<std::string> PropertyName(const StatementCall& call, const std::vector<sql::Name>& name,
                                       base::SqlPosition position) {
  std::string text;
  for (const auto& part : name) text += (text.empty() ? "" : ".") + sql::ToLower(part.value);
  if (name.size() == 2) {
    if (auto catalog = call.parts.catalogs.FindByName(call.request.project_id, name[0].value); !catalog)
      return std::unexpected(std::move(catalog).error());
  }
  if (name.size() != 1 || FindSessionProperty(text) == nullptr)
    return Failed("INVALID_SESSION_PROPERTY", "Session property '" + text + "' does not exist", position);
  return text;
}

bool IsOfType(std::string_view type, const std::string& value) {
  if (type == "boolean") return sql::EqualsIgnoreCase(value, "true") || sql::EqualsIgnoreCase(value, "false");
  if (type != "integer" && type != "bigint" && type != "double") return true;
  return !value.empty() && std::ranges::all_of(value, [&](char c) {
    return sql::IsDigit(c) || c == '-' || c == '+' || (type == "double" && (c == '.' || c == 'e' || c == 'E'));
  });
}

StatementResult RunSetSession(const StatementCall& call, const sql::SetSession& set) {
  TARN_ASSIGN_OR_RETURN(const auto name, PropertyName(call, set.name, set.value_position));
  const auto value = LiteralText(*set.value);
  if (!value)
    return Unsupported("A session property is set to a literal, not to: " + sql::ToSql(*set.value), set.value_position);
  const auto& property = *FindSessionProperty(name);
  if (!IsOfType(property.type, *value))
    return Failed("INVALID_SESSION_PROPERTY",
                  "Unable to set session property '" + name + "' to '" + *value + "': it is of the type " +
                      std::string(property.type),
                  set.value_position);
  if (name == "max_age" && !value->empty() && !MaxAge::Read(*value))
    return Failed("INVALID_SESSION_PROPERTY", name + " is invalid: " + *value, set.value_position);
  if ((name == "query_max_run_time" || name == "query_max_execution_time") && !ReadDuration(*value))
    return Failed("INVALID_SESSION_PROPERTY", name + " is invalid: " + *value, set.value_position);
  SessionChanges changes;
  changes.set_properties[name] = *value;
  return AnswerDone("SET SESSION", std::move(changes));
}

StatementResult RunSetTimeZone(const StatementCall& call, const sql::SetTimeZone& set) {
  SessionChanges changes;
  if (!set.zone) {
    changes.reset_properties.push_back("time_zone_id");
    return AnswerDone("SET TIME ZONE", std::move(changes));
  }
  std::optional<std::string> zone = LiteralText(*set.zone);
  if (!zone && set.zone->kind == sql::ExpressionKind::kInterval) {
    const auto& interval = sql::As<sql::IntervalLiteral>(*set.zone);
    const auto hours = interval.value.substr(0, interval.value.find(':'));
    const auto minutes =
        hours.size() < interval.value.size() ? interval.value.substr(hours.size() + 1) : std::string("00");
    if (interval.from == sql::IntervalUnit::kHour && hours.size() < 3 && minutes.size() == 2) {
      const bool west = interval.negative != hours.starts_with('-');
      const auto digits = hours.starts_with('-') ? hours.substr(1) : hours;
      zone = (west ? "-" : "+") + std::string(digits.size() < 2 ? "0" : "") + digits + ":" + minutes;
    }
  }
  if (!zone)
    return Unsupported("A time zone is set to a text or an interval of hours, not to: " + sql::ToSql(*set.zone),
                       set.zone->position);
  // Whether the engine knows it shows when it is asked for the time there.
  auto probe = call.parts.engine.Run({.sql = "SELECT 1", .time_zone = *zone}, call.limits);
  if (!probe) return Failed("INVALID_SESSION_PROPERTY", "Time zone not supported: " + *zone, set.zone->position);
  changes.set_properties["time_zone_id"] = *zone;
  return AnswerDone("SET TIME ZONE", std::move(changes));
}

}  // namespace

base::Result<void> CheckSchema(const StatementCall& call, const sql::QualifiedName& name,
                               std::optional<base::SqlPosition> position) {
  auto found = call.parts.catalogs.FindByName(call.request.project_id, name.catalog);
  if (!found) {
    found.error().position = position;
    return std::unexpected(std::move(found).error());
  }
  const auto& catalog = *found;
  bool exists = name.schema == "information_schema";
  if (!exists && catalog.type == "system" && catalog::IsBuiltIn(catalog))
    exists = name.schema == "jdbc" || name.schema == "metadata" || name.schema == "runtime";
  else if (!exists) {
    // A sample's scale can be named without being listed; sources list their tables per schema.
    const auto tables = call.parts.catalogs.Tables(catalog, name.schema, call.limits);
    if (!tables && tables.error().kind != base::ErrorKind::kNotFound) return std::unexpected(tables.error());
    exists = tables.has_value();
  }
  if (!exists)
    return Failed("SCHEMA_NOT_FOUND", "Schema '" + (position ? name.schema : Spelled(name)) + "' does not exist",
                  position);
  return {};
}

StatementResult RunSessionStatement(const StatementCall& call, const sql::Statement& statement) {
  const auto& body = statement.body;
  SessionChanges changes;
  if (const auto* use = std::get_if<sql::Use>(&body)) return RunUse(call, *use);
  if (const auto* set = std::get_if<sql::SetSession>(&body)) return RunSetSession(call, *set);
  if (const auto* zone = std::get_if<sql::SetTimeZone>(&body)) return RunSetTimeZone(call, *zone);
  if (const auto* reset = std::get_if<sql::ResetSession>(&body)) {
    TARN_ASSIGN_OR_RETURN(const auto name, PropertyName(call, reset->name, reset->name[0].position));
    changes.reset_properties.push_back(name);
    return AnswerDone("RESET SESSION", std::move(changes));
  }
  if (const auto* path = std::get_if<sql::SetPath>(&body)) {
    std::string text;
    for (const auto& element : path->elements) {
      if (element.size() > 2) return Failed("INVALID_PATH", "Path element has too many parts", element[0].position);
      text += text.empty() ? "" : ", ";
      for (std::size_t i = 0; i < element.size(); ++i)
        text += (i == 0 ? "" : ".") + ShownName(sql::ToLower(element[i].value));
    }
    changes.path = text;
    return AnswerDone("SET PATH", std::move(changes));
  }
  const auto& role = std::get<sql::SetRole>(body);
  if (role.kind == sql::SetRole::Kind::kRole)
    return Failed("ROLE_NOT_FOUND", "Role '" + sql::ToLower(role.role.value) + "' does not exist");
  std::string catalog = "system";
  if (role.catalog) {
    TARN_ASSIGN_OR_RETURN(const auto found,
                          call.parts.catalogs.FindByName(call.request.project_id, role.catalog->value));
    return Unsupported("Catalog does not support role management: " + found.name);
  }
  changes.set_roles[catalog] = role.kind == sql::SetRole::Kind::kAll ? "ALL" : "NONE";
  return AnswerDone("SET ROLE", std::move(changes));
}

StatementResult RunCallProcedure(const StatementCall& call, const sql::CallProcedure& procedure) {
  std::string name;
  for (const auto& part : procedure.name.parts) name += (name.empty() ? "" : ".") + sql::ToLower(part.value);
  if (name != "system.runtime.kill_query") {
    if (procedure.name.parts.size() == 1)
      return Failed("MISSING_CATALOG_NAME", "Catalog must be specified when session catalog is not set",
                    base::SqlPosition{});
    return Failed(
        "PROCEDURE_NOT_FOUND",
        "Procedure not registered: " + (procedure.name.parts.size() > 2 ? name.substr(name.find('.') + 1) : name));
  }
  std::optional<std::string> id, message;
  std::size_t position = 0;
  for (const auto& argument : procedure.arguments) {
    const auto parameter = argument.name   ? sql::ToLower(argument.name->value)
                           : position == 0 ? "query_id"
                           : position == 1 ? "message"
                                           : "";
    ++position;
    auto* const into = parameter == "query_id" ? &id : parameter == "message" ? &message : nullptr;
    if (into == nullptr)
      return Failed("INVALID_ARGUMENTS", "Unknown argument name: " + parameter, argument.value->position);
    const auto* value = argument.value.get();
    if (value->kind == sql::ExpressionKind::kParameter && call.arguments.expressions != nullptr)
      value = (*call.arguments.expressions)[sql::As<sql::Parameter>(*value).index].get();
    *into = LiteralText(*value);
    if (!*into && value->kind != sql::ExpressionKind::kNull)
      return Unsupported("An argument of a procedure is a literal", argument.value->position);
  }
  if (!id) return Failed("INVALID_ARGUMENTS", "Required procedure argument 'QUERY_ID' is missing", base::SqlPosition{});
  TARN_RETURN_IF_ERROR(call.parts.history.Kill(call.request.project_id, *id, message.value_or("")));
  return AnswerDone("CALL");
}

}  // namespace tarn::query
