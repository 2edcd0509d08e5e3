// The folders of saved queries: the part of QueryRepository that keeps them.
#include <set>

#include "store/queries_memory.h"

namespace tarn::store {

using soci::use;

namespace {

constexpr const char* kNameTaken = "There is a folder of this name already";
constexpr const char* kNoFolder = "The folder does not exist";
constexpr const char* kNoQuery = "The query does not exist";

// A folder and all that lie in it, at any depth.
std::set<std::string> Subtree(const std::string& id, const std::vector<QueryFolder>& folders) {
  std::set<std::string> within = {id};
  for (std::size_t before = 0; before != within.size();) {
    before = within.size();
    for (const QueryFolder& folder : folders) {
      if (within.contains(folder.parent_id)) within.insert(folder.id);
    }
  }
  return within;
}

}  // namespace

base::Result<void> QueryRepository::MoveQueries(const std::string& project_id, const std::vector<Move>& moves) {
  const auto update = [&](soci::session& session) {
    for (const Move& move : moves) {
      impl_->RequireFolder(project_id, move.folder_id);
      ChangeOne((session.prepare << "UPDATE queries SET folder_id = :folder WHERE id = :id AND project_id = :project",
                 use(move.folder_id), use(move.query_id), use(project_id)),
                kNoQuery);
    }
  };
  const auto remember = [&] {
    for (const Move& move : moves) {
      auto query = impl_->queries.Find(move.query_id);
      if (!query) continue;
      query->folder_id = move.folder_id;
      impl_->queries.Put(*std::move(query));
    }
  };
  return impl_->database.Write(update, remember);
}

base::Result<void> QueryRepository::InsertFolders(const std::vector<QueryFolder>& folders) {
  const auto insert = [&](soci::session& session) {
    std::set<std::string> made;
    for (const QueryFolder& folder : folders) {
      if (!made.contains(folder.parent_id)) impl_->RequireFolder(folder.project_id, folder.parent_id);
      session << "INSERT INTO query_folders (id, project_id, parent_id, name, created_at) "
                 "VALUES (:id, :project, :parent, :name, :created)",
          use(folder.id), use(folder.project_id), use(folder.parent_id), use(folder.name), use(folder.created_at);
      made.insert(folder.id);
    }
  };
  const auto remember = [&] {
    for (const QueryFolder& folder : folders) impl_->folders.Put(folder);
  };
  return Explain(impl_->database.Write(insert, remember),
                 {.taken = kNameTaken, .missing = "The project does not exist"});
}

base::Result<void> QueryRepository::MoveFolder(const std::string& project_id, const std::string& id,
                                               const std::string& parent_id, const std::string& name) {
  const auto update = [&](soci::session& session) {
    impl_->RequireFolder(project_id, parent_id);
    if (Subtree(id, ListFolders(project_id)).contains(parent_id))
      Refuse(base::FailedPrecondition("A folder cannot be moved into itself"));
    ChangeOne((session.prepare << "UPDATE query_folders SET parent_id = :parent, name = :name "
                                  "WHERE id = :id AND project_id = :project",
               use(parent_id), use(name), use(id), use(project_id)),
              kNoFolder);
  };
  const auto remember = [&] {
    auto folder = impl_->folders.Find(id);
    if (!folder) return;
    folder->parent_id = parent_id;
    folder->name = name;
    impl_->folders.Put(*std::move(folder));
  };
  return Explain(impl_->database.Write(update, remember), {.taken = kNameTaken});
}

base::Result<void> QueryRepository::DeleteFolder(const std::string& project_id, const std::string& id,
                                                 bool with_contents) {
  std::set<std::string> folders;
  const auto inside = [&](const SavedQuery& query) {
    return query.project_id == project_id && folders.contains(query.folder_id);
  };
  const auto remove = [&](soci::session& session) {
    if (!FindFolder(project_id, id)) Refuse(base::NotFound(kNoFolder));
    folders = Subtree(id, ListFolders(project_id));
    if (!with_contents && (folders.size() > 1 || impl_->queries.FindIf(inside)))
      Refuse(base::FailedPrecondition("The folder is not empty"));
    for (const std::string& folder : folders) {
      session << "DELETE FROM queries WHERE folder_id = :folder AND project_id = :project", use(folder),
          use(project_id);
      session << "DELETE FROM query_folders WHERE id = :folder", use(folder);
    }
  };
  const auto forget = [&] {
    impl_->queries.EraseIf(inside);
    impl_->folders.EraseIf([&](const QueryFolder& folder) { return folders.contains(folder.id); });
  };
  return impl_->database.Write(remove, forget);
}

std::optional<QueryFolder> QueryRepository::FindFolder(const std::string& project_id, const std::string& id) const {
  auto folder = impl_->folders.Find(id);
  return folder && folder->project_id == project_id ? folder : std::nullopt;
}

std::optional<QueryFolder> QueryRepository::FindFolderByName(const std::string& project_id,
                                                             const std::string& parent_id,
                                                             const std::string& name) const {
  return impl_->folders.FindIf([&](const QueryFolder& folder) {
    return folder.project_id == project_id && folder.parent_id == parent_id && folder.name == name;
  });
}

std::vector<QueryFolder> QueryRepository::ListFolders(const std::string& project_id) const {
  return impl_->folders.List([&](const QueryFolder& folder) { return folder.project_id == project_id; });
}

}  // namespace tarn::store
