// Views whose names are another's than those of the statement around them.
#include <gtest/gtest.h>

#include <map>

#include "sql/fixture_test.h"
#include "sql/translation_cache.h"

namespace tarn::sql {
namespace {

// Tables and views of several scopes, by "scope/catalog.schema.table".
class ScopedResolver final : public TableResolver {
 public:
  base::Result<ResolvedTable> Resolve(const QualifiedName& name) override { return ResolveIn({}, name, {}); }
  base::Result<ResolvedTable> ResolveIn(const std::string& scope, const QualifiedName& name,
                                        const std::vector<ColumnFilter>&) override {
    const auto found = tables.find(scope + "/" + name.catalog + "." + name.schema + "." + name.table);
    if (found == tables.end()) return base::NotFound("No such table", "TABLE_NOT_FOUND");
    return found->second;
  }

  std::map<std::string, ResolvedTable> tables;
};

ResolvedTable Table(const std::string& engine_sql) {
  return {.name = {"c", "s", "t"}, .columns = {{"a", "bigint"}}, .engine_sql = engine_sql, .view_text = std::nullopt};
}

ResolvedTable View(const std::string& text, const std::string& scope) {
  return {.name = {"c", "s", "v"}, .columns = {}, .engine_sql = {}, .view_text = text, .view_scope = scope};
}

class ViewScopeTest : public testing::Test {
 protected:
  ViewScopeTest() {
    resolver_.tables["/c.s.t"] = Table("mine");
    resolver_.tables["other/c.s.t"] = Table("theirs");
    resolver_.tables["/c.s.v"] = View("SELECT a FROM c.s.inner_view", "other");
    resolver_.tables["other/c.s.inner_view"] = View("SELECT a FROM c.s.t", "");
  }

  std::string Run(const std::string& text,
                  const SessionContext& session = {.catalog = "c", .schema = "s", .time_zone = "UTC", .user = "ann"}) {
    const auto statement = Parse(text);
    if (!statement) return ErrorText(statement);
    const auto translation = Translate(*statement, session, resolver_);
    return translation ? translation->engine_sql : ErrorText(translation);
  }

  ScopedResolver resolver_;
};

TEST_F(ViewScopeTest, NamesInsideAreOfTheViewsScopeAndThoseOutsideAreNot) {
  const auto sql = Run("SELECT v.a, t.a FROM v, t");
  EXPECT_NE(sql.find("theirs"), std::string::npos) << sql;
  EXPECT_NE(sql.find("mine"), std::string::npos) << sql;
  EXPECT_EQ(Run("SELECT a FROM v").find("mine"), std::string::npos);
  EXPECT_EQ(Run("SELECT a FROM t").find("theirs"), std::string::npos);
}

TEST_F(ViewScopeTest, NamesWithoutACatalogAreNotThoseOfTheSession) {
  resolver_.tables["/c.s.v"] = View("SELECT a FROM t", "other");
  EXPECT_NE(Run("SELECT a FROM v").find("MISSING_SCHEMA_NAME"), std::string::npos) << Run("SELECT a FROM v");
}

TEST_F(ViewScopeTest, AResolverWithoutScopesKnowsNoNamesOfOthers) {
  FixedResolver plain;
  EXPECT_FALSE(plain.ResolveIn("other", {"tpch", "sf1", "nation"}, {}));
  EXPECT_TRUE(plain.ResolveIn("", {"tpch", "sf1", "nation"}, {}));
}

TEST_F(ViewScopeTest, AKeptTranslationIsAskedForInItsScope) {
  TranslationCache cache(64 << 10);
  const SessionContext session{.catalog = "c", .schema = "s", .time_zone = "UTC", .user = "ann"};
  const std::vector<std::optional<std::string>> parameters;
  const TranslationCache::Key key{
      .scope = "p", .text = "SELECT a FROM v", .session = session, .parameters = parameters};
  RecordingResolver recorded(resolver_);
  const auto statement = Parse(key.text);
  ASSERT_TRUE(statement);
  auto translation = Translate(*statement, session, recorded);
  ASSERT_TRUE(translation);
  cache.Keep(key, std::make_shared<const Translation>(*std::move(translation)), recorded);
  EXPECT_TRUE(cache.Find(key, resolver_));
  resolver_.tables["/c.s.t"] = Table("mine anew");
  EXPECT_TRUE(cache.Find(key, resolver_));
  resolver_.tables["other/c.s.t"] = Table("theirs anew");
  EXPECT_FALSE(cache.Find(key, resolver_));
}

}  // namespace
}  // namespace tarn::sql
