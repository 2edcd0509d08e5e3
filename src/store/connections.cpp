#include "store/connections.h"

#include "store/memory_table.h"
#include "store/session.h"

namespace tarn::store {

using soci::into;
using soci::use;

struct ConnectionRepository::Impl {
  explicit Impl(Database& store) : database(store) {}

  Database& database;
  MemoryTable<Connection> connections;
};

namespace {

constexpr const char* kNoConnection = "The connection does not exist";

}  // namespace

ConnectionRepository::ConnectionRepository(Database& database) : impl_(std::make_unique<Impl>(database)) {
  Load(database, [this](soci::session& session) {
    Connection row;
    soci::statement rows =
        (session.prepare << "SELECT id, project_id, name, type, sealed_credential, detail, created_at FROM connections",
         into(row.id), into(row.project_id), into(row.name), into(row.type), into(row.sealed_credential),
         into(row.detail), into(row.created_at));
    rows.execute();
    while (rows.fetch()) impl_->connections.Put(row);
  });
  database.OnProjectDeleted(this, [this](const std::string& project_id) {
    impl_->connections.EraseIf([&](const Connection& connection) { return connection.project_id == project_id; });
  });
}

ConnectionRepository::~ConnectionRepository() { impl_->database.StopWatching(this); }

base::Result<void> ConnectionRepository::Insert(const Connection& connection) {
  const auto insert = [&](soci::session& session) {
    session << "INSERT INTO connections (id, project_id, name, type, sealed_credential, detail, created_at) "
               "VALUES (:id, :project, :name, :type, :sealed, :detail, :created)",
        use(connection.id), use(connection.project_id), use(connection.name), use(connection.type),
        use(connection.sealed_credential), use(connection.detail), use(connection.created_at);
  };
  return Explain(impl_->database.Write(insert, [&] { impl_->connections.Put(connection); }),
                 {.taken = "The connection exists already", .missing = "The project does not exist"});
}

base::Result<void> ConnectionRepository::Update(const Connection& connection) {
  const auto update = [&](soci::session& session) {
    ChangeOne((session.prepare << "UPDATE connections SET name = :name, type = :type, sealed_credential = :sealed, "
                                  "detail = :detail WHERE id = :id AND project_id = :project",
               use(connection.name), use(connection.type), use(connection.sealed_credential), use(connection.detail),
               use(connection.id), use(connection.project_id)),
              kNoConnection);
  };
  return impl_->database.Write(update, [&] {
    Connection changed = connection;
    if (const auto before = impl_->connections.Find(connection.id)) changed.created_at = before->created_at;
    impl_->connections.Put(std::move(changed));
  });
}

base::Result<void> ConnectionRepository::Delete(const std::string& project_id, const std::string& id) {
  const auto remove = [&](soci::session& session) {
    ChangeOne((session.prepare << "DELETE FROM connections WHERE id = :id AND project_id = :project", use(id),
               use(project_id)),
              kNoConnection);
  };
  return impl_->database.Write(remove, [&] { impl_->connections.Erase(id); });
}

std::optional<Connection> ConnectionRepository::Find(const std::string& id) const {
  return impl_->connections.Find(id);
}

std::vector<Connection> ConnectionRepository::List(const std::string& project_id) const {
  return impl_->connections.List([&](const Connection& connection) { return connection.project_id == project_id; });
}

}  // namespace tarn::store
