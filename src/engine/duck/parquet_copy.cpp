#include "engine/duck/parquet_copy.h"

#include <algorithm>
#include <duckdb/main/profiling_utils.hpp>

#include "engine/duck/errors.h"
#include "engine/duck/tagged_types.h"

namespace tarn::engine {

namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;

std::string QuotedText(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("''") : std::string(1, c);
  return quoted + "'";
}

std::string QuotedName(const std::string& name) {
  std::string quoted = "\"";
  for (const char c : name) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

// Whether Parquet holds the type's values as they are.
bool HasParquetType(const LogicalType& type) {
  if (TagOf(type) != Tag::kNone) return false;
  switch (type.id()) {
    case LogicalTypeId::BOOLEAN:
    case LogicalTypeId::TINYINT:
    case LogicalTypeId::SMALLINT:
    case LogicalTypeId::INTEGER:
    case LogicalTypeId::BIGINT:
    case LogicalTypeId::UTINYINT:
    case LogicalTypeId::USMALLINT:
    case LogicalTypeId::UINTEGER:
    case LogicalTypeId::UBIGINT:
    case LogicalTypeId::FLOAT:
    case LogicalTypeId::DOUBLE:
    case LogicalTypeId::DECIMAL:
    case LogicalTypeId::DATE:
    case LogicalTypeId::TIME:
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_SEC:
    case LogicalTypeId::TIMESTAMP_MS:
    case LogicalTypeId::TIMESTAMP_NS:
    case LogicalTypeId::TIMESTAMP_TZ:
    case LogicalTypeId::VARCHAR:
    case LogicalTypeId::BLOB:
    case LogicalTypeId::UUID: return true;
    case LogicalTypeId::LIST: return HasParquetType(duckdb::ListType::GetChildType(type));
    case LogicalTypeId::MAP:
      return HasParquetType(duckdb::MapType::KeyType(type)) && HasParquetType(duckdb::MapType::ValueType(type));
    case LogicalTypeId::STRUCT: {
      const auto& fields = duckdb::StructType::GetChildTypes(type);
      return std::ranges::all_of(
          fields, [](const auto& field) { return !field.first.empty() && HasParquetType(field.second); });
    }
    default: return false;
  }
}

std::string WriteColumn(const std::string& place, const LogicalType& type) {
  if (HasParquetType(type)) return place;
  switch (type.id()) {
    case LogicalTypeId::HUGEINT: return "CAST(" + place + " AS DECIMAL(38,0))";
    // Trino has no such types: they are shown as varchar everywhere.
    case LogicalTypeId::SQLNULL:
    case LogicalTypeId::ENUM:
    case LogicalTypeId::UHUGEINT:
    case LogicalTypeId::BIT: return "CAST(" + place + " AS VARCHAR)";
    default: return "trino_cast_varchar(" + place + ")";
  }
}

class ShiftedStream final : public RowStream {
 public:
  ShiftedStream(std::unique_ptr<RowStream> rows, std::size_t prefix) : rows_(std::move(rows)), prefix_(prefix) {}

  [[nodiscard]] const std::vector<Column>& columns() const override { return rows_->columns(); }
  [[nodiscard]] base::Result<std::optional<Chunk>> Next() override {
    auto next = rows_->Next();
    if (!next) return std::unexpected(WithoutPrefix(std::move(next).error(), prefix_));
    return next;
  }

 private:
  std::unique_ptr<RowStream> rows_;
  std::size_t prefix_;
};

}  // namespace

base::Result<CopyStatement> WriteParquetCopy(Session::Impl& session, const EngineStatement& statement,
                                             const base::CallLimits& limits) {
  session.stopped = Interrupter::Cause::kNone;
  const Interrupter interrupter(*session.connection.context, session.stopped, limits, session.instance->timer,
                                statement.on_stop);
  std::string columns;
  std::string places;
  try {
    auto parsed = session.connection.context->ParseStatements(statement.sql);
    if (parsed.size() != 1) return base::Internal("A query must be one statement");
    parsed[0]->query.clear();  // with its text the engine would draw the error's place into the message
    const auto prepared = session.connection.Prepare(std::move(parsed[0]));
    if (prepared->HasError()) return std::unexpected(ToError(prepared->error, session.stopped));
    const auto& types = prepared->GetTypes();
    const auto& names = prepared->GetNames();
    for (std::size_t i = 0; i < types.size(); ++i) {
      const auto place = "c" + std::to_string(i);
      columns += (i == 0 ? "" : ", ") + WriteColumn(place, types[i]) + " AS " + QuotedName(names[i]);
      places += (i == 0 ? "" : ", ") + place;
    }
  } catch (...) {
    return std::unexpected(CurrentException(session.stopped));
  }
  CopyStatement copy{.sql = "COPY (SELECT " + columns + " FROM ("};
  copy.prefix = copy.sql.size();
  copy.sql += statement.sql + ") AS exported(" + places + ")) TO " + QuotedText(statement.parquet->path.string()) +
              " (FORMAT parquet, COMPRESSION " + QuotedText(statement.parquet->codec) + ")";
  return copy;
}

base::Error WithoutPrefix(base::Error error, std::size_t prefix) {
  if (error.position) error.position->column = std::max(1, error.position->column - static_cast<int>(prefix));
  return error;
}

std::unique_ptr<RowStream> WithoutPrefix(std::unique_ptr<RowStream> rows, std::size_t prefix) {
  return std::make_unique<ShiftedStream>(std::move(rows), prefix);
}

}  // namespace tarn::engine
