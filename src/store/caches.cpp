#include "store/caches.h"

#include <shared_mutex>

#include "store/cache_rows.h"
#include "store/session.h"

namespace tarn::store {

namespace {

using TableKey = std::tuple<std::string, std::string, std::string>;
using TableView = std::tuple<std::string_view, std::string_view, std::string_view>;

TableKey KeyOf(const Cache& cache) { return {cache.catalog_id, cache.schema_name, cache.table_name}; }

std::optional<Execution>& LastOf(CacheState& state, RefreshMode mode) {
  return mode == RefreshMode::kIncremental ? state.last_incremental : state.last_full;
}

// A newer execution of a mode takes the place of the last one; an older one that ends does not.
void Place(CacheState& state, const Execution& execution, bool is_new) {
  auto& last = LastOf(state, execution.mode);
  if (is_new || (last && last->id == execution.id)) last = execution;
}

}  // namespace

// States are shared and never changed: a change puts a new state in the place of the old one, so readers copy
// outside the lock. All changes are made in the database's `committed` steps, or by Progress.
struct CacheRepository::Impl {
  using State = std::shared_ptr<const CacheState>;

  explicit Impl(Database& store) : database(store) {}

  void Put(State state) {
    by_table[KeyOf(state->cache)] = state->cache.id;
    states[state->cache.id] = std::move(state);
  }

  void Erase(const std::string& cache_id) {
    const auto found = states.find(cache_id);
    if (found == states.end()) return;
    by_table.erase(KeyOf(found->second->cache));
    std::erase_if(unfinished, [&](const auto& entry) { return entry.second.cache_id == cache_id; });
    states.erase(found);
  }

  // Puts a changed copy of a state in its place.
  template <class Change>
  void Alter(const std::string& cache_id, const Change& change) {
    const auto found = states.find(cache_id);
    if (found == states.end()) return;
    auto changed = std::make_shared<CacheState>(*found->second);
    change(*changed);
    found->second = std::move(changed);
  }

  State Find(const std::string& cache_id) const {
    const std::shared_lock lock(mutex);
    const auto found = states.find(cache_id);
    return found == states.end() ? nullptr : found->second;
  }

  // In the order of creation.
  template <class Condition>
  std::vector<CacheState> List(const Condition& condition) const {
    std::vector<State> found;
    {
      const std::shared_lock lock(mutex);
      for (const auto& [id, state] : states) {
        if (condition(state->cache)) found.push_back(state);
      }
    }
    std::ranges::sort(found, {}, [](const State& state) { return std::tie(state->cache.created_at, state->cache.id); });
    std::vector<CacheState> list;
    list.reserve(found.size());
    for (const State& state : found) list.push_back(*state);
    return list;
  }

  // Stores an execution that begins, or goes on. Says whether it is one that was not stored before.
  static bool SaveBeginning(soci::session& session, const Execution& execution, const ActionLog& log) {
    RequireCache(session, execution.cache_id);
    const bool is_new = FindStored(session, execution.id) == Stored::kNothing;
    SaveExecution(session, execution);
    InsertLog(session, log);
    return is_new;
  }

  // Stores the end of an execution. Says whether it is one that was not stored before.
  static bool SaveEnd(soci::session& session, const Execution& execution, const ActionLog& log) {
    RequireCache(session, execution.cache_id);
    const Stored stored = FindStored(session, execution.id);
    if (stored == Stored::kEnded) Refuse(base::FailedPrecondition("The execution has ended already"));
    SaveExecution(session, execution);
    InsertLog(session, log);
    return stored == Stored::kNothing;
  }

