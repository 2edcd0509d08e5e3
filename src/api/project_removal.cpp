#include "api/project_removal.h"

namespace tarn::api {

base::Result<void> RemoveCatalog(Parts& parts, const store::Catalog& catalog) {
  // A window has the connection of the catalog behind it.
  for (const store::Catalog& other : parts.catalog_store.ListByConnection(catalog.connection_id)) {
    if (other.shared_from != catalog.id) continue;
    TARN_RETURN_IF_ERROR(parts.caches.DeleteByCatalog(other.id));
    parts.catalogs.ForgetCatalog(other.id);
  }
  TARN_RETURN_IF_ERROR(parts.caches.DeleteByCatalog(catalog.id));
  TARN_RETURN_IF_ERROR(parts.catalog_store.Delete(catalog.project_id, catalog.id));
  // Caches that were being created meanwhile; none comes after the catalog is gone.
  TARN_RETURN_IF_ERROR(parts.caches.DeleteByCatalog(catalog.id));
  parts.catalogs.ForgetCatalog(catalog.id);
  parts.derived_tables.ForgetCatalog(catalog.id);
  return {};
}

base::Result<void> RemoveProject(Parts& parts, const store::Project& project) {
  TARN_RETURN_IF_ERROR(parts.caches.DeleteByProject(project.id));
  for (const store::Catalog& catalog : parts.catalog_store.List(project.id))
    TARN_RETURN_IF_ERROR(RemoveCatalog(parts, catalog));
  const auto connections = parts.connections.List(project.id);
  TARN_RETURN_IF_ERROR(parts.accounts.DeleteProject(project.id));
  for (const store::Connection& connection : connections) parts.catalogs.ForgetConnection(connection.id);
  parts.catalogs.ForgetMemory(project.id);
  parts.tables.ForgetProject(project.id);
  parts.exports.DeleteByProject(project.id);
  parts.executor.ForgetProject(project.id);
  parts.materialized.ForgetGone();
  return {};
}

}  // namespace tarn::api
