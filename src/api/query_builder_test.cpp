#include "api/query_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace tarn::api {
namespace {

BuilderTable Customers() {
  return {.name = {.catalog = "shop", .schema = "main", .table = "customers"},
          .catalog_id = "7",
          .types = {{"id", "bigint"}, {"name", "varchar"}, {"born", "date"}}};
}

std::string Where(const std::string& filters) {
  const auto text = WriteFilter(boost::json::parse(filters), {Customers()});
  return text ? *text : "error at " + text.error().field;
}

TEST(QueryBuilder, WritesEveryClause) {
  const BuilderQuery query = {.from = {Customers()},
                              .columns = {"id", "na\"me"},
                              .filters = {},
                              .order_by = {"id DESC", " name asc ", "born"},
                              .limit = 20,
                              .offset = 5};
  EXPECT_EQ(WriteStatement(query).value(),
            "SELECT \"id\", \"na\"\"me\" FROM \"shop\".\"main\".\"customers\" AS t0"
            " ORDER BY \"id\" DESC, \"name\" ASC, \"born\" OFFSET 5 LIMIT 20");
}

TEST(QueryBuilder, AllColumnsOfSeveralTables) {
  BuilderTable other = Customers();
  other.name.table = "charges";
  const auto filters =
      boost::json::parse(R"({"and": [[{"column": {"tableName": "charges", "columnName": "customer"}}, "=",
                                                       [{"column": {"tableName": "customers", "columnName": "id"}}]]]})");
  EXPECT_EQ(
      WriteStatement(
          {.from = {Customers(), other}, .columns = {}, .filters = filters, .order_by = {}, .limit = {}, .offset = {}})
          .value(),
      "SELECT * FROM \"shop\".\"main\".\"customers\" AS t0 CROSS JOIN \"shop\".\"main\".\"charges\" AS t1"
      " WHERE (t1.\"customer\" = t0.\"id\")");
}

TEST(QueryBuilder, SqlInOrderByIsOnlyAName) {
  const BuilderQuery query = {
      .from = {Customers()}, .columns = {}, .filters = {}, .order_by = {"id; DROP TABLE x"}, .limit = 1, .offset = {}};
  EXPECT_THAT(WriteStatement(query).value(), testing::HasSubstr("ORDER BY \"id; DROP TABLE x\" LIMIT 1"));
}

TEST(QueryBuilder, RefusesWhatCannotBeWritten) {
  EXPECT_EQ(WriteStatement({}).error().field, "from");
  EXPECT_EQ(WriteStatement(
                {.from = {Customers()}, .columns = {}, .filters = {}, .order_by = {"  "}, .limit = {}, .offset = {}})
                .error()
                .field,
            "orderBy[0]");
  EXPECT_EQ(
      WriteStatement({.from = {Customers()}, .columns = {}, .filters = {}, .order_by = {}, .limit = -1, .offset = {}})
          .error()
          .field,
      "limit");
  EXPECT_EQ(
      WriteStatement({.from = {Customers()}, .columns = {""}, .filters = {}, .order_by = {}, .limit = {}, .offset = {}})
          .error()
          .field,
      "columns[0]");
}

TEST(QueryFilter, Operators) {
  EXPECT_EQ(Where(R"({"and": [[{"column": {"columnName": "id"}}, ">", [150]]]})"), "(t0.\"id\" > 150)");
  EXPECT_EQ(Where(R"({"and": [[{"column": {"columnName": "id"}}, "in", [1, 2.5]]]})"), "(t0.\"id\" IN (1, 2.5))");
  EXPECT_EQ(Where(R"({"and": [[{"column": {"columnName": "id"}}, "not in", ["1"]]]})"),
            "(t0.\"id\" NOT IN (CAST('1' AS bigint)))");
  EXPECT_EQ(Where(R"({"and": [[{"column": {"columnName": "born"}}, "BETWEEN", ["2024-01-01", "2024-02-01"]]]})"),
            "(t0.\"born\" BETWEEN CAST('2024-01-01' AS date) AND CAST('2024-02-01' AS date))");
  EXPECT_EQ(Where(R"({"and": [[{"column": {"columnName": "name"}}, "LIKE", ["O'%"]]]})"), "(t0.\"name\" LIKE 'O''%')");
  EXPECT_EQ(Where(R"({"and": [[{"column": {"columnName": "name"}}, "=", [5]]]})"), "(t0.\"name\" = '5')");
  EXPECT_EQ(Where(R"({"and": [[{"column": {"columnName": "id"}}, "is null"]]})"), "(t0.\"id\" IS NULL)");
  EXPECT_EQ(Where(R"({"and": [[{"column": {"columnName": "id"}}, "IS NOT NULL", []]]})"), "(t0.\"id\" IS NOT NULL)");
}

TEST(QueryFilter, Nesting) {
  EXPECT_EQ(Where(R"({"or": [[{"column": {"columnName": "id"}}, "=", 1],
                             {"and": [[{"column": {"columnName": "id"}}, "<", [9]], [{"column": {"columnName": "name"}}, "<>", ["x"]]]}]})"),
            "(t0.\"id\" = 1 OR (t0.\"id\" < 9 AND t0.\"name\" <> 'x'))");
  EXPECT_EQ(Where("null"), "");
  EXPECT_EQ(Where("{}"), "");
  EXPECT_EQ(Where(R"({"and": []})"), "");
}

TEST(QueryFilter, NamesTheOffendingPart) {
  EXPECT_EQ(Where("[]"), "error at filters");
  EXPECT_EQ(Where(R"({"xor": []})"), "error at filters");
  EXPECT_EQ(Where(R"({"and": 1})"), "error at filters.and");
  EXPECT_EQ(Where(R"({"and": [[1, "=", [1]]]})"), "error at filters.and[0][0]");
  EXPECT_EQ(Where(R"({"and": [[{"column": {"columnName": "id"}}, "; DROP", [1]]]})"), "error at filters.and[0][1]");
  EXPECT_EQ(Where(R"({"and": [[{"column": {"columnName": "id"}}, "=", []]]})"), "error at filters.and[0][2]");
  EXPECT_EQ(Where(R"({"and": [[{"column": {"columnName": "id"}}, "=", [null]]]})"), "error at filters.and[0][2][0]");
  EXPECT_EQ(Where(R"({"and": [[{"column": {"columnName": "id", "tableName": "other"}}, "=", [1]]]})"),
            "error at filters.and[0][0]");
}

TEST(QueryFilter, DepthIsBounded) {
  std::string deep = "{\"and\": []}";
  for (int i = 0; i < 100; ++i) deep = "{\"and\": [" + deep + "]}";
  EXPECT_FALSE(WriteFilter(boost::json::parse(deep, {}, {.max_depth = 1000}), {Customers()}).has_value());
}

TEST(QualifiedName, ThreePartsQuotedOrNot) {
  const auto name = ReadQualifiedName("shop.\"my.schema\".\"a \"\"b\"\"\"").value();
  EXPECT_EQ(name.schema, "my.schema");
  EXPECT_EQ(name.table, "a \"b\"");
  EXPECT_EQ(WriteWholeTable(ReadQualifiedName("peaka.query.sample").value()),
            "SELECT * FROM \"peaka\".\"query\".\"sample\"");
  for (const char* wrong : {"", "a", "a.b", "a.b.c.d", "a..c", "a.b.", "\"a.b.c", "a.b.c\"", "a.b\"x\".c"})
    EXPECT_FALSE(ReadQualifiedName(wrong).has_value()) << wrong;
}

}  // namespace
}  // namespace tarn::api
