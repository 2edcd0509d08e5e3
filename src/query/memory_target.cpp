#include "query/memory_target.h"

#include <algorithm>

#include "catalog/built_in.h"
#include "sql/text.h"

namespace tarn::query {

namespace {

constexpr std::int64_t kQuotaBytes = std::int64_t{1} << 30;

int IntegerRank(std::string_view name) {
  return name == "tinyint" ? 1 : name == "smallint" ? 2 : name == "integer" ? 3 : name == "bigint" ? 4 : 0;
}

bool Takes(const sql::Type& from, const sql::Type& to) {
  if (!from.known() || from.Is("unknown") || from == to) return true;
  const int rank = IntegerRank(from.name);
  if (IntegerRank(to.name) > 0)
    return (rank > 0 && rank <= IntegerRank(to.name)) ||
           (from.Is("decimal") && (from.numbers.size() < 2 || from.numbers[1] == 0));
  if (to.Is("decimal")) return rank > 0 || from.Is("decimal");
  if (to.Is("double")) return rank > 0 || from.Is("decimal") || from.Is("real");
  if (to.Is("real")) return rank > 0 || from.Is("decimal");
  if (to.Is("varchar") || to.Is("char")) return from.Is("varchar") || from.Is("char");
  if (to.Is("timestamp")) return from.Is("timestamp") || from.Is("date");
  if (to.Is("timestamp with time zone"))
    return from.Is("timestamp with time zone") || from.Is("timestamp") || from.Is("date");
  if (to.Is("time") || to.Is("time with time zone")) return from.name == to.name;
  if ((to.Is("array") || to.Is("map") || to.Is("row")) && from.name == to.name &&
      from.children.size() == to.children.size()) {
    return std::ranges::equal(from.children, to.children, Takes);
  }
  return false;
}

// Bytes of a table by its number of rows and the size of its first and last ones.
std::string BytesOf(const connector::memory::Structure& structure, const connector::memory::Table& table) {
  const auto relation = structure.Relation(table);
  std::string row = "16";
  for (const auto& column : table.info.columns) {
    const auto& type = column.engine_type;
    const bool fixed = type == "BIGINT" || type == "INTEGER" || type == "SMALLINT" || type == "TINYINT" ||
                       type == "DOUBLE" || type == "REAL" || type == "FLOAT" || type == "BOOLEAN" || type == "DATE" ||
                       type.starts_with("DECIMAL") || type.starts_with("TIME");
    row += fixed ? " + 8" : " + coalesce(strlen(CAST(" + sql::QuoteIdentifier(column.name) + " AS VARCHAR)), 0)";
  }
  return "(SELECT count(*) FROM " + relation + ") * coalesce((SELECT avg(" + row + ") FROM ((SELECT * FROM " +
         relation + " LIMIT 500) UNION ALL (SELECT * FROM " + relation + " WHERE rowid >= (SELECT max(rowid) FROM " +
         relation + ") - 500))), 0)";
}

}  // namespace

connector::TableName TableOf(const sql::QualifiedName& name) { return {.schema = name.schema, .table = name.table}; }

base::Result<MemoryTarget> ForChange(const StatementCall& call, const sql::QualifiedName& name, std::string_view what) {
  auto catalog = call.parts.catalogs.FindByName(call.request.project_id, name.catalog);
  if (!catalog) {
    catalog.error().position = base::SqlPosition{};
    return std::unexpected(std::move(catalog).error());
  }
  if (catalog->type != "memory" || !catalog::IsBuiltIn(*catalog))
    return Unsupported("This connector does not support " + std::string(what));
  if (name.schema == "information_schema") return Unsupported("Schema is read only: information_schema");
  const auto& transaction = call.request.client.transaction_id;
  if (!call.checks_only && transaction && *transaction != "NONE") {
    return Failed("AUTOCOMMIT_WRITE_CONFLICT", "Catalog only supports writes using autocommit: memory");
  }
  TARN_ASSIGN_OR_RETURN(auto structure, call.parts.catalogs.Memory(call.request.project_id, call.limits));
  auto lock = structure->Changing(call.limits);
  if (!lock.owns_lock())
    return base::DeadlineExceeded("Another change of the project's tables in memory took too long");
  return MemoryTarget{.structure = std::move(structure), .lock = std::move(lock)};
}

bool CanStore(const std::string& query_type, const std::string& column_type) {
  if (query_type.empty() || query_type == column_type) return true;
  const auto from = sql::ReadType(query_type);
  const auto to = sql::ReadType(column_type);
  return from && to && Takes(*from, *to);
}

base::Result<std::string> Stored(const std::string& value, const std::string& query_type,
                                 const connector::ColumnInfo& column) {
  if (query_type == column.type) return value;
  TARN_ASSIGN_OR_RETURN(const auto to, sql::ReadType(column.type));
  if ((to.Is("varchar") || to.Is("char")) && !to.numbers.empty()) {
    // Longer texts are refused, but for blanks at their end.
    const auto from = sql::ReadType(query_type);
    const auto length = std::to_string(to.numbers[0]);
    if (from && !from->numbers.empty() && from->numbers[0] <= to.numbers[0]) return value;
    const auto message =
        sql::QuoteLiteral("Cannot truncate non-space characters when casting from " +
                          (query_type.empty() ? "varchar" : query_type) + " to " + column.type + " on INSERT");
    return "CASE WHEN length(rtrim(" + value + ", ' ')) > " + length + " THEN trino_fail('INVALID_CAST_ARGUMENT', " +
           message + " || substr(" + value + ", 1, 0)) ELSE substr(" + value + ", 1, " + length + ") END";
  }
  if (query_type.empty() && to.numbers.empty() && to.children.empty())
    return "CAST(" + value + " AS " + column.engine_type + ")";
  return "CAST(" + value + " AS " + column.engine_type + ")";
}

std::string QuotaCheck(const connector::memory::Structure& structure, const connector::memory::Table& written) {
  std::string sum = BytesOf(structure, written);
  for (const auto& name : structure.Names("")) {
    const auto table = structure.FindTable(name);
    if (table && table->number != written.number) sum += " + " + BytesOf(structure, *table);
  }
  const auto message = sql::QuoteLiteral("The project's tables in memory may have " + std::to_string(kQuotaBytes) +
                                         " bytes, and would have ");
  return "SELECT trino_fail('EXCEEDED_LOCAL_MEMORY_LIMIT', " + message +
         " || CAST(CAST(b AS BIGINT) AS VARCHAR)) FROM (SELECT " + sum + " AS b) WHERE b > " +
         std::to_string(kQuotaBytes);
}

base::Result<std::vector<std::int64_t>> Apply(const StatementCall& call, std::vector<std::string> statements,
                                              std::function<void()> on_stop) {
  if (call.checks_only) return std::vector<std::int64_t>(statements.size(), 0);
  auto changed = call.parts.engine.Change(
      {.statements = std::move(statements), .time_zone = call.session.time_zone, .on_stop = std::move(on_stop)},
      call.limits);
  if (!changed) changed.error().position.reset();
  return changed;
}

}  // namespace tarn::query
