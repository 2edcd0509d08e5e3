#include "metadata/refreshes.h"

#include <fmt/format.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/ids.h"
#include "base/log.h"
#include "http/client.h"
#include "jobs/job_queue.h"
#include "metadata/address.h"
#include "metadata/callback.h"

namespace tarn::metadata {

namespace {

constexpr std::chrono::seconds kReadTime{120};
constexpr std::chrono::seconds kQuestionTime{30};
constexpr std::chrono::seconds kTick{2};
constexpr std::chrono::hours kTrialEvery{24};
constexpr const char* kWaiting = "waiting";
constexpr const char* kActive = "active";
constexpr const char* kCompleted = "completed";
constexpr const char* kFailed = "failed";

std::string SubjectOf(const store::MetadataRefresh& refresh) { return refresh.project_id + "/" + refresh.catalog_id; }

base::CallLimits Within(std::chrono::milliseconds time, const std::stop_token& stop) {
  return base::CallLimits::Within(time, stop);
}

void Log(const char* what, const base::Error& error) { base::log::Warning(what, {{"reason", error.message}}); }

}  // namespace

struct Refreshes::Impl {
  explicit Impl(Parts given) : parts(given) {}

  Parts parts;
  std::mutex mutex;  // guards the read-change-write of a refresh's row
  jobs::JobQueue work{{.workers = 2, .workers_per_source = 2}};
  jobs::JobQueue calls{{.workers = 2, .workers_per_source = 2}};
  std::mutex timer_mutex;
  std::condition_variable_any timer_wake;
  std::jthread timer;  // goes first

  [[nodiscard]] base::Result<std::optional<store::MetadataRefresh>> Find(const std::string& project_id,
                                                                         const std::string& catalog_id) const {
    TARN_ASSIGN_OR_RETURN(const auto all, parts.store.Refreshes(project_id));
    const auto found = std::ranges::find(all, catalog_id, &store::MetadataRefresh::catalog_id);
    return found == all.end() ? std::nullopt : std::optional(*found);
  }

  void Enqueue(const store::MetadataRefresh& refresh) {
    const bool added = work.Add({.id = refresh.id,
                                 .subject = SubjectOf(refresh),
                                 .source = refresh.catalog_id,
                                 .run = [this, refresh](const std::stop_token& stop) { Run(refresh, stop); }});
    if (!added) base::log::Info("metadata refresh left for the next start", {{"catalog", refresh.catalog_id}});
  }

  void EnqueueCall(const store::MetadataRefresh& refresh) {
    const bool added = calls.Add({.id = base::NewUuid(),
                                  .subject = SubjectOf(refresh),
                                  .source = refresh.callback,
                                  .run = [this, refresh](const std::stop_token& stop) { Call(refresh, stop); }});
    if (!added) base::log::Info("callback left for the next start", {{"catalog", refresh.catalog_id}});
  }

  // Replaces the row if it still is of this refresh.
  [[nodiscard]] base::Result<bool> Save(const store::MetadataRefresh& refresh) {
    const std::lock_guard lock(mutex);
    TARN_ASSIGN_OR_RETURN(const auto present, Find(refresh.project_id, refresh.catalog_id));
    if (!present || present->id != refresh.id) return false;
    TARN_RETURN_IF_ERROR(parts.store.Save(refresh));
    return true;
  }

  void Run(store::MetadataRefresh refresh, const std::stop_token& stop) {
    refresh.status = kActive;
    refresh.changed_at = parts.clock.Now();
    const auto begun = Save(refresh);
    if (!begun || !*begun) return;  // gone, or another one waits
    const auto read = Read(refresh, stop);
    if (stop.stop_requested()) return;  // the next start begins it again
    refresh.status = read ? kCompleted : kFailed;
    refresh.error = read ? "" : read.error().message;
    refresh.changed_at = parts.clock.Now();
    if (refresh.callback.empty()) UseRegistered(refresh);
    const auto saved = Save(refresh);
    if (!saved) return Log("end of a metadata refresh not saved", saved.error());
    if (*saved && !refresh.callback.empty()) EnqueueCall(refresh);
  }

  void UseRegistered(store::MetadataRefresh& refresh) {
    const auto registered = parts.store.Callback(refresh.project_id);
    if (!registered || !*registered) return;
    refresh.callback = (*registered)->url;
    refresh.token = (*registered)->token;
  }

