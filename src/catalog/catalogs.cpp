#include "catalog/catalogs.h"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <map>
#include <mutex>

#include "base/log.h"
#include "catalog/built_in.h"
#include "catalog/parametric_structure.h"
#include "catalog/structure.h"
#include "connector/sample/sample_source.h"
#include "sql/text.h"

namespace tarn::catalog {

namespace {

// How long structure that was read from a source is believed.
constexpr auto kStructureLifetime = std::chrono::seconds(5);

// A catalog's handle on its source: made once, dropped when its connection or itself changes.
// Its mutexes are held while its own source is asked, never while another's is.
class OpenSource final {
 public:
  OpenSource(std::shared_ptr<connector::Source> source, std::string alias, engine::DuckEngine& engine,
             bool keeps_structure)
      : source_(std::move(source)),
        memory_(std::dynamic_pointer_cast<connector::memory::MemorySource>(source_)),
        alias_(std::move(alias)),
        engine_(engine),
        structure_(kStructureLifetime),
        keeps_structure_(keeps_structure && !memory_) {}

  ~OpenSource() {
    if (attached_) Detach();
  }

  OpenSource(const OpenSource&) = delete;
  OpenSource& operator=(const OpenSource&) = delete;

  [[nodiscard]] const std::shared_ptr<connector::Source>& source() const { return source_; }
  // The same source where it is tables in memory, else null.
  [[nodiscard]] const std::shared_ptr<connector::memory::MemorySource>& memory() const { return memory_; }

  [[nodiscard]] base::Result<std::vector<connector::TableName>> Tables(const std::string& schema,
                                                                       const base::CallLimits& limits) {
    if (!keeps_structure_) return source_->Tables(schema, limits);
    if (auto known = structure_.Tables(schema)) return *std::move(known);
    TARN_ASSIGN_OR_RETURN(auto tables, source_->Tables(schema, limits));
    structure_.KeepTables(schema, tables);
    return tables;
  }

  [[nodiscard]] base::Result<std::vector<std::string>> Schemas(const base::CallLimits& limits) {
    if (!keeps_structure_) return source_->Schemas(limits);
    if (auto known = structure_.Schemas()) return *std::move(known);
    TARN_ASSIGN_OR_RETURN(auto schemas, source_->Schemas(limits));
    structure_.KeepSchemas(schemas);
    return schemas;
  }

  [[nodiscard]] base::Result<std::shared_ptr<const std::vector<connector::TableInfo>>> DescribeAll(
      const std::string& schema, const base::CallLimits& limits) {
    if (keeps_structure_) {
      if (auto known = structure_.All(schema)) return known;
    }
    TARN_ASSIGN_OR_RETURN(auto read, source_->DescribeAll(schema, limits));
    auto tables = std::make_shared<const std::vector<connector::TableInfo>>(std::move(read));
    if (keeps_structure_) structure_.KeepAll(schema, tables);
    return tables;
  }

  [[nodiscard]] base::Result<connector::TableInfo> Describe(const connector::TableName& name,
                                                            const base::CallLimits& limits) {
    if (!keeps_structure_) return source_->Describe(name, limits);
    if (auto known = structure_.Table(name)) return *std::move(known);
    TARN_ASSIGN_OR_RETURN(auto table, source_->Describe(name, limits));
    if (structure_.KeepTable(name, table)) stale_ = true;
    return table;
  }

  // Engine SQL for reading the table live.
  [[nodiscard]] base::Result<std::string> LiveRelation(const connector::TableInfo& table,
                                                       const base::CallLimits& limits) {
    TARN_RETURN_IF_ERROR(Attach(limits));
    return source_->LiveRelation(table, alias_);
  }

  // Makes the source readable in the engine. The engine's own idea of the source's structure is
  // renewed when a table was seen to have changed.
  [[nodiscard]] base::Result<void> Attach(const base::CallLimits& limits) {
    std::unique_lock lock(attaching_, std::defer_lock);
    if (limits.Left() == std::chrono::milliseconds::max()) {
      lock.lock();
    } else if (!lock.try_lock_for(limits.Left())) {
      return base::DeadlineExceeded("The source did not answer in time");
    }
    if (attached_ && stale_.exchange(false)) Detach();
    if (!attached_) {
      TARN_ASSIGN_OR_RETURN(const auto statements, source_->AttachStatements(alias_, limits));
      if (auto configured = engine_.Configure(statements, limits); !configured) {
        Detach();
        return std::unexpected(std::move(configured).error());
      }
      attached_ = true;
    }
    return {};
  }

