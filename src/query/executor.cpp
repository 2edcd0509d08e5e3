#include "query/executor.h"

#include "query/session_properties.h"
#include "query/statement_call.h"
#include "sql/text.h"

namespace tarn::query {

namespace {

base::Error GivenUp() {
  auto error = base::Cancelled("The statement was given up by its client").error();
  error.code = "USER_CANCELED";
  return error;
}

}  // namespace

// A statement from its coming to its end.
struct StatementEntry {
  StatementEntry(History& of, StatementRecord record) : history(of), live(history.Begin(std::move(record))) {}
  StatementEntry(const StatementEntry&) = delete;
  StatementEntry& operator=(const StatementEntry&) = delete;
  ~StatementEntry() { End(GivenUp()); }

  // Gives its turn to the next one. Only the first call counts.
  void End(const std::optional<base::Error>& error) {
    place.reset();
    history.End(live, error);
  }

  History& history;
  const std::shared_ptr<LiveStatement> live;
  sql::SessionContext session;
  base::CallLimits limits;
  Freshness freshness;
  std::optional<base::Error> refused;
  std::unique_ptr<Admission::Place> place;
  // Whoever may stop the request stops the statement.
  std::optional<std::stop_callback<std::function<void()>>> chain;
};

namespace {

// Tells the history what becomes of a statement, and keeps its turn.
class RecordedStatement final : public RunningStatement {
 public:
  RecordedStatement(std::unique_ptr<RunningStatement> statement, std::shared_ptr<StatementEntry> entry,
                    std::int64_t most_bytes)
      : entry_(std::move(entry)), most_bytes_(most_bytes), statement_(std::move(statement)) {
    entry_->place->Rest();
  }

  ~RecordedStatement() override {
    statement_.reset();
    entry_->End(GivenUp());
  }

  [[nodiscard]] const std::vector<ResultColumn>& columns() const override { return statement_->columns(); }

  [[nodiscard]] base::Result<std::optional<engine::Chunk>> Next() override {
    if (failed_) return std::unexpected(*failed_);
    if (entry_->place == nullptr) return std::nullopt;  // they were all given
    auto next = NextAtWork();
    if (!next) {
      auto error = entry_->live->Shown(std::move(next).error());
      entry_->End(error);
      failed_ = error;
      return std::unexpected(std::move(error));
    }
    if (*next) {
      entry_->live->AddRows(static_cast<std::int64_t>((*next)->rows()));
      entry_->place->Rest();
    } else {
      entry_->End(std::nullopt);
    }
    return next;
  }

  void WhenReady(std::move_only_function<void()> ready) override {
    if (entry_->place == nullptr) return ready();
    entry_->place->WhenReady(entry_->limits, std::move(ready));
  }

  void Wrote(std::int64_t bytes) override {
    const auto sum = entry_->live->AddBytes(bytes);
    too_large_ = most_bytes_ > 0 && sum > most_bytes_;
  }

  [[nodiscard]] std::string update_type() const override { return statement_->update_type(); }
  [[nodiscard]] std::optional<std::int64_t> update_count() const override { return statement_->update_count(); }
  [[nodiscard]] SessionChanges session_changes() const override { return statement_->session_changes(); }
  [[nodiscard]] std::span<const StatementInput> inputs() const override { return statement_->inputs(); }
  [[nodiscard]] bool has_result() const override { return statement_->has_result(); }

 private:
  base::Result<std::optional<engine::Chunk>> NextAtWork() {
    if (too_large_) {
      auto error = base::ResourceExhausted("The statement's result has more bytes than the project's limit: \"" +
                                           std::to_string(most_bytes_) + "\"");
      error.error().code = "EXCEEDED_LOCAL_MEMORY_LIMIT";
      return error;
    }
    TARN_RETURN_IF_ERROR(entry_->place->Work(entry_->limits));
    return statement_->Next();
  }

