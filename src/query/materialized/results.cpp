// Results: made, published, removed.
#include <algorithm>
#include <set>

#include "base/ids.h"
#include "base/log.h"
#include "cache/garbage.h"
#include "cache/generation_file.h"
#include "cache/table_json.h"
#include "catalog/definitions.h"
#include "engine/row_file.h"
#include "query/materialized/state.h"
#include "sql/tagged_type.h"
#include "sql/text.h"
#include "sql/translate_query.h"

namespace tarn::query {

namespace {

// The disk is looked at each time that so many rows were written.
constexpr std::int64_t kRowsBetweenChecks = 200'000;

// The limits of a file that grows. 0: none.
struct FileLimits {
  std::filesystem::path file = {};
  std::int64_t budget_bytes = 0;
  std::int64_t free_space_floor_bytes = 0;

  [[nodiscard]] base::Result<void> Check() const {
    if (budget_bytes > 0 && cache::BytesOf(file) > budget_bytes)
      return base::ResourceExhausted("The result would pass the project's quota of stored bytes");
    TARN_ASSIGN_OR_RETURN(const auto free, cache::FreeBytes(file.parent_path()));
    if (free < free_space_floor_bytes)
      return base::ResourceExhausted("The result would leave too little free space on the disk");
    return {};
  }
};

// Whether the values are in the form that a table's column of the type has. Where a zone is part of a timestamp, other
// than the session's, they are not: as a text or with the zone in them.
base::Result<bool> IsStorable(const engine::Column& column) {
  TARN_ASSIGN_OR_RETURN(const auto type, sql::ReadType(column.type));
  const auto has_zone = [](const sql::Type& each) { return each.Is("timestamp with time zone"); };
  const auto of_table = sql::ToEngineType(type);
  if (!of_table) return false;
  if (!sql::Holds(type, has_zone)) return true;
  constexpr std::string_view kZoned = "$instant";
  const auto in_them = [&](const std::string& text) { return text.find(kZoned) != std::string::npos; };
  return in_them(*of_table) == in_them(column.engine_type) && !(has_zone(type) && column.engine_type == "VARCHAR");
}

base::Result<connector::TableInfo> TableOf(const store::SavedQuery& query, const std::vector<ResultColumn>& columns) {
  connector::TableInfo table{.name = {.schema = "mtquery", .table = query.name}, .columns = {}, .key = {}};
  std::set<std::string> seen;
  for (const auto& [column, of_table, of_column, catalog_id] : columns) {
    if (!seen.insert(sql::ToLower(column.name)).second) {
      auto twice = base::InvalidArgument("Column name '" + sql::ToLower(column.name) + "' specified more than once");
      twice.error().code = "DUPLICATE_COLUMN_NAME";
      return twice;
    }
    if (column.type == "unknown") {
      auto unknown = base::InvalidArgument("Column type is unknown: \"" + column.name + "\"");
      unknown.error().code = "COLUMN_TYPE_UNKNOWN";
      return unknown;
    }
    TARN_ASSIGN_OR_RETURN(const bool storable, IsStorable(column));
    if (!storable) {
      return base::NotSupported(
          "A stored result cannot have a column of this type, or of another time zone than UTC: \"" + column.name +
          "\" " + column.type);
    }
    table.columns.push_back({.name = column.name,
                             .source_name = column.name,
                             .type = column.type,
                             .engine_type = column.engine_type,
                             .source_type = column.type});
  }
  return table;
}

std::vector<engine::Column> EngineColumns(const std::vector<ResultColumn>& columns) {
  std::vector<engine::Column> plain;
  for (const auto& column : columns) plain.push_back(column.column);
  return plain;
}

base::Result<std::int64_t> Write(RunningStatement& statement, const engine::RowFileSettings& settings,
                                 const FileLimits& file_limits, const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto file, engine::RowFile::Create(settings, EngineColumns(statement.columns())));
  for (std::int64_t checked = 0;;) {
    TARN_ASSIGN_OR_RETURN(const auto chunk, statement.Next());
    if (!chunk) break;
    TARN_RETURN_IF_ERROR(limits.Check());
    TARN_RETURN_IF_ERROR(file->Append(*chunk));
    if (file->rows() - checked < kRowsBetweenChecks) continue;
    checked = file->rows();
    TARN_RETURN_IF_ERROR(file_limits.Check());
  }
  TARN_RETURN_IF_ERROR(file->Close(limits));
  TARN_RETURN_IF_ERROR(file_limits.Check());
  return file->rows();
}

// Whether a result of these inputs would be made of itself, through what others were made of.
bool ReadsItself(const store::MaterializationRepository& results, const std::string& query_id,
                 const std::vector<RunInput>& inputs) {
  std::vector<std::string> open;
  for (const auto& input : inputs) {
    if (!input.query_id.empty()) open.push_back(input.query_id);
  }
  std::set<std::string> seen;
  while (!open.empty()) {
    const auto next = std::move(open.back());
    open.pop_back();
    if (next == query_id) return true;
    if (seen.insert(next).second) std::ranges::copy(QueriesRead(results, next), std::back_inserter(open));
  }
  return false;
}

base::Result<void> CheckNoCycle(const store::MaterializationRepository& results, const store::SavedQuery& query,
                                const std::vector<RunInput>& inputs) {
  if (!ReadsItself(results, query.id, inputs)) return {};
  return base::FailedPrecondition("The materialized query reads its own result: \"" + query.name + "\"",
                                  "VIEW_IS_RECURSIVE");
}

}  // namespace