  Database& database;
  mutable std::shared_mutex mutex;
  std::unordered_map<std::string, State> states;
  std::map<TableKey, std::string, std::less<>> by_table;
  std::unordered_map<std::string, Execution> unfinished;
};

CacheRepository::CacheRepository(Database& database) : impl_(std::make_unique<Impl>(database)) {
  Load(database, [this](soci::session& session) {
    std::unordered_map<std::string, CacheState> states;
    for (Cache& cache : ReadCaches(session)) {
      std::string id = cache.id;
      states[std::move(id)].cache = std::move(cache);
    }
    for (Manifest& manifest : ReadManifests(session)) states[manifest.cache_id].manifest = std::move(manifest);
    for (const RefreshMode mode : {RefreshMode::kIncremental, RefreshMode::kFull}) {
      for (Execution& last : ReadLastExecutions(session, mode)) LastOf(states[last.cache_id], mode) = std::move(last);
    }
    for (auto& [id, state] : states) impl_->Put(std::make_shared<CacheState>(std::move(state)));
    for (Execution& execution : ReadUnfinishedExecutions(session)) {
      std::string id = execution.id;
      impl_->unfinished[std::move(id)] = std::move(execution);
    }
  });
  database.OnProjectDeleted(this, [this](const std::string& project_id) {
    const auto caches = List(project_id);
    const std::unique_lock lock(impl_->mutex);
    for (const CacheState& state : caches) impl_->Erase(state.cache.id);
  });
}

CacheRepository::~CacheRepository() { impl_->database.StopWatching(this); }

base::Result<void> CacheRepository::Insert(const Cache& cache) {
  const auto insert = [&](soci::session& session) { InsertCache(session, cache); };
  const auto remember = [&] {
    const std::unique_lock lock(impl_->mutex);
    auto state = std::make_shared<CacheState>();
    state->cache = cache;
    impl_->Put(std::move(state));
  };
  return Explain(impl_->database.Write(insert, remember),
                 {.taken = "The table has a cache already", .missing = "The project does not exist"});
}

base::Result<void> CacheRepository::UpdateSettings(const Cache& cache) {
  const auto update = [&](soci::session& session) { store::UpdateSettings(session, cache); };
  return impl_->database.Write(update, [&] {
    const std::unique_lock lock(impl_->mutex);
    impl_->Alter(cache.id, [&](CacheState& state) {
      state.cache.incremental_schedule = cache.incremental_schedule;
      state.cache.full_schedule = cache.full_schedule;
      state.cache.options = cache.options;
      state.cache.next_incremental = cache.next_incremental;
      state.cache.next_full = cache.next_full;
    });
  });
}

base::Result<void> CacheRepository::Delete(const std::string& cache_id) {
  const auto remove = [&](soci::session& session) { DeleteCache(session, cache_id); };
  return impl_->database.Write(remove, [&] {
    const std::unique_lock lock(impl_->mutex);
    impl_->Erase(cache_id);
  });
}

std::optional<CacheState> CacheRepository::Find(const std::string& cache_id) const {
  const auto state = impl_->Find(cache_id);
  return state ? std::optional(*state) : std::nullopt;
}

std::optional<CacheState> CacheRepository::FindByTable(const std::string& catalog_id, const std::string& schema,
                                                       const std::string& table) const {
  Impl::State state;
  {
    const std::shared_lock lock(impl_->mutex);
    const auto found = impl_->by_table.find(TableView(catalog_id, schema, table));
    if (found == impl_->by_table.end()) return std::nullopt;
    state = impl_->states.at(found->second);
  }
  return *state;
}

std::vector<CacheState> CacheRepository::List(const std::string& project_id) const {
  return impl_->List([&](const Cache& cache) { return cache.project_id == project_id; });
}

std::vector<CacheState> CacheRepository::ListByCatalog(const std::string& catalog_id) const {
  return impl_->List([&](const Cache& cache) { return cache.catalog_id == catalog_id; });
}

std::vector<CacheState> CacheRepository::All() const {
  return impl_->List([](const Cache&) { return true; });
}

base::Result<void> CacheRepository::Begin(const Execution& execution, const ActionLog& log) {
  if (HasEnded(execution.status)) return base::Internal("An execution that begins must be queued or running");
  return Record({{.execution = execution, .log = log}});
}

void CacheRepository::Progress(const std::string& execution_id, const RefreshCounts& counts) {
  const std::unique_lock lock(impl_->mutex);
  const auto found = impl_->unfinished.find(execution_id);
  if (found == impl_->unfinished.end()) return;
  found->second.counts = counts;
  impl_->Alter(found->second.cache_id, [&](CacheState& state) { Place(state, found->second, false); });
}

base::Result<void> CacheRepository::Finish(const Execution& execution, const ActionLog& log) {
  if (!HasEnded(execution.status)) return base::Internal("An execution that ends must have an end's status");
  return Record({{.execution = execution, .log = log}});
}

base::Result<void> CacheRepository::Record(const std::vector<ExecutionStep>& steps) {
  if (steps.empty()) return {};
  std::vector<bool> is_new;
  const auto record = [&](soci::session& session) {
    for (const auto& [execution, log] : steps) {
      is_new.push_back(HasEnded(execution.status) ? Impl::SaveEnd(session, execution, log)
                                                  : Impl::SaveBeginning(session, execution, log));
    }
  };
  return impl_->database.Write(record, [&] {
    const std::unique_lock lock(impl_->mutex);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const Execution& execution = steps[i].execution;
      if (HasEnded(execution.status)) {
        impl_->unfinished.erase(execution.id);
      } else {
        impl_->unfinished[execution.id] = execution;
      }
      impl_->Alter(execution.cache_id, [&](CacheState& state) { Place(state, execution, is_new[i]); });
    }
  });
}