  const std::shared_ptr<StatementEntry> entry_;
  const std::int64_t most_bytes_;
  bool too_large_ = false;
  std::optional<base::Error> failed_;
  std::unique_ptr<RunningStatement> statement_;
};

// The session with what its properties say. Errors: INVALID_SESSION_PROPERTY.
base::Result<void> ApplyProperties(const std::map<std::string, std::string>& properties, StatementEntry& entry) {
  for (const auto& [name, value] : properties) {
    if (name.find('.') != std::string::npos)
      return Failed("INVALID_SESSION_PROPERTY", "Session property '" + name + "' does not exist");
    if (FindSessionProperty(name) == nullptr)
      return Failed("INVALID_SESSION_PROPERTY", "Session property '" + name + "' does not exist");
    if (name == "time_zone_id" && !value.empty()) entry.session.time_zone = value;
    if (name == "fail_if_stale") entry.freshness.fail_if_stale = sql::EqualsIgnoreCase(value, "true");
    if (name == "refresh_if_stale") entry.freshness.refresh_if_stale = sql::EqualsIgnoreCase(value, "true");
    if (name == "max_age" && !value.empty()) {
      const auto age = MaxAge::Read(value);
      if (!age) return Failed("INVALID_SESSION_PROPERTY", name + " is invalid: " + value);
      entry.freshness.max_age = *age;
    }
    if (name != "query_max_run_time" && name != "query_max_execution_time") continue;
    const auto time = ReadDuration(value);
    if (!time) return Failed("INVALID_SESSION_PROPERTY", name + " is invalid: " + value);
    entry.limits.deadline =
        std::min(entry.limits.deadline, std::chrono::steady_clock::now() +
                                            std::min(*time, std::chrono::milliseconds(std::chrono::hours(24 * 365))));
  }
  return {};
}

std::shared_ptr<StatementEntry> MakeEntry(const StatementRequest& request, History& history,
                                          const StatementLimits& limits) {
  auto entry = std::make_shared<StatementEntry>(history, StatementRecord{.id = request.id,
                                                                         .project_id = request.project_id,
                                                                         .user = request.session.user,
                                                                         .source = request.client.source,
                                                                         .text = request.text});
  entry->session = request.session;
  entry->freshness = request.freshness;
  entry->limits.deadline = std::min(request.limits.deadline, std::chrono::steady_clock::now() + limits.run_time);
  entry->limits.cancel = entry->live->stop().get_token();
  entry->chain.emplace(request.limits.cancel, [stop = entry->live->stop()]() mutable { stop.request_stop(); });
  entry->refused = request.refused;
  if (!entry->refused) {
    if (auto applied = ApplyProperties(request.client.properties, *entry); !applied)
      entry->refused = std::move(applied).error();
  }
  return entry;
}

void Take(StatementEntry& entry, base::Result<std::unique_ptr<Admission::Place>> entered) {
  if (entered) {
    entry.place = *std::move(entered);
  } else {
    entry.refused = std::move(entered).error();
  }
}

}  // namespace

struct Executor::Impl {
  const ExecutorSettings settings;
  Admission admission;
  ExecutorParts parts;