base::Result<std::int64_t> MaterializedQueries::Impl::BudgetOf(const store::SavedQuery& query) const {
  const auto quota = parts.settings.quota_bytes_per_project;
  if (quota <= 0) return 0;
  std::int64_t others = 0;
  for (const auto& state : parts.caches.List(query.project_id)) {
    if (state.manifest) others += state.manifest->file_bytes;
  }
  for (const auto& state : parts.store.List(query.project_id)) {
    if (state.result && state.id != query.id) others += state.result->file_bytes;
  }
  if (others >= quota) return base::ResourceExhausted("The project's quota of stored bytes is used up");
  return quota - others;
}

base::Result<store::StoredResult> MaterializedQueries::Impl::Fill(const store::SavedQuery& query,
                                                                  const store::QueryRun& run,
                                                                  const base::CallLimits& limits) {
  const auto began = run.started_at.value_or(Now());
  const auto folder = FolderOf(query.project_id, query.id);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return base::Unavailable("The result's folder cannot be made: " + error.message());
  FileLimits file_limits{.free_space_floor_bytes = parts.settings.free_space_floor_bytes};
  TARN_ASSIGN_OR_RETURN(file_limits.budget_bytes, BudgetOf(query));

  StatementRequest request{.project_id = query.project_id,
                           .text = query.input_query,
                           .parameters = {},
                           .session = {.catalog = {}, .schema = {}, .time_zone = "UTC", .user = "tarn"},
                           .limits = limits};
  request.client.source = "materialized query " + query.name;
  std::vector<RunInput> inputs;
  request.check_inputs = [&](const std::vector<StatementInput>& read) -> base::Result<void> {
    TARN_ASSIGN_OR_RETURN(inputs, CheckInputs(read, parts.caches));
    return CheckNoCycle(parts.store, query, inputs);
  };
  TARN_ASSIGN_OR_RETURN(const auto statement, parts.executor.Run(request));
  TARN_ASSIGN_OR_RETURN(const auto table, TableOf(query, statement->columns()));

  const auto generation = base::NewUuid();
  file_limits.file = cache::UnfinishedFile(folder, generation);
  const auto name = cache::GenerationFileName(generation);
  store::StoredResult result{.generation = generation,
                             .file = (std::filesystem::path(query.project_id) / query.id / name).string(),
                             .checksum = {},
                             .table = cache::WriteTableVersion({.table = table}),
                             .inputs = WriteInputs(inputs),
                             .loaded_at = began};
  auto filled = [&]() -> base::Result<void> {
    TARN_ASSIGN_OR_RETURN(result.row_count, Write(*statement,
                                                  {.file = file_limits.file,
                                                   .spill = cache::SpillFolder(folder, generation),
                                                   .memory_bytes = parts.settings.memory_bytes},
                                                  file_limits, limits));
    TARN_ASSIGN_OR_RETURN(const auto seal, cache::SealOf(file_limits.file, limits));
    result.file_bytes = seal.bytes;
    result.checksum = seal.checksum;
    return cache::Finish(file_limits.file, folder / name);
  }();
  cache::RemoveUnfinished(folder, generation);
  if (!filled) return std::unexpected(std::move(filled).error());
  return result;
}

