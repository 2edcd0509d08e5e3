#include "store/keys.h"

#include "store/memory_table.h"
#include "store/session.h"

namespace tarn::store {

using soci::into;
using soci::use;

struct KeyRepository::Impl {
  explicit Impl(Database& store) : database(store) {}

  Database& database;
  MemoryTable<ApiKey> by_hash{&ApiKey::hash};
};

KeyRepository::KeyRepository(Database& database) : impl_(std::make_unique<Impl>(database)) {
  Load(database, [this](soci::session& session) {
    ApiKey row;
    std::optional<std::string> project;
    soci::statement rows =
        (session.prepare << "SELECT id, prefix, hash, name, project_id, user_id, created_at, expires_at FROM api_keys",
         into(row.id), into(row.prefix), into(row.hash), into(row.name), into(project), into(row.user_id),
         into(row.created_at), into(row.expires_at));
    rows.execute();
    while (rows.fetch()) {
      row.project_id = project.value_or("");
      impl_->by_hash.Put(row);
    }
  });
  database.OnProjectDeleted(this, [this](const std::string& project_id) {
    impl_->by_hash.EraseIf([&](const ApiKey& key) { return key.project_id == project_id; });
  });
}

KeyRepository::~KeyRepository() { impl_->database.StopWatching(this); }

base::Result<void> KeyRepository::Insert(const ApiKey& key) {
  const auto project = NullIfEmpty(key.project_id);
  const auto insert = [&](soci::session& session) {
    session << "INSERT INTO api_keys (id, prefix, hash, name, project_id, user_id, created_at, expires_at) "
               "VALUES (:id, :prefix, :hash, :name, :project, :user_id, :created, :expires)",
        use(key.id), use(key.prefix), use(key.hash), use(key.name), use(project), use(key.user_id), use(key.created_at),
        use(key.expires_at);
  };
  return Explain(impl_->database.Write(insert, [&] { impl_->by_hash.Put(key); }),
                 {.taken = "The key exists already", .missing = "The project does not exist"});
}

base::Result<void> KeyRepository::Delete(const std::string& project_id, const std::string& id) {
  const auto remove = [&](soci::session& session) {
    ChangeOne((session.prepare << "DELETE FROM api_keys WHERE id = :id AND COALESCE(project_id, '') = :project",
               use(id), use(project_id)),
              "The key does not exist");
  };
  return impl_->database.Write(remove,
                               [&] { impl_->by_hash.EraseIf([&](const ApiKey& key) { return key.id == id; }); });
}

std::vector<ApiKey> KeyRepository::List(const std::string& project_id) const {
  return impl_->by_hash.List([&](const ApiKey& key) { return key.project_id == project_id; });
}

std::vector<ApiKey> KeyRepository::FindByPrefix(std::string_view prefix) const {
  return impl_->by_hash.List([&](const ApiKey& key) { return key.prefix == prefix; });
}

std::optional<ApiKey> KeyRepository::FindByHash(const std::string& hash) const { return impl_->by_hash.Find(hash); }

std::vector<ApiKey> KeyRepository::All() const {
  return impl_->by_hash.List([](const ApiKey&) { return true; });
}

}  // namespace tarn::store
