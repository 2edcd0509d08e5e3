// Imports of files into internal tables: begun, run, told of, cancelled.
#include <algorithm>
#include <cstdio>

#include "base/ids.h"
#include "base/log.h"
#include "cache/generation_file.h"
#include "tables/service.h"

namespace tarn::tables {

namespace {

constexpr char kIdMark = '.';  // between the project's id and the import's own part
constexpr std::int64_t kMostRecordsOfParquet = std::int64_t{1} << 32;

std::unexpected<base::Error> NoSuchJob(const std::string& id) {
  return base::NotFound("There is no such job: \"" + id + "\"");
}

std::vector<std::string> Names(const std::vector<Mapping>& mappings) {
  std::vector<std::string> names;
  for (const auto& mapping : mappings) names.push_back(mapping.column);
  return names;
}

// The mapped columns and the others' defaults; an unknown name is the request's fault.
base::Result<Given> MappedColumns(const TableDefinition& table, const std::vector<Mapping>& mappings) {
  if (mappings.empty()) return base::InvalidArgument("There is nothing mapped", "mappings");
  auto given = GivenColumns(table, Names(mappings));
  if (!given && given.error().kind == base::ErrorKind::kNotFound)
    given.error().kind = base::ErrorKind::kInvalidArgument;
  return given;
}

// By which existing rows are found in an upsert.
base::Result<std::optional<ColumnDefinition>> UpsertKey(const TableDefinition& table, const Given& given,
                                                        const ImportRequest& request) {
  if (request.mode != ImportMode::kUpsert) {
    if (request.key) return base::InvalidArgument("A key belongs to the mode upsert", "key");
    return std::nullopt;
  }
  if (table.kind == Kind::kColumns)
    return base::NotSupported("Rows of a table that is appended to cannot be changed: mode \"upsert\"");
  std::vector<ColumnDefinition> keys;
  for (const auto& column : given.columns) {
    if (request.key && table.Find(*request.key) != nullptr && table.Find(*request.key)->number == column.number) {
      if (!column.unique)
        return base::InvalidArgument("The key is not a unique column: \"" + column.name + "\"", "key");
      return column;
    }
    if (column.unique) keys.push_back(column);
  }
  if (request.key)
    return base::InvalidArgument("The key is not among the mapped columns: \"" + *request.key + "\"", "key");
  if (keys.size() != 1)
    return base::InvalidArgument("An upsert needs a key: there is not just one unique column among those mapped",
                                 "key");
  return keys[0];
}

// A file of its own for readers that need one.
base::Result<SentFile> AsWholeFile(const SentFile& sent, const std::filesystem::path& folder) {
  const auto path = folder / (base::NewUuid() + ".sent");
  struct Removal {
    std::filesystem::path path;
    ~Removal() {
      std::error_code ignored;  // left-overs are collected at the next start
      std::filesystem::remove(path, ignored);
    }
  };
  auto removal = std::make_shared<Removal>(Removal{path});
  TARN_ASSIGN_OR_RETURN(const auto reader, RangeReader::Open(sent.range));
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(std::fopen(path.c_str(), "wb"), &std::fclose);
  if (!out) return base::Unavailable("The file that was sent cannot be kept");
  std::vector<char> block(std::size_t{1} << 20);
  for (;;) {
    TARN_ASSIGN_OR_RETURN(const auto count, reader->Read(block));
    if (count == 0) break;
    if (std::fwrite(block.data(), 1, count, out.get()) != count) return base::OutOfSpace("The disk is full");
  }
  if (std::fflush(out.get()) != 0) return base::OutOfSpace("The disk is full");
  return SentFile{.hold = std::move(removal), .range = {.file = path, .offset = 0, .size = sent.range.size}};
}

ImportStatus StatusOf(const base::Error& error) {
  return error.kind == base::ErrorKind::kCancelled ? ImportStatus::kCancelled : ImportStatus::kFailed;
}

// Whether two states of a table take the same values.
bool SameRules(const TableDefinition& a, const TableDefinition& b) {
  return a.id == b.id && std::ranges::equal(a.columns, b.columns, [](const auto& left, const auto& right) {
           return left.number == right.number && left.not_null == right.not_null && left.unique == right.unique;
         });
}

}  // namespace

base::Result<void> InternalTables::Impl::CheckSpace(const SentFile& file) const {
  TARN_ASSIGN_OR_RETURN(const auto free, cache::FreeBytes(parts.settings.folder));
  if (free - file.range.size >= parts.settings.free_space_floor_bytes) return {};
  return base::OutOfSpace("There is not enough free space for the import");
}

base::Result<std::string> InternalTables::Import(const Place& place, const ImportRequest& request, SentFile file,
                                                 const std::string& user) {
  TARN_ASSIGN_OR_RETURN(const auto project, impl_->OpenFor(place));
  TARN_ASSIGN_OR_RETURN(const auto table, Find(place));
  TARN_ASSIGN_OR_RETURN(const auto given, MappedColumns(table, request.mappings));
  TARN_RETURN_IF_ERROR(UpsertKey(table, given, request));
  TARN_RETURN_IF_ERROR(impl_->CheckSpace(file));
  auto import = std::make_shared<RunningImport>();
  import->limits = base::CallLimits::Within(impl_->parts.settings.import_deadline, import->stop.get_token());
  if (request.format == ImportFormat::kParquet) {
    TARN_ASSIGN_OR_RETURN(file, AsWholeFile(file, project->folder));
  }
  TARN_ASSIGN_OR_RETURN(import->records, OpenRecords(request, file.range, import->limits));
  import->sent = std::move(file);
  import->request = request;
  import->user = user;
  import->table_id = table.id;
  import->job = {.id = place.project_id + kIdMark + base::NewUuid(),
                 .project_id = place.project_id,
                 .kind = place.kind,
                 .table = table.name,
                 .started = impl_->parts.clock.Now()};
  auto id = import->job.id;
  TARN_RETURN_IF_ERROR(project->log->Put(import->job));
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->running.emplace(id, import);
  }
  // Tables of rows share one file, of which one change runs at a time.
  const auto subject = place.project_id + (place.kind == Kind::kRows ? "" : "/" + std::to_string(table.id));
  const bool added = impl_->queue->Add({.id = id,
                                        .subject = subject,
                                        .source = place.project_id,
                                        .run = [impl = impl_.get(), project, import](const std::stop_token& stop) {
                                          const std::stop_callback cancel(stop, [&] { import->stop.request_stop(); });
                                          impl->Run(project, import);
                                        }});
  if (added) return id;
  const std::lock_guard lock(impl_->mutex);
  impl_->running.erase(id);
  return base::Unavailable("The server is stopping");
}

