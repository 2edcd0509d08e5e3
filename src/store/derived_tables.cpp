#include "store/derived_tables.h"

#include "store/memory_table.h"
#include "store/session.h"

namespace tarn::store {

using soci::into;
using soci::use;

namespace {

constexpr const char* kTaken = "The catalog has a table of this name already";
constexpr const char* kGone = "The table does not exist";

}  // namespace

struct DerivedTableRepository::Impl {
  explicit Impl(Database& store) : database(store) {}

  Database& database;
  MemoryTable<SemanticTable> semantic;
  MemoryTable<ParametricTable> parametric;
};

DerivedTableRepository::DerivedTableRepository(Database& database) : impl_(std::make_unique<Impl>(database)) {
  Load(database, [this](soci::session& session) {
    SemanticTable named;
    soci::statement semantic =
        (session.prepare << "SELECT id, catalog_id, schema_name, table_name, query_id, created_at FROM semantic_tables",
         into(named.id), into(named.catalog_id), into(named.schema), into(named.table), into(named.query_id),
         into(named.created_at));
    semantic.execute();
    while (semantic.fetch()) impl_->semantic.Put(named);

    ParametricTable bound;
    soci::statement parametric =
        (session.prepare << "SELECT id, catalog_id, from_schema, from_table, to_schema, to_table, parameters, "
                            "created_at FROM parametric_tables",
         into(bound.id), into(bound.catalog_id), into(bound.from_schema), into(bound.from_table), into(bound.schema),
         into(bound.table), into(bound.parameters), into(bound.created_at));
    parametric.execute();
    while (parametric.fetch()) impl_->parametric.Put(bound);
  });
}

DerivedTableRepository::~DerivedTableRepository() = default;

base::Result<void> DerivedTableRepository::Insert(const SemanticTable& table) {
  const auto insert = [&](soci::session& session) {
    session << "INSERT INTO semantic_tables (id, catalog_id, schema_name, table_name, query_id, created_at) "
               "VALUES (:id, :catalog, :schema, :table, :query, :created)",
        use(table.id), use(table.catalog_id), use(table.schema), use(table.table), use(table.query_id),
        use(table.created_at);
  };
  return Explain(impl_->database.Write(insert, [&] { impl_->semantic.Put(table); }),
                 {.taken = kTaken, .missing = "The catalog or the query does not exist"});
}

base::Result<void> DerivedTableRepository::Insert(const ParametricTable& table) {
  const auto insert = [&](soci::session& session) {
    session << "INSERT INTO parametric_tables (id, catalog_id, from_schema, from_table, to_schema, to_table, "
               "parameters, created_at) "
               "VALUES (:id, :catalog, :from_schema, :from_table, :schema, :table, :parameters, :created)",
        use(table.id), use(table.catalog_id), use(table.from_schema), use(table.from_table), use(table.schema),
        use(table.table), use(table.parameters), use(table.created_at);
  };
  return Explain(impl_->database.Write(insert, [&] { impl_->parametric.Put(table); }),
                 {.taken = kTaken, .missing = "The catalog does not exist"});
}

base::Result<void> DerivedTableRepository::DeleteSemantic(const std::string& id) {
  const auto remove = [&](soci::session& session) {
    ChangeOne((session.prepare << "DELETE FROM semantic_tables WHERE id = :id", use(id)), kGone);
  };
  return impl_->database.Write(remove, [&] { impl_->semantic.Erase(id); });
}

base::Result<void> DerivedTableRepository::DeleteParametric(const std::string& id) {
  const auto remove = [&](soci::session& session) {
    ChangeOne((session.prepare << "DELETE FROM parametric_tables WHERE id = :id", use(id)), kGone);
  };
  return impl_->database.Write(remove, [&] { impl_->parametric.Erase(id); });
}

std::optional<SemanticTable> DerivedTableRepository::FindSemantic(const std::string& id) const {
  return impl_->semantic.Find(id);
}

std::vector<SemanticTable> DerivedTableRepository::Semantic(const std::string& catalog_id) const {
  return impl_->semantic.List([&](const SemanticTable& each) { return each.catalog_id == catalog_id; });
}

std::vector<ParametricTable> DerivedTableRepository::Parametric(const std::string& catalog_id) const {
  return impl_->parametric.List([&](const ParametricTable& each) { return each.catalog_id == catalog_id; });
}

void DerivedTableRepository::ForgetCatalog(const std::string& catalog_id) {
  impl_->semantic.EraseIf([&](const SemanticTable& each) { return each.catalog_id == catalog_id; });
  impl_->parametric.EraseIf([&](const ParametricTable& each) { return each.catalog_id == catalog_id; });
}

void DerivedTableRepository::ForgetQuery(const std::string& query_id) {
  impl_->semantic.EraseIf([&](const SemanticTable& each) { return each.query_id == query_id; });
}

}  // namespace tarn::store
