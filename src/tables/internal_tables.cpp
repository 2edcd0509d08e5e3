#include "tables/internal_tables.h"

#include <algorithm>

#include "base/log.h"
#include "cache/generation_file.h"
#include "engine/types.h"
#include "sql/translate.h"
#include "tables/service.h"

namespace tarn::tables {

namespace {

constexpr const char* kProjectFile = "tables.db";
constexpr const char* kImportLog = "imports.db";

connector::TableInfo Info(const TableDefinition& table) {
  connector::TableInfo info{
      .name = {.schema = std::string(SchemaOf(table.kind)), .table = table.name}, .columns = {}, .key = {"_id"}};
  info.estimated_rows = table.rows;
  const auto engine_type = [](std::string_view type) { return engine::EngineTypeOf(type).value_or("VARCHAR"); };
  for (const auto& column : table.columns) {
    const std::string type(TrinoType(column.type));
    info.columns.push_back({.name = column.name,
                            .source_name = column.name,
                            .type = type,
                            .engine_type = engine_type(type),
                            .source_type = std::string(RequestName(column.type)),
                            .not_null = column.not_null,
                            .unique = column.unique,
                            .default_value = column.default_value,
                            .comment = column.description});
  }
  for (const auto& column : SystemColumnsOf(table.kind)) {
    info.columns.push_back({.name = std::string(column.name),
                            .source_name = std::string(column.name),
                            .type = std::string(column.type),
                            .engine_type = engine_type(column.type),
                            .source_type = std::string(column.type),
                            .hidden = true});
  }
  return info;
}

// Those of a schema, or of both where it is empty.
base::Result<std::vector<TableDefinition>> TablesOf(InternalTables& tables, const std::string& project_id,
                                                    const std::string& schema) {
  const auto wanted = KindOf(schema);
  if (!schema.empty() && !wanted) return base::NotFound("Schema '" + schema + "' does not exist", "SCHEMA_NOT_FOUND");
  std::vector<TableDefinition> all;
  for (const auto kind : {Kind::kColumns, Kind::kRows}) {
    if (wanted && *wanted != kind) continue;
    TARN_ASSIGN_OR_RETURN(auto found, tables.List(project_id, kind));
    std::ranges::move(found, std::back_inserter(all));
  }
  return all;
}

// Removes files of column stores that no manifest names: those of work that was cut off, and superseded ones whose
// readers were still there at the last stop.
base::Result<void> CollectGarbage(const OpenProject& project, TableState& state) {
  TARN_ASSIGN_OR_RETURN(const auto tables, state.Tables(Kind::kColumns));
  std::error_code failed;
  for (auto entry = std::filesystem::directory_iterator(project.folder, failed);
       !failed && entry != std::filesystem::directory_iterator(); entry.increment(failed)) {
    const auto name = entry->path().filename().string();
    if (name.starts_with(kProjectFile) || name.starts_with(kImportLog)) continue;
    const auto is_named = [&](const TableDefinition& table) {
      return !table.generation.empty() && name == cache::GenerationFileName(table.generation);
    };
    if (std::ranges::any_of(tables, is_named)) continue;
    std::error_code ignored;  // what cannot be removed stays until the next start
    std::filesystem::remove_all(entry->path(), ignored);
  }
  return {};
}

}  // namespace

InternalTables::InternalTables(Parts parts)
    : impl_(new Impl{.parts = std::move(parts), .mutex = {}, .open = {}, .running = {}, .queue = {}}) {
  const auto workers = impl_->parts.settings.workers;
  impl_->queue =
      std::make_unique<jobs::JobQueue>(jobs::JobQueue::Limits{.workers = workers, .workers_per_source = workers});
}

InternalTables::~InternalTables() { impl_->queue.reset(); }

base::Result<void> InternalTables::Start() {
  const auto& folder = impl_->parts.settings.folder;
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return base::FailedPrecondition("The folder of internal tables cannot be made: " + failed.message());
  for (auto entry = std::filesystem::directory_iterator(folder, failed);
       !failed && entry != std::filesystem::directory_iterator(); entry.increment(failed)) {
    std::error_code ignored;  // the next start tries again
    const auto name = entry->path().filename().string();
    if (!impl_->parts.project_exists(name)) std::filesystem::remove_all(entry->path(), ignored);
  }
  return {};
}

void InternalTables::Stop(const base::CallLimits& limits) {
  {
    const std::lock_guard lock(impl_->mutex);
    for (const auto& [id, import] : impl_->running) import->stop.request_stop();
  }
  impl_->queue->Stop(limits);
}

base::Result<std::shared_ptr<OpenProject>> InternalTables::Impl::Open(const std::string& project_id, bool make) {
  const std::lock_guard lock(mutex);
  if (const auto found = open.find(project_id); found != open.end()) return found->second;
  const auto folder = parts.settings.folder / project_id;
  std::error_code failed;
  if (!make && !std::filesystem::exists(folder / kProjectFile, failed)) return std::shared_ptr<OpenProject>();
  // Whoever deletes a project does so before he removes its tables: none are made afterwards.
  if (!parts.project_exists(project_id)) return base::NotFound("There is no such project");
  std::filesystem::create_directories(folder, failed);
  if (failed) return base::FailedPrecondition("The folder of the project's tables cannot be made");
  TARN_ASSIGN_OR_RETURN(auto project, OpenFiles(project_id));
  open.emplace(project_id, project);
  return project;
}

base::Result<std::shared_ptr<OpenProject>> InternalTables::Impl::OpenFiles(const std::string& project_id) {
  auto project = std::make_shared<OpenProject>();
  project->id = project_id;
  project->folder = parts.settings.folder / project_id;
  TARN_ASSIGN_OR_RETURN(project->file, ProjectFile::Open(project->folder / kProjectFile));
  TARN_ASSIGN_OR_RETURN(auto reader, Connection::Open(project->folder / kProjectFile, Connection::Mode::kRead));
  TARN_ASSIGN_OR_RETURN(project->log, ImportLog::Open(project->folder / kImportLog, *reader));
  TARN_ASSIGN_OR_RETURN(const auto state, project->file->State());
  TARN_RETURN_IF_ERROR(CollectGarbage(*project, *state));
  TARN_ASSIGN_OR_RETURN(const auto tables, state->Tables(Kind::kColumns));
  for (const auto& table : tables) Publish(*project, table);
  parts.engine.KeepRows(project_id, project->file);
  return project;
}

base::Result<std::shared_ptr<OpenProject>> InternalTables::Impl::OpenFor(const Place& place) {
  TARN_ASSIGN_OR_RETURN(auto project, Open(place.project_id, false));
  if (!project) return NoSuchTable(place.kind, place.table);
  return project;
}

base::Result<std::unique_ptr<Change>> InternalTables::Impl::Begin(OpenProject& project, const std::string& user,
                                                                  const std::string& session,
                                                                  const base::CallLimits& limits) const {
  return project.file->Begin({.user = user, .session = session, .at = parts.clock.Now()}, limits);
}

catalog::Generations::Key InternalTables::Impl::KeyOf(const OpenProject& project, const TableDefinition& table) {
  return {.catalog_id = "internal/" + project.id,
          .schema = std::string(SchemaOf(table.kind)),
          .table = std::to_string(table.id)};
}

void InternalTables::Impl::Publish(OpenProject& project, const TableDefinition& table) {
  if (table.generation.empty()) return;
  parts.generations.Publish(KeyOf(project, table),
                            {.id = table.generation,
                             .file = project.folder / cache::GenerationFileName(table.generation),
                             .table = Info(table),
                             .row_count = table.rows});
}

base::Result<ColumnFacts> InternalTables::Impl::AskColumn(OpenProject& project, const TableDefinition& table,
                                                          const ColumnDefinition& column,
                                                          const base::CallLimits& limits) {
  const bool stored = std::ranges::find(table.stored, column.number) != table.stored.end();
  TARN_ASSIGN_OR_RETURN(const auto pin, parts.generations.Acquire(KeyOf(project, table)));
  if (!pin) return ColumnFacts{};
  if (!stored) return ColumnFacts{.values = column.fill ? table.rows : 0, .repeats = column.fill && table.rows > 1};
  TARN_ASSIGN_OR_RETURN(const auto session, parts.engine.database().Connect());
  ColumnFacts facts;
  TARN_ASSIGN_OR_RETURN(facts.values, CountValues(*session, pin->relation(), column, limits));
  TARN_ASSIGN_OR_RETURN(facts.repeats, HasRepeats(*session, pin->relation(), column, limits));
  return facts;
}

base::Result<std::vector<TableDefinition>> InternalTables::List(const std::string& project_id, Kind kind) {
  TARN_ASSIGN_OR_RETURN(const auto project, impl_->Open(project_id, false));
  if (!project) return std::vector<TableDefinition>{};
  TARN_ASSIGN_OR_RETURN(const auto state, project->file->State());
  return state->Tables(kind);
}

base::Result<TableDefinition> InternalTables::Find(const Place& place) {
  TARN_ASSIGN_OR_RETURN(const auto project, impl_->OpenFor(place));
  TARN_ASSIGN_OR_RETURN(const auto state, project->file->State());
  return state->Find(place.kind, place.table);
}

base::Result<TableDefinition> InternalTables::Create(const Place& place, const base::CallLimits& limits) {
  TARN_RETURN_IF_ERROR(CheckTableName(place.table));
  TARN_ASSIGN_OR_RETURN(const auto project, impl_->Open(place.project_id, true));
  TARN_ASSIGN_OR_RETURN(const auto change, impl_->Begin(*project, {}, {}, limits));
  TARN_ASSIGN_OR_RETURN(auto table, CreateTable(*change, place.kind, place.table));
  TARN_RETURN_IF_ERROR(change->Commit());
  return table;
}

base::Result<void> InternalTables::Drop(const Place& place, const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto project, impl_->OpenFor(place));
  TARN_ASSIGN_OR_RETURN(const auto change, impl_->Begin(*project, {}, {}, limits));
  TARN_ASSIGN_OR_RETURN(const auto table, change->Find(place.kind, place.table));
  TARN_RETURN_IF_ERROR(DropTable(*change, table));
  const std::unique_lock lock(project->publishing);
  TARN_RETURN_IF_ERROR(change->Commit());
  impl_->parts.generations.Remove(Impl::KeyOf(*project, table));
  return {};
}