void InternalTables::Impl::Run(const std::shared_ptr<OpenProject>& project,
                               const std::shared_ptr<RunningImport>& import) {
  auto outcome = import->job.kind == Kind::kRows ? ImportRows(*project, *import) : ImportColumns(*project, *import);
  ImportJob job;
  {
    const std::lock_guard lock(import->mutex);
    import->job.ended = parts.clock.Now();
    if (outcome) {
      import->job.status = ImportStatus::kCompleted;
      import->job.outcome = *outcome;
      import->job.progress = 100;
    } else {
      import->job.status = StatusOf(outcome.error());
      if (outcome.error().kind == base::ErrorKind::kInternal)
        base::log::Error("import failed", {{"job", import->job.id}, {"reason", outcome.error().message}});
      import->job.error = std::move(outcome).error();
    }
    job = import->job;
  }
  if (auto put = project->log->Put(job); !put)
    base::log::Warning("outcome of an import not logged", {{"job", job.id}, {"reason", put.error().message}});
  import->changed.notify_all();
  {
    const std::lock_guard lock(mutex);
    running.erase(job.id);
  }
  project->file->Checkpoint();
}

base::Result<ImportOutcome> InternalTables::Impl::ImportRows(OpenProject& project, RunningImport& import) {
  TARN_ASSIGN_OR_RETURN(const auto change, Begin(project, import.user, import.job.id, import.limits));
  TARN_ASSIGN_OR_RETURN(const auto table, change->Find(Kind::kRows, import.job.table));
  if (table.id != import.table_id) return NoSuchTable(Kind::kRows, import.job.table);
  TARN_ASSIGN_OR_RETURN(const auto given, MappedColumns(table, import.request.mappings));
  TARN_ASSIGN_OR_RETURN(const auto key, UpsertKey(table, given, import.request));
  auto rows = table.rows;
  if (import.request.mode == ImportMode::kReplace) {
    TARN_RETURN_IF_ERROR(change->connection().Execute("DELETE FROM " + StoredTable(table)));
    rows = 0;
  }
  TARN_ASSIGN_OR_RETURN(const auto writer, RowWriter::Open(*change, table, given, key));
  const auto width = given.columns.size();
  const ImportSink sink = [&](const ImportBatch& batch) -> std::optional<SinkError> {
    for (std::size_t record = 0; record < batch.lines.size(); ++record) {
      auto written = writer->Write(std::span(batch.cells).subspan(record * width, width));
      if (!written) return SinkError{.error = std::move(written).error(), .record = record};
    }
    return std::nullopt;
  };
  ImportOutcome outcome;
  TARN_ASSIGN_OR_RETURN(outcome.processed,
                        RunImport(*import.records, given.columns, import.request.mappings, {sink}, import.limits));
  outcome.inserted = outcome.processed;
  if (key) {
    TARN_ASSIGN_OR_RETURN(const auto now, change->connection().Integer("SELECT count(*) FROM " + StoredTable(table)));
    outcome.inserted = now - rows;
    outcome.updated = outcome.processed - outcome.inserted;
  }
  TARN_RETURN_IF_ERROR(SetRowCount(*change, table, rows + outcome.inserted));
  TARN_RETURN_IF_ERROR(WriteReceipt(change->connection(), import.job.id, outcome));
  TARN_RETURN_IF_ERROR(import.limits.Check());
  TARN_RETURN_IF_ERROR(change->Commit());
  return outcome;
}

