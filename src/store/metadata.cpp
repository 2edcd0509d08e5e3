#include "store/metadata.h"

#include "store/session.h"

namespace tarn::store {

using soci::into;
using soci::use;

namespace {

// A catalog of the store, whose end is the row's; NULL for a built-in one.
#define TARN_CATALOG_REFERENCE(name) "(SELECT id FROM catalogs WHERE id = " name ")"

// Reads all rows of a prepared query into copies of `row`.
template <class Row, class Prepared>
std::vector<Row> ReadAll(const Prepared& prepared, const Row& row) {
  std::vector<Row> rows;
  soci::statement statement = prepared;
  statement.execute();
  while (statement.fetch()) rows.push_back(row);
  return rows;
}

// Of one project, or of all.
constexpr const char* kOfProject = " WHERE (:project = '' OR project_id = :project)";

}  // namespace

base::Result<std::vector<TableNotes>> MetadataRepository::Notes(const std::string& project_id) const {
  std::vector<TableNotes> rows;
  TARN_RETURN_IF_ERROR(database_.Read([&](soci::session& session) {
    TableNotes row;
    rows = ReadAll((session.prepare << "SELECT project_id, catalog_id, schema_name, table_name, description, columns "
                                       "FROM metadata_notes WHERE project_id = :project",
                    use(project_id), into(row.project_id), into(row.table.catalog_id), into(row.table.schema),
                    into(row.table.table), into(row.description), into(row.columns)),
                   row);
  }));
  return rows;
}

base::Result<void> MetadataRepository::Save(const TableNotes& notes) {
  return database_.Write([&](soci::session& session) {
    session << "INSERT INTO metadata_notes (project_id, catalog_id, catalog_reference, schema_name, table_name, "
               "description, columns) VALUES (:project, :catalog, " TARN_CATALOG_REFERENCE(
                   ":catalog") ", :schema, :table, :description, :columns) ON CONFLICT (project_id, catalog_id, "
                               "schema_name, table_name) DO UPDATE SET description = excluded.description, columns = "
                               "excluded.columns",
        use(notes.project_id, "project"), use(notes.table.catalog_id, "catalog"), use(notes.table.schema, "schema"),
        use(notes.table.table, "table"), use(notes.description, "description"), use(notes.columns, "columns");
  });
}

base::Result<std::vector<AiSwitch>> MetadataRepository::Switches(const std::string& project_id) const {
  std::vector<AiSwitch> rows;
  TARN_RETURN_IF_ERROR(database_.Read([&](soci::session& session) {
    AiSwitch row;
    int used = 0;
    soci::statement statement = (session.prepare << "SELECT project_id, catalog_id, schema_name, table_name, used FROM "
                                                    "metadata_switches WHERE project_id = :project",
                                 use(project_id), into(row.project_id), into(row.where.catalog_id),
                                 into(row.where.schema), into(row.where.table), into(used));
    statement.execute();
    while (statement.fetch()) {
      row.use = used != 0;
      rows.push_back(row);
    }
  }));
  return rows;
}

base::Result<void> MetadataRepository::Set(const AiSwitch& one) {
  const int used = one.use ? 1 : 0;
  return database_.Write([&](soci::session& session) {
    session << "DELETE FROM metadata_switches WHERE project_id = :project AND catalog_id = :catalog AND (:schema = '' "
               "OR schema_name = :schema) AND (:table = '' OR table_name = :table)",
        use(one.project_id, "project"), use(one.where.catalog_id, "catalog"), use(one.where.schema, "schema"),
        use(one.where.table, "table");
    session << "INSERT INTO metadata_switches (project_id, catalog_id, catalog_reference, schema_name, table_name, "
               "used) VALUES (:project, :catalog, " TARN_CATALOG_REFERENCE(":catalog") ", :schema, :table, :used)",
        use(one.project_id, "project"), use(one.where.catalog_id, "catalog"), use(one.where.schema, "schema"),
        use(one.where.table, "table"), use(used, "used");
  });
}

base::Result<std::vector<Relation>> MetadataRepository::Relations(const std::string& project_id) const {
  std::vector<Relation> rows;
  TARN_RETURN_IF_ERROR(database_.Read([&](soci::session& session) {
    Relation row;
    auto& source = row.source;
    auto& target = row.target;
    rows = ReadAll(
        (session.prepare << "SELECT id, project_id, source_catalog, source_schema, source_table, "
                            "source_column, target_catalog, target_schema, target_table, target_column, "
                            "type, measure, created_at FROM metadata_relations WHERE project_id = :project "
                            "ORDER BY created_at, id",
         use(project_id), into(row.id), into(row.project_id), into(source.table.catalog_id), into(source.table.schema),
         into(source.table.table), into(source.column), into(target.table.catalog_id), into(target.table.schema),
         into(target.table.table), into(target.column), into(row.type), into(row.measure), into(row.created_at)),
        row);
  }));
  return rows;
}

base::Result<void> MetadataRepository::Insert(const Relation& relation) {
  const auto& [from, from_column] = relation.source;
  const auto& [to, to_column] = relation.target;
  return database_.Write([&](soci::session& session) {
    session << "INSERT INTO metadata_relations (id, project_id, source_catalog, source_reference, source_schema, "
               "source_table, source_column, target_catalog, target_reference, target_schema, target_table, "
               "target_column, type, measure, created_at) VALUES (:id, :project, :from, " TARN_CATALOG_REFERENCE(
                   ":from") ", :from_schema, :from_table, :from_column, :to, " TARN_CATALOG_REFERENCE(
                   ":to") ", :to_schema, :to_table, :to_column, :type, :measure, :created)",
        use(relation.id, "id"), use(relation.project_id, "project"), use(from.catalog_id, "from"),
        use(from.schema, "from_schema"), use(from.table, "from_table"), use(from_column, "from_column"),
        use(to.catalog_id, "to"), use(to.schema, "to_schema"), use(to.table, "to_table"), use(to_column, "to_column"),
        use(relation.type, "type"), use(relation.measure, "measure"), use(relation.created_at, "created");
  });
}

base::Result<bool> MetadataRepository::Update(const Relation& relation) {
  bool found = false;
  TARN_RETURN_IF_ERROR(database_.Write([&](soci::session& session) {
    soci::statement update = (session.prepare << "UPDATE metadata_relations SET type = :type, measure = :measure WHERE "
                                                 "project_id = :project AND id = :id",
                              use(relation.type), use(relation.measure), use(relation.project_id), use(relation.id));
    update.execute(true);
    found = update.get_affected_rows() > 0;
  }));
  return found;
}

base::Result<bool> MetadataRepository::DeleteRelation(const std::string& project_id, const std::string& id) {
  bool found = false;
  TARN_RETURN_IF_ERROR(database_.Write([&](soci::session& session) {
    soci::statement remove =
        (session.prepare << "DELETE FROM metadata_relations WHERE project_id = :project AND id = :id", use(project_id),
         use(id));
    remove.execute(true);
    found = remove.get_affected_rows() > 0;
  }));
  return found;
}

base::Result<std::vector<CategoricalColumn>> MetadataRepository::Categorical(const std::string& project_id) const {
  std::vector<CategoricalColumn> rows;
  TARN_RETURN_IF_ERROR(database_.Read([&](soci::session& session) {
    CategoricalColumn row;
    auto& column = row.column;
    rows = ReadAll((session.prepare << "SELECT project_id, catalog_id, schema_name, table_name, column_name, "
                                       "row_limit, frequency, stored_values, error, next_at FROM metadata_categorical"
                                    << kOfProject,
                    use(project_id, "project"), into(row.project_id), into(column.table.catalog_id),
                    into(column.table.schema), into(column.table.table), into(column.column), into(row.limit),
                    into(row.frequency), into(row.values), into(row.error), into(row.next)),
                   row);
  }));
  return rows;
}

base::Result<void> MetadataRepository::Save(const CategoricalColumn& column) {
  const auto& [table, name] = column.column;
  return database_.Write([&](soci::session& session) {
    session << "INSERT OR REPLACE INTO metadata_categorical (project_id, catalog_id, catalog_reference, schema_name, "
               "table_name, column_name, row_limit, frequency, stored_values, error, next_at) VALUES (:project, "
               ":catalog, " TARN_CATALOG_REFERENCE(
                   ":catalog") ", :schema, :table, :column, :limit, :frequency, :stored, :error, :next)",
        use(column.project_id, "project"), use(table.catalog_id, "catalog"), use(table.schema, "schema"),
        use(table.table, "table"), use(name, "column"), use(column.limit, "limit"), use(column.frequency, "frequency"),
        use(column.values, "stored"), use(column.error, "error"), use(column.next, "next");
  });
}

base::Result<void> MetadataRepository::SaveReading(const CategoricalColumn& column) {
  const auto& [table, name] = column.column;
  return database_.Write([&](soci::session& session) {
    session << "UPDATE metadata_categorical SET stored_values = :stored, error = :error, next_at = :next WHERE "
               "project_id = :project AND catalog_id = :catalog AND schema_name = :schema AND table_name = :table AND "
               "column_name = :column AND row_limit = :limit AND frequency = :frequency",
        use(column.values), use(column.error), use(column.next), use(column.project_id), use(table.catalog_id),
        use(table.schema), use(table.table), use(name), use(column.limit), use(column.frequency);
  });
}

base::Result<bool> MetadataRepository::DeleteCategorical(const std::string& project_id, const ColumnAddress& column) {
  bool found = false;
  TARN_RETURN_IF_ERROR(database_.Write([&](soci::session& session) {
    soci::statement remove =
        (session.prepare << "DELETE FROM metadata_categorical WHERE project_id = :project AND catalog_id = :catalog "
                            "AND schema_name = :schema AND table_name = :table AND column_name = :column",
         use(project_id), use(column.table.catalog_id), use(column.table.schema), use(column.table.table),
         use(column.column));
    remove.execute(true);
    found = remove.get_affected_rows() > 0;
  }));
  return found;
}

base::Result<std::optional<MetadataCallback>> MetadataRepository::Callback(const std::string& project_id) const {
  std::vector<MetadataCallback> rows;
  TARN_RETURN_IF_ERROR(database_.Read([&](soci::session& session) {
    MetadataCallback row;
    rows = ReadAll((session.prepare << "SELECT project_id, url, token FROM metadata_callbacks WHERE project_id = "
                                       ":project",
                    use(project_id), into(row.project_id), into(row.url), into(row.token)),
                   row);
  }));
  return rows.empty() ? std::nullopt : std::optional(rows.front());
}

base::Result<void> MetadataRepository::Save(const MetadataCallback& callback) {
  return database_.Write([&](soci::session& session) {
    session << "INSERT OR REPLACE INTO metadata_callbacks (project_id, url, token) VALUES (:project, :url, :token)",
        use(callback.project_id), use(callback.url), use(callback.token);
  });
}

base::Result<void> MetadataRepository::DeleteCallback(const std::string& project_id) {
  return database_.Write([&](soci::session& session) {
    session << "DELETE FROM metadata_callbacks WHERE project_id = :project", use(project_id);
  });
}

base::Result<std::vector<MetadataRefresh>> MetadataRepository::Refreshes(const std::string& project_id) const {
  std::vector<MetadataRefresh> rows;
  TARN_RETURN_IF_ERROR(database_.Read([&](soci::session& session) {
    MetadataRefresh row;
    rows =
        ReadAll((session.prepare << "SELECT project_id, catalog_id, id, status, error, callback, token, structure, "
                                    "changed_at FROM metadata_refreshes"
                                 << kOfProject,
                 use(project_id, "project"), into(row.project_id), into(row.catalog_id), into(row.id), into(row.status),
                 into(row.error), into(row.callback), into(row.token), into(row.structure), into(row.changed_at)),
                row);
  }));
  return rows;
}

base::Result<void> MetadataRepository::Save(const MetadataRefresh& refresh) {
  return database_.Write([&](soci::session& session) {
    session
        << "INSERT OR REPLACE INTO metadata_refreshes (project_id, catalog_id, catalog_reference, id, status, error, "
           "callback, token, structure, changed_at) VALUES (:project, :catalog, " TARN_CATALOG_REFERENCE(
               ":catalog") ", :id, :status, :error, :callback, :token, :structure, :changed)",
        use(refresh.project_id, "project"), use(refresh.catalog_id, "catalog"), use(refresh.id, "id"),
        use(refresh.status, "status"), use(refresh.error, "error"), use(refresh.callback, "callback"),
        use(refresh.token, "token"), use(refresh.structure, "structure"), use(refresh.changed_at, "changed");
  });
}

}  // namespace tarn::store
