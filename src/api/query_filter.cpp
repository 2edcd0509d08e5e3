#include "api/query_filter.h"

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "api/query_builder.h"

namespace tarn::api {

namespace json = boost::json;

std::string TableAlias(std::size_t index) { return fmt::format("t{}", index); }

namespace {

constexpr int kDeepestFilter = 32;
constexpr std::size_t kAnyNumber = static_cast<std::size_t>(-1);

// A column of one of the tables, with its type where it is known.
struct Operand {
  std::string sql;
  std::string type;
};

struct Operator {
  std::string_view text;
  std::size_t values;  // how many it takes; kAnyNumber: one or more
};

constexpr Operator kOperators[] = {{"=", 1},
                                   {"!=", 1},
                                   {"<>", 1},
                                   {"<", 1},
                                   {"<=", 1},
                                   {">", 1},
                                   {">=", 1},
                                   {"LIKE", 1},
                                   {"BETWEEN", 2},
                                   {"IS NULL", 0},
                                   {"IS NOT NULL", 0},
                                   {"IN", kAnyNumber},
                                   {"NOT IN", kAnyNumber}};

class FilterWriter final {
 public:
  explicit FilterWriter(const std::vector<BuilderTable>& from) : from_(from) {}

  base::Result<std::string> Group(const json::value& filter, const std::string& path, int depth) const {
    if (filter.is_null()) return std::string();
    if (depth > kDeepestFilter) return base::InvalidArgument("Filters are nested too deeply", path);
    if (!filter.is_object()) return base::InvalidArgument("Filter is not an object with \"and\" or \"or\"", path);
    std::string text;
    for (const auto& [key, items] : filter.get_object()) {
      const std::string word = boost::algorithm::to_upper_copy(std::string(key));
      if (word != "AND" && word != "OR")
        return base::InvalidArgument(fmt::format("Filter is neither \"and\" nor \"or\": \"{}\"", std::string_view(key)),
                                     path);
      TARN_ASSIGN_OR_RETURN(const std::string joined, Items(items, word, path + "." + std::string(key), depth));
      if (joined.empty()) continue;
      text += (text.empty() ? "" : " AND ") + joined;
    }
    return text;
  }

 private:
  base::Result<std::string> Items(const json::value& items, const std::string& word, const std::string& path,
                                  int depth) const {
    if (!items.is_array()) return base::InvalidArgument("Filter is not a list of conditions", path);
    std::string text;
    for (std::size_t i = 0; i < items.get_array().size(); ++i) {
      const json::value& item = items.get_array()[i];
      const std::string item_path = fmt::format("{}[{}]", path, i);
      TARN_ASSIGN_OR_RETURN(const std::string condition,
                            item.is_array() ? Triple(item.get_array(), item_path) : Group(item, item_path, depth + 1));
      if (condition.empty()) continue;
      text += (text.empty() ? "" : " " + word + " ") + condition;
    }
    return text.empty() ? text : "(" + text + ")";
  }

  base::Result<std::string> Triple(const json::array& triple, const std::string& path) const {
    if (triple.size() < 2 || triple.size() > 3)
      return base::InvalidArgument("Condition is not a column, an operator and a list of values", path);
    TARN_ASSIGN_OR_RETURN(const Operand column, Column(triple[0], path + "[0]"));
    TARN_ASSIGN_OR_RETURN(const Operator op, ReadOperator(triple[1], path + "[1]"));

    std::vector<std::string> values;
    const json::value given = triple.size() == 3 ? triple[2] : json::value(json::array());
    const json::array list = given.is_array() ? given.get_array() : json::array{given};
    if (op.values != 0) {
      for (std::size_t i = 0; i < list.size(); ++i) {
        TARN_ASSIGN_OR_RETURN(values.emplace_back(), Value(list[i], column, fmt::format("{}[2][{}]", path, i)));
      }
    }
    if (op.values == kAnyNumber ? values.empty() : values.size() != op.values)
      return base::InvalidArgument(fmt::format("Operator has the wrong number of values: \"{}\"", op.text),
                                   path + "[2]");
    return Condition(column.sql, op, values);
  }

  static std::string Condition(const std::string& column, const Operator& op, const std::vector<std::string>& values) {
    if (op.values == 0) return fmt::format("{} {}", column, op.text);
    if (op.text == "BETWEEN") return fmt::format("{} BETWEEN {} AND {}", column, values[0], values[1]);
    if (op.values == kAnyNumber) return fmt::format("{} {} ({})", column, op.text, fmt::join(values, ", "));
    return fmt::format("{} {} {}", column, op.text, values[0]);
  }