base::Result<ImportOutcome> InternalTables::Impl::ImportColumns(OpenProject& project, RunningImport& import) {
  TableDefinition table;
  std::int64_t first_id = 0;
  {
    TARN_ASSIGN_OR_RETURN(const auto change, Begin(project, import.user, import.job.id, import.limits));
    TARN_ASSIGN_OR_RETURN(table, change->Find(Kind::kColumns, import.job.table));
    if (table.id != import.table_id) return NoSuchTable(Kind::kColumns, import.job.table);
    // There are not more records than bytes, except where they are compressed.
    const bool compressed = import.request.format == ImportFormat::kParquet;
    TARN_ASSIGN_OR_RETURN(first_id, change->NextIds(compressed ? kMostRecordsOfParquet : import.sent.range.size + 1));
    TARN_RETURN_IF_ERROR(change->Commit());
  }
  TARN_ASSIGN_OR_RETURN(const auto given, MappedColumns(table, import.request.mappings));
  const bool keeps = import.request.mode == ImportMode::kAppend && !table.generation.empty();
  const ColumnFileSpec spec{
      .folder = project.folder,
      .previous = keeps ? project.folder / cache::GenerationFileName(table.generation) : std::filesystem::path(),
      .generation = base::NewUuid(),
      .memory_bytes = parts.settings.memory_bytes};
  const Author author{.user = import.user, .session = import.job.id, .at = parts.clock.Now()};
  // While its rows are copied the current file must stay.
  TARN_ASSIGN_OR_RETURN(const auto pin, parts.generations.Acquire(KeyOf(project, table)));
  TARN_ASSIGN_OR_RETURN(const auto file, ColumnFile::Create(spec, table, given, author, first_id, import.limits));
  ImportOutcome outcome;
  TARN_ASSIGN_OR_RETURN(outcome.processed, RunImport(*import.records, given.columns, import.request.mappings,
                                                     file->Sinks(), import.limits));
  outcome.inserted = outcome.processed;
  TARN_ASSIGN_OR_RETURN(const auto written, file->Finish(import.limits));
  const auto publish = [&]() -> base::Result<void> {
    TARN_ASSIGN_OR_RETURN(const auto change, Begin(project, import.user, import.job.id, import.limits));
    TARN_ASSIGN_OR_RETURN(auto now, change->Find(Kind::kColumns, import.job.table));
    if (now.generation != table.generation || !SameRules(now, table))
      return base::FailedPrecondition("The table was changed while the import ran; nothing was imported");
    TARN_RETURN_IF_ERROR(SetGeneration(*change, now, spec.generation, written.stored, written.rows));
    TARN_RETURN_IF_ERROR(WriteReceipt(change->connection(), import.job.id, outcome));
    TARN_RETURN_IF_ERROR(import.limits.Check());
    const std::unique_lock lock(project.publishing);
    TARN_RETURN_IF_ERROR(change->Commit());
    now.generation = spec.generation;
    now.stored = written.stored;
    now.rows = written.rows;
    Publish(project, now);
    return {};
  };
  if (auto published = publish(); !published) {
    std::error_code ignored;  // nothing names it: it is collected at the next start
    std::filesystem::remove(written.file, ignored);
    return std::unexpected(std::move(published).error());
  }
  return outcome;
}

