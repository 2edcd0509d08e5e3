// docs/sql-coverage.md says what the tables hold. With TARN_WRITE_COVERAGE set, the test writes the page anew (./dev
// sql-coverage).
#include "sql/coverage.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>

#include "sql/fixture_test.h"
#include "sql/function_table.h"

namespace tarn::sql {
namespace {

TEST(Coverage, PageIsUpToDate) {
  const std::string page = CoveragePage(ReadText(SourceFolder() / "testdata" / "functions.tsv"));
  const std::filesystem::path path = SourceFolder().parent_path().parent_path() / "docs" / "sql-coverage.md";
  if (std::getenv("TARN_WRITE_COVERAGE") != nullptr) std::ofstream(path) << page;
  EXPECT_EQ(ReadText(path), page) << "run ./dev sql-coverage";
}

TEST(Coverage, TablesHaveOnlyFunctionsOfTrino) {
  const std::string functions = ReadText(SourceFolder() / "testdata" / "functions.tsv");
  // Functions that Trino has as syntax of their own and does not list.
  const std::set<std::string_view> unlisted = {"fail", "format", "listagg", "overlay"};
  const auto check = [&](std::string_view name) {
    EXPECT_TRUE(unlisted.contains(name) || functions.contains("\n" + std::string(name) + "\t")) << name;
  };
  for (const auto& entry : AllScalarFunctions()) check(entry.row.name);
  for (const auto& entry : AllAggregateFunctions()) check(entry.row.name);
  for (const auto& entry : AllWindowFunctions()) check(entry.row.name);
}

TEST(Coverage, SampleCallsAreUnderstood) {
  for (const auto& entry : AllScalarFunctions()) {
    if (entry.row.engine.empty()) continue;
    const std::string call = SampleCall(entry.row.name, entry.signature);
    EXPECT_EQ(ErrorText(TranslateText("SELECT " + call)), "") << call;
  }
}

}  // namespace
}  // namespace tarn::sql