base::Result<std::vector<ColumnDefinition>> InternalTables::AddColumns(const Place& place,
                                                                       std::vector<ColumnDefinition> columns,
                                                                       const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto project, impl_->OpenFor(place));
  TARN_ASSIGN_OR_RETURN(const auto change, impl_->Begin(*project, {}, {}, limits));
  TARN_ASSIGN_OR_RETURN(const auto table, change->Find(place.kind, place.table));
  TARN_ASSIGN_OR_RETURN(auto added, tables::AddColumns(*change, table, std::move(columns)));
  TARN_RETURN_IF_ERROR(change->Commit());
  return added;
}

base::Result<ColumnDefinition> InternalTables::UpdateColumn(const Place& place, const std::string& column,
                                                            ColumnDefinition wanted, const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto project, impl_->OpenFor(place));
  TARN_ASSIGN_OR_RETURN(const auto change, impl_->Begin(*project, {}, {}, limits));
  TARN_ASSIGN_OR_RETURN(const auto table, change->Find(place.kind, place.table));
  const auto ask = [&](const TableDefinition& asked, const ColumnDefinition& of) {
    return impl_->AskColumn(*project, asked, of, limits);
  };
  TARN_ASSIGN_OR_RETURN(auto updated, tables::UpdateColumn(*change, table, column, std::move(wanted), ask));
  TARN_RETURN_IF_ERROR(change->Commit());
  return updated;
}

