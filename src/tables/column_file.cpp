#include "tables/column_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "cache/generation_file.h"
#include "engine/types.h"
#include "sql/translate.h"
#include "tables/value.h"

namespace tarn::tables {

namespace {

using engine::Cell;

constexpr const char* kData = "target.main.data";
constexpr std::int64_t kMinimumMemory = std::int64_t{256} << 20;

// What every row has beside the table's own columns, in this order at the file's beginning.
constexpr const char* kOriginColumns = "\"id\" BIGINT, \"at\" TIMESTAMP, \"user\" VARCHAR, \"session\" VARCHAR";
constexpr std::size_t kOrigins = 4;
constexpr std::size_t kWriters = 2;  // storing takes twice as long as reading the records

std::string EngineType(ColumnType type) {
  auto found = engine::EngineTypeOf(TrinoType(type));
  return found ? *found : "VARCHAR";  // the types are Tarn's own, and known
}

std::string Digits(engine::WideInteger number) {
  const bool negative = number < 0;
  std::string digits;
  do {
    const auto digit = static_cast<int>(number % 10);
    digits += static_cast<char>('0' + (digit < 0 ? -digit : digit));
    number /= 10;
  } while (number != 0);
  if (negative) digits += '-';
  std::ranges::reverse(digits);
  return digits;
}

std::string UuidText(engine::WideInteger number) {
  const auto bits = static_cast<unsigned __int128>(number);
  std::string text;
  for (int i = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) text += '-';
    text += "0123456789abcdef"[static_cast<int>(bits >> (124 - 4 * i)) & 0xF];
  }
  return text;
}

// A value as engine SQL.
base::Result<std::string> EngineLiteral(ColumnType type, const std::optional<std::string>& value) {
  const auto engine_type = EngineType(type);
  if (!value) return "CAST(NULL AS " + engine_type + ")";
  TARN_ASSIGN_OR_RETURN(const auto cell, ReadValue(type, *value));
  switch (type) {
    case ColumnType::kVarchar: return "CAST(" + sql::QuoteLiteral(*value) + " AS VARCHAR)";
    case ColumnType::kBigint: return "CAST('" + Digits(cell.number) + "' AS BIGINT)";
    case ColumnType::kBoolean: return std::string(cell.number != 0 ? "true" : "false");
    case ColumnType::kDecimal: {
      auto digits = Digits(cell.number < 0 ? -cell.number : cell.number);
      if (digits.size() <= kDecimalScale) digits.insert(0, kDecimalScale + 1 - digits.size(), '0');
      digits.insert(digits.size() - kDecimalScale, ".");
      return std::string("CAST('") + (cell.number < 0 ? "-" : "") + digits + "' AS " + engine_type + ")";
    }
    case ColumnType::kTimestamp: return "make_timestamp(CAST('" + Digits(cell.number) + "' AS BIGINT))";
    case ColumnType::kTime:
      return "CAST(TIME '00:00:00' + to_microseconds(CAST('" + Digits(cell.number) + "' AS BIGINT)) AS TIME)";
    case ColumnType::kDate: return "CAST(DATE '1970-01-01' + CAST('" + Digits(cell.number) + "' AS INTEGER) AS DATE)";
    case ColumnType::kUuid: return "CAST('" + UuidText(cell.number) + "' AS UUID)";
  }
  return base::Internal("A column has an unknown type");
}

std::string SystemSql(SystemColumn column) {
  switch (column) {
    case SystemColumn::kId: return "\"id\"";
    case SystemColumn::kVersion: return "CAST(1 AS BIGINT)";
    case SystemColumn::kCreatedTime:
    case SystemColumn::kModifiedTime: return "\"at\"";
    case SystemColumn::kCreatedBy:
    case SystemColumn::kModifiedBy: return "\"user\"";
    case SystemColumn::kSession: return "\"session\"";
    case SystemColumn::kOperation: return "CAST('INSERT' AS VARCHAR)";
  }
  return "NULL";
}

bool IsStored(const TableDefinition& table, const ColumnDefinition& column) {
  return std::ranges::find(table.stored, column.number) != table.stored.end();
}

}  // namespace

base::Result<std::string> ColumnRelation(const TableDefinition& table, const std::string& stored) {
  std::string list;
  for (const auto& column : table.columns) {
    std::string value = StoredColumn(column);
    if (stored.empty() || !IsStored(table, column)) {
      TARN_ASSIGN_OR_RETURN(value, EngineLiteral(column.type, column.fill));
    }
    list += (list.empty() ? "" : ", ") + value + " AS " + sql::QuoteIdentifier(column.name);
  }
  for (const auto& system : SystemColumnsOf(Kind::kColumns))
    list += (list.empty() ? "" : ", ") + SystemSql(system.column) + " AS " + sql::QuoteIdentifier(system.name);
  const std::string nothing =
      "(SELECT CAST(NULL AS BIGINT) AS \"id\", CAST(NULL AS TIMESTAMP) AS \"at\", CAST(NULL AS VARCHAR) AS \"user\", "
      "CAST(NULL AS VARCHAR) AS \"session\" WHERE false)";
  return "(SELECT " + list + " FROM " + (stored.empty() ? nothing : stored) + ")";
}

