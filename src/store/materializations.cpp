#include "store/materializations.h"

#include <array>
#include <utility>

#include "store/memory_table.h"
#include "store/session.h"

namespace tarn::store {

using soci::into;
using soci::use;

namespace {

constexpr const char* kGone = "The materialized query does not exist";

constexpr std::array<std::pair<RunStatus, const char*>, 5> kStatuses = {{{RunStatus::kNone, ""},
                                                                         {RunStatus::kRunning, "RUNNING"},
                                                                         {RunStatus::kCompleted, "COMPLETED"},
                                                                         {RunStatus::kFailed, "FAILED"},
                                                                         {RunStatus::kCancelled, "CANCELLED"}}};

std::string TextOf(RunStatus status) {
  for (const auto& [known, text] : kStatuses) {
    if (known == status) return text;
  }
  return {};
}

RunStatus StatusOf(const std::string& text) {
  for (const auto& [status, known] : kStatuses) {
    if (text == known) return status;
  }
  return RunStatus::kNone;
}

void Save(soci::session& session, const std::string& id, const QueryRun& run) {
  const std::string status = TextOf(run.status);
  const int scheduled = run.scheduled ? 1 : 0;
  // What was asked for has begun, unless it was asked for while this one ran.
  if (run.status == RunStatus::kRunning)
    session << "UPDATE materializations SET pending = 0 WHERE query_id = :id", use(id);
  ChangeOne((session.prepare << "UPDATE materializations SET run_id = :run, status = :status, "
                                "scheduled = :scheduled, error_code = :code, error_message = :message, "
                                "started_at = :started, ended_at = :ended WHERE query_id = :id",
             use(run.id), use(status), use(scheduled), use(run.error_code), use(run.error_message), use(run.started_at),
             use(run.ended_at), use(id)),
            kGone);
}

void Save(soci::session& session, const std::string& id, const StoredResult& result) {
  ChangeOne(
      (session.prepare << "UPDATE materializations SET generation = :generation, file = :file, "
                          "file_bytes = :bytes, checksum = :checksum, row_count = :rows, table_info = :info, "
                          "inputs = :inputs, loaded_at = :loaded, published_at = :published WHERE query_id = :id",
       use(result.generation), use(result.file), use(result.file_bytes), use(result.checksum), use(result.row_count),
       use(result.table), use(result.inputs), use(result.loaded_at), use(result.published_at), use(id)),
      kGone);
}

// A row as it is read; the result counts where it has a generation.
struct Row {
  Materialization state;
  StoredResult result;
  std::string status;
  int pending = 0;
  int scheduled = 0;
  std::optional<base::SystemTime> loaded_at;
  std::optional<base::SystemTime> published_at;
};

}  // namespace

struct MaterializationRepository::Impl {
  explicit Impl(Database& store) : database(store) {}

  // Puts a changed copy in the place of the one that is kept. Called in `committed` steps only.
  template <class Change>
  void Alter(const std::string& id, const Change& change) {
    auto kept = rows.Find(id);
    if (!kept) return;
    change(*kept);
    rows.Put(*std::move(kept));
  }