 private:
  void Detach() {
    attached_ = false;
    const auto limits = base::CallLimits::Within(std::chrono::seconds(5));
    if (auto detached = engine_.Configure(source_->DetachStatements(alias_), limits); !detached) {
      base::log::Warning("source not detached", {{"alias", alias_}, {"reason", detached.error().message}});
    }
  }

  std::shared_ptr<connector::Source> source_;
  std::shared_ptr<connector::memory::MemorySource> memory_;
  std::string alias_;
  engine::DuckEngine& engine_;
  Structure structure_;
  bool keeps_structure_;
  std::timed_mutex attaching_;
  bool attached_ = false;
  std::atomic<bool> stale_ = false;
};

Catalogs::Relation FromCopy(Pin pin) {
  auto relation = pin.relation();
  auto table = pin.generation().table;
  const auto rows = pin.generation().row_count;
  return {.table = std::move(table), .engine_sql = std::move(relation), .pin = std::move(pin), .rows = rows};
}

}  // namespace

struct Catalogs::Impl {
  Parts parts;
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<OpenSource>> open;  // by the id of the catalog that owns the source
  std::uint64_t opened = 0;                                 // makes aliases unique over time
  DescribeDefinition describe = {};

  [[nodiscard]] bool IsOwn(const store::Catalog& catalog) const {
    return parts.own_tables != nullptr && catalog.type == kOwnCatalogType && IsBuiltIn(catalog);
  }

  [[nodiscard]] std::optional<store::Catalog> BuiltInOf(const std::string& project_id, std::string_view name) const {
    auto catalog = BuiltIn(project_id, name);
    if (catalog && catalog->type == kOwnCatalogType && parts.own_tables == nullptr) return std::nullopt;
    return catalog;
  }

  // The catalog that a window is on, or the catalog itself.
  [[nodiscard]] base::Result<store::Catalog> Owner(const store::Catalog& catalog) const {
    if (catalog.shared_from.empty()) return catalog;
    auto owner = parts.catalogs.Find(catalog.shared_from);
    if (!owner)
      return base::FailedPrecondition("The shared catalog is gone: \"" + catalog.name + "\"", "CATALOG_NOT_FOUND");
    return *std::move(owner);
  }

  [[nodiscard]] base::Result<std::shared_ptr<connector::Source>> MakeBuiltIn(const store::Catalog& owner) const {
    if (owner.type == "memory") {
      auto structure = std::make_shared<connector::memory::Structure>("memory_" + owner.project_id + "_" +
                                                                      std::to_string(opened + 1));
      return std::shared_ptr<connector::Source>(connector::memory::MakeMemorySource(std::move(structure)));
    }
    if (owner.type == "tpcds") {
      return std::shared_ptr<connector::Source>(
          connector::sample::MakeSampleSource(connector::sample::TpcdsSet(), parts.settings.samples));
    }
    if (owner.type == "tpch") {
      return std::shared_ptr<connector::Source>(
          connector::sample::MakeSampleSource(connector::sample::TpchSet(), parts.settings.samples));
    }
    return base::NotSupported("Catalog has no source of its own: \"" + owner.name + "\"");
  }

