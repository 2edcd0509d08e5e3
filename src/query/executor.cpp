#include "query/executor.h"

#include <algorithm>

#include "query/project_resolver.h"

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
  PinnedStatement(sql::Translation translation, std::vector<catalog::Pin> pins, std::vector<ResultColumn> columns,
                  std::unique_ptr<engine::RowStream> rows)
      : translation_(std::move(translation)), pins_(std::move(pins)), columns_(std::move(columns)), rows_(std::move(rows)) {}

  [[nodiscard]] const std::vector<ResultColumn>& columns() const override { return columns_; }

  [[nodiscard]] base::Result<std::optional<engine::Chunk>> Next() override {
    auto next = rows_->Next();
    if (!next) return std::unexpected(InCallersText(std::move(next).error(), translation_));
    return next;
  }

 private:
  sql::Translation translation_;
  std::vector<catalog::Pin> pins_;
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

struct Executor::Impl {
  engine::Engine& engine;
  catalog::Catalogs& catalogs;
  SavedQueryText saved_query;
};

Executor::Executor(engine::Engine& engine, catalog::Catalogs& catalogs, SavedQueryText saved_query)
    : impl_(new Impl{.engine = engine, .catalogs = catalogs, .saved_query = std::move(saved_query)}) {}
Executor::~Executor() = default;

base::Result<std::unique_ptr<RunningStatement>> Executor::Run(const StatementRequest& request) {
  TARN_ASSIGN_OR_RETURN(const auto parsed, sql::Parse(request.text));
  if (!parsed.IsQuery()) {
    return base::InvalidArgument("Statement type '" + std::string(parsed.kind()) + "' is not allowed");
  }
  ProjectResolver resolver(impl_->catalogs, impl_->saved_query, request.project_id, request.limits);
  TARN_ASSIGN_OR_RETURN(auto translation, sql::Translate(parsed, request.session, resolver, request.parameters));
  const engine::EngineStatement statement{
      .sql = translation.engine_sql, .time_zone = request.session.time_zone, .project_id = request.project_id, .on_admitted = request.on_admitted};
  auto rows = impl_->engine.Run(statement, request.limits);
  if (!rows) return std::unexpected(InCallersText(std::move(rows).error(), translation));
  auto columns = Describe(translation, (*rows)->columns(), resolver);
  return std::make_unique<PinnedStatement>(std::move(translation), resolver.TakePins(), std::move(columns), *std::move(rows));
}

}  // namespace tarn::query
