#include "api/query_builder.h"

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <cctype>

#include "api/query_filter.h"

namespace tarn::api {

namespace {

std::string WriteName(const sql::QualifiedName& name) {
  return fmt::format("{}.{}.{}", sql::QuoteIdentifier(name.catalog), sql::QuoteIdentifier(name.schema),
                     sql::QuoteIdentifier(name.table));
}

// Cuts a last word ASC or DESC; what is left is a column's name, whatever it looks like.
base::Result<std::string> WriteOrder(std::string_view item, std::size_t index) {
  std::string name = boost::algorithm::trim_copy(std::string(item));
  std::string direction;
  if (const auto blank = name.find_last_of(" \t"); blank != std::string::npos) {
    const std::string last = boost::algorithm::to_upper_copy(name.substr(blank + 1));
    if (last == "ASC" || last == "DESC") {
      direction = " " + last;
      name = boost::algorithm::trim_copy(name.substr(0, blank));
    }
  }
  if (name.empty()) return base::InvalidArgument("Order names no column", fmt::format("orderBy[{}]", index));
  return sql::QuoteIdentifier(name) + direction;
}

base::Result<std::string> WriteCount(std::optional<std::int64_t> count, std::string_view word, std::string_view field) {
  if (!count) return std::string();
  if (*count < 0) return base::InvalidArgument(fmt::format("Value is negative: \"{}\"", *count), std::string(field));
  return fmt::format(" {} {}", word, *count);
}

std::string WriteColumns(const std::vector<std::string>& columns) {
  if (columns.empty()) return "*";
  std::string text;
  for (const std::string& column : columns) text += (text.empty() ? "" : ", ") + sql::QuoteIdentifier(column);
  return text;
}

}  // namespace

base::Result<std::string> WriteStatement(const BuilderQuery& query) {
  if (query.from.empty()) return base::InvalidArgument("At least one table is needed", "from");
  for (std::size_t i = 0; i < query.columns.size(); ++i)
    if (query.columns[i].empty()) return base::InvalidArgument("Column name is empty", fmt::format("columns[{}]", i));

  std::string text = "SELECT " + WriteColumns(query.columns) + " FROM ";
  for (std::size_t i = 0; i < query.from.size(); ++i)
    text += fmt::format("{}{} AS {}", i == 0 ? "" : " CROSS JOIN ", WriteName(query.from[i].name), TableAlias(i));

  TARN_ASSIGN_OR_RETURN(const std::string condition, WriteFilter(query.filters, query.from));
  if (!condition.empty()) text += " WHERE " + condition;
  for (std::size_t i = 0; i < query.order_by.size(); ++i) {
    TARN_ASSIGN_OR_RETURN(const std::string order, WriteOrder(query.order_by[i], i));
    text += (i == 0 ? " ORDER BY " : ", ") + order;
  }
  TARN_ASSIGN_OR_RETURN(const std::string offset, WriteCount(query.offset, "OFFSET", "offset"));
  TARN_ASSIGN_OR_RETURN(const std::string limit, WriteCount(query.limit, "LIMIT", "limit"));
  return text + offset + limit;
}

base::Result<sql::QualifiedName> ReadQualifiedName(std::string_view text) {
  const auto refused = [&] {
    return base::InvalidArgument(fmt::format("Qualified name is not catalog.schema.table: \"{}\"", text),
                                 "qualifiedName");
  };
  std::vector<std::string> parts(1);
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"' && quoted && i + 1 < text.size() && text[i + 1] == '"') {
      parts.back() += text[i++];
    } else if (text[i] == '"') {
      const bool at_start = parts.back().empty();
      const bool at_end = i + 1 == text.size() || text[i + 1] == '.';
      if (quoted ? !at_end : !at_start) return refused();
      quoted = !quoted;
    } else if (text[i] == '.' && !quoted) {
      parts.emplace_back();
    } else {
      parts.back() += text[i];
    }
  }
  const bool empty = std::ranges::any_of(parts, [](const std::string& part) { return part.empty(); });
  if (quoted || empty || parts.size() != 3) return refused();
  return sql::QualifiedName{.catalog = parts[0], .schema = parts[1], .table = parts[2]};
}

std::string WriteWholeTable(const sql::QualifiedName& name) { return "SELECT * FROM " + WriteName(name); }

}  // namespace tarn::api
