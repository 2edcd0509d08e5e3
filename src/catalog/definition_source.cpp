#include "catalog/definition_source.h"

#include <algorithm>
#include <set>

#include "sql/text.h"

namespace tarn::catalog {

namespace {

class DefinitionSource final : public connector::Source {
 public:
  DefinitionSource(store::Catalog catalog, const Definitions& definitions, DescribeDefinition describe)
      : catalog_(std::move(catalog)), definitions_(definitions), describe_(std::move(describe)) {}

  base::Result<void> Check(const base::CallLimits&) override { return {}; }

  base::Result<std::vector<std::string>> Schemas(const base::CallLimits&) override {
    std::set<std::string> schemas;
    for (const auto& name : definitions_.SemanticTables(catalog_)) schemas.insert(name.schema);
    return std::vector<std::string>(schemas.begin(), schemas.end());
  }

  base::Result<std::vector<connector::TableName>> Tables(const std::string& schema, const base::CallLimits&) override {
    auto names = definitions_.SemanticTables(catalog_);
    std::ranges::sort(names);
    if (schema.empty()) return names;
    std::erase_if(names, [&](const auto& name) { return sql::ToLower(name.schema) != sql::ToLower(schema); });
    if (names.empty()) return base::NotFound("Schema does not exist: \"" + schema + "\"", "SCHEMA_NOT_FOUND");
    return names;
  }

  base::Result<connector::TableInfo> Describe(const connector::TableName& name,
                                              const base::CallLimits& limits) override {
    const auto definition = definitions_.FindSemantic(catalog_, name);
    if (!definition) {
      TARN_RETURN_IF_ERROR(Tables(name.schema, limits));
      return base::NotFound("Table does not exist: \"" + name.schema + "." + name.table + "\"", "TABLE_NOT_FOUND");
    }
    return describe_(*definition, name, limits);
  }

  base::Result<std::vector<connector::ColumnStatistics>> Statistics(const connector::TableInfo&,
                                                                    const base::CallLimits&) override {
    return base::NotSupported("Tables of a semantic catalog have no statistics");
  }

  base::Result<std::vector<std::string>> AttachStatements(const std::string&, const base::CallLimits&) override {
    return std::vector<std::string>{};
  }
  std::vector<std::string> DetachStatements(const std::string&) override { return {}; }
  base::Result<std::string> LiveRelation(const connector::TableInfo&, const std::string&) override {
    return base::Internal("A table of a semantic catalog is read by its query");
  }
  base::Result<std::unique_ptr<connector::SourceSnapshot>> OpenSnapshot(engine::Session&,
                                                                        const base::CallLimits&) override {
    return base::NotSupported("A table of a semantic catalog cannot be copied");
  }

 private:
  const store::Catalog catalog_;
  const Definitions& definitions_;
  const DescribeDefinition describe_;
};

}  // namespace

std::unique_ptr<connector::Source> MakeDefinitionSource(store::Catalog catalog, const Definitions& definitions,
                                                        DescribeDefinition describe) {
  return std::make_unique<DefinitionSource>(std::move(catalog), definitions, std::move(describe));
}

}  // namespace tarn::catalog