  static base::Result<Operator> ReadOperator(const json::value& value, const std::string& path) {
    if (!value.is_string()) return base::InvalidArgument("Operator is not a text", path);
    const std::string text =
        boost::algorithm::to_upper_copy(boost::algorithm::trim_copy(std::string(value.get_string())));
    for (const Operator& op : kOperators)
      if (op.text == text) return op;
    return base::InvalidArgument(fmt::format("Operator is unknown: \"{}\"", std::string_view(value.get_string())),
                                 path);
  }

  base::Result<Operand> Column(const json::value& operand, const std::string& path) const {
    const json::value* column = operand.is_object() ? operand.get_object().if_contains("column") : nullptr;
    if (column == nullptr || !column->is_object())
      return base::InvalidArgument("Operand is not {\"column\": {...}}", path);
    const json::object& parts = column->get_object();
    TARN_ASSIGN_OR_RETURN(const std::string name, Part(parts, "columnName", path));
    if (name.empty()) return base::InvalidArgument("Field is missing", path + ".column.columnName");
    TARN_ASSIGN_OR_RETURN(const std::size_t table, FindTable(parts, path));
    const auto& types = from_[table].types;
    const auto known = types.find(boost::algorithm::to_lower_copy(name));
    return Operand{.sql = TableAlias(table) + "." + sql::QuoteIdentifier(name),
                   .type = known == types.end() ? "" : known->second};
  }

  // The table that a column's parts mean: the first of `from` that agrees with every part given.
  base::Result<std::size_t> FindTable(const json::object& parts, const std::string& path) const {
    TARN_ASSIGN_OR_RETURN(const std::string id, Part(parts, "catalogId", path));
    TARN_ASSIGN_OR_RETURN(const std::string catalog, Part(parts, "catalogName", path));
    TARN_ASSIGN_OR_RETURN(const std::string schema, Part(parts, "schemaName", path));
    TARN_ASSIGN_OR_RETURN(const std::string table, Part(parts, "tableName", path));
    const auto agrees = [](const std::string& wanted, const std::string& found) {
      return wanted.empty() || boost::algorithm::iequals(wanted, found);
    };
    for (std::size_t i = 0; i < from_.size(); ++i) {
      const BuilderTable& candidate = from_[i];
      if (agrees(id, candidate.catalog_id) && agrees(catalog, candidate.name.catalog) &&
          agrees(schema, candidate.name.schema) && agrees(table, candidate.name.table))
        return i;
    }
    return base::InvalidArgument(fmt::format("Filter names a table that is not in \"from\": \"{}\"", table), path);
  }

  static base::Result<std::string> Part(const json::object& parts, std::string_view name, const std::string& path) {
    const json::value* part = parts.if_contains(name);
    if (part == nullptr || part->is_null()) return std::string();
    if (!part->is_string())
      return base::InvalidArgument("Field is not a text", fmt::format("{}.column.{}", path, name));
    return std::string(part->get_string());
  }

  base::Result<std::string> Value(const json::value& value, const Operand& column, const std::string& path) const {
    const bool text_column =
        column.type.empty() || column.type.starts_with("varchar") || column.type.starts_with("char");
    switch (value.kind()) {
      case json::kind::string: {
        const std::string literal = sql::QuoteLiteral(std::string_view(value.get_string()));
        return text_column ? literal : fmt::format("CAST({} AS {})", literal, column.type);
      }
      case json::kind::bool_: return std::string(value.get_bool() ? "TRUE" : "FALSE");
      case json::kind::int64:
      case json::kind::uint64:
      case json::kind::double_: {
        std::string number = value.is_double() ? fmt::format("{}", value.get_double()) : json::serialize(value);
        if (!text_column || column.type.empty()) return number;
        return sql::QuoteLiteral(number);
      }
      case json::kind::object: {
        TARN_ASSIGN_OR_RETURN(const Operand other, Column(value, path));
        return other.sql;
      }
      case json::kind::null:
        return base::InvalidArgument("Value is null; the operators for it are IS NULL and IS NOT NULL", path);
      case json::kind::array: break;
    }
    return base::InvalidArgument("Value is not a text, number, boolean or column", path);
  }

  const std::vector<BuilderTable>& from_;
};

}  // namespace

base::Result<std::string> WriteFilter(const json::value& filter, const std::vector<BuilderTable>& from) {
  return FilterWriter(from).Group(filter, "filters", 0);
}

}  // namespace tarn::api