  [[nodiscard]] base::Result<std::shared_ptr<connector::Source>> Make(const store::Catalog& owner) const {
    if (IsBuiltIn(owner)) return MakeBuiltIn(owner);
    if (owner.type == kSemanticType && parts.definitions != nullptr) {
      // Asked for by its own name: the one that describes may be set after this.
      auto source = MakeDefinitionSource(owner, *parts.definitions,
                                         [this](const Definition& definition, const connector::TableName& name,
                                                const base::CallLimits& limits) -> base::Result<connector::TableInfo> {
                                           if (!describe)
                                             return base::Internal("Nothing describes what queries stand for");
                                           return describe(definition, name, limits);
                                         });
      return std::shared_ptr<connector::Source>(std::move(source));
    }
    const auto connection = parts.connections.Find(owner.connection_id);
    if (!connection) {
      return base::FailedPrecondition("The connection of the catalog is gone: \"" + owner.name + "\"");
    }
    const auto* spec = connector::FindSpec(connection->type);
    if (spec == nullptr) return base::NotSupported("Connection type is not supported: \"" + connection->type + "\"");
    TARN_ASSIGN_OR_RETURN(const auto opened_text, parts.vault.Open(connection->sealed_credential, connection->id));
    TARN_ASSIGN_OR_RETURN(const auto credential, connector::ReadCredential(*spec, opened_text.Reveal()));
    TARN_ASSIGN_OR_RETURN(auto source, connector::MakeSource(*spec, credential, owner.options, parts.settings));
    return std::shared_ptr<connector::Source>(std::move(source));
  }

  [[nodiscard]] base::Result<std::shared_ptr<OpenSource>> Open(const store::Catalog& catalog) {
    TARN_ASSIGN_OR_RETURN(const auto owner, Owner(catalog));
    const std::lock_guard lock(mutex);
    auto& slot = open[owner.id];
    if (!slot) {
      auto source = Make(owner);  // reads memory only; sources connect on first use
      if (!source) {
        open.erase(owner.id);
        return std::unexpected(std::move(source).error());
      }
      slot = std::make_shared<OpenSource>(*std::move(source), "s_" + owner.id + "_" + std::to_string(++opened),
                                          parts.engine, owner.type != kSemanticType);
    }
    return slot;
  }

  void Forget(const std::string& owner_id) {
    std::shared_ptr<OpenSource> gone;  // let go outside the lock: its end detaches
    const std::lock_guard lock(mutex);
    if (const auto found = open.find(owner_id); found != open.end()) {
      gone = std::move(found->second);
      open.erase(found);
    }
  }

  [[nodiscard]] std::vector<store::ParametricTable> Parametric(const store::Catalog& catalog) const {
    if (parts.definitions == nullptr) return {};
    return parts.definitions->ParametricTables(catalog);
  }

  // Errors: VIEW_IS_STALE where the table that it reads is gone.
  [[nodiscard]] base::Result<connector::TableInfo> DescribeParametricOf(OpenSource& open,
                                                                        const store::ParametricTable& table,
                                                                        const base::CallLimits& limits) const {
    auto from = open.Describe({.schema = table.from_schema, .table = table.from_table}, limits);
    if (!from && from.error().kind == base::ErrorKind::kNotFound)
      return base::FailedPrecondition(
          "The parametric table's source table does not exist: \"" + table.from_schema + "." + table.from_table + "\"",
          "VIEW_IS_STALE");
    TARN_RETURN_IF_ERROR(from);
    return DescribeParametric(table, *std::move(from));
  }

