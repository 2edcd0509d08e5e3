#include <fmt/format.h>

#include <algorithm>

#include "query/result_shape.h"
#include "query/statement_call.h"

namespace tarn::query {

namespace {

// The engine reports positions in its own SQL; callers see theirs.
base::Error InCallersText(base::Error error, const sql::Translation& translation) {
  if (error.position) {
    const auto offset = static_cast<std::size_t>(std::max(error.position->column - 1, 0));
    error.position = sql::Locate(translation, offset);
  }
  return error;
}

// Members are destroyed in reverse order: the stream ends before the pins let generations go.
class PinnedStatement final : public RunningStatement {
 public:
  PinnedStatement(std::shared_ptr<const sql::Translation> translation, ProjectResolver::Held held,
                  std::vector<StatementInput> inputs, std::vector<ResultColumn> columns,
                  std::unique_ptr<engine::RowStream> rows)
      : translation_(std::move(translation)),
        held_(std::move(held)),
        inputs_(std::move(inputs)),
        columns_(std::move(columns)),
        rows_(std::move(rows)) {}

  [[nodiscard]] const std::vector<ResultColumn>& columns() const override { return columns_; }
  [[nodiscard]] std::span<const StatementInput> inputs() const override { return inputs_; }

  [[nodiscard]] base::Result<std::optional<engine::Chunk>> Next() override {
    auto next = rows_->Next();
    if (!next) return std::unexpected(InCallersText(std::move(next).error(), *translation_));
    return next;
  }

 private:
  std::shared_ptr<const sql::Translation> translation_;
  ProjectResolver::Held held_;
  std::vector<StatementInput> inputs_;
  std::vector<ResultColumn> columns_;
  std::unique_ptr<engine::RowStream> rows_;
};

// What the engine says of its columns, with the names, types and origins that only the front end knows.
std::vector<ResultColumn> Describe(const sql::Translation& translation, const std::vector<engine::Column>& columns,
                                   const ProjectResolver& resolver) {
  std::vector<ResultColumn> described;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    ResultColumn column{.column = columns[i], .table = {}, .table_column = {}, .catalog_id = {}};
    if (i < translation.columns.size()) {
      const auto& known = translation.columns[i];
      column.column.name = known.name;
      if (!known.type.empty()) column.column.type = known.type;
      column.table = known.table;
      column.table_column = known.table_column;
      if (known.table) column.catalog_id = resolver.CatalogId(known.table->catalog);
    }
    described.push_back(std::move(column));
  }
  return described;
}

}  // namespace

StatementResult RunQuery(const StatementCall& call, const sql::Query& query) {
  auto resolver = call.Resolver();
  sql::RecordingResolver recorded(resolver);
  TARN_ASSIGN_OR_RETURN(auto written, sql::TranslateQuery(query, call.session, recorded, call.arguments));
  if (call.request.shape) TARN_RETURN_IF_ERROR(Shape(*call.request.shape, written));
  auto translation = std::make_shared<const sql::Translation>(std::move(written));
  if (call.whole_text) call.parts.translations.Keep(call.TranslationKey(), translation, recorded);
  return RunTranslated(call, std::move(translation), std::move(resolver));
}

base::Result<std::vector<engine::Column>> ColumnsOf(const StatementCall& call, const sql::Query& query) {
  auto resolver = call.Resolver();
  TARN_ASSIGN_OR_RETURN(auto written, sql::TranslateQuery(query, call.session, resolver, call.arguments));
  if (call.request.shape) TARN_RETURN_IF_ERROR(Shape(*call.request.shape, written));
  std::vector<engine::Column> columns;
  for (const auto& column : written.columns) columns.push_back({.name = column.name, .type = column.type});
  return columns;
}