  // What the refresh is for. Only the structure can fail it; the rest says for itself what failed.
  base::Result<void> Read(store::MetadataRefresh& refresh, const std::stop_token& stop) {
    TARN_ASSIGN_OR_RETURN(const auto catalog, FindCatalog(parts.catalogs, refresh.project_id, refresh.catalog_id));
    TARN_ASSIGN_OR_RETURN(const auto tables, parts.structure.Tables(catalog, "", Within(kReadTime, stop)));
    refresh.structure = Structure::Write(tables);
    TARN_ASSIGN_OR_RETURN(const auto relations, parts.relations.OfCatalog(refresh.project_id, refresh.catalog_id));
    for (const auto& relation : relations)
      TARN_RETURN_IF_ERROR(parts.relations.TakeMeasure(relation, Within(kQuestionTime, stop)));
    TARN_ASSIGN_OR_RETURN(const auto columns, parts.store.Categorical(refresh.project_id));
    for (const auto& column : columns) {
      if (column.column.table.catalog_id != refresh.catalog_id) continue;
      TARN_RETURN_IF_ERROR(parts.categorical.ReadAgain(column, Within(kQuestionTime, stop)));
    }
    return parts.golden.TryAll(refresh.project_id, parts.clock.Now(), Within(kReadTime, stop));
  }

  void Call(store::MetadataRefresh refresh, const std::stop_token& stop) {
    const auto token = OpenToken(refresh);
    const auto told = token ? Tell(refresh, *token, stop) : base::Result<void>(std::unexpected(token.error()));
    if (stop.stop_requested() && !told) return;  // tried again after the next start
    if (!told) Log("callback of a metadata refresh given up", told.error());
    refresh.callback.clear();
    refresh.token.clear();
    if (const auto saved = Save(refresh); !saved) Log("delivery of a callback not saved", saved.error());
  }

  [[nodiscard]] base::Result<base::SecretString> OpenToken(const store::MetadataRefresh& refresh) const {
    if (refresh.token.empty()) return base::SecretString();
    return parts.vault.Open(refresh.token, refresh.project_id);
  }

  [[nodiscard]] std::string SealToken(const std::string& project_id, const std::string& token) const {
    return token.empty() ? token : parts.vault.Seal(token, project_id);
  }

  base::Result<void> BeginOne(const std::string& project_id, const std::string& catalog_id,
                              const std::optional<Listener>& listener) {
    const std::lock_guard lock(mutex);
    TARN_ASSIGN_OR_RETURN(const auto present, Find(project_id, catalog_id));
    store::MetadataRefresh refresh{.project_id = project_id,
                                   .catalog_id = catalog_id,
                                   .id = base::NewUuid(),
                                   .status = kWaiting,
                                   .structure = present ? present->structure : "",
                                   .changed_at = parts.clock.Now()};
    if (listener) {
      refresh.callback = listener->url;
      refresh.token = SealToken(project_id, listener->token);
    }
    TARN_RETURN_IF_ERROR(parts.store.Save(refresh));
    Enqueue(refresh);
    return {};
  }

  void ReadDue(const std::stop_token& stop) {
    const auto now = parts.clock.Now();
    const auto columns = parts.store.Categorical("");
    if (!columns) return Log("due values not looked for", columns.error());
    for (auto column : *columns) {
      if (!column.next || *column.next > now || stop.stop_requested()) continue;
      // The next time first: a column that is slow to read is not read twice at once.
      column.next = Categorical::NextAfter(now, column.frequency);
      if (const auto saved = parts.store.SaveReading(column); !saved) return Log("due time not saved", saved.error());
      const auto& address = column.column;
      const bool added = work.Add({.id = base::NewUuid(),
                                   .subject = column.project_id + "/" + address.table.catalog_id,
                                   .source = address.table.catalog_id,
                                   .run = [this, column](const std::stop_token& end) {
                                     const auto read = parts.categorical.ReadAgain(column, Within(kQuestionTime, end));
                                     if (!read) Log("values of a column not read", read.error());
                                   }});
      if (!added) return;
    }
  }

  void TryGolden() {
    const auto before = parts.clock.Now() - kTrialEvery;
    static constexpr const char* kSubject = "golden";
    if (work.IsBusy(kSubject)) return;
    const bool added = work.Add({.id = base::NewUuid(),
                                 .subject = kSubject,
                                 .source = kSubject,
                                 .run = [this, before](const std::stop_token& end) {
                                   const auto tried = parts.golden.TryAll("", before, Within(kReadTime, end));
                                   if (!tried) Log("golden queries not tried", tried.error());
                                 }});
    if (!added) base::log::Info("golden queries are tried after the next start", {});
  }

