#include "query/function_signatures.h"

#include <gmock/gmock.h>

#include <set>

#include "sql/function_table.h"

namespace tarn::query {
namespace {

std::vector<std::string> Named(const std::string& name) {
  std::vector<std::string> shown;
  for (const auto& each : FunctionSignatures()) {
    if (each.name == name)
      shown.push_back(each.result + " <- " + each.arguments + " " + each.kind + (each.deterministic ? "" : " random"));
  }
  return shown;
}

TEST(FunctionSignaturesTest, AreShownAsTrinoShowsThem) {
  EXPECT_THAT(Named("ceil"), testing::Contains("decimal(rp,0) <- decimal(p,s) scalar"));
  EXPECT_THAT(Named("date_trunc"),
              testing::Contains("timestamp(p) with time zone <- varchar(x), timestamp(p) with time zone scalar"));
  EXPECT_THAT(Named("transform"), testing::ElementsAre("array(U) <- array(T), function(T,U) scalar"));
  EXPECT_THAT(Named("concat"), testing::IsSupersetOf({"char(u) <- char(x), char(y) scalar", "varchar <- varchar scalar",
                                                      "array(E) <- array(E) scalar"}));
  EXPECT_THAT(Named("concat_ws"), testing::Contains("varchar <- varchar, varchar scalar"));
  EXPECT_THAT(Named("max_by"), testing::Contains("V <- V, K aggregate"));
  EXPECT_THAT(Named("row_number"), testing::ElementsAre("bigint <-  window"));
  EXPECT_THAT(Named("uuid"), testing::ElementsAre("uuid <-  scalar random"));
}

TEST(FunctionSignaturesTest, AreThoseThatStatementsMayCall) {
  EXPECT_THAT(Named("current_groups"), testing::IsEmpty()) << "it is refused";
  EXPECT_THAT(Named("fail"), testing::IsEmpty());
  std::set<std::string> listed;
  for (const auto& each : FunctionSignatures()) listed.insert(each.name);
  const auto callable = [](const auto& entries) {
    return std::ranges::any_of(entries, [](const auto& entry) { return !entry.row.engine.empty(); });
  };
  for (const auto& entry : sql::AllScalarFunctions()) {
    const std::string name(entry.row.name);
    if (name == "fail") continue;
    EXPECT_EQ(listed.contains(name), callable(sql::ScalarFunctions(name)) || callable(sql::AggregateFunctions(name)))
        << name;
  }
  EXPECT_GT(listed.size(), 250U);
}

}  // namespace
}  // namespace tarn::query
