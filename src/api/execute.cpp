// Execute Query: runs a statement and streams its rows in one of four formats.
#include "api/areas.h"
#include "api/execute_arguments.h"
#include "api/execute_statement.h"
#include "base/clock.h"
#include "engine/encode.h"

namespace tarn::api {

namespace {

constexpr std::chrono::seconds kDefaultTimeout{120};
constexpr std::chrono::seconds kLongestTimeout{300};
constexpr std::size_t kPieceBytes = std::size_t{64} << 10;

engine::RowFormat ReadFormat(const http::Context& context) {
  const std::string format = context.Query("format").value_or("CELL_TYPED");
  if (format == "SIMPLE") return engine::RowFormat::kSimple;
  if (format == "COMPACT") return engine::RowFormat::kCompact;
  if (format == "TYPED") return engine::RowFormat::kTyped;
  return engine::RowFormat::kCellTyped;
}

base::Result<base::CallLimits> ReadLimits(const ProjectCall& call, const ExecuteRequest& request) {
  if (request.timeout && *request.timeout < 1)
    return base::InvalidArgument(fmt::format("Timeout is not a positive number of seconds: \"{}\"", *request.timeout),
                                 "timeout");
  const std::chrono::seconds asked = request.timeout ? std::chrono::seconds(*request.timeout) : kDefaultTimeout;
  base::CallLimits limits = base::CallLimits::Within(std::min(asked, kLongestTimeout), call.context.limits().cancel);
  limits.deadline = std::min(limits.deadline, call.context.limits().deadline);
  // A source that does not answer must not keep the client waiting.
  call.context.EndBy(limits.deadline);
  return limits;
}

std::vector<engine::Column> EngineColumns(const query::RunningStatement& statement) {
  std::vector<engine::Column> columns;
  for (const query::ResultColumn& column : statement.columns()) columns.push_back(column.column);
  return columns;
}

// The answer's text, piece by piece.
class Answer final {
 public:
  Answer(std::unique_ptr<query::RunningStatement> statement, engine::RowFormat format, bool written_by_caller)
      : statement_(std::move(statement)),
        encoder_(EngineColumns(*statement_), format),
        shows_tables_(format == engine::RowFormat::kTyped),
        written_by_caller_(written_by_caller) {}

  base::Result<bool> Pull(std::string& out) {
    if (!begun_) Begin(out);
    const std::size_t enough = out.size() + kPieceBytes;
    while (out.size() < enough) {
      auto chunk = statement_->Next();
      if (!chunk) return std::unexpected(ShowStatementError(std::move(chunk).error(), written_by_caller_));
      if (!*chunk) {
        out += "]}";
        return false;
      }
      const std::size_t before = out.size();
      encoder_.Append(**chunk, out);
      statement_->Wrote(static_cast<std::int64_t>(out.size() - before));
    }
    return true;
  }

 private:
  void Begin(std::string& out) {
    begun_ = true;
    std::vector<QueryResultColumn> shown;
    for (const query::ResultColumn& column : statement_->columns()) {
      QueryResultColumn entry = {.catalogId = std::nullopt,
                                 .catalogName = std::nullopt,
                                 .schemaName = std::nullopt,
                                 .tableName = std::nullopt,
                                 .columnName = column.column.name};
      if (column.table) {
        entry.catalogName = column.table->catalog;
        entry.schemaName = column.table->schema;
        entry.tableName = column.table->table;
        if (!column.catalog_id.empty()) entry.catalogId = column.catalog_id;
      }
      shown.push_back(std::move(entry));
    }
    out += "{\"columns\":";
    http::WriteJson(shown, out);
    if (shows_tables_) {
      out += ",\"tables\":";
      http::WriteJson(TablesRead(), out);
    }
    out += ",\"data\":[";
  }

