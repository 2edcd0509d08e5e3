// Finds the tables of one project for one statement.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "catalog/catalogs.h"
#include "query/executor.h"
#include "sql/translate.h"

namespace tarn::query {

// Not thread-safe; lives for one statement. A table named twice is the same relation both times.
class ProjectResolver final : public sql::TableResolver {
 public:
  ProjectResolver(catalog::Catalogs& catalogs, const Executor::SavedQueryText& saved_query, std::string project_id,
                  base::CallLimits limits)
      : catalogs_(catalogs), saved_query_(saved_query), project_id_(std::move(project_id)), limits_(std::move(limits)) {}

  [[nodiscard]] base::Result<sql::ResolvedTable> Resolve(const sql::QualifiedName& name) override;

  // The generations that were resolved to; they must outlive the result.
  [[nodiscard]] std::vector<catalog::Pin> TakePins() { return std::move(pins_); }
  // The catalog of a resolved table, by its SQL name; empty for saved queries.
  [[nodiscard]] std::string CatalogId(const std::string& catalog_name) const;

 private:
  [[nodiscard]] base::Result<sql::ResolvedTable> ResolveBuiltIn(const sql::QualifiedName& name) const;

  catalog::Catalogs& catalogs_;
  const Executor::SavedQueryText& saved_query_;
  std::string project_id_;
  base::CallLimits limits_;
  std::map<sql::QualifiedName, sql::ResolvedTable> resolved_;
  std::map<std::string, std::string> catalog_ids_;
  std::vector<catalog::Pin> pins_;
};

}  // namespace tarn::query
