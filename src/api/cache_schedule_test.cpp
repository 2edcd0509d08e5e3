#include "api/cache_schedule.h"

#include <gtest/gtest.h>

#include "http/json_read.h"

namespace tarn::api {
namespace {

// The full-refresh schedule of a request, as "none", "not said", an expression, or "error at <path>".
std::string Read(const std::string& schedule) {
  const std::string body = R"({"catalogId": "7", "schemaName": "main", "tableName": "orders")" +
                           (schedule.empty() ? "" : R"(, "fullRefreshCacheSchedule": )" + schedule) + "}";
  const auto request = http::ReadJson<CacheRequest>(boost::json::parse(body), "[2]");
  if (!request) return "error at " + request.error().field;
  const auto read = ReadCacheRequest(*request);
  if (!read) return "error at " + read.error().field;
  if (!read->full_schedule) return "not said";
  return read->full_schedule->empty() ? "none" : *read->full_schedule;
}

TEST(CacheSchedule, Forms) {
  EXPECT_EQ(Read(""), "not said");
  EXPECT_EQ(Read("null"), "none");
  EXPECT_EQ(Read(R"({"type": "NONE"})"), "none");
  EXPECT_EQ(Read(R"({"type": "NONE", "expression": "PT1H"})"), "none");
  EXPECT_EQ(Read(R"({"type": null, "expression": null})"), "none");
  EXPECT_EQ(Read(R"({"type": "BASIC", "expression": "P1M"})"), "P1M");
  EXPECT_EQ(Read(R"({"expression": "PT30M"})"), "PT30M");
  EXPECT_EQ(Read(R"({"type": null, "expression": "PT1M"})"), "PT1M");
}

TEST(CacheSchedule, RefusesWhatIsNoInterval) {
  for (const char* expression : {"5 minutes", "", "P", "PT", "PT0S", "-PT1H", "PT30S"})
    EXPECT_EQ(Read(R"({"type": "BASIC", "expression": ")" + std::string(expression) + "\"}"),
              "error at fullRefreshCacheSchedule.expression")
        << expression;
  EXPECT_EQ(Read("{}"), "error at fullRefreshCacheSchedule.expression");
  EXPECT_EQ(Read(R"({"type": "BASIC"})"), "error at fullRefreshCacheSchedule.expression");
  EXPECT_EQ(Read(R"({"type": "SOMETIMES", "expression": "PT1H"})"), "error at fullRefreshCacheSchedule.type");
}

TEST(CacheSchedule, WrongTypesNameTheirPath) {
  EXPECT_EQ(Read("5"), "error at [2].fullRefreshCacheSchedule");
  EXPECT_EQ(Read(R"({"expression": 5})"), "error at [2].fullRefreshCacheSchedule.expression");
}

}  // namespace
}  // namespace tarn::api