base::Result<void> InternalTables::DropColumn(const Place& place, const std::string& column,
                                              const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto project, impl_->OpenFor(place));
  TARN_ASSIGN_OR_RETURN(const auto change, impl_->Begin(*project, {}, {}, limits));
  TARN_ASSIGN_OR_RETURN(const auto table, change->Find(place.kind, place.table));
  TARN_RETURN_IF_ERROR(tables::DropColumn(*change, table, column));
  return change->Commit();
}

base::Result<void> InternalTables::Edit(const Place& place, const std::string& user, const std::string& session,
                                        const base::CallLimits& limits, const ChangeRows& edit) {
  TARN_ASSIGN_OR_RETURN(const auto project, impl_->OpenFor(place));
  TARN_ASSIGN_OR_RETURN(const auto change, impl_->Begin(*project, user, session, limits));
  TARN_ASSIGN_OR_RETURN(const auto table, change->Find(place.kind, place.table));
  TARN_ASSIGN_OR_RETURN(const auto added, edit(*change, table));
  if (added != 0) TARN_RETURN_IF_ERROR(SetRowCount(*change, table, table.rows + added));
  TARN_RETURN_IF_ERROR(change->Commit());
  project->file->Checkpoint();
  return {};
}

void InternalTables::ForgetProject(const std::string& project_id) {
  std::shared_ptr<OpenProject> gone;
  {
    const std::lock_guard lock(impl_->mutex);
    for (const auto& [id, import] : impl_->running) {
      if (import->job.project_id != project_id) continue;
      import->stop.request_stop();
    }
    if (auto node = impl_->open.extract(project_id); !node.empty()) gone = std::move(node.mapped());
  }
  if (gone) {
    const std::unique_lock lock(gone->publishing);
    if (const auto state = gone->file->State()) {
      if (const auto tables = (*state)->Tables(Kind::kColumns)) {
        for (const auto& table : *tables) impl_->parts.generations.Remove(Impl::KeyOf(*gone, table));
      }
    }
  }
  // What still reads keeps its files open; what cannot be removed now goes at the next start.
  std::error_code ignored;
  std::filesystem::remove_all(impl_->parts.settings.folder / project_id, ignored);
}