struct ColumnFile::Impl {
  ColumnFileSpec spec;
  const TableDefinition& table;
  Author author;
  std::unique_ptr<engine::Database> database = {};
  std::unique_ptr<engine::Session> session = {};
  // The rows of one thread.
  struct Writer {
    std::unique_ptr<engine::Session> session = {};
    std::unique_ptr<engine::BulkAppender> appender = {};
    std::vector<Cell> cells = {};
  };
  std::vector<Writer> writers = {};
  std::vector<std::int64_t> stored = {};  // in the file's order
  // For each stored column: which of the given values it takes, or what all new rows have.
  struct Filling {
    std::optional<std::size_t> given = {};
    Cell fixed = {};
  };
  std::vector<Filling> filling = {};
  std::size_t given = 0;
  std::int64_t first_id = 0;

  base::Result<void> Open(const base::CallLimits& limits);
  base::Result<void> AddColumns(const base::CallLimits& limits);
  base::Result<void> OpenWriters(const base::CallLimits& limits);
  std::optional<SinkError> Write(Writer& writer, const ImportBatch& batch) const;
  base::Result<void> CheckUnique(const base::CallLimits& limits);
};

base::Result<void> ColumnFile::Impl::Open(const base::CallLimits& limits) {
  const auto file = cache::UnfinishedFile(spec.folder, spec.generation);
  if (!spec.previous.empty()) TARN_RETURN_IF_ERROR(cache::CloneFile(spec.previous, file));
  TARN_ASSIGN_OR_RETURN(database,
                        engine::Database::Open({.memory_limit_bytes = std::max(spec.memory_bytes, kMinimumMemory),
                                                .temp_directory = cache::SpillFolder(spec.folder, spec.generation)}));
  TARN_ASSIGN_OR_RETURN(session, database->Connect());
  TARN_RETURN_IF_ERROR(session->Execute(
      fmt::format("ATTACH {} AS target (STORAGE_VERSION 'latest')", sql::QuoteLiteral(file.string())), limits));
  if (spec.previous.empty()) {
    TARN_RETURN_IF_ERROR(session->Execute(fmt::format("CREATE TABLE {} ({})", kData, kOriginColumns), limits));
  } else {
    stored = table.stored;
  }
  return AddColumns(limits);
}

// Columns that the file lacks, with what the rows in it have there.
base::Result<void> ColumnFile::Impl::AddColumns(const base::CallLimits& limits) {
  for (const auto& column : table.columns) {
    if (std::ranges::find(stored, column.number) != stored.end()) continue;
    TARN_ASSIGN_OR_RETURN(const auto fill, EngineLiteral(column.type, column.fill));
    TARN_RETURN_IF_ERROR(session->Execute(
        fmt::format("ALTER TABLE {} ADD COLUMN {} {}", kData, StoredColumn(column), EngineType(column.type)), limits));
    if (!spec.previous.empty() && column.fill)
      TARN_RETURN_IF_ERROR(
          session->Execute(fmt::format("UPDATE {} SET {} = {}", kData, StoredColumn(column), fill), limits));
    stored.push_back(column.number);
  }
  return {};
}

