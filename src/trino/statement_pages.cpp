#include <utility>

#include "engine/encode.h"
#include "engine/type_text.h"
#include "trino/page_source.h"
#include "trino/type_display.h"

namespace tarn::trino {
namespace {

std::vector<engine::Column> ColumnsOf(const query::RunningStatement& statement) {
  std::vector<engine::Column> columns;
  if (!statement.has_result()) return columns;
  for (const auto& column : statement.columns()) columns.push_back(column.column);
  return columns;
}

std::vector<engine::Column> WrittenColumns(std::vector<engine::Column> columns, bool knows_precision) {
  if (knows_precision) return columns;
  for (auto& column : columns) column.type = sql::ToText(WithMilliseconds(engine::ReadTypeText(column.type)));
  return columns;
}

class StatementPages final : public PageSource {
 public:
  StatementPages(std::unique_ptr<query::RunningStatement> statement, bool knows_precision)
      : statement_(std::move(statement)),
        columns_(ColumnsOf(*statement_)),
        encoder_(WrittenColumns(columns_, knows_precision), engine::RowFormat::kPage) {}

  [[nodiscard]] const std::vector<engine::Column>& columns() const override { return columns_; }
  [[nodiscard]] bool has_result() const override { return statement_->has_result(); }

  [[nodiscard]] base::Result<Filled> Fill(std::string& out, std::size_t enough) override {
    Filled filled;
    if (out.empty()) encoder_.BeginList();
    while (out.size() < enough) {
      TARN_ASSIGN_OR_RETURN(const auto chunk, statement_->Next());
      if (!chunk) return filled;
      filled.rows += static_cast<std::int64_t>(chunk->rows());
      if (!has_result()) continue;
      const auto before = out.size();
      encoder_.Append(*chunk, out);
      statement_->Wrote(static_cast<std::int64_t>(out.size() - before));
    }
    filled.more = true;
    return filled;
  }

  void WhenReady(std::move_only_function<void()> ready) override { statement_->WhenReady(std::move(ready)); }

  [[nodiscard]] std::string update_type() const override { return statement_->update_type(); }
  [[nodiscard]] std::optional<std::int64_t> update_count() const override { return statement_->update_count(); }
  [[nodiscard]] query::SessionChanges session_changes() const override { return statement_->session_changes(); }
  [[nodiscard]] std::span<const query::StatementInput> inputs() const override { return statement_->inputs(); }

 private:
  std::unique_ptr<query::RunningStatement> statement_;
  std::vector<engine::Column> columns_;
  engine::RowEncoder encoder_;
};

}  // namespace

StatementParts StatementsOf(query::Executor& executor) {
  return {.enter = [&executor](query::StatementRequest& request,
                               std::move_only_function<void()> ready) { executor.Enter(request, std::move(ready)); },
          .open = [&executor](const query::StatementRequest& request,
                              bool knows_precision) -> base::Result<std::unique_ptr<PageSource>> {
            TARN_ASSIGN_OR_RETURN(auto statement, executor.Run(request));
            return std::make_unique<StatementPages>(std::move(statement), knows_precision);
          },
          .list = [&executor](const std::string& project_id,
                              std::size_t limit) { return executor.history().List(project_id, limit); },
          .find = [&executor](const std::string& project_id,
                              const std::string& id) { return executor.history().Find(project_id, id); },
          .kill = [&executor](const std::string& project_id,
                              const std::string& id) { return executor.history().Kill(project_id, id, ""); }};
}

}  // namespace tarn::trino