std::string InternalTables::ProjectOf(const std::string& job_id) {
  const auto mark = job_id.find(kIdMark);
  return mark == std::string::npos ? std::string() : job_id.substr(0, mark);
}

base::Result<ImportJob> InternalTables::Job(const std::string& job_id) {
  std::shared_ptr<RunningImport> import;
  {
    const std::lock_guard lock(impl_->mutex);
    if (const auto found = impl_->running.find(job_id); found != impl_->running.end()) import = found->second;
  }
  if (import) {
    const std::lock_guard lock(import->mutex);
    auto job = import->job;
    if (!job.ended) job.progress = std::clamp(static_cast<int>(import->records->Progress() * 100), 0, 99);
    return job;
  }
  const auto project_id = ProjectOf(job_id);
  if (project_id.empty() || !impl_->parts.project_exists(project_id)) return NoSuchJob(job_id);
  TARN_ASSIGN_OR_RETURN(const auto project, impl_->Open(project_id, false));
  if (!project) return NoSuchJob(job_id);
  TARN_ASSIGN_OR_RETURN(auto job, project->log->Find(job_id));
  if (!job) return NoSuchJob(job_id);
  job->project_id = project_id;
  return *std::move(job);
}

base::Result<ImportJob> InternalTables::WaitForJob(const std::string& job_id, const base::CallLimits& limits) {
  std::shared_ptr<RunningImport> import;
  {
    const std::lock_guard lock(impl_->mutex);
    if (const auto found = impl_->running.find(job_id); found != impl_->running.end()) import = found->second;
  }
  if (!import) return Job(job_id);
  {
    const std::stop_callback wake(limits.cancel, [&] { import->changed.notify_all(); });
    std::unique_lock lock(import->mutex);
    while (!import->job.ended && limits.Check()) {
      import->changed.wait_for(lock,
                               std::min<std::chrono::milliseconds>(limits.Left(), std::chrono::milliseconds(200)));
    }
    if (import->job.ended) return import->job;
  }
  return Job(job_id);
}

base::Result<void> InternalTables::CancelJob(const std::string& job_id) {
  TARN_RETURN_IF_ERROR(Job(job_id));
  std::shared_ptr<RunningImport> import;
  {
    const std::lock_guard lock(impl_->mutex);
    if (const auto found = impl_->running.find(job_id); found != impl_->running.end()) import = found->second;
  }
  if (import) import->stop.request_stop();  // one that waits for its turn then ends as soon as it gets it
  return {};
}

}  // namespace tarn::tables