base::Result<void> CacheRepository::Publish(const Manifest& manifest, const Execution& execution,
                                            const ActionLog& log) {
  if (!HasEnded(execution.status)) return base::Internal("An execution that ends must have an end's status");
  if (manifest.cache_id != execution.cache_id) return base::Internal("A manifest must be of its execution's cache");
  bool is_new = false;
  const auto publish = [&](soci::session& session) {
    is_new = Impl::SaveEnd(session, execution, log);
    SaveManifest(session, manifest);
  };
  return impl_->database.Write(publish, [&] {
    const std::unique_lock lock(impl_->mutex);
    impl_->unfinished.erase(execution.id);
    impl_->Alter(execution.cache_id, [&](CacheState& state) {
      state.manifest = manifest;
      Place(state, execution, is_new);
    });
  });
}

std::vector<Execution> CacheRepository::Unfinished() const {
  std::vector<Execution> executions;
  const std::shared_lock lock(impl_->mutex);
  for (const auto& [id, execution] : impl_->unfinished) executions.push_back(execution);
  std::ranges::sort(executions, {}, [](const Execution& each) { return std::tie(each.created_at, each.id); });
  return executions;
}

base::Result<std::vector<Execution>> CacheRepository::History(const std::string& cache_id, int limit,
                                                              int offset) const {
  std::vector<Execution> history;
  TARN_RETURN_IF_ERROR(
      impl_->database.Read([&](soci::session& session) { history = ReadHistory(session, cache_id, limit, offset); }));
  // What is running counts in memory only.
  const std::shared_lock lock(impl_->mutex);
  for (Execution& execution : history) {
    const auto running = impl_->unfinished.find(execution.id);
    if (running != impl_->unfinished.end() && !HasEnded(execution.status)) execution.counts = running->second.counts;
  }
  return history;
}

base::Result<std::vector<ActionLog>> CacheRepository::Logs(const std::string& cache_id, int limit) const {
  std::vector<ActionLog> logs;
  TARN_RETURN_IF_ERROR(
      impl_->database.Read([&](soci::session& session) { logs = ReadLogs(session, cache_id, limit); }));
  return logs;
}

base::Result<void> CacheRepository::AppendLog(const ActionLog& log) {
  return impl_->database.Write([&](soci::session& session) {
    RequireCache(session, log.cache_id);
    InsertLog(session, log);
  });
}

base::Result<void> CacheRepository::ForgetBefore(base::SystemTime time) {
  return impl_->database.Write([&](soci::session& session) { DeleteBefore(session, time); });
}

}  // namespace tarn::store
