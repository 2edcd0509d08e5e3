#include "cache/refresh_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "engine/database.h"

namespace tarn::cache {
namespace {

using std::chrono::microseconds;
using testing::ElementsAre;

connector::ColumnInfo Column(const std::string& name, const std::string& engine_type) {
  connector::ColumnInfo column;
  column.name = name;
  column.source_name = name;
  column.engine_type = engine_type;
  return column;
}

connector::TableInfo Orders() {
  connector::TableInfo table;
  table.name = {.schema = "shop", .table = "orders"};
  table.columns = {Column("id", "BIGINT"), Column("Note", "VARCHAR"), Column("changed", "TIMESTAMP")};
  table.key = {"id"};
  table.key_enforced = true;
  return table;
}

RefreshOptions Cursor(const std::string& column) { return {.method = MethodChoice::kCursor, .cursor_column = column}; }

TEST(RefreshOptionsTest, WhatIsUsualIsNotWritten) {
  EXPECT_EQ(WriteRefreshOptions({}), "");
  EXPECT_EQ(ReadRefreshOptions("").value(), RefreshOptions{});
}

TEST(RefreshOptionsTest, AreReadAsTheyWereWritten) {
  const RefreshOptions options = {.method = MethodChoice::kAppend,
                                  .cursor_column = "a \"b\"",
                                  .lookback = "",
                                  .key_columns = {"x", "ü"},
                                  .drift = DriftPolicy::kFail,
                                  .deletes = DeleteDetection::kKeys};
  EXPECT_EQ(ReadRefreshOptions(WriteRefreshOptions(options)).value(), options);
  EXPECT_EQ(ReadRefreshOptions("{}").error().kind, base::ErrorKind::kInternal);
  EXPECT_EQ(ReadRefreshOptions("nonsense").error().kind, base::ErrorKind::kInternal);
}

TEST(RefreshOptionsTest, AnEmptyWordIsTheUsualChoice) {
  const auto changed =
      ChangeOptions({.method = MethodChoice::kFull, .drift = DriftPolicy::kFail}, {.method = "", .drift = ""});
  ASSERT_TRUE(changed);
  EXPECT_EQ(*changed, RefreshOptions{});
  EXPECT_EQ(ChangeOptions({}, {.deletes = "some"}).error().field, "deleteDetection");
}

TEST(RefreshOptionsTest, ACursorIsATimeOrAWholeNumberOfATableWithAKey) {
  EXPECT_TRUE(CheckOptions(Cursor("CHANGED"), Orders()));
  EXPECT_TRUE(CheckOptions(Cursor("id"), Orders()));
  EXPECT_EQ(CheckOptions(Cursor("note"), Orders()).error().field, "cursorColumn");
  auto keyless = Orders();
  keyless.key.clear();
  auto options = Cursor("id");
  EXPECT_EQ(CheckOptions(options, keyless).error().field, "keyColumns");
  options.key_columns = {"ID"};
  EXPECT_TRUE(CheckOptions(options, keyless));
}

TEST(RefreshOptionsTest, ALookBackFitsItsCursor) {
  auto options = Cursor("changed");
  for (const auto* text : {"PT0S", "PT1H", "P99Y"}) {
    options.lookback = text;
    EXPECT_TRUE(CheckOptions(options, Orders())) << text;
  }
  for (const auto* text : {"10", "P101Y", "-PT1H", "an hour"}) {
    options.lookback = text;
    EXPECT_EQ(CheckOptions(options, Orders()).error().field, "lookback") << text;
  }
  options = Cursor("id");
  options.lookback = "PT1H";
  EXPECT_EQ(CheckOptions(options, Orders()).error().field, "lookback");
  options.lookback = "1000";
  EXPECT_TRUE(CheckOptions(options, Orders()));
}

TEST(RefreshOptionsTest, TheChosenKeyIsTheTablesAndNotEnforced) {
  auto table = Orders();
  ASSERT_TRUE(ChooseKey({.key_columns = {"NOTE", "id"}}, table));
  EXPECT_THAT(table.key, ElementsAre("Note", "id"));
  EXPECT_FALSE(table.key_enforced);
  auto same = Orders();
  ASSERT_TRUE(ChooseKey({.key_columns = {"ID"}}, same));
  EXPECT_TRUE(same.key_enforced);
  EXPECT_EQ(ChooseKey({.key_columns = {"gone"}}, same).error().code, "STRUCTURE_CHANGED");
}

class LeastOfCursorTest : public testing::Test {
 protected:
  LeastOfCursorTest()
      : database_(engine::Database::Open({.file = {}, .temp_directory = "/nonexistent"}).value()),
        session_(database_->Connect().value()) {}

  std::optional<std::string> Least(const RefreshOptions& options, const std::string& type, const std::string& values) {
    EXPECT_TRUE(session_->Execute("CREATE OR REPLACE TABLE copy AS SELECT CAST(v AS " + type +
                                      ") AS \"the \"\"c\" FROM (VALUES " + values + ") t(v)",
                                  {}));
    return session_->Rows(LeastOfCursor(options, Column("the \"c", type), "copy", seen_), {}).value().at(0).at(0);
  }

  base::SystemTime seen_ = base::ParseTime("2026-05-01T12:00:00Z").value();
  std::unique_ptr<engine::Database> database_;
  std::unique_ptr<engine::Session> session_;
};

TEST_F(LeastOfCursorTest, OfTimesIsTheNewestLessTheLookBack) {
  auto options = Cursor("c");
  EXPECT_EQ(Least(options, "TIMESTAMP", "('2026-04-30 10:00:00'), (NULL), ('2026-04-29')"), "2026-04-30 09:50:00");
  options.lookback = "P1D";
  EXPECT_EQ(Least(options, "TIMESTAMP", "('2026-04-30 10:00:00.5')"), "2026-04-29 10:00:00.5");
  EXPECT_EQ(Least(options, "DATE", "('2026-04-30')"), "2026-04-29");
  EXPECT_EQ(Least(options, "TIMESTAMP WITH TIME ZONE", "('2026-04-30 10:00:00+02')"), "2026-04-29 08:00:00+00");
}

TEST_F(LeastOfCursorTest, DoesNotFollowStampsOfTheFuture) {
  EXPECT_EQ(Least(Cursor("c"), "TIMESTAMP", "('2100-01-01'), ('2026-01-01')"), "2026-05-01 11:50:00");
  EXPECT_EQ(Least(Cursor("c"), "TIMESTAMP", "('infinity'), ('2026-01-01')"), "2025-12-31 23:50:00");
}

TEST_F(LeastOfCursorTest, OfNothingIsNothing) {
  EXPECT_EQ(Least(Cursor("c"), "TIMESTAMP", "(NULL)"), std::nullopt);
  EXPECT_EQ(Least(Cursor("c"), "BIGINT", "(NULL)"), std::nullopt);
}

TEST_F(LeastOfCursorTest, OfNumbersStaysExact) {
  auto options = Cursor("c");
  EXPECT_EQ(Least(options, "BIGINT", "(9223372036854775807)"), "9223372036854775807");
  options.lookback = "100";
  EXPECT_EQ(Least(options, "BIGINT", "(1000)"), "900");
  EXPECT_EQ(Least(options, "UTINYINT", "(20)"), std::nullopt);
  EXPECT_EQ(Least(options, "INTEGER", "(-2147483600)"), std::nullopt);
  options = {.method = MethodChoice::kAppend, .cursor_column = "c"};
  EXPECT_EQ(Least(options, "UBIGINT", "(18446744073709551615)"), "18446744073709551615");
}

}  // namespace
}  // namespace tarn::cache