StatementResult RunTranslated(const StatementCall& call, std::shared_ptr<const sql::Translation> translation,
                              ProjectResolver resolver) {
  if (call.request.check_inputs) TARN_RETURN_IF_ERROR(call.request.check_inputs(resolver.inputs()));
  auto held = resolver.TakeHeld();
  engine::EngineStatement statement{
      .sql = translation->engine_sql, .time_zone = call.session.time_zone, .on_stop = held.Stop()};
  if (call.request.shape) statement.parquet = call.request.shape->parquet;
  auto rows = call.parts.engine.Run(statement, call.limits);
  if (!rows) return std::unexpected(InCallersText(std::move(rows).error(), *translation));
  // A file's rows are told by their number alone.
  auto columns = Describe(statement.parquet ? sql::Translation{} : *translation, (*rows)->columns(), resolver);
  return std::make_unique<PinnedStatement>(std::move(translation), std::move(held), resolver.TakeInputs(),
                                           std::move(columns), *std::move(rows));
}

namespace {

class HeldStatement final : public RunningStatement {
 public:
  HeldStatement(engine::HeldRows held, std::vector<ResultColumn> columns, std::unique_ptr<engine::RowStream> rows)
      : held_(std::move(held)), columns_(std::move(columns)), rows_(std::move(rows)) {}

  [[nodiscard]] const std::vector<ResultColumn>& columns() const override { return columns_; }
  [[nodiscard]] base::Result<std::optional<engine::Chunk>> Next() override { return rows_->Next(); }
  [[nodiscard]] std::string update_type() const override { return update_type_; }
  [[nodiscard]] std::optional<std::int64_t> update_count() const override { return update_count_; }

  void Updated(std::string type, std::int64_t count) {
    update_type_ = std::move(type);
    update_count_ = count;
  }

 private:
  engine::HeldRows held_;
  std::vector<ResultColumn> columns_;
  std::unique_ptr<engine::RowStream> rows_;
  std::string update_type_;
  std::optional<std::int64_t> update_count_;
};

class DoneStatement final : public RunningStatement {
 public:
  DoneStatement(std::string update_type, SessionChanges changes)
      : update_type_(std::move(update_type)), changes_(std::move(changes)) {}

  [[nodiscard]] const std::vector<ResultColumn>& columns() const override { return columns_; }
  [[nodiscard]] base::Result<std::optional<engine::Chunk>> Next() override { return std::nullopt; }
  [[nodiscard]] std::string update_type() const override { return update_type_; }
  [[nodiscard]] SessionChanges session_changes() const override { return changes_; }
  [[nodiscard]] bool has_result() const override { return false; }

 private:
  std::vector<ResultColumn> columns_;
  std::string update_type_;
  SessionChanges changes_;
};

base::Result<std::unique_ptr<HeldStatement>> Hold(const StatementCall& call, engine::TextRows rows) {
  std::vector<ResultColumn> columns;
  for (const auto& column : rows.columns)
    columns.push_back({.column = column, .table = {}, .table_column = {}, .catalog_id = {}});
  TARN_ASSIGN_OR_RETURN(auto held, call.parts.engine.Hold(std::move(rows)));
  const engine::EngineStatement statement{.sql = "SELECT * FROM " + held.relation, .time_zone = call.session.time_zone};
  TARN_ASSIGN_OR_RETURN(auto stream, call.parts.engine.Run(statement, call.limits));
  return std::make_unique<HeldStatement>(std::move(held), std::move(columns), std::move(stream));
}

}  // namespace

StatementResult AnswerRows(const StatementCall& call, engine::TextRows rows) { return Hold(call, std::move(rows)); }

StatementResult AnswerCount(const StatementCall& call, std::string update_type, std::int64_t count) {
  TARN_ASSIGN_OR_RETURN(
      auto statement, Hold(call, {.columns = {{.name = "rows", .type = "bigint"}}, .rows = {{std::to_string(count)}}}));
  statement->Updated(std::move(update_type), count);
  return statement;
}

std::unique_ptr<RunningStatement> AnswerDone(std::string update_type, SessionChanges changes) {
  return std::make_unique<DoneStatement>(std::move(update_type), std::move(changes));
}

}  // namespace tarn::query
