#include "exports/exports.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "base/ids.h"
#include "base/log.h"
#include "cache/generation_file.h"

namespace tarn::exports {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kUnfinished = ".part";
constexpr std::chrono::seconds kStopTime{10};
constexpr std::chrono::seconds kExpiryEvery{20};
constexpr const char* kStopped = "The server stopped before the export ended";
constexpr const char* kNoRoom = "The export would leave too little free space on the disk";

void Remove(const fs::path& file) {
  std::error_code failed;
  fs::remove_all(file, failed);
  if (failed) base::log::Warning("file of an export not removed", {{"reason", failed.message()}});
}

// As it is told to who asked for the export.
std::string Reason(const base::Error& error) {
  if (error.kind == base::ErrorKind::kInternal) return "Something went wrong inside Tarn; its log tells more";
  if (!error.position) return error.message;
  return "line " + std::to_string(error.position->line) + ":" + std::to_string(error.position->column) + ": " +
         error.message;
}

}  // namespace

struct Exports::Impl {
  explicit Impl(Parts given)
      : parts(std::move(given)),
        queue({.workers = parts.settings.workers, .workers_per_source = parts.settings.workers}) {}

  const Parts parts;
  std::mutex mutex;
  std::map<std::string, std::string> stopped;  // running exports that are stopped, and why they fail
  std::map<std::string, std::string> running;  // their projects
  base::SystemTime last_created{};
  bool stopping = false;
  jobs::JobQueue queue;
  std::jthread watch;

  [[nodiscard]] fs::path FolderOf(const std::string& project) const { return parts.settings.folder / project; }
  [[nodiscard]] fs::path FileOf(const store::Export& row) const { return FolderOf(row.project_id) / row.id; }

  void Run(const store::Export& row, const Contents& contents, const std::stop_token& stop);
  [[nodiscard]] base::Result<void> Write(store::Export& row, const Contents& contents, const std::stop_token& stop);
  void Record(store::Export row, const base::Result<void>& written);
  void RemoveUnknown();
  void RemoveExpired();
  void CheckRoom();
  void Watch(const std::stop_token& stop);
};

// The file has its final name when this succeeds.
base::Result<void> Exports::Impl::Write(store::Export& row, const Contents& contents, const std::stop_token& stop) {
  std::error_code failed;
  fs::create_directories(FolderOf(row.project_id), failed);
  if (failed) return base::Unavailable("The folder of exports cannot be made");
  const auto file = FileOf(row);
  const fs::path unfinished = file.string() + std::string(kUnfinished);
  auto rows = WriteExport(contents, parts.settings.most_rows, parts.executor, unfinished, {.cancel = stop});
  if (!rows) {
    Remove(unfinished);
    return std::unexpected(std::move(rows).error());
  }
  row.rows = *rows;
  row.bytes = cache::BytesOf(unfinished);
  if (auto finished = cache::Finish(unfinished, file); !finished) {
    Remove(unfinished);
    Remove(file);
    return finished;
  }
  return {};
}

void Exports::Impl::Record(store::Export row, const base::Result<void>& written) {
  row.ended_at = parts.clock.Now();
  if (written) {
    row.status = "SUCCEEDED";
    row.expires_at = *row.ended_at + parts.settings.kept;
  } else {
    row.status = "FAILED";
    row.rows = 0;
    row.bytes = 0;
    row.error = Reason(written.error());
    const std::scoped_lock lock(mutex);
    if (const auto known = stopped.find(row.id); known != stopped.end()) row.error = known->second;
    if (stopping) row.error = kStopped;
    if (written.error().kind == base::ErrorKind::kInternal)
      base::log::Error("export failed", {{"export", row.id}, {"reason", written.error().message}});
  }
  const auto ended = parts.store.End(row);
  // Cancelled, or gone with its project, in the last moment; or not known to have succeeded.
  if (!ended || !*ended) Remove(FileOf(row));
  if (!ended) base::log::Error("the end of an export was not recorded", {{"reason", ended.error().message}});
}

void Exports::Impl::Run(const store::Export& row, const Contents& contents, const std::stop_token& stop) {
  const auto begun = parts.store.Begin(row.id, parts.clock.Now());
  if (begun && !*begun) return;
  if (!begun) return Record(row, std::unexpected(begun.error()));
  {
    const std::scoped_lock lock(mutex);
    running[row.id] = row.project_id;
  }
  auto ended = row;
  const auto written = Write(ended, contents, stop);
  Record(std::move(ended), written);
  const std::scoped_lock lock(mutex);
  running.erase(row.id);
  stopped.erase(row.id);
}

void Exports::Impl::RemoveUnknown() {
  const auto with_files = parts.store.WithFiles();
  if (!with_files) return;  // what is not known to be garbage stays
  std::set<fs::path> known;
  for (const auto& row : *with_files) known.insert(FileOf(row));
  std::error_code failed;
  for (const auto& project : fs::directory_iterator(parts.settings.folder, failed)) {
    bool empty = true;
    for (const auto& file : fs::directory_iterator(project.path(), failed)) {
      if (known.contains(file.path())) {
        empty = false;
      } else {
        Remove(file.path());
      }
    }
    if (empty) Remove(project.path());
  }
}

void Exports::Impl::RemoveExpired() {
  const auto now = parts.clock.Now();
  auto with_files = parts.store.WithFiles();
  auto expired = with_files ? base::Result<void>() : base::Result<void>(std::unexpected(with_files.error()));
  if (with_files) {
    std::erase_if(*with_files, [&](const auto& row) { return !row.expires_at || *row.expires_at > now; });
    if (!with_files->empty()) expired = parts.store.Expire(now);
  }
  if (!expired) return base::log::Warning("exports not expired", {{"reason", expired.error().message}});
  for (const auto& row : *with_files) Remove(FileOf(row));
}

