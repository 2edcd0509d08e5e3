#include "store/catalogs.h"

#include "store/memory_table.h"
#include "store/session.h"

namespace tarn::store {

using soci::into;
using soci::use;

struct CatalogRepository::Impl {
  explicit Impl(Database& store) : database(store) {}

  // Erases a catalog and the windows on it, as the rows' references do.
  void Forget(const std::string& id) {
    catalogs.Erase(id);
    for (const Catalog& window : catalogs.List([&](const Catalog& each) { return each.shared_from == id; })) {
      Forget(window.id);
    }
  }

  Database& database;
  MemoryTable<Catalog> catalogs;
};

CatalogRepository::CatalogRepository(Database& database) : impl_(std::make_unique<Impl>(database)) {
  Load(database, [this](soci::session& session) {
    Catalog row;
    std::optional<std::string> shared_from;
    soci::statement rows =
        (session.prepare << "SELECT id, project_id, name, display_name, type, connection_id, options, shared_from, "
                            "created_at FROM catalogs",
         into(row.id), into(row.project_id), into(row.name), into(row.display_name), into(row.type),
         into(row.connection_id), into(row.options), into(shared_from), into(row.created_at));
    rows.execute();
    while (rows.fetch()) {
      row.shared_from = shared_from.value_or("");
      impl_->catalogs.Put(row);
    }
  });
  database.OnProjectDeleted(this, [this](const std::string& project_id) {
    for (const Catalog& catalog : List(project_id)) impl_->Forget(catalog.id);
  });
}

CatalogRepository::~CatalogRepository() { impl_->database.StopWatching(this); }

base::Result<void> CatalogRepository::Insert(const Catalog& catalog) {
  const auto shared_from = NullIfEmpty(catalog.shared_from);
  const auto insert = [&](soci::session& session) {
    session << "INSERT INTO catalogs (id, project_id, name, display_name, type, connection_id, options, shared_from, "
               "created_at) "
               "VALUES (:id, :project, :name, :display, :type, :connection, :options, :shared_from, :created)",
        use(catalog.id), use(catalog.project_id), use(catalog.name), use(catalog.display_name), use(catalog.type),
        use(catalog.connection_id), use(catalog.options), use(shared_from), use(catalog.created_at);
  };
  return Explain(impl_->database.Write(insert, [&] { impl_->catalogs.Put(catalog); }),
                 {.taken = "The project has a catalog of this name already",
                  .missing = "The project or the shared catalog does not exist"});
}

base::Result<void> CatalogRepository::Delete(const std::string& project_id, const std::string& id) {
  const auto remove = [&](soci::session& session) {
    ChangeOne(
        (session.prepare << "DELETE FROM catalogs WHERE id = :id AND project_id = :project", use(id), use(project_id)),
        "The catalog does not exist");
  };
  return impl_->database.Write(remove, [&] { impl_->Forget(id); });
}

std::optional<Catalog> CatalogRepository::Find(const std::string& id) const { return impl_->catalogs.Find(id); }

std::optional<Catalog> CatalogRepository::FindByName(const std::string& project_id, const std::string& name) const {
  return impl_->catalogs.FindIf(
      [&](const Catalog& catalog) { return catalog.name == name && catalog.project_id == project_id; });
}

std::vector<Catalog> CatalogRepository::List(const std::string& project_id) const {
  return impl_->catalogs.List([&](const Catalog& catalog) { return catalog.project_id == project_id; });
}

std::vector<Catalog> CatalogRepository::ListByConnection(const std::string& connection_id) const {
  return impl_->catalogs.List([&](const Catalog& catalog) { return catalog.connection_id == connection_id; });
}

}  // namespace tarn::store