  // A copy of the table under the catalog itself, or under the one that it is a window on.
  [[nodiscard]] base::Result<std::optional<Pin>> AcquireCopy(const store::Catalog& catalog,
                                                             const connector::TableName& name) const {
    auto pin = parts.generations.Acquire({catalog.id, name.schema, name.table});
    if (!pin || *pin || catalog.shared_from.empty()) return pin;
    return parts.generations.Acquire({catalog.shared_from, name.schema, name.table});
  }
};

Catalogs::Catalogs(Parts parts) : impl_(new Impl{.parts = std::move(parts), .mutex = {}, .open = {}}) {}
Catalogs::~Catalogs() = default;

base::Result<store::Catalog> Catalogs::FindByName(const std::string& project_id, const std::string& name) const {
  std::string folded = name;
  std::ranges::transform(folded, folded.begin(), [](unsigned char c) {
    return c < 0x80 ? static_cast<char>(std::tolower(c)) : static_cast<char>(c);
  });
  if (auto found = impl_->parts.catalogs.FindByName(project_id, folded)) return *std::move(found);
  if (auto built_in = impl_->BuiltInOf(project_id, folded)) return *std::move(built_in);
  return base::NotFound("Catalog '" + name + "' not found", "CATALOG_NOT_FOUND");
}

std::vector<store::Catalog> Catalogs::List(const std::string& project_id) const {
  auto all = impl_->parts.catalogs.List(project_id);
  const auto own = all.size();
  for (const auto& name : BuiltInNames()) {
    const auto is_hidden = std::any_of(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(own),
                                       [&](const store::Catalog& catalog) { return catalog.name == name; });
    if (auto built_in = impl_->BuiltInOf(project_id, name); built_in && !is_hidden) all.push_back(*std::move(built_in));
  }
  std::ranges::sort(all, {}, &store::Catalog::name);
  return all;
}

base::Result<std::shared_ptr<connector::memory::Structure>> Catalogs::Memory(const std::string& project_id,
                                                                             const base::CallLimits& limits) {
  const auto catalog = BuiltIn(project_id, "memory");
  if (!catalog) return base::Internal("There is no catalog of tables in memory");
  TARN_ASSIGN_OR_RETURN(const auto open, impl_->Open(*catalog));
  if (!open->memory()) return base::Internal("The catalog of tables in memory is something else");
  TARN_RETURN_IF_ERROR(open->Attach(limits));
  return open->memory()->structure();
}

void Catalogs::ForgetMemory(const std::string& project_id) {
  if (const auto catalog = BuiltIn(project_id, "memory")) impl_->Forget(catalog->id);
}

base::Result<std::shared_ptr<connector::Source>> Catalogs::SourceOf(const store::Catalog& catalog) {
  TARN_ASSIGN_OR_RETURN(const auto open, impl_->Open(catalog));
  return open->source();
}

base::Result<std::vector<std::string>> Catalogs::Schemas(const store::Catalog& catalog,
                                                         const base::CallLimits& limits) {
  if (impl_->IsOwn(catalog)) return impl_->parts.own_tables->Schemas();
  TARN_ASSIGN_OR_RETURN(const auto open, impl_->Open(catalog));
  TARN_ASSIGN_OR_RETURN(auto schemas, open->Schemas(limits));
  if (const auto parametric = impl_->Parametric(catalog); !parametric.empty())
    AddParametricSchemas(parametric, schemas);
  return schemas;
}

base::Result<std::vector<connector::TableName>> Catalogs::Tables(const store::Catalog& catalog,
                                                                 const std::string& schema,
                                                                 const base::CallLimits& limits) {
  if (impl_->IsOwn(catalog)) return impl_->parts.own_tables->Tables(catalog.project_id, schema);
  TARN_ASSIGN_OR_RETURN(const auto open, impl_->Open(catalog));
  auto tables = open->Tables(schema, limits);
  const auto parametric = impl_->Parametric(catalog);
  if (parametric.empty()) return tables;
  std::vector<connector::TableName> names;
  AddParametricNames(parametric, schema, names);
  if (!tables && (names.empty() || tables.error().code != "SCHEMA_NOT_FOUND")) return tables;
  if (tables) AddParametricNames(parametric, schema, *tables);
  return tables ? *std::move(tables) : std::move(names);
}

base::Result<connector::TableInfo> Catalogs::Describe(const store::Catalog& catalog, const connector::TableName& table,
                                                      const base::CallLimits& limits) {
  if (impl_->IsOwn(catalog)) return impl_->parts.own_tables->Describe(catalog.project_id, table);
  TARN_ASSIGN_OR_RETURN(const auto open, impl_->Open(catalog));
  const auto parametric = FindParametric(catalog, table);
  if (!parametric) return open->Describe(table, limits);
  return impl_->DescribeParametricOf(*open, *parametric, limits);
}

base::Result<std::shared_ptr<const std::vector<connector::TableInfo>>> Catalogs::DescribeAll(
    const store::Catalog& catalog, const std::string& schema, const base::CallLimits& limits) {
  if (impl_->IsOwn(catalog)) {
    TARN_ASSIGN_OR_RETURN(auto tables, impl_->parts.own_tables->DescribeAll(catalog.project_id, schema));
    return std::make_shared<const std::vector<connector::TableInfo>>(std::move(tables));
  }
  TARN_ASSIGN_OR_RETURN(const auto open, impl_->Open(catalog));
  auto described = open->DescribeAll(schema, limits);
  const auto parametric = impl_->Parametric(catalog);
  if (parametric.empty() || (!described && described.error().code != "SCHEMA_NOT_FOUND")) return described;
  std::vector<connector::TableInfo> tables;
  if (described) tables = **described;
  bool added = false;
  for (const auto& one : parametric) {
    if (!schema.empty() && sql::ToLower(one.schema) != sql::ToLower(schema)) continue;
    added = true;
    const connector::TableName name{.schema = one.schema, .table = one.table};
    std::erase_if(tables, [&](const connector::TableInfo& other) { return IsSameTable(other.name, name); });
    auto table = impl_->DescribeParametricOf(*open, one, limits);
    if (table) {
      tables.push_back(*std::move(table));
    } else if (table.error().code != "VIEW_IS_STALE") {  // what reads a table that is gone has no columns to list
      return std::unexpected(std::move(table).error());
    }
  }
  if (!added) return described;
  std::ranges::sort(tables, {}, &connector::TableInfo::name);
  return std::make_shared<const std::vector<connector::TableInfo>>(std::move(tables));
}

base::Result<std::vector<connector::ColumnStatistics>> Catalogs::Statistics(const store::Catalog& catalog,
                                                                            const connector::TableInfo& table,
                                                                            const base::CallLimits& limits) {
  if (FindParametric(catalog, table.name)) return std::vector<connector::ColumnStatistics>{};
  TARN_ASSIGN_OR_RETURN(const auto source, SourceOf(catalog));
  return source->Statistics(table, limits);
}

std::optional<store::ParametricTable> Catalogs::FindParametric(const store::Catalog& catalog,
                                                               const connector::TableName& name) const {
  if (impl_->parts.definitions == nullptr) return std::nullopt;
  return impl_->parts.definitions->FindParametric(catalog, name);
}

base::Result<Catalogs::Relation> Catalogs::Read(const store::Catalog& catalog, const connector::TableName& name,
                                                const base::CallLimits& limits, From from) {
  if (impl_->IsOwn(catalog)) return impl_->parts.own_tables->Read(catalog.project_id, name);
  std::optional<Pin> copy;
  if (from == From::kAny) {
    TARN_ASSIGN_OR_RETURN(copy, impl_->AcquireCopy(catalog, name));
  }
  if (copy) return FromCopy(*std::move(copy));

  TARN_ASSIGN_OR_RETURN(const auto open, impl_->Open(catalog));
  TARN_ASSIGN_OR_RETURN(auto table, open->Describe(name, limits));
  if (table.name != name && from == From::kAny) {  // the source spells the name otherwise
    TARN_ASSIGN_OR_RETURN(copy, impl_->AcquireCopy(catalog, table.name));
    if (copy) return FromCopy(*std::move(copy));
  }
  TARN_ASSIGN_OR_RETURN(auto engine_sql, open->LiveRelation(table, limits));
  auto stop = open->source()->StopReading(engine_sql);
  const auto rows = table.estimated_rows;
  return Relation{.table = std::move(table),
                  .engine_sql = std::move(engine_sql),
                  .pin = std::nullopt,
                  .rows = rows,
                  .stop = std::move(stop)};
}

base::Result<Catalogs::Relation> Catalogs::ReadStored(const Generations::Key& key) {
  TARN_ASSIGN_OR_RETURN(auto pin, impl_->parts.generations.Acquire(key));
  if (!pin) return base::FailedPrecondition("The materialized query has no stored result yet", "VIEW_IS_STALE");
  return FromCopy(*std::move(pin));
}

const Definitions* Catalogs::definitions() const { return impl_->parts.definitions; }

void Catalogs::DescribeDefinitionsBy(DescribeDefinition describe) { impl_->describe = std::move(describe); }

void Catalogs::ForgetConnection(const std::string& connection_id) {
  for (const auto& catalog : impl_->parts.catalogs.ListByConnection(connection_id)) impl_->Forget(catalog.id);
}

void Catalogs::ForgetCatalog(const std::string& catalog_id) { impl_->Forget(catalog_id); }

}  // namespace tarn::catalog
