#include "sql/translation_cache.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "sql/fixture_test.h"

namespace tarn::sql {
namespace {

// One schema whose tables a test changes under a kept translation.
class ChangingResolver final : public TableResolver {
 public:
  base::Result<ResolvedTable> Resolve(const QualifiedName& name) override {
    ++asked;
    const auto found = tables.find(name.table);
    if (found == tables.end()) return base::NotFound("No such table", "TABLE_NOT_FOUND");
    return found->second;
  }
  void Put(const std::string& name, const std::string& engine_sql, std::vector<ResolvedColumn> columns) {
    tables[name] = {
        .name = {"c", "s", name}, .columns = std::move(columns), .engine_sql = engine_sql, .view_text = std::nullopt};
  }

  std::map<std::string, ResolvedTable> tables;
  int asked = 0;
};

class TranslationCacheTest : public testing::Test {
 protected:
  TranslationCacheTest() { resolver_.Put("t", "gen1.t", {{"a", "bigint"}}); }

  // What an executor does: a kept translation, else a new one that is kept.
  std::string Run(const std::string& text, const std::string& scope = "p") {
    const TranslationCache::Key key{
        .scope = scope, .text = text, .allow_semicolon = semicolon_, .session = session_, .parameters = parameters_};
    if (const auto known = cache_.Find(key, resolver_)) return "kept " + known->engine_sql;
    RecordingResolver recorded(resolver_);
    const auto statement = Parse(text, semicolon_);
    if (!statement) return statement.error().code;
    auto translation = Translate(*statement, session_, recorded, parameters_);
    if (!translation) return translation.error().code;
    const std::string sql = translation->engine_sql;
    cache_.Keep(key, std::make_shared<const Translation>(*std::move(translation)), recorded);
    return sql;
  }

  TranslationCache cache_{64 << 10};
  ChangingResolver resolver_;
  SessionContext session_{.catalog = "c", .schema = "s", .time_zone = "UTC", .user = "ann"};
  std::vector<std::optional<std::string>> parameters_;
  bool semicolon_ = true;
};

TEST_F(TranslationCacheTest, GivesTheSameTextAgain) {
  const std::string first = Run("SELECT a FROM t");
  EXPECT_EQ(Run("SELECT a FROM t"), "kept " + first);
  const auto counts = cache_.counts();
  EXPECT_EQ(counts.hits, 1U);
  EXPECT_EQ(counts.misses, 1U);
  EXPECT_EQ(counts.entries, 1U);
}

TEST_F(TranslationCacheTest, IsNeverOutOfDate) {
  const auto changed = [this](const std::function<void()>& change) {
    Run("SELECT * FROM t");
    EXPECT_TRUE(Run("SELECT * FROM t").starts_with("kept "));
    change();
    const std::string after = Run("SELECT * FROM t");
    EXPECT_FALSE(after.starts_with("kept "));
    return after;
  };
  EXPECT_NE(changed([&] { resolver_.Put("t", "gen2.t", {{"a", "bigint"}}); }).find("gen2.t"), std::string::npos);
  EXPECT_NE(changed([&] {
              resolver_.Put("t", "gen2.t", {{"a", "bigint"}, {"b", "date"}});
            }).find("\"b\""),
            std::string::npos);
  changed([&] { resolver_.Put("t", "gen2.t", {{"a", "varchar"}, {"b", "date"}}); });
  changed([&] { resolver_.tables["t"].columns[1].hidden = true; });
  EXPECT_EQ(changed([&] { resolver_.tables.erase("t"); }), "TABLE_NOT_FOUND");
  EXPECT_GE(cache_.counts().outdated, 5U);
}

TEST_F(TranslationCacheTest, LooksIntoViews) {
  resolver_.tables["v"] = {.name = {"c", "s", "v"}, .columns = {}, .engine_sql = "", .view_text = "SELECT a FROM t"};
  Run("SELECT * FROM v");
  EXPECT_TRUE(Run("SELECT * FROM v").starts_with("kept "));
  resolver_.Put("t", "gen2.t", {{"a", "bigint"}});
  EXPECT_NE(Run("SELECT * FROM v").find("gen2.t"), std::string::npos);
  EXPECT_TRUE(Run("SELECT * FROM v").starts_with("kept "));
  resolver_.tables["v"].view_text = "SELECT a + 1 AS a FROM t";
  EXPECT_FALSE(Run("SELECT * FROM v").starts_with("kept "));
}

TEST_F(TranslationCacheTest, TellsApartAllThatATranslationDependsOn) {
  const std::string text = "SELECT a, current_user, current_timezone(), ? FROM t";
  parameters_ = {"1"};
  const auto is_new = [&](const std::string& scope = "p") {
    EXPECT_FALSE(Run(text, scope).starts_with("kept ")) << scope;
    EXPECT_TRUE(Run(text, scope).starts_with("kept ")) << scope;
  };
  is_new();
  is_new("another project");
  session_.user = "bob";
  is_new();
  session_.time_zone = "Asia/Tokyo";
  is_new();
  session_.catalog = "d";
  is_new();
  session_.schema = "u";
  is_new();
  parameters_ = {std::nullopt};
  is_new();
  parameters_ = {""};
  is_new();
  semicolon_ = false;
  is_new();
  session_ = {.catalog = "c", .schema = "s", .time_zone = "UTC", .user = "ann"};
  parameters_ = {"1"};
  semicolon_ = true;
  EXPECT_TRUE(Run(text).starts_with("kept "));
}

TEST_F(TranslationCacheTest, DoesNotKeepWhatIsMadeForOneStatement) {
  resolver_.tables["t"].momentary = true;
  Run("SELECT a FROM t");
  EXPECT_FALSE(Run("SELECT a FROM t").starts_with("kept "));
  EXPECT_EQ(cache_.counts().entries, 0U);
}

TEST_F(TranslationCacheTest, ErrorsAreNotKept) {
  EXPECT_EQ(Run("SELECT b FROM t"), "COLUMN_NOT_FOUND");
  resolver_.Put("t", "gen1.t", {{"b", "bigint"}});
  EXPECT_NE(Run("SELECT b FROM t").find("gen1.t"), std::string::npos);
}

TEST_F(TranslationCacheTest, StaysWithinItsBytesAndForgetsTheOldest) {
  const std::string first = "SELECT a AS first FROM t";
  Run(first);
  for (int i = 0; i < 500; ++i) {
    Run("SELECT a AS c" + std::to_string(i) + " FROM t");
    if (i % 10 == 0) Run(first);
    EXPECT_LE(cache_.counts().bytes, 64U << 10U);
  }
  EXPECT_LT(cache_.counts().entries, 200U);
  EXPECT_TRUE(Run(first).starts_with("kept "));
  EXPECT_TRUE(Run("SELECT a AS c499 FROM t").starts_with("kept "));
  EXPECT_FALSE(Run("SELECT a AS c3 FROM t").starts_with("kept "));
  Run("SELECT '" + std::string(100 << 10, 'x') + "' FROM t");  // larger than all of it
  EXPECT_TRUE(Run(first).starts_with("kept "));
}

}  // namespace
}  // namespace tarn::sql
