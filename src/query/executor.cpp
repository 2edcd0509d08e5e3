#include "query/executor.h"

#include "query/session_properties.h"
#include "query/statement_call.h"

namespace tarn::query {

namespace {

// Tells the history what becomes of a statement.
class RecordedStatement final : public RunningStatement {
 public:
  RecordedStatement(std::unique_ptr<RunningStatement> statement, History& history, std::shared_ptr<LiveStatement> live,
                    std::unique_ptr<std::stop_callback<std::function<void()>>> chain)
      : history_(history), live_(std::move(live)), chain_(std::move(chain)), statement_(std::move(statement)) {}

  ~RecordedStatement() override {
    statement_.reset();
    history_.End(live_, base::Cancelled("The statement was given up by its client").error());
  }

  [[nodiscard]] const std::vector<ResultColumn>& columns() const override { return statement_->columns(); }

  [[nodiscard]] base::Result<std::optional<engine::Chunk>> Next() override {
    auto next = statement_->Next();
    if (!next) {
      auto error = live_->Shown(std::move(next).error());
      history_.End(live_, error);
      return std::unexpected(std::move(error));
    }
    if (*next) {
      live_->AddRows(static_cast<std::int64_t>((*next)->rows()));
    } else {
      history_.End(live_, std::nullopt);
    }
    return next;
  }

  [[nodiscard]] std::string update_type() const override { return statement_->update_type(); }
  [[nodiscard]] std::optional<std::int64_t> update_count() const override { return statement_->update_count(); }
  [[nodiscard]] SessionChanges session_changes() const override { return statement_->session_changes(); }
  [[nodiscard]] bool has_result() const override { return statement_->has_result(); }

 private:
  History& history_;
  std::shared_ptr<LiveStatement> live_;
  std::unique_ptr<std::stop_callback<std::function<void()>>> chain_;
  std::unique_ptr<RunningStatement> statement_;
};

// The session with what its properties say. Errors: INVALID_SESSION_PROPERTY.
base::Result<void> ApplyProperties(const std::map<std::string, std::string>& properties, StatementCall& call) {
  for (const auto& [name, value] : properties) {
    if (name.find('.') != std::string::npos)
      return Failed("INVALID_SESSION_PROPERTY", "Session property '" + name + "' does not exist");
    if (FindSessionProperty(name) == nullptr)
      return Failed("INVALID_SESSION_PROPERTY", "Session property '" + name + "' does not exist");
    if (name == "time_zone_id" && !value.empty()) call.session.time_zone = value;
    if (name != "query_max_run_time" && name != "query_max_execution_time") continue;
    const auto time = ReadDuration(value);
    if (!time) return Failed("INVALID_SESSION_PROPERTY", name + " is invalid: " + value);
    call.limits.deadline =
        std::min(call.limits.deadline, std::chrono::steady_clock::now() +
                                           std::min(*time, std::chrono::milliseconds(std::chrono::hours(24 * 365))));
  }
  return {};
}

}  // namespace

struct Executor::Impl {
  ExecutorParts parts;
};

Executor::Executor(engine::Engine& engine, catalog::Catalogs& catalogs, SavedQueryText saved_query)
    : impl_(new Impl{.parts = {.engine = engine, .catalogs = catalogs, .saved_query = std::move(saved_query)}}) {}
Executor::~Executor() = default;

sql::TranslationCache::Counts Executor::translations() const { return impl_->parts.translations.counts(); }

void Executor::ForgetProject(const std::string& project_id) { impl_->parts.history.Forget(project_id); }

base::Result<std::unique_ptr<RunningStatement>> Executor::Run(const StatementRequest& request) {
  auto& history = impl_->parts.history;
  auto live = history.Begin({.id = request.id,
                             .project_id = request.project_id,
                             .user = request.session.user,
                             .source = request.client.source,
                             .text = request.text});
  StatementCall call{.parts = impl_->parts, .request = request, .session = request.session, .limits = request.limits};
  call.arguments.texts = request.parameters;
  call.limits.cancel = live->stop().get_token();
  call.on_admitted = [live, told = request.on_admitted] {
    live->Started();
    if (told) told();
  };
  // Whoever may stop the request stops the statement.
  auto chain = std::make_unique<std::stop_callback<std::function<void()>>>(
      request.limits.cancel, [stop = live->stop()]() mutable { stop.request_stop(); });
  auto begun = [&]() -> StatementResult {
    const auto& transaction = request.client.transaction_id;
    const bool in_transaction = transaction && *transaction != "NONE";
    TARN_RETURN_IF_ERROR(ApplyProperties(request.client.properties, call));
    const auto use_transaction = [&]() -> base::Result<void> {
      if (in_transaction) TARN_RETURN_IF_ERROR(impl_->parts.transactions.Use(request.project_id, *transaction, false));
      return {};
    };
    const auto ended = [&](StatementResult result) {
      if (!result && in_transaction) impl_->parts.transactions.Abort(*transaction);
      return result;
    };
    auto resolver = call.Resolver();
    if (auto known = impl_->parts.translations.Find(call.TranslationKey(), resolver)) {
      TARN_RETURN_IF_ERROR(use_transaction());
      return ended(RunTranslated(call, std::move(known), std::move(resolver)));
    }
    TARN_ASSIGN_OR_RETURN(const auto parsed, sql::Parse(request.text, request.queries_only));
    if (request.queries_only && !parsed.IsQuery()) {
      return base::InvalidArgument("Statement type '" + std::string(parsed.kind()) + "' is not allowed");
    }
    if (!parsed.IsQuery()) live->Started();  // a query starts once the engine lets it in
    const bool ending = parsed.kind() == "Commit" || parsed.kind() == "Rollback";
    if (!ending) TARN_RETURN_IF_ERROR(use_transaction());
    call.whole_text = parsed.IsQuery();
    return ended(RunStatement(call, parsed.statement()));
  }();
  if (!begun) {
    auto error = live->Shown(std::move(begun).error());
    history.End(live, error);
    return std::unexpected(std::move(error));
  }
  return std::make_unique<RecordedStatement>(*std::move(begun), history, std::move(live), std::move(chain));
}

}  // namespace tarn::query
