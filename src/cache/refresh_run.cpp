#include "cache/refresh_run.h"

#include <algorithm>
#include <optional>

#include "base/ids.h"
#include "base/log.h"
#include "cache/generation_file.h"
#include "jobs/worker_process.h"

namespace tarn::cache {
namespace {

constexpr int kAttempts = 3;
constexpr int kLongestChainOfWindows = 8;

base::Result<PreviousCopy> PreviousOf(const std::filesystem::path& folder, const store::Manifest& manifest) {
  PreviousCopy previous;
  previous.file = folder / manifest.file;
  previous.row_count = manifest.row_count;
  previous.deleted_rows = manifest.deleted_rows;
  previous.loaded_at = manifest.loaded_at;
  TARN_ASSIGN_OR_RETURN(previous.version, ReadTableVersion(manifest.table));
  TARN_ASSIGN_OR_RETURN(previous.position, ReadPosition(manifest.position));
  return previous;
}

}  // namespace

std::filesystem::path RefreshRun::FolderOf(const store::Cache& cache) const {
  return parts_.settings.folder / cache.project_id / cache.id;
}

base::Result<store::Connection> RefreshRun::ConnectionOf(const std::string& catalog_id) const {
  auto catalog = parts_.catalog_store.Find(catalog_id);
  for (int i = 0; catalog && !catalog->shared_from.empty() && i < kLongestChainOfWindows; ++i) {
    catalog = parts_.catalog_store.Find(catalog->shared_from);
  }
  if (!catalog) return base::FailedPrecondition("The cache's catalog is gone", "CATALOG_NOT_FOUND");
  auto connection = parts_.connections.Find(catalog->connection_id);
  if (!connection) return base::FailedPrecondition("The connection of the cache's catalog is gone");
  return *std::move(connection);
}

base::Result<SourceRecipe> RefreshRun::RecipeOf(const std::string& catalog_id) const {
  TARN_ASSIGN_OR_RETURN(const auto connection, ConnectionOf(catalog_id));
  auto catalog = parts_.catalog_store.Find(catalog_id);
  for (int i = 0; catalog && !catalog->shared_from.empty() && i < kLongestChainOfWindows; ++i) {
    catalog = parts_.catalog_store.Find(catalog->shared_from);
  }
  TARN_ASSIGN_OR_RETURN(auto credential, parts_.vault.Open(connection.sealed_credential, connection.id));
  return SourceRecipe{.type = connection.type,
                      .credential = std::move(credential),
                      .options = catalog ? catalog->options : "",
                      .settings = parts_.connector_settings};
}

base::Result<std::int64_t> RefreshRun::BudgetOf(const store::Cache& cache) const {
  const auto quota = parts_.settings.quota_bytes_per_project;
  if (quota <= 0) return 0;
  std::int64_t others = parts_.other_bytes ? parts_.other_bytes(cache.project_id) : 0;
  for (const auto& state : parts_.store.List(cache.project_id)) {
    if (state.manifest && state.cache.id != cache.id) others += state.manifest->file_bytes;
  }
  if (others >= quota) return base::ResourceExhausted("The project's quota of cached bytes is used up");
  return quota - others;
}

base::Result<WorkerInput> RefreshRun::InputFor(const store::CacheState& state, const store::Execution& execution,
                                               const std::string& generation) const {
  const auto& settings = parts_.settings;
  WorkerInput input;
  TARN_ASSIGN_OR_RETURN(input.source, RecipeOf(state.cache.catalog_id));
  input.spec = {.mode = execution.mode,
                .scheduled = execution.scheduled,
                .table = {.schema = state.cache.schema_name, .table = state.cache.table_name},
                .options = {},
                .log_name = LogNameOf(state.cache.id),
                .folder = FolderOf(state.cache),
                .generation = generation,
                .previous = std::nullopt,
                .memory_bytes = settings.worker_memory_bytes,
                .threads = settings.worker_threads,
                .free_space_floor_bytes = settings.free_space_floor_bytes};
  TARN_ASSIGN_OR_RETURN(input.spec.options, ReadRefreshOptions(state.cache.options));
  TARN_ASSIGN_OR_RETURN(input.spec.file_budget_bytes, BudgetOf(state.cache));
  if (!state.manifest) return input;
  TARN_ASSIGN_OR_RETURN(auto previous, PreviousOf(settings.folder, *state.manifest));
  // Without its file the copy is as good as none; the refresh then loads everything.
  std::error_code error;
  if (std::filesystem::is_regular_file(previous.file, error)) input.spec.previous = std::move(previous);
  input.spec.audits = input.spec.previous && (execution.audits || AuditIsDue(input.spec.previous->version.audit));
  TARN_ASSIGN_OR_RETURN(const auto free, FreeBytes(settings.folder));
  if (free - state.manifest->file_bytes < settings.free_space_floor_bytes) {
    return base::ResourceExhausted("The refresh would leave too little free space on the disk");
  }
  if (input.spec.file_budget_bytes > 0 && state.manifest->file_bytes > input.spec.file_budget_bytes) {
    return base::ResourceExhausted("The copy would pass the project's quota of cached bytes");
  }
  return input;
}

std::string RefreshRun::LogNameOf(const std::string& cache_id) {
  std::string name = "tarn_" + cache_id;
  std::ranges::replace(name, '-', '_');
  return name;
}

bool RefreshRun::AuditIsDue(const Audit& last) const {
  const auto interval = parts_.settings.audit_interval;
  return interval > std::chrono::seconds(0) && parts_.clock.Now() - last.at >= interval;
}

base::Result<std::optional<WorkerMessage>> RefreshRun::RunOnce(const WorkerInput& input,
                                                               const store::Execution& execution,
                                                               const base::CallLimits& limits) const {
  std::optional<WorkerMessage> last;
  const auto listen = [&](std::string_view line) {
    auto message = ReadMessage(line);
    if (!message) {
      base::log::Warning("worker's message not understood", {{"execution", execution.id}});
    } else if (const auto* progress = std::get_if<RefreshProgress>(&*message)) {
      parts_.store.Progress(execution.id,
                            {.cached = progress->rows, .bytes = progress->bytes, .expected = progress->expected_rows});
    } else {
      last = *std::move(message);
    }
  };
  TARN_ASSIGN_OR_RETURN(
      const auto end,
      jobs::RunWorker(
          {.program = parts_.settings.worker_program,
           .arguments = {"worker"},
           .input = WriteInput(input),
           .heartbeat = std::chrono::duration_cast<std::chrono::milliseconds>(parts_.settings.heartbeat_timeout)},
          listen, limits));
  using How = jobs::WorkerEnd::How;
  if (end.how == How::kCancelled) return base::Cancelled("The refresh was cancelled");
  if (end.how == How::kLate) return base::DeadlineExceeded("The refresh ran out of time");
  if (!last) {
    base::log::Warning("worker ended without a word", {{"execution", execution.id},
                                                       {"attempt", execution.attempt},
                                                       {"end", end.how == How::kHung   ? "hung"
                                                               : end.how == How::kDied ? "signal"
                                                                                       : "exit"},
                                                       {"status", end.status},
                                                       {"output", end.log}});
  }
  return last;
}

base::Result<RefreshOutcome> RefreshRun::Run(const store::CacheState& state, store::Execution& execution,
                                             const base::CallLimits& limits) const {
  const auto folder = FolderOf(state.cache);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return base::Unavailable("The cache's folder cannot be made: " + error.message());
  for (execution.attempt = 1;; ++execution.attempt) {
    const auto generation = base::NewUuid();
    TARN_ASSIGN_OR_RETURN(const auto input, InputFor(state, execution, generation));
    auto message = RunOnce(input, execution, limits);
    RemoveUnfinished(folder, generation);
    if (message && *message && std::holds_alternative<RefreshOutcome>(**message))
      return std::get<RefreshOutcome>(**message);
    std::filesystem::remove(folder / GenerationFileName(generation), error);  // finished, but nobody told of it
    if (!message) return std::unexpected(std::move(message).error());
    if (*message) return std::unexpected(std::get<base::Error>(**message));
    if (execution.attempt == kAttempts) {
      auto died = base::Unavailable("The worker process of the refresh died each time it was started");
      died.error().fault = base::Fault::kUs;
      return died;
    }
  }
}

}  // namespace tarn::cache