std::vector<std::string> InternalTables::Schemas() const { return {"bitable", "table"}; }

base::Result<std::vector<connector::TableName>> InternalTables::Tables(const std::string& project_id,
                                                                       const std::string& schema) {
  std::vector<connector::TableName> names;
  TARN_ASSIGN_OR_RETURN(const auto tables, TablesOf(*this, project_id, schema));
  for (const auto& table : tables) names.push_back({.schema = std::string(SchemaOf(table.kind)), .table = table.name});
  return names;
}

base::Result<std::vector<connector::TableInfo>> InternalTables::DescribeAll(const std::string& project_id,
                                                                            const std::string& schema) {
  std::vector<connector::TableInfo> described;
  TARN_ASSIGN_OR_RETURN(const auto tables, TablesOf(*this, project_id, schema));
  for (const auto& table : tables) described.push_back(Info(table));
  return described;
}

base::Result<connector::TableInfo> InternalTables::Describe(const std::string& project_id,
                                                            const connector::TableName& name) {
  const auto kind = KindOf(name.schema);
  if (!kind) return base::NotFound("Schema '" + name.schema + "' does not exist", "SCHEMA_NOT_FOUND");
  TARN_ASSIGN_OR_RETURN(const auto table, Find({.project_id = project_id, .kind = *kind, .table = name.table}));
  return Info(table);
}

base::Result<InternalTables::Relation> InternalTables::Read(const std::string& project_id,
                                                            const connector::TableName& name) {
  const auto kind = KindOf(name.schema);
  if (!kind) return base::NotFound("Schema '" + name.schema + "' does not exist", "SCHEMA_NOT_FOUND");
  const Place place{.project_id = project_id, .kind = *kind, .table = name.table};
  TARN_ASSIGN_OR_RETURN(const auto project, impl_->OpenFor(place));
  const std::shared_lock lock(project->publishing);
  TARN_ASSIGN_OR_RETURN(const auto state, project->file->State());
  TARN_ASSIGN_OR_RETURN(const auto table, state->Find(*kind, name.table));
  Relation relation{.table = Info(table), .engine_sql = {}, .pin = std::nullopt};
  if (*kind == Kind::kRows) {
    relation.engine_sql = "tarn_kept_rows(" + sql::QuoteLiteral(project_id) + ", " +
                          sql::QuoteLiteral(std::to_string(table.id)) + ", " + sql::QuoteLiteral(table.LayoutMark()) +
                          ")";
    return relation;
  }
  if (!table.generation.empty()) {
    TARN_ASSIGN_OR_RETURN(relation.pin, impl_->parts.generations.Acquire(Impl::KeyOf(*project, table)));
    if (!relation.pin) return base::Internal("The rows of a column store are not published");
  }
  TARN_ASSIGN_OR_RETURN(relation.engine_sql, ColumnRelation(table, relation.pin ? relation.pin->relation() : ""));
  return relation;
}

}  // namespace tarn::tables
