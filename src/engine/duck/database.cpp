#include "engine/database.h"

#include <charconv>
#include <cstdlib>
#include <filesystem>

#include "engine/duck/errors.h"
#include "engine/duck/instance.h"
#include "engine/duck/result_stream.h"
#include "engine/duck/runtime.h"
#include "engine/duck/task_pause.h"

namespace tarn::engine {
namespace {

namespace fs = std::filesystem;

// Where the engine's extensions lie: named by the environment, else beside the program as it is
// installed, else where the build found them.
fs::path ExtensionDirectory() {
  if (const char* named = std::getenv("TARN_EXTENSION_DIR"); named != nullptr && *named != '\0') return named;
  std::error_code failure;
  const auto program = fs::read_symlink("/proc/self/exe", failure);
  if (!failure) {
    for (const auto& candidate :
         {program.parent_path() / "ext", program.parent_path().parent_path() / "lib/tarn/ext"}) {
      if (fs::is_directory(candidate, failure)) return candidate;
    }
  }
  return TARN_EXTENSION_DIR;
}

// Until the first rows can be asked for, or all is done, or an error is there.
void AwaitResult(duckdb::PendingQueryResult& pending) {
  using enum duckdb::PendingExecutionResult;
  TaskPause pause;
  for (;;) {
    const auto state = pending.ExecuteTask();
    if (duckdb::PendingQueryResult::IsResultReady(state)) return;
    if (state == BLOCKED) pending.WaitForTask();
    if (state == NO_TASKS_AVAILABLE) pause.Wait();
  }
}

void Configure(duckdb::DBConfig& config, const DatabaseOptions& options) {
  using duckdb::Value;
  config.SetOptionByName("extension_directory", Value(ExtensionDirectory().string()));
  config.SetOptionByName("autoinstall_known_extensions", Value::BOOLEAN(false));
  config.SetOptionByName("autoload_known_extensions", Value::BOOLEAN(true));
  config.SetOptionByName("allow_unsigned_extensions", Value::BOOLEAN(false));
  config.SetOptionByName("preserve_identifier_case", Value::BOOLEAN(true));
  config.SetOptionByName("old_implicit_casting", Value::BOOLEAN(false));
  config.SetOptionByName("ieee_floating_point_ops", Value::BOOLEAN(true));
  config.SetOptionByName("temp_directory", Value(options.temp_directory.string()));
  if (options.temp_limit_bytes > 0 && !options.temp_directory.empty()) {
    config.SetOptionByName("max_temp_directory_size", Value(std::to_string(options.temp_limit_bytes) + " bytes"));
  }
  if (options.memory_limit_bytes > 0) {
    config.SetOptionByName("memory_limit", Value(std::to_string(options.memory_limit_bytes) + " bytes"));
  }
  if (options.threads > 0) config.SetOptionByName("threads", Value::BIGINT(options.threads));
  if (options.read_only) config.options.access_mode = duckdb::AccessMode::READ_ONLY;
}

std::string OpenPath(const DatabaseOptions& options) {
  return options.file.empty() ? std::string(":memory:") : options.file.string();
}

duckdb::DuckDB OpenDatabase(const DatabaseOptions& options) {
  duckdb::DBConfig config;
  Configure(config, options);
  return duckdb::DuckDB(OpenPath(options), &config);
}

// The engine knows zones by name; fixed offsets such as "+03:00" go by names too where they are whole hours.
std::string EngineZone(const std::string& zone) {
  const bool offset = zone.size() == 6 && (zone[0] == '+' || zone[0] == '-') && zone[3] == ':';
  if (!offset) return zone;
  int hours = 0;
  std::from_chars(zone.data() + 1, zone.data() + 3, hours);
  if (zone.substr(4) != "00") return "UTC" + zone;
  if (hours == 0) return "UTC";
  return std::string("Etc/GMT") + (zone[0] == '+' ? '-' : '+') + std::to_string(hours);
}

std::string Quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace

Instance::Instance(const DatabaseOptions& options)
    : database(OpenDatabase(options)),
      held_rows(std::make_shared<HeldRowSets>()),
      row_keepers(std::make_shared<RowKeepers>()) {
  RegisterRuntime(*database.instance);
  RegisterTextRows(*database.instance, held_rows);
  RegisterKeptRows(*database.instance, row_keepers);
  // Known only once the instance is open, as the engine's calendar brings it. The machine's own zone must not matter.
  const auto zone = duckdb::Connection(database).Query("SET GLOBAL TimeZone = 'UTC'");
  if (zone->HasError()) zone->ThrowError();
}

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::~Database() = default;

base::Result<std::unique_ptr<Database>> Database::Open(const DatabaseOptions& options) {
  try {
    auto impl = std::make_unique<Impl>(std::make_shared<Instance>(options));
    return std::unique_ptr<Database>(new Database(std::move(impl)));
  } catch (...) {
    auto error = CurrentException();
    if (error.kind == base::ErrorKind::kUnavailable) return base::Unavailable("The database file could not be opened");
    if (error.kind == base::ErrorKind::kInternal) return base::Internal("The database file is damaged");
    return std::unexpected(std::move(error));
  }
}

base::Result<std::unique_ptr<Session>> Database::Connect() {
  try {
    auto session = std::make_unique<Session::Impl>(impl_->instance);
    auto& config = session->connection.context->config;
    config.enable_progress_bar = true;
    config.print_progress_bar = false;
    config.wait_time = 0;
    return std::make_unique<Session>(std::move(session));
  } catch (...) {
    return std::unexpected(CurrentException());
  }
}

Session::Impl::Impl(std::shared_ptr<Instance> shared) : instance(std::move(shared)), connection(instance->database) {}

base::Result<RunningStatement> Session::Impl::Start(duckdb::unique_ptr<duckdb::SQLStatement> statement,
                                                    const base::CallLimits& limits, std::function<void()> on_stop) {
  TARN_RETURN_IF_ERROR(limits.Check());
  auto& context = *connection.context;
  RunningStatement running;
  stopped = Interrupter::Cause::kNone;
  running.interrupter = std::make_unique<Interrupter>(context, stopped, limits, instance->timer, std::move(on_stop));
  // With its own text the engine would draw the error's place into the message instead of giving it.
  statement->query.clear();
  try {
    auto pending = context.PendingQuery(std::move(statement), duckdb::QueryParameters(true));
    if (pending->HasError()) return std::unexpected(ToError(pending->GetErrorObject(), stopped));
    running.interrupter->Repeat();
    AwaitResult(*pending);
    if (pending->HasError()) return std::unexpected(ToError(pending->GetErrorObject(), stopped));
    running.result = pending->Execute();
  } catch (...) {
    return std::unexpected(CurrentException(stopped));
  }
  if (running.result->HasError()) return std::unexpected(ToError(running.result->GetErrorObject(), stopped));
  return running;
}

base::Result<std::unique_ptr<RowStream>> Session::Impl::Stream(std::string_view sql, const base::CallLimits& limits,
                                                               std::shared_ptr<void> lease,
                                                               std::function<void()> on_stop) {
  duckdb::vector<duckdb::unique_ptr<duckdb::SQLStatement>> statements;
  try {
    statements = connection.context->ParseStatements(std::string(sql));
  } catch (...) {
    return std::unexpected(CurrentException());
  }
  if (statements.size() != 1) return base::Internal("A query must be one statement");
  TARN_ASSIGN_OR_RETURN(auto running, Start(std::move(statements[0]), limits, std::move(on_stop)));
  return std::make_unique<ResultStream>(*this, std::move(running), limits, std::move(lease));
}

base::Result<void> Session::Impl::UseTimeZone(const std::string& zone) {
  if (zone == time_zone) return {};
  try {
    const auto result = connection.Query("SET TimeZone = " + Quoted(EngineZone(zone)));
    if (result->HasError()) return base::NotSupported("Time zone not supported: \"" + zone + "\"");
  } catch (...) {
    return std::unexpected(CurrentException());
  }
  time_zone = zone;
  return {};
}

void Session::Impl::Interrupt() {
  auto none = Interrupter::Cause::kNone;
  stopped.compare_exchange_strong(none, Interrupter::Cause::kCancelled);
  connection.Interrupt();
}

void Session::Impl::Abandon() {
  try {
    connection.context->CancelTransaction();
  } catch (...) {
    // Nothing runs any more either way, and nobody waits for this statement's outcome.
    base::IgnoreError(base::Result<void>(std::unexpected(CurrentException())), "the statement was given up");
  }
}

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Session::~Session() = default;

base::Result<std::int64_t> Session::Impl::Execute(std::string_view sql, const base::CallLimits& limits,
                                                  const std::function<void()>& on_stop) {
  duckdb::vector<duckdb::unique_ptr<duckdb::SQLStatement>> statements;
  try {
    statements = connection.context->ParseStatements(std::string(sql));
  } catch (...) {
    return std::unexpected(CurrentException());
  }
  std::int64_t changed = 0;
  for (auto& statement : statements) {
    TARN_ASSIGN_OR_RETURN(auto running, Start(std::move(statement), limits, on_stop));
    const bool counts = running.result->properties.return_type == duckdb::StatementReturnType::CHANGED_ROWS;
    changed = 0;
    ResultStream stream(*this, std::move(running), limits, nullptr);
    for (;;) {
      TARN_ASSIGN_OR_RETURN(const auto rows, stream.Next());
      if (!rows) break;
      if (counts) changed = rows->data().rows->GetValue(0, 0).GetValue<std::int64_t>();
    }
  }
  return changed;
}

base::Result<std::int64_t> Session::Execute(std::string_view sql, const base::CallLimits& limits) {
  return impl_->Execute(sql, limits);
}

base::Result<std::unique_ptr<RowStream>> Session::Query(std::string_view sql, const base::CallLimits& limits) {
  return impl_->Stream(sql, limits, nullptr);
}

base::Result<std::vector<std::vector<std::optional<std::string>>>> Session::Rows(std::string_view sql,
                                                                                 const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto stream, Query(sql, limits));
  std::vector<std::vector<std::optional<std::string>>> all;
  for (;;) {
    TARN_ASSIGN_OR_RETURN(const auto chunk, stream->Next());
    if (!chunk) return all;
    for (auto& row : TextsOf(*chunk)) all.push_back(std::move(row));
  }
}

std::vector<std::vector<std::optional<std::string>>> TextsOf(const Chunk& chunk) {
  const auto& rows = *chunk.data().rows;
  std::vector<std::vector<std::optional<std::string>>> all(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::size_t column = 0; column < rows.ColumnCount(); ++column) {
      const auto value = rows.GetValue(column, row);
      all[row].push_back(value.IsNull() ? std::nullopt : std::optional(value.ToString()));
    }
  }
  return all;
}

base::Result<std::int64_t> Session::Integer(std::string_view sql, const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto rows, Rows(sql, limits));
  if (rows.size() != 1 || rows[0].size() != 1 || !rows[0][0]) return base::Internal("A query for one number gave none");
  const auto& text = *rows[0][0];
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size()) {
    return base::Internal("A query for one number gave none");
  }
  return number;
}

void Session::Interrupt() { impl_->Interrupt(); }

double Session::Progress() {
  return static_cast<double>(impl_->connection.context->GetQueryProgress().GetRowsProcesseed());
}

}  // namespace tarn::engine
