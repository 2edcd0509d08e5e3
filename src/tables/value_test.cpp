#include "tables/value.h"

#include <gtest/gtest.h>

#include "tables/stored_value.h"

namespace tarn::tables {
namespace {

using engine::WideInteger;

WideInteger Read(ColumnType type, std::string_view text) {
  const auto cell = TryRead(type, text);
  EXPECT_TRUE(cell) << text;
  return cell ? cell->number : WideInteger{-1};
}

void ExpectNone(ColumnType type, std::initializer_list<std::string_view> texts) {
  for (const auto text : texts) EXPECT_FALSE(TryRead(type, text)) << RequestName(type) << " " << text;
}

TEST(ValueTest, NumbersAreReadWholeOrNotAtAll) {
  EXPECT_EQ(Read(ColumnType::kBigint, "-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(Read(ColumnType::kBigint, " +42\t"), 42);
  ExpectNone(ColumnType::kBigint,
             {"", " ", "9223372036854775808", "1.0", "1e3", "++1", "+-1", "0x1", "1 2", "١", "1,000"});
  EXPECT_EQ(Read(ColumnType::kDecimal, "12.5"), 125'000'000'000);
  EXPECT_EQ(Read(ColumnType::kDecimal, "-.5"), -5'000'000'000);
  EXPECT_EQ(Read(ColumnType::kDecimal, "5."), 50'000'000'000);
  EXPECT_EQ(Read(ColumnType::kDecimal, "1e-10"), 1);
  EXPECT_EQ(Read(ColumnType::kDecimal, "0.00000000010000"), 1);
  EXPECT_EQ(Read(ColumnType::kDecimal, "10E+2"), WideInteger{10'000'000'000'000});
  ExpectNone(ColumnType::kDecimal, {"", ".", "-", "1e", "1e-11", "0.00000000001", "1e28", "NaN", "Infinity", "1.2.3",
                                    "99999999999999999999999999999", "1e101",
                                    "12 "
                                    "3"});
}

TEST(ValueTest, TheLargestDecimal) {
  const auto largest = TryRead(ColumnType::kDecimal, "9999999999999999999999999999.9999999999");
  ASSERT_TRUE(largest);
  EXPECT_FALSE(TryRead(ColumnType::kDecimal, "9999999999999999999999999999.99999999999"));
  EXPECT_EQ(TryRead(ColumnType::kDecimal, "-9999999999999999999999999999.9999999999")->number, -largest->number);
}

TEST(ValueTest, DaysAndTimesThatThereAre) {
  EXPECT_EQ(Read(ColumnType::kDate, "1970-01-02"), 1);
  EXPECT_EQ(Read(ColumnType::kDate, "0001-01-01"), -719162);
  ExpectNone(ColumnType::kDate, {"2023-02-29", "2024-13-01", "2024-1-01", "24-01-01", "2024-01-01x", "20240101"});
  EXPECT_EQ(Read(ColumnType::kTime, "00:01"), 60'000'000);
  EXPECT_EQ(Read(ColumnType::kTime, "23:59:59.9999990000"), 86'399'999'999);
  ExpectNone(ColumnType::kTime, {"24:00", "12:60", "12:30:60", "12:30:45.", "12:30:45.1234567", "1:30"});
  const auto noon = Read(ColumnType::kTimestamp, "2024-02-29 12:00:00");
  for (const auto* same : {"2024-02-29T12:00", "2024-02-29T12:00:00Z", "2024-02-29 15:00:00+03:00",
                           "2024-02-29 08:30 -0330", "2024-02-29T14:00:00.000+02"})
    EXPECT_EQ(Read(ColumnType::kTimestamp, same), noon) << same;
  ExpectNone(ColumnType::kTimestamp, {"2024-02-30 12:00", "2024-02-29 12", "2024-02-29 12:00 +19", "2024-02-29_12:00",
                                      "2024-02-29 12:00:00 Europe/Istanbul", "now"});
}

TEST(ValueTest, TheOtherTypes) {
  for (const auto* yes : {"true", "T", "1", " TRUE "}) EXPECT_EQ(Read(ColumnType::kBoolean, yes), 1);
  for (const auto* no : {"false", "f", "0"}) EXPECT_EQ(Read(ColumnType::kBoolean, no), 0);
  ExpectNone(ColumnType::kBoolean, {"", "yes", "2", "tru"});
  EXPECT_TRUE(TryRead(ColumnType::kUuid, "123E4567-e89b-42d3-a456-426614174000"));
  ExpectNone(ColumnType::kUuid, {"123e4567e89b42d3a456426614174000", "123e4567-e89b-42d3-a456-42661417400g",
                                 "{123e4567-e89b-42d3-a456-426614174000}"});
  EXPECT_EQ(TryRead(ColumnType::kVarchar, " as it is ")->text(), " as it is ");
  ExpectNone(ColumnType::kVarchar, {"\xff", "\xC0\xAF", "\xED\xA0\x80"});
}

TEST(ValueTest, SamplesAreValues) {
  for (const auto type : {ColumnType::kVarchar, ColumnType::kBigint, ColumnType::kBoolean, ColumnType::kDecimal,
                          ColumnType::kTimestamp, ColumnType::kTime, ColumnType::kDate, ColumnType::kUuid}) {
    for (int i = 0; i < 12; ++i) EXPECT_TRUE(TryRead(type, SampleValue(type, i))) << SampleValue(type, i);
  }
}

TEST(ValueTest, ErrorsShowWhatCanBeShown) {
  EXPECT_EQ(ReadValue(ColumnType::kBigint, "many").error().message, "Value is not a bigint: \"many\"");
  EXPECT_EQ(Shown(std::string(100, 'x')), "\"" + std::string(60, 'x') + "…\"");
  EXPECT_EQ(Shown("a\xff"), "\"a\uFFFD\"");
}

// Every value comes back from SQLite as it went in, and equal ones are equal to it.
TEST(StoredValueTest, ThereAndBack) {
  auto connection = Connection::Open(":memory:", Connection::Mode::kWrite);
  ASSERT_TRUE(connection);
  ASSERT_TRUE((*connection)->Execute("CREATE TABLE kept (n INTEGER PRIMARY KEY, value UNIQUE)"));
  const std::pair<ColumnType, std::vector<std::string_view>> cases[] = {
      {ColumnType::kDecimal,
       {"0", "-1", "1e27", "-1e27", "922337203.6854775807", "922337203.6854775808", "-922337203.6854775809"}},
      {ColumnType::kUuid, {"00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"}},
      {ColumnType::kVarchar, {"", "x", "é🐟", "0"}},
      {ColumnType::kTimestamp, {"0001-01-01", "9999-12-31 23:59:59.999999"}}};
  for (const auto& [type, texts] : cases) {
    ASSERT_TRUE((*connection)->Execute("DELETE FROM kept"));
    for (const auto text : texts) {
      const auto cell = TryRead(type, text);
      ASSERT_TRUE(cell) << text;
      auto insert = (*connection)->Prepare("INSERT INTO kept (value) VALUES (?) RETURNING value");
      ASSERT_TRUE(insert);
      BoundBytes bytes;
      BindValue(*insert, 1, type, *cell, bytes);
      ASSERT_EQ(insert->Step(), true) << text;
      const auto back = StoredValue(*insert, 0, type);
      if (type == ColumnType::kVarchar) {
        EXPECT_EQ(back.text(), text);
      } else {
        EXPECT_EQ(back.number, cell->number) << text;
      }
      auto again = (*connection)->Prepare("SELECT count(*) FROM kept WHERE value = ?");
      BindValue(*again, 1, type, *TryRead(type, text), bytes);
      ASSERT_EQ(again->Step(), true);
      EXPECT_EQ(again->Integer(0), 1) << text;
    }
  }
}

}  // namespace
}  // namespace tarn::tables
