// Every function of the table, with sample arguments, is one that the engine binds.
#include "sql/function_table.h"

#include <gtest/gtest.h>

#include "engine/database.h"
#include "sql/coverage.h"
#include "sql/translate.h"

namespace tarn::engine {
namespace {

class NoTables final : public sql::TableResolver {
 public:
  base::Result<sql::ResolvedTable> Resolve(const sql::QualifiedName& name) override {
    return std::unexpected(
        base::Error{.kind = base::ErrorKind::kNotFound, .message = name.table, .code = "TABLE_NOT_FOUND"});
  }
};

class FunctionTableTest : public ::testing::Test {
 protected:
  FunctionTableTest() : database_(Database::Open({.threads = 1}).value()), session_(database_->Connect().value()) {}

  // The error of binding a query, "" when there is none.
  std::string Problem(const std::string& query) {
    const auto parsed = sql::Parse(query);
    if (!parsed) return parsed.error().message;
    NoTables tables;
    const auto translated = sql::Translate(*parsed, {}, tables);
    if (!translated) return translated.error().message;
    const auto bound = session_->Rows("EXPLAIN " + translated->engine_sql);
    return bound ? "" : bound.error().message + " in " + translated->engine_sql;
  }

  std::unique_ptr<Database> database_;
  std::unique_ptr<Session> session_;
};

TEST_F(FunctionTableTest, EngineHasEveryScalar) {
  for (const auto& entry : sql::AllScalarFunctions()) {
    if (entry.row.engine.empty()) continue;
    const std::string call = sql::SampleCall(entry.row.name, entry.signature);
    EXPECT_EQ(Problem("SELECT " + call), "") << call;
  }
}

TEST_F(FunctionTableTest, EngineHasEveryAggregate) {
  for (const auto& entry : sql::AllAggregateFunctions()) {
    if (entry.row.engine.empty()) continue;
    std::string call = sql::SampleCall(entry.row.name, entry.signature);
    if (entry.row.name == "listagg") call += " WITHIN GROUP (ORDER BY 1)";
    EXPECT_EQ(Problem("SELECT " + call), "") << call;
  }
}

TEST_F(FunctionTableTest, EngineHasEveryWindowFunction) {
  for (const auto& entry : sql::AllWindowFunctions()) {
    const std::string call = sql::SampleCall(entry.row.name, entry.signature);
    EXPECT_EQ(Problem("SELECT " + call + " OVER (ORDER BY 1) FROM (VALUES 1) t(x)"), "") << call;
  }
}

}  // namespace
}  // namespace tarn::engine