  void RunTimer(const std::stop_token& stop) {
    auto try_at = parts.clock.SteadyNow();
    std::unique_lock lock(timer_mutex);
    while (!stop.stop_requested()) {
      lock.unlock();
      ReadDue(stop);
      if (parts.clock.SteadyNow() >= try_at) {
        try_at = parts.clock.SteadyNow() + std::chrono::hours(1);
        TryGolden();
      }
      lock.lock();
      timer_wake.wait_for(lock, stop, kTick, [] { return false; });
    }
  }
};

Refreshes::Refreshes(Parts parts) : impl_(std::make_unique<Impl>(parts)) {}
Refreshes::~Refreshes() = default;

base::Result<void> Refreshes::Start() {
  TARN_ASSIGN_OR_RETURN(const auto all, impl_->parts.store.Refreshes(""));
  for (const auto& refresh : all) {
    if (refresh.status == kWaiting || refresh.status == kActive) {
      impl_->Enqueue(refresh);
    } else if (!refresh.callback.empty()) {
      impl_->EnqueueCall(refresh);
    }
  }
  impl_->timer = std::jthread([this](const std::stop_token& stop) { impl_->RunTimer(stop); });
  return {};
}

void Refreshes::Stop(const base::CallLimits& limits) {
  impl_->timer.request_stop();
  if (impl_->timer.joinable()) impl_->timer.join();
  impl_->work.Stop(limits);
  impl_->calls.Stop(limits);
}

base::Result<void> Refreshes::Begin(const std::string& project_id, const std::string& catalog_id,
                                    const std::optional<Listener>& listener) {
  if (listener) TARN_RETURN_IF_ERROR(http::CheckOutgoingUrl(listener->url, "callbackURL"));
  if (!catalog_id.empty()) {
    if (!FindCatalog(impl_->parts.catalogs, project_id, catalog_id))
      return base::InvalidArgument(fmt::format("There is no catalog with id: {}", catalog_id), "catalogId");
    return impl_->BeginOne(project_id, catalog_id, listener);
  }
  for (const auto& catalog : impl_->parts.catalogs.List(project_id))
    TARN_RETURN_IF_ERROR(impl_->BeginOne(project_id, catalog.id, listener));
  for (const auto id : {kInternalCatalogId, kQueryCatalogId})
    TARN_RETURN_IF_ERROR(impl_->BeginOne(project_id, std::string(id), listener));
  return {};
}

base::Result<std::optional<store::MetadataRefresh>> Refreshes::StateOf(const std::string& project_id,
                                                                       const std::string& catalog_id) const {
  TARN_RETURN_IF_ERROR(FindCatalog(impl_->parts.catalogs, project_id, catalog_id));
  return impl_->Find(project_id, catalog_id);
}

base::Result<void> Refreshes::Register(const std::string& project_id, const Listener& listener) {
  TARN_RETURN_IF_ERROR(http::CheckOutgoingUrl(listener.url, "callbackURL"));
  return impl_->parts.store.Save(store::MetadataCallback{
      .project_id = project_id, .url = listener.url, .token = impl_->SealToken(project_id, listener.token)});
}

base::Result<std::optional<std::string>> Refreshes::Registered(const std::string& project_id) const {
  TARN_ASSIGN_OR_RETURN(const auto callback, impl_->parts.store.Callback(project_id));
  return callback ? std::optional(callback->url) : std::nullopt;
}

base::Result<std::optional<std::string>> Refreshes::Unregister(const std::string& project_id) {
  TARN_ASSIGN_OR_RETURN(auto url, Registered(project_id));
  TARN_RETURN_IF_ERROR(impl_->parts.store.DeleteCallback(project_id));
  return url;
}

void Refreshes::MeasureSoon(const store::Relation& relation) {
  const bool added = impl_->work.Add({.id = base::NewUuid(),
                                      .subject = relation.id,
                                      .source = relation.source.table.catalog_id,
                                      .run = [this, relation](const std::stop_token& stop) {
                                        const auto taken =
                                            impl_->parts.relations.TakeMeasure(relation, Within(kQuestionTime, stop));
                                        if (!taken) Log("relation not measured", taken.error());
                                      }});
  if (!added) base::log::Info("a relation is measured by the next refresh", {{"relation", relation.id}});
}

}  // namespace tarn::metadata