  [[nodiscard]] StatementResult Begin(const StatementRequest& request, const StatementEntry& entry);
};

Executor::Executor(engine::Engine& engine, catalog::Catalogs& catalogs, SavedQueryText saved_query,
                   const ExecutorSettings& settings)
    : impl_(new Impl{.settings = settings,
                     .admission = Admission(settings.admission),
                     .parts = {.engine = engine,
                               .catalogs = catalogs,
                               .saved_query = std::move(saved_query),
                               .history = History(settings.history, settings.store),
                               .caches = settings.caches,
                               .refresh_copy = settings.refresh_copy}}) {
  catalogs.DescribeDefinitionsBy([parts = &impl_->parts](const catalog::Definition& definition,
                                                         const connector::TableName& name,
                                                         const base::CallLimits& limits) {
    return DescribeDefinition(*parts, definition, name, limits);
  });
}
Executor::~Executor() = default;

History& Executor::history() { return impl_->parts.history; }
Admission::Load Executor::load() const { return impl_->admission.load(); }
sql::TranslationCache::Counts Executor::translations() const { return impl_->parts.translations.counts(); }

void Executor::ForgetProject(const std::string& project_id) { impl_->parts.history.Forget(project_id); }

void Executor::Enter(StatementRequest& request, std::move_only_function<void()> ready) {
  const auto entry = MakeEntry(request, impl_->parts.history, impl_->settings.limits);
  request.entry = entry;
  if (entry->refused) return ready();
  impl_->admission.Enter(request.project_id, entry->limits, [entry, ready = std::move(ready)](auto entered) mutable {
    Take(*entry, std::move(entered));
    ready();
  });
}

namespace {

std::unexpected<base::Error> NotAllowed(const sql::ParsedStatement& parsed) {
  return base::InvalidArgument("Statement type '" + std::string(parsed.kind()) + "' is not allowed");
}

}  // namespace

StatementResult Executor::Impl::Begin(const StatementRequest& request, const StatementEntry& entry) {
  StatementCall call{.parts = parts, .request = request, .session = entry.session, .limits = entry.limits};
  call.freshness = entry.freshness;
  call.arguments.texts = request.parameters;
  const auto& transaction = request.client.transaction_id;
  const bool in_transaction = transaction && *transaction != "NONE";
  const auto use_transaction = [&]() -> base::Result<void> {
    if (in_transaction) TARN_RETURN_IF_ERROR(parts.transactions.Use(request.project_id, *transaction, false));
    return {};
  };
  const auto ended = [&](StatementResult result) {
    if (!result && in_transaction) parts.transactions.Abort(*transaction);
    return result;
  };
  auto resolver = call.Resolver();
  if (auto known = request.shape ? nullptr : parts.translations.Find(call.TranslationKey(), resolver)) {
    TARN_RETURN_IF_ERROR(use_transaction());
    return ended(RunTranslated(call, std::move(known), std::move(resolver)));
  }
  TARN_ASSIGN_OR_RETURN(const auto parsed, sql::Parse(request.text, request.queries_only));
  if ((request.queries_only || request.shape) && !parsed.IsQuery()) return NotAllowed(parsed);
  const bool ending = parsed.kind() == "Commit" || parsed.kind() == "Rollback";
  if (!ending) TARN_RETURN_IF_ERROR(use_transaction());
  call.whole_text = parsed.IsQuery() && !request.shape;
  return ended(RunStatement(call, parsed.statement()));
}

base::Result<std::vector<engine::Column>> Executor::Columns(const StatementRequest& request) {
  StatementCall call{.parts = impl_->parts, .request = request, .session = request.session, .limits = request.limits};
  call.arguments.texts = request.parameters;
  TARN_ASSIGN_OR_RETURN(const auto parsed, sql::Parse(request.text, request.queries_only));
  if (!parsed.IsQuery()) return NotAllowed(parsed);
  return ColumnsOf(call, *parsed.statement().query);
}

base::Result<std::vector<sql::ColumnLineage>> Executor::Lineage(const StatementRequest& request) {
  const StatementCall call{
      .parts = impl_->parts, .request = request, .session = request.session, .limits = request.limits};
  TARN_ASSIGN_OR_RETURN(const auto parsed, sql::Parse(request.text, request.queries_only));
  if (!parsed.IsQuery()) return NotAllowed(parsed);
  auto resolver = call.Resolver();
  return sql::TraceQuery(*parsed.statement().query, call.session, resolver);
}

base::Result<std::vector<sql::ResolvedColumn>> Executor::TableColumns(const std::string& project_id,
                                                                      const sql::QualifiedName& name,
                                                                      const base::CallLimits& limits) {
  auto& parts = impl_->parts;
  ProjectResolver resolver(parts.catalogs, parts.saved_query, project_id, limits, &parts);
  TARN_ASSIGN_OR_RETURN(auto table, resolver.Resolve(name));
  if (!table.view_text) return std::move(table.columns);
  const StatementRequest request{.project_id = project_id,
                                 .text = "SELECT * FROM " + sql::QuoteIdentifier(name.catalog) + "." +
                                         sql::QuoteIdentifier(name.schema) + "." + sql::QuoteIdentifier(name.table),
                                 .parameters = {},
                                 .session = {},
                                 .limits = limits};
  TARN_ASSIGN_OR_RETURN(const auto columns, Columns(request));
  std::vector<sql::ResolvedColumn> shown;
  for (const auto& column : columns) shown.push_back({.name = column.name, .type = column.type});
  return shown;
}

StatementResult Executor::Run(const StatementRequest& request) {
  auto entry = request.entry;
  if (!entry) {
    entry = MakeEntry(request, impl_->parts.history, impl_->settings.limits);
    if (!entry->refused) Take(*entry, impl_->admission.Wait(request.project_id, entry->limits));
  }
  auto begun = [&]() -> StatementResult {
    if (entry->refused) return std::unexpected(*entry->refused);
    entry->live->Started();
    if (request.on_admitted) request.on_admitted();
    return impl_->Begin(request, *entry);
  }();
  if (!begun) {
    auto error = entry->live->Shown(std::move(begun).error());
    entry->End(error);
    return std::unexpected(std::move(error));
  }
  return std::make_unique<RecordedStatement>(*std::move(begun), std::move(entry), impl_->settings.limits.result_bytes);
}

}  // namespace tarn::query