base::Result<void> MaterializedQueries::Impl::Publish(const store::SavedQuery& query, const store::StoredResult& result,
                                                      const store::QueryRun& run) {
  TARN_ASSIGN_OR_RETURN(const auto version, cache::ReadTableVersion(result.table));
  TARN_ASSIGN_OR_RETURN(const auto inputs, ReadInputs(result.inputs));
  const std::lock_guard lock(publish_mutex);
  // Again: what it reads may have come to read it meanwhile.
  TARN_RETURN_IF_ERROR(CheckNoCycle(parts.store, query, inputs));
  TARN_ASSIGN_OR_RETURN(const auto budget, BudgetOf(query));
  if (budget > 0 && result.file_bytes > budget)
    return base::ResourceExhausted("The result would pass the project's quota of stored bytes");
  const auto present = Materialized(query.project_id, query.id);
  if (!present) return base::NotFound("The materialized query does not exist");
  if (present->input_query != query.input_query)
    return base::FailedPrecondition("The query was changed while it ran", "QUERY_CHANGED");
  TARN_RETURN_IF_ERROR(parts.store.Publish(query.id, result, run));
  published[query.id] = query.project_id;
  parts.generations.Publish(catalog::Definitions::KeyOf(query.id), {.id = result.generation,
                                                                    .file = parts.settings.folder / result.file,
                                                                    .table = version.table,
                                                                    .row_count = result.row_count,
                                                                    .as_of = result.loaded_at});
  return {};
}

void MaterializedQueries::Impl::PublishStored(const store::Materialization& state) {
  if (!state.result) return;
  const auto file = parts.settings.folder / state.result->file;
  const auto version = cache::ReadTableVersion(state.result->table);
  std::error_code error;
  if (!version || !std::filesystem::is_regular_file(file, error)) {
    // Reads are errors until it has run again.
    base::log::Error("file of a stored result missing, running its query again", {{"query", state.id}});
    return;
  }
  const std::lock_guard lock(publish_mutex);
  published[state.id] = state.project_id;
  parts.generations.Publish(catalog::Definitions::KeyOf(state.id), {.id = state.result->generation,
                                                                    .file = file,
                                                                    .table = version->table,
                                                                    .row_count = state.result->row_count,
                                                                    .as_of = state.result->loaded_at});
}

void MaterializedQueries::Impl::ForgetGone() {
  std::map<std::string, std::string> gone;
  for (const auto& state : parts.store.All()) {
    if (!Materialized(state.project_id, state.id)) gone[state.id] = state.project_id;
  }
  {
    const std::lock_guard lock(publish_mutex);
    for (const auto& [query_id, project_id] : published) {
      if (!Materialized(project_id, query_id)) gone[query_id] = project_id;
    }
    for (const auto& [query_id, project_id] : gone) {
      // The row of a query that is plain again is there still.
      const auto deleted = parts.store.Delete(query_id);
      if (!deleted && deleted.error().kind != base::ErrorKind::kNotFound) {
        base::log::Error("stored result not removed yet", {{"query", query_id}, {"reason", deleted.error().message}});
        continue;
      }
      parts.store.Forget(query_id);
      published.erase(query_id);
      parts.generations.Remove(catalog::Definitions::KeyOf(query_id));
    }
  }
  for (const auto& [query_id, project_id] : gone) {
    {
      const std::lock_guard lock(schedule_mutex);
      due.Remove(query_id);
    }
    Cancel(query_id);
    // The last reader removes the file that he has open; what runs still, ends with this again.
    std::error_code ignored;
    if (!queue->IsBusy(query_id)) std::filesystem::remove(FolderOf(project_id, query_id), ignored);
  }
}

void MaterializedQueries::Impl::CollectGarbage() {
  const int removed = cache::CollectGarbage(parts.settings.folder, [&](const std::string& query_id, const auto& sweep) {
    const std::lock_guard lock(active_mutex);
    if (active.contains(query_id) || queue->IsBusy(query_id)) return;
    const auto state = parts.store.Find(query_id);
    const bool has_file = state && state->result;
    sweep(has_file ? std::filesystem::path(state->result->file).filename().string() : std::string());
  });
  if (removed > 0) base::log::Info("files that no stored result names removed", {{"count", removed}});
}

}  // namespace tarn::query