  // All of them are complete: a copy serves only once it is.
  [[nodiscard]] std::vector<QueryResultTable> TablesRead() const {
    std::vector<QueryResultTable> tables;
    for (const auto& input : statement_->inputs()) {
      tables.push_back({.catalogName = input.name.catalog,
                        .schemaName = input.name.schema,
                        .tableName = input.name.table,
                        .servedBy = std::string(query::ServedBy(input)),
                        .asOf = base::FormatTime(input.as_of)});
    }
    return tables;
  }

  std::unique_ptr<query::RunningStatement> statement_;
  engine::RowEncoder encoder_;
  bool shows_tables_;
  bool written_by_caller_;
  bool begun_ = false;
};

base::Result<http::StreamedBody> Run(Parts& parts, const query::StatementRequest& request, engine::RowFormat format,
                                     bool written_by_caller) {
  auto running = parts.executor.Run(request);
  if (!running) return std::unexpected(ShowStatementError(std::move(running).error(), written_by_caller));
  auto answer = std::make_shared<Answer>(*std::move(running), format, written_by_caller);
  return http::StreamedBody{.content_type = "application/json",
                            .pull = [answer](std::string& out) { return answer->Pull(out); }};
}

base::Result<query::Freshness> ReadFreshness(const ExecuteRequest& request) {
  query::Freshness freshness{.max_age = {},
                             .fail_if_stale = request.failIfStale.value_or(false),
                             .refresh_if_stale = request.refreshIfStale.value_or(false)};
  if (request.maxAge) {
    auto age = query::MaxAge::Read(*request.maxAge);
    if (!age) {
      age.error().field = "maxAge";
      return std::unexpected(std::move(age).error());
    }
    freshness.max_age = *age;
  }
  return freshness;
}

base::Result<http::LaterBody> Execute(Parts& parts, const ProjectCall& call, const ExecuteRequest& request) {
  TARN_ASSIGN_OR_RETURN(base::CallLimits limits, ReadLimits(call, request));
  TARN_ASSIGN_OR_RETURN(const auto freshness, ReadFreshness(request));
  auto statement = ReadStatement(parts, call, request);
  if (!statement) return std::unexpected(ShowStatementError(std::move(statement).error(), false));
  const auto to_run = std::make_shared<query::StatementRequest>(query::StatementRequest{
      .project_id = call.project.id,
      .text = std::move(statement->text),
      .parameters = std::move(statement->parameters),
      .session = {.catalog = {}, .schema = {}, .time_zone = "UTC", .user = call.context.caller().user_id},
      .limits = std::move(limits),
      .freshness = freshness});
  // Its turn is waited for without a thread: one project's statements in the queue do not keep another's calls out.
  return http::LaterBody{
      .wait = [&parts,
               to_run](std::move_only_function<void()> ready) { parts.executor.Enter(*to_run, std::move(ready)); },
      .go_on = [&parts, to_run, format = ReadFormat(call.context),
                by_caller = statement->written_by_caller] { return Run(parts, *to_run, format, by_caller); }};
}

}  // namespace

void AddExecuteQuery(Parts& parts, OperationList& operations) {
  http::OperationInfo info = {.id = "executeQuery",
                              .method = http::Method::kPost,
                              .path = "/data/projects/{projectId}/queries/execute",
                              .area = "Data: Queries",
                              .summary = "Execute Query"};
  info.query = {{.name = "format",
                 .type = http::QueryParameter::Type::kEnum,
                 .values = {"CELL_TYPED", "SIMPLE", "COMPACT", "TYPED"},
                 .description = "The form of the rows",
                 .default_value = "CELL_TYPED"}};
  // The statement's own timeout ends first.
  info.deadline = kLongestTimeout + std::chrono::seconds(10);
  auto operation = ProjectOperation<ExecuteRequest, http::LaterBody>(
      parts, std::move(info),
      [&parts](const ProjectCall& call, const ExecuteRequest& request) { return Execute(parts, call, request); });
  operation.response_schema = [](http::SchemaBook& book) { return http::SchemaOf<QueryResult>(book); };
  operations.push_back(std::move(operation));
}

}  // namespace tarn::api
