// SQL/JSON functions as Trino SQL.
#include <array>

#include "sql/printer.h"
#include "sql/printer_parts.h"
#include "sql/sql_text.h"
#include "sql/text.h"

namespace tarn::sql {
namespace {

std::string PrintBehaviour(const JsonBehaviour& behaviour) {
  static constexpr std::array<std::string_view, 8> kWords = {" NULL",    " ERROR",       " TRUE",         " FALSE",
                                                             " UNKNOWN", " EMPTY ARRAY", " EMPTY OBJECT", " DEFAULT "};
  return std::string(kWords[static_cast<std::size_t>(behaviour.kind)]) +
         (behaviour.value ? ToSql(*behaviour.value) : "");
}

std::string PrintFormat(bool is_json) { return is_json ? " FORMAT JSON" : ""; }

std::string PrintNulls(const std::optional<bool>& keep_nulls) {
  if (!keep_nulls) return "";
  return *keep_nulls ? " NULL ON NULL" : " ABSENT ON NULL";
}

std::string PrintBehaviours(const JsonPathCall& call) {
  static constexpr std::array<std::string_view, 3> kWrappers = {"", " WITH CONDITIONAL ARRAY WRAPPER",
                                                                " WITH UNCONDITIONAL ARRAY WRAPPER"};
  std::string text(kWrappers[static_cast<std::size_t>(call.wrapper)]);
  if (call.keep_quotes) text += *call.keep_quotes ? " KEEP QUOTES" : " OMIT QUOTES";
  if (call.on_empty) text += PrintBehaviour(*call.on_empty) + " ON EMPTY";
  if (call.on_error) text += PrintBehaviour(*call.on_error) + " ON ERROR";
  return text;
}

std::string PrintReturning(const std::optional<Type>& type) { return type ? " RETURNING " + ToText(*type) : ""; }

// In parentheses where the key would begin with the word that may stand before it.
std::string PrintKey(const Expression& key) {
  const std::string text = ToSql(key);
  return EqualsIgnoreCase(std::string_view(text).substr(0, 3), "key") ? "(" + text + ")" : text;
}

}  // namespace

std::string PrintJsonPathCall(const JsonPathCall& call) {
  static constexpr std::array<std::string_view, 3> kNames = {"JSON_EXISTS(", "JSON_VALUE(", "JSON_QUERY("};
  std::string text(kNames[static_cast<std::size_t>(call.function)]);
  text += ToSql(*call.input) + PrintFormat(call.input_is_json) + ", " + QuoteLiteral(call.path);
  for (std::size_t i = 0; i < call.passing.size(); ++i) {
    const JsonPassing& passing = call.passing[i];
    text += (i == 0 ? " PASSING " : ", ") + ToSql(*passing.value) + PrintFormat(passing.is_json) + " AS " +
            Print(passing.name);
  }
  return text + PrintReturning(call.returning) + PrintFormat(call.returning_is_json) + PrintBehaviours(call) + ")";
}

std::string PrintJsonTable(const JsonTable& table) {
  std::string text = "JSON_TABLE(" + ToSql(*table.rows->input) + PrintFormat(table.rows->input_is_json) + ", " +
                     QuoteLiteral(table.rows->path) + " COLUMNS (";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const JsonTable::Column& column = table.columns[i];
    text += (i == 0 ? "" : ", ") + Print(column.name);
    if (!column.call) {
      text += " FOR ORDINALITY";
      continue;
    }
    const JsonPathCall& call = *column.call;
    text += " " + ToText(*call.returning) + PrintFormat(call.returning_is_json) + " PATH " + QuoteLiteral(call.path) +
            PrintBehaviours(call);
  }
  text += ")";
  if (table.error_on_error) text += *table.error_on_error ? " ERROR ON ERROR" : " EMPTY ON ERROR";
  return text + ")";
}

std::string PrintJsonArray(const JsonArray& array) {
  std::string text = "JSON_ARRAY(";
  for (std::size_t i = 0; i < array.elements.size(); ++i) {
    text += (i == 0 ? "" : ", ") + ToSql(*array.elements[i].value) + PrintFormat(array.elements[i].is_json);
  }
  return text + PrintNulls(array.keep_nulls) + PrintReturning(array.returning) + ")";
}

std::string PrintJsonObject(const JsonObject& object) {
  std::string text = "JSON_OBJECT(";
  for (std::size_t i = 0; i < object.members.size(); ++i) {
    const JsonMember& member = object.members[i];
    text += (i == 0 ? "" : ", ") + PrintKey(*member.key) + " : " + ToSql(*member.value) + PrintFormat(member.is_json);
  }
  return text + PrintNulls(object.keep_nulls) + (object.unique_keys ? " WITH UNIQUE KEYS" : "") +
         PrintReturning(object.returning) + ")";
}

}  // namespace tarn::sql
