// Finds the tables of one project for one statement.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "catalog/catalogs.h"
#include "engine/text_rows.h"
#include "query/executor.h"
#include "sql/translate.h"

namespace tarn::query {

struct ExecutorParts;

// Not thread-safe; lives for one statement. A table named twice is the same relation both times.
class ProjectResolver final : public sql::TableResolver {
 public:
  // What was resolved to and must outlive the result: generations, rows of Tarn's own.
  struct Held {
    std::vector<catalog::Pin> pins = {};
    std::vector<engine::HeldRows> rows = {};
    std::vector<std::function<void()>> stops = {};  // of live reads, at their sources

    // All stops as one; empty where there are none.
    [[nodiscard]] std::function<void()> Stop() const;
  };

  ProjectResolver(catalog::Catalogs& catalogs, const Executor::SavedQueryText& saved_query, std::string project_id,
                  base::CallLimits limits, ExecutorParts* parts, Freshness wanted = {})
      : catalogs_(catalogs),
        saved_query_(saved_query),
        project_id_(std::move(project_id)),
        limits_(std::move(limits)),
        parts_(parts),
        wanted_(wanted) {}

  [[nodiscard]] base::Result<sql::ResolvedTable> Resolve(const sql::QualifiedName& name) override {
    return ResolveFiltered(name, {});
  }
  [[nodiscard]] base::Result<sql::ResolvedTable> ResolveFiltered(
      const sql::QualifiedName& name, const std::vector<sql::ColumnFilter>& filters) override {
    return ResolveIn({}, name, filters);
  }
  // The scope is the project whose names a shared table uses.
  [[nodiscard]] base::Result<sql::ResolvedTable> ResolveIn(const std::string& scope, const sql::QualifiedName& name,
                                                           const std::vector<sql::ColumnFilter>& filters) override;
  // Shows the hidden column that names the rows of a table in memory.
  void ShowRowIdentifier(sql::QualifiedName table) { changed_ = std::move(table); }

  // How many tables were resolved to a copy so far.
  [[nodiscard]] std::size_t copies() const { return held_.pins.size(); }
  // How many rows a resolved table has, as far as it is known; -1 where it is not.
  [[nodiscard]] std::int64_t RowsOf(const sql::QualifiedName& name) const;
  [[nodiscard]] Held TakeHeld() { return std::move(held_); }
  // The tables of catalogs and the stored results that were resolved so far.
  [[nodiscard]] const std::vector<StatementInput>& inputs() const { return inputs_; }
  [[nodiscard]] std::vector<StatementInput> TakeInputs() { return std::move(inputs_); }
  // Whether there is such a table or view, without reading anything of it.
  // Errors: as for Resolve.
  [[nodiscard]] base::Result<void> CheckExists(const sql::QualifiedName& name);
  // The catalog of a resolved table, by its SQL name; empty for saved queries.
  [[nodiscard]] std::string CatalogId(const std::string& catalog_name) const;

 private:
  [[nodiscard]] base::Result<sql::ResolvedTable> ResolveOf(const std::string& project_id,
                                                           const sql::QualifiedName& name,
                                                           const std::vector<sql::ColumnFilter>& filters);
  [[nodiscard]] base::Result<sql::ResolvedTable> ResolveBuiltIn(const std::string& project_id,
                                                                const sql::QualifiedName& name);
  [[nodiscard]] base::Result<sql::ResolvedTable> ResolveStored(const std::string& project_id,
                                                               const sql::QualifiedName& name);
  // The table from its copy, or from its source where it has none or one that is too old.
  [[nodiscard]] base::Result<catalog::Catalogs::Relation> Read(const store::Catalog& catalog,
                                                               const sql::QualifiedName& name);
  [[nodiscard]] base::Result<sql::ResolvedTable> ResolveTable(const std::string& project_id,
                                                              const store::Catalog& catalog,
                                                              const sql::QualifiedName& name);
  [[nodiscard]] base::Result<sql::ResolvedTable> ResolveSemantic(const store::Catalog& catalog,
                                                                 const sql::QualifiedName& name);
  [[nodiscard]] base::Result<sql::ResolvedTable> ResolveParametric(const std::string& project_id,
                                                                   const store::Catalog& catalog,
                                                                   const store::ParametricTable& table);
  [[nodiscard]] base::Result<sql::ResolvedTable> ResolveSystem(const std::string& project_id,
                                                               const sql::QualifiedName& name,
                                                               const std::vector<sql::ColumnFilter>& filters);

  catalog::Catalogs& catalogs_;
  const Executor::SavedQueryText& saved_query_;
  std::string project_id_;
  base::CallLimits limits_;
  ExecutorParts* parts_;
  Freshness wanted_;
  std::map<std::pair<std::string, sql::QualifiedName>, sql::ResolvedTable> resolved_;  // by project and name
  std::map<std::string, std::string> catalog_ids_;
  std::map<sql::QualifiedName, std::int64_t> rows_;
  Held held_;
  std::vector<StatementInput> inputs_;
  sql::QualifiedName changed_;
};

}  // namespace tarn::query
