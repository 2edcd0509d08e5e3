#include "store/queries_memory.h"

namespace tarn::store {

using soci::into;
using soci::use;

namespace {

constexpr const char* kNameTaken = "The project has a query of this name already";
constexpr const char* kNoQuery = "The query does not exist";

}  // namespace

QueryRepository::QueryRepository(Database& database) : impl_(std::make_unique<Impl>(database)) {
  Load(database, [this](soci::session& session) {
    SavedQuery row;
    soci::statement rows =
        (session.prepare << "SELECT id, project_id, display_name, name, input_query, query_type, schedule, folder_id, "
                            "created_at, updated_at FROM queries",
         into(row.id), into(row.project_id), into(row.display_name), into(row.name), into(row.input_query),
         into(row.query_type), into(row.schedule), into(row.folder_id), into(row.created_at), into(row.updated_at));
    rows.execute();
    while (rows.fetch()) impl_->queries.Put(row);

    QueryFolder folder;
    soci::statement folders =
        (session.prepare << "SELECT id, project_id, parent_id, name, created_at FROM query_folders", into(folder.id),
         into(folder.project_id), into(folder.parent_id), into(folder.name), into(folder.created_at));
    folders.execute();
    while (folders.fetch()) impl_->folders.Put(folder);
  });
  database.OnProjectDeleted(this, [this](const std::string& project_id) {
    impl_->queries.EraseIf([&](const SavedQuery& query) { return query.project_id == project_id; });
    impl_->folders.EraseIf([&](const QueryFolder& folder) { return folder.project_id == project_id; });
  });
}

QueryRepository::~QueryRepository() { impl_->database.StopWatching(this); }

base::Result<void> QueryRepository::Insert(const SavedQuery& query) {
  const auto insert = [&](soci::session& session) {
    impl_->RequireFolder(query.project_id, query.folder_id);
    session << "INSERT INTO queries (id, project_id, display_name, name, input_query, query_type, schedule, folder_id, "
               "created_at, updated_at) "
               "VALUES (:id, :project, :display, :name, :input, :type, :schedule, :folder, :created, :updated)",
        use(query.id), use(query.project_id), use(query.display_name), use(query.name), use(query.input_query),
        use(query.query_type), use(query.schedule), use(query.folder_id), use(query.created_at), use(query.updated_at);
  };
  return Explain(impl_->database.Write(insert, [&] { impl_->queries.Put(query); }),
                 {.taken = kNameTaken, .missing = "The project does not exist"});
}

base::Result<void> QueryRepository::Update(const SavedQuery& query) {
  const auto update = [&](soci::session& session) {
    ChangeOne((session.prepare << "UPDATE queries SET display_name = :display, name = :name, input_query = :input, "
                                  "query_type = :type, schedule = :schedule, updated_at = :updated "
                                  "WHERE id = :id AND project_id = :project",
               use(query.display_name), use(query.name), use(query.input_query), use(query.query_type),
               use(query.schedule), use(query.updated_at), use(query.id), use(query.project_id)),
              kNoQuery);
  };
  const auto remember = [&] {
    SavedQuery changed = query;
    if (const auto before = impl_->queries.Find(query.id)) {
      changed.created_at = before->created_at;
      changed.folder_id = before->folder_id;
    }
    impl_->queries.Put(std::move(changed));
  };
  return Explain(impl_->database.Write(update, remember), {.taken = kNameTaken});
}

base::Result<void> QueryRepository::Delete(const std::string& project_id, const std::string& id) {
  const auto remove = [&](soci::session& session) {
    ChangeOne(
        (session.prepare << "DELETE FROM queries WHERE id = :id AND project_id = :project", use(id), use(project_id)),
        kNoQuery);
  };
  return impl_->database.Write(remove, [&] { impl_->queries.Erase(id); });
}

std::optional<SavedQuery> QueryRepository::Find(const std::string& project_id, const std::string& id) const {
  auto query = impl_->queries.Find(id);
  return query && query->project_id == project_id ? query : std::nullopt;
}

std::optional<SavedQuery> QueryRepository::FindByName(const std::string& project_id, const std::string& name) const {
  return impl_->queries.FindIf(
      [&](const SavedQuery& query) { return query.name == name && query.project_id == project_id; });
}

std::vector<SavedQuery> QueryRepository::List(const std::string& project_id) const {
  return impl_->queries.List([&](const SavedQuery& query) { return query.project_id == project_id; });
}

std::vector<SavedQuery> QueryRepository::ListByType(const std::string& query_type) const {
  return impl_->queries.List([&](const SavedQuery& query) { return query.query_type == query_type; });
}

}  // namespace tarn::store
