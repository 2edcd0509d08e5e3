#include "engine/types.h"

#include <gmock/gmock.h>

namespace tarn::engine {
namespace {

TEST(TypesTest, EngineTypesAsTrinoTypes) {
  EXPECT_EQ(TrinoTypeOf("BIGINT"), "bigint");
  EXPECT_EQ(TrinoTypeOf("HUGEINT"), "decimal(38,0)");
  EXPECT_EQ(TrinoTypeOf("UINTEGER"), "bigint");
  EXPECT_EQ(TrinoTypeOf("FLOAT"), "real");
  EXPECT_EQ(TrinoTypeOf("DECIMAL(12,2)"), "decimal(12,2)");
  EXPECT_EQ(TrinoTypeOf("TIMESTAMP WITH TIME ZONE"), "timestamp(6) with time zone");
  EXPECT_EQ(TrinoTypeOf("TIMESTAMP_NS"), "timestamp(9)");
  EXPECT_EQ(TrinoTypeOf("TIME"), "time(6)");
  EXPECT_EQ(TrinoTypeOf("TIME WITH TIME ZONE"), "time(6) with time zone");
  EXPECT_EQ(TrinoTypeOf("VARCHAR[][]"), "array(array(varchar))");
  EXPECT_EQ(TrinoTypeOf("INTEGER[3]"), "array(integer)");
  EXPECT_EQ(TrinoTypeOf("MAP(VARCHAR, DECIMAL(3,1)[])"), "map(varchar,array(decimal(3,1)))");
  EXPECT_EQ(TrinoTypeOf(R"(STRUCT(a INTEGER, "b ""c" TIMESTAMP WITH TIME ZONE))"),
            R"(row("a" integer,"b ""c" timestamp(6) with time zone))");
  EXPECT_EQ(TrinoTypeOf("ENUM('a', 'b)')"), "varchar");
  EXPECT_EQ(TrinoTypeOf("BLOB"), "varbinary");
  EXPECT_EQ(TrinoTypeOf("\"NULL\""), "unknown");
  EXPECT_EQ(TrinoTypeOf("INTERVAL"), "interval day to second");
}

TEST(TypesTest, TrinoTypesAsEngineTypes) {
  EXPECT_EQ(EngineTypeOf("decimal(12, 2)").value(), "DECIMAL(12,2)");
  EXPECT_EQ(EngineTypeOf("decimal").value(), "DECIMAL(38,0)");
  EXPECT_EQ(EngineTypeOf("varchar(10)").value(), "VARCHAR");
  EXPECT_EQ(EngineTypeOf("double").value(), "DOUBLE");
  EXPECT_EQ(EngineTypeOf("double precision").value(), "DOUBLE");
  EXPECT_EQ(EngineTypeOf("timestamp(3)").value(), "TIMESTAMP");
  EXPECT_EQ(EngineTypeOf("timestamp(9)").value(), "TIMESTAMP_NS");
  EXPECT_EQ(EngineTypeOf("timestamp(3) with time zone").value(), "TIMESTAMP WITH TIME ZONE");
  EXPECT_EQ(EngineTypeOf("interval year to month").value(), "INTERVAL");
  EXPECT_EQ(EngineTypeOf("array(map(varchar, row(\"a b\" integer, timestamp(3) with time zone)))").value(),
            R"(MAP(VARCHAR, STRUCT("a b" INTEGER, "field1" TIMESTAMP WITH TIME ZONE))[])");
  EXPECT_EQ(EngineTypeOf("nosuch").error().code, "TYPE_NOT_FOUND");
  EXPECT_EQ(EngineTypeOf("decimal(39,0)").error().code, "TYPE_NOT_FOUND");
  EXPECT_EQ(EngineTypeOf("array(").error().code, "TYPE_NOT_FOUND");
  EXPECT_EQ(EngineTypeOf("HyperLogLog").error().kind, base::ErrorKind::kNotSupported);
}

}  // namespace
}  // namespace tarn::engine