  Database& database;
  MemoryTable<Materialization> rows;
};

MaterializationRepository::MaterializationRepository(Database& database) : impl_(std::make_unique<Impl>(database)) {
  Load(database, [this](soci::session& session) {
    Row row;
    auto& [state, result, status, pending, scheduled, loaded_at, published_at] = row;
    soci::statement rows =
        (session.prepare << "SELECT query_id, project_id, created_at, next_run, pending, run_id, status, scheduled, "
                            "error_code, error_message, started_at, ended_at, generation, file, file_bytes, checksum, "
                            "row_count, table_info, inputs, loaded_at, published_at FROM materializations",
         into(state.id), into(state.project_id), into(state.created_at), into(state.next_run), into(pending),
         into(state.run.id), into(status), into(scheduled), into(state.run.error_code), into(state.run.error_message),
         into(state.run.started_at), into(state.run.ended_at), into(result.generation), into(result.file),
         into(result.file_bytes), into(result.checksum), into(result.row_count), into(result.table),
         into(result.inputs), into(loaded_at), into(published_at));
    rows.execute();
    while (rows.fetch()) {
      Materialization read = state;
      read.pending = pending != 0;
      read.run.status = StatusOf(status);
      read.run.scheduled = scheduled != 0;
      if (loaded_at && published_at) {
        read.result = result;
        read.result->loaded_at = *loaded_at;
        read.result->published_at = *published_at;
      }
      impl_->rows.Put(std::move(read));
    }
  });
  database.OnProjectDeleted(this, [this](const std::string& project_id) {
    impl_->rows.EraseIf([&](const Materialization& each) { return each.project_id == project_id; });
  });
}

MaterializationRepository::~MaterializationRepository() { impl_->database.StopWatching(this); }

base::Result<void> MaterializationRepository::Insert(const Materialization& materialization) {
  const int pending = materialization.pending ? 1 : 0;
  const auto insert = [&](soci::session& session) {
    session << "INSERT INTO materializations (query_id, project_id, created_at, next_run, pending, run_id, status, "
               "scheduled, error_code, error_message, generation, file, file_bytes, checksum, row_count, table_info, "
               "inputs) VALUES (:id, :project, :created, :next, :pending, '', '', 0, '', '', '', '', 0, '', 0, '', '')",
        use(materialization.id), use(materialization.project_id), use(materialization.created_at),
        use(materialization.next_run), use(pending);
  };
  const auto remember = [&] {
    Materialization kept = materialization;
    kept.run = {};
    kept.result.reset();
    impl_->rows.Put(std::move(kept));
  };
  return Explain(impl_->database.Write(insert, remember),
                 {.taken = "The query is materialized already", .missing = "The query does not exist"});
}

base::Result<void> MaterializationRepository::SetNextRun(const std::string& id,
                                                         std::optional<base::SystemTime> next_run) {
  const auto update = [&](soci::session& session) {
    ChangeOne((session.prepare << "UPDATE materializations SET next_run = :next WHERE query_id = :id", use(next_run),
               use(id)),
              kGone);
  };
  return impl_->database.Write(update,
                               [&] { impl_->Alter(id, [&](Materialization& kept) { kept.next_run = next_run; }); });
}

base::Result<void> MaterializationRepository::SetPending(const std::string& id, bool pending) {
  const int value = pending ? 1 : 0;
  const auto update = [&](soci::session& session) {
    ChangeOne(
        (session.prepare << "UPDATE materializations SET pending = :pending WHERE query_id = :id", use(value), use(id)),
        kGone);
  };
  return impl_->database.Write(update,
                               [&] { impl_->Alter(id, [&](Materialization& kept) { kept.pending = pending; }); });
}

base::Result<void> MaterializationRepository::SaveRun(const std::string& id, const QueryRun& run) {
  return impl_->database.Write([&](soci::session& session) { Save(session, id, run); },
                               [&] {
                                 impl_->Alter(id, [&](Materialization& kept) {
                                   if (run.status == RunStatus::kRunning) kept.pending = false;
                                   kept.run = run;
                                 });
                               });
}

base::Result<void> MaterializationRepository::Publish(const std::string& id, const StoredResult& result,
                                                      const QueryRun& run) {
  const auto publish = [&](soci::session& session) {
    Save(session, id, run);
    Save(session, id, result);
  };
  return impl_->database.Write(publish, [&] {
    impl_->Alter(id, [&](Materialization& kept) {
      kept.run = run;
      kept.result = result;
    });
  });
}

base::Result<void> MaterializationRepository::Delete(const std::string& id) {
  const auto remove = [&](soci::session& session) {
    ChangeOne((session.prepare << "DELETE FROM materializations WHERE query_id = :id", use(id)), kGone);
  };
  return impl_->database.Write(remove, [&] { impl_->rows.Erase(id); });
}

void MaterializationRepository::Forget(const std::string& id) { impl_->rows.Erase(id); }

std::optional<Materialization> MaterializationRepository::Find(const std::string& id) const {
  return impl_->rows.Find(id);
}

std::vector<Materialization> MaterializationRepository::List(const std::string& project_id) const {
  return impl_->rows.List([&](const Materialization& each) { return each.project_id == project_id; });
}

std::vector<Materialization> MaterializationRepository::All() const {
  return impl_->rows.List([](const Materialization&) { return true; });
}

}  // namespace tarn::store