void Exports::Impl::CheckRoom() {
  std::vector<std::string> at_work;
  {
    const std::scoped_lock lock(mutex);
    for (const auto& [id, project] : running) at_work.push_back(id);
  }
  if (at_work.empty()) return;
  const auto free = cache::FreeBytes(parts.settings.folder);
  if (!free || *free >= parts.settings.free_space_floor_bytes) return;
  for (const auto& id : at_work) {
    {
      const std::scoped_lock lock(mutex);
      stopped[id] = kNoRoom;
    }
    queue.Cancel(id);
  }
}

void Exports::Impl::Watch(const std::stop_token& stop) {
  std::mutex waiting;
  std::condition_variable_any never;
  auto expiry = parts.clock.SteadyNow();
  while (!stop.stop_requested()) {
    CheckRoom();
    if (parts.clock.SteadyNow() >= expiry) {
      RemoveExpired();
      const auto trimmed = parts.store.Trim(parts.clock.Now() - parts.settings.remembered);
      if (!trimmed) base::log::Warning("old exports not forgotten", {{"reason", trimmed.error().message}});
      expiry = parts.clock.SteadyNow() + kExpiryEvery;
    }
    std::unique_lock lock(waiting);
    never.wait_for(lock, stop, std::chrono::seconds(1), [] { return false; });
  }
}

Exports::Exports(Parts parts) : impl_(std::make_unique<Impl>(std::move(parts))) {}

Exports::~Exports() {
  {
    const std::scoped_lock lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->watch = {};
  impl_->queue.Stop(base::CallLimits::Within(kStopTime));
  const auto failed = impl_->parts.store.FailUnfinished(kStopped, impl_->parts.clock.Now());
  if (!failed) base::log::Warning("unfinished exports not ended", {{"reason", failed.error().message}});
}

base::Result<void> Exports::Start() {
  auto& impl = *impl_;
  std::error_code failed;
  fs::create_directories(impl.parts.settings.folder, failed);
  if (failed) return base::FailedPrecondition("The folder of exports cannot be made");
  TARN_RETURN_IF_ERROR(impl.parts.store.FailUnfinished(kStopped, impl.parts.clock.Now()));
  impl.RemoveUnknown();
  impl.watch = std::jthread([&impl](const std::stop_token& stop) { impl.Watch(stop); });
  return {};
}

base::Result<store::Export> Exports::Create(store::Export row, Contents contents) {
  auto& impl = *impl_;
  row.id = base::NewUuid();
  row.status = "PENDING";
  {
    // Lists are paged by this time, so that no two have the same.
    const std::scoped_lock lock(impl.mutex);
    row.created_at = std::max(impl.parts.clock.Now(), impl.last_created + std::chrono::microseconds(1));
    impl.last_created = row.created_at;
  }
  TARN_RETURN_IF_ERROR(impl.parts.store.Insert(row));
  const bool added = impl.queue.Add({.id = row.id,
                                     .subject = row.id,
                                     .source = row.project_id,
                                     .run = [&impl, row, contents = std::move(contents)](const std::stop_token& stop) {
                                       impl.Run(row, contents, stop);
                                     }});
  if (!added) return base::Unavailable("The server is stopping");
  return row;
}

base::Result<void> Exports::Cancel(const std::string& project_id, const std::string& id) {
  TARN_ASSIGN_OR_RETURN(auto row, Find(project_id, id));
  if (row.status != "PENDING" && row.status != "RUNNING") return {};
  row.status = "CANCELLED";
  row.ended_at = impl_->parts.clock.Now();
  TARN_RETURN_IF_ERROR(impl_->parts.store.End(row));
  impl_->queue.Cancel(id);
  return {};
}

base::Result<store::Export> Exports::Find(const std::string& project_id, const std::string& id) {
  TARN_ASSIGN_OR_RETURN(auto row, impl_->parts.store.Find(project_id, id));
  if (!row) return base::NotFound("Export does not exist: \"" + id + "\"");
  if (row->status == "SUCCEEDED" && row->expires_at && *row->expires_at <= impl_->parts.clock.Now())
    row->status = "EXPIRED";
  return *std::move(row);
}

base::Result<std::vector<store::Export>> Exports::List(const std::string& project_id,
                                                       const store::ExportFilter& filter) {
  impl_->RemoveExpired();
  return impl_->parts.store.List(project_id, filter);
}

base::Result<fs::path> Exports::FileOf(const std::string& id) {
  TARN_ASSIGN_OR_RETURN(const auto row, impl_->parts.store.Find(id));
  if (!row || row->status != "SUCCEEDED" || *row->expires_at <= impl_->parts.clock.Now())
    return base::NotFound("The file of the export is gone");
  return impl_->FileOf(*row);
}

void Exports::DeleteByProject(const std::string& project_id) {
  std::vector<std::string> at_work;
  {
    const std::scoped_lock lock(impl_->mutex);
    for (const auto& [id, project] : impl_->running) {
      if (project == project_id) at_work.push_back(id);
    }
  }
  for (const auto& id : at_work) impl_->queue.Cancel(id);
  Remove(impl_->FolderOf(project_id));
}

void Exports::Sweep() {
  impl_->CheckRoom();
  impl_->RemoveExpired();
}

std::int64_t Exports::most_rows() const { return impl_->parts.settings.most_rows; }
jobs::JobQueue::Load Exports::load() const { return impl_->queue.load(); }

}  // namespace tarn::exports