ColumnFile::ColumnFile(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

ColumnFile::~ColumnFile() {
  if (!impl_) return;
  for (auto& writer : impl_->writers) writer.appender.reset();
  impl_->writers.clear();
  impl_->session.reset();
  impl_->database.reset();
  cache::RemoveUnfinished(impl_->spec.folder, impl_->spec.generation);
}

base::Result<std::unique_ptr<ColumnFile>> ColumnFile::Create(const ColumnFileSpec& spec, const TableDefinition& table,
                                                             const Given& given, const Author& author,
                                                             std::int64_t first_id, const base::CallLimits& limits) {
  auto impl = std::make_unique<Impl>(Impl{.spec = spec, .table = table, .author = author, .first_id = first_id});
  std::unique_ptr<ColumnFile> made(new ColumnFile(std::move(impl)));
  auto& own = *made->impl_;
  TARN_RETURN_IF_ERROR(own.Open(limits));
  own.given = given.columns.size();
  for (const auto number : own.stored) {
    Impl::Filling filling;
    for (std::size_t i = 0; i < given.columns.size(); ++i) {
      if (given.columns[i].number == number) filling.given = i;
    }
    for (const auto& [column, cell] : given.fixed) {
      if (column.number == number) filling.fixed = cell;
    }
    own.filling.push_back(filling);
  }
  TARN_RETURN_IF_ERROR(own.OpenWriters(limits));
  return made;
}

base::Result<void> ColumnFile::Impl::OpenWriters(const base::CallLimits& limits) {
  for (std::size_t i = 0; i < kWriters; ++i) {
    auto& writer = writers.emplace_back();
    TARN_ASSIGN_OR_RETURN(writer.session, database->Connect());
    TARN_RETURN_IF_ERROR(writer.session->Execute("BEGIN TRANSACTION", limits));
    TARN_ASSIGN_OR_RETURN(writer.appender, engine::BulkAppender::Open(*writer.session, "target", "data"));
  }
  return {};
}

std::vector<ImportSink> ColumnFile::Sinks() {
  std::vector<ImportSink> sinks;
  for (auto& writer : impl_->writers) {
    sinks.emplace_back([own = impl_.get(), &writer](const ImportBatch& batch) { return own->Write(writer, batch); });
  }
  return sinks;
}

std::optional<SinkError> ColumnFile::Impl::Write(Writer& writer, const ImportBatch& batch) const {
  auto& cells = writer.cells;
  cells.clear();
  cells.reserve(batch.lines.size() * (kOrigins + filling.size()));
  const auto at = Cell::Number(author.at.time_since_epoch().count());
  const auto by = Cell::Text(author.user);
  const auto import = Cell::Text(author.session);
  auto id = first_id + batch.first;
  for (std::size_t record = 0; record < batch.lines.size(); ++record) {
    cells.push_back(Cell::Number(id++));
    cells.push_back(at);
    cells.push_back(by);
    cells.push_back(import);
    for (const auto& each : filling)
      cells.push_back(each.given ? batch.cells[record * given + *each.given] : each.fixed);
  }
  if (auto appended = writer.appender->Append(cells); !appended)
    return SinkError{.error = std::move(appended).error(), .record = {}};
  return std::nullopt;
}

// Tells the first record of the import that repeats a value, else the value alone.
base::Result<void> ColumnFile::Impl::CheckUnique(const base::CallLimits& limits) {
  for (const auto& column : table.columns) {
    if (!column.unique) continue;
    const auto stored_name = StoredColumn(column);
    TARN_ASSIGN_OR_RETURN(
        const auto found,
        session->Rows(
            fmt::format("SELECT CAST({0} AS VARCHAR), max(\"id\") FROM {1} WHERE {0} IS NOT NULL GROUP BY {0} "
                        "HAVING count(*) > 1 ORDER BY 2 LIMIT 1",
                        stored_name, kData),
            limits));
    if (found.empty()) continue;
    const auto id = std::stoll(*found[0][1]);
    return base::AlreadyExists(fmt::format("A value of a unique column is there already: column \"{}\", record {}: {}",
                                           column.name, id - first_id + 1, Shown(*found[0][0])));
  }
  return {};
}

base::Result<ColumnFile::Outcome> ColumnFile::Finish(const base::CallLimits& limits) {
  auto& own = *impl_;
  for (auto& writer : own.writers) {
    TARN_RETURN_IF_ERROR(writer.appender->Close());
    writer.appender.reset();
    TARN_RETURN_IF_ERROR(writer.session->Execute("COMMIT", limits));
  }
  own.writers.clear();
  TARN_RETURN_IF_ERROR(own.CheckUnique(limits));
  Outcome outcome{
      .rows = 0, .stored = own.stored, .file = own.spec.folder / cache::GenerationFileName(own.spec.generation)};
  TARN_ASSIGN_OR_RETURN(outcome.rows, own.session->Integer(fmt::format("SELECT count(*) FROM {}", kData), limits));
  TARN_RETURN_IF_ERROR(own.session->Execute("CHECKPOINT target; DETACH target", limits));
  TARN_RETURN_IF_ERROR(cache::Finish(cache::UnfinishedFile(own.spec.folder, own.spec.generation), outcome.file));
  return outcome;
}

base::Result<std::int64_t> CountValues(engine::Session& session, const std::string& stored,
                                       const ColumnDefinition& column, const base::CallLimits& limits) {
  return session.Integer(fmt::format("SELECT count({}) FROM {}", StoredColumn(column), stored), limits);
}

base::Result<bool> HasRepeats(engine::Session& session, const std::string& stored, const ColumnDefinition& column,
                              const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto more, session.Integer(fmt::format("SELECT count({0}) - count(DISTINCT {0}) FROM {1}",
                                                                     StoredColumn(column), stored),
                                                         limits));
  return more > 0;
}

}  // namespace tarn::tables
