#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tables/json_object.h"
#include "tables/record_reader.h"

namespace tarn::tables {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Rows = std::vector<std::vector<std::string>>;

constexpr std::size_t kBlock = std::size_t{1} << 20;

class CsvReaderTest : public ::testing::Test {
 protected:
  ~CsvReaderTest() override { std::filesystem::remove(file_); }

  FileRange Written(const std::string& content, std::int64_t offset = 0) {
    std::ofstream(file_, std::ios::binary) << content;
    return {.file = file_, .offset = offset, .size = static_cast<std::int64_t>(content.size()) - offset};
  }

  // All records; a NULL is "NULL". An error is the only value of the last one.
  Rows Read(const std::string& content, const std::vector<FieldName>& fields, CsvStyle style = {},
            std::int64_t offset = 0) {
    auto reader = OpenCsv(Written(content, offset), style, fields);
    if (!reader) return {{reader.error().message}};
    Rows rows;
    std::vector<Field> values;
    for (;;) {
      const auto found = (*reader)->Next(values);
      if (!found) {
        rows.push_back({found.error().message});
        return rows;
      }
      if (!*found) break;
      auto& row = rows.emplace_back();
      for (const auto& value : values) row.emplace_back(value.is_null ? "NULL" : value.text);
    }
    EXPECT_DOUBLE_EQ((*reader)->Progress(), 1);
    return rows;
  }

  std::filesystem::path file_ =
      std::filesystem::temp_directory_path() / ("csv_reader_test_" + std::to_string(getpid()));
};

CsvStyle NullText(std::string text) {
  CsvStyle style;
  style.null_text = std::move(text);
  return style;
}

CsvStyle Headless() {
  CsvStyle style;
  style.has_header = false;
  return style;
}

const FieldName kA{.name = "a", .index = {}};
const FieldName kB{.name = "b", .index = {}};

TEST_F(CsvReaderTest, RecordsEndAsOnAnySystem) {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    EXPECT_EQ(Read("a,b" + end + "1,2" + end + end + "3,4" + end, {kB, kA}), (Rows{{"2", "1"}, {"4", "3"}}));
    EXPECT_EQ(Read("a,b" + end + "1,\"2" + end + "\"\"3\"", {kA, kB}), (Rows{{"1", "2" + end + "\"3"}}));
  }
}

// Every place of a record meets the end of a block once.
TEST_F(CsvReaderTest, BlocksEndAnywhere) {
  const std::string record = "\"x \"\"y\"\" z\",plain,\"\"\r\n";
  const Rows expected = {{"x \"y\" z", "plain", ""}};
  for (std::size_t shift = 0; shift <= record.size() + 2; ++shift) {
    std::string content = "p,q,r\r\n";
    const std::size_t filling = kBlock - content.size() - shift;
    content += std::string(filling - 4, 'f') + ",,\r\n";
    content += record + record;
    auto rows = Read(content, {{.name = {}, .index = 0}, {.name = {}, .index = 1}, {.name = {}, .index = 2}});
    ASSERT_EQ(rows.size(), 3U) << shift;
    EXPECT_EQ(rows[0][0].size(), filling - 4);
    EXPECT_EQ(rows[1], expected[0]) << shift;
    EXPECT_EQ(rows[2], expected[0]) << shift;
  }
}

TEST_F(CsvReaderTest, APartOfAFile) {
  EXPECT_EQ(Read("garbage\"\na\n1\n", {kA}, {}, 9), (Rows{{"1"}}));
  EXPECT_EQ(Read("\xEF\xBB\xBF\"a\"\n1\n", {kA}), (Rows{{"1"}}));
}

TEST_F(CsvReaderTest, NullIsWhatIsNotQuoted) {
  EXPECT_EQ(Read("a,b\n,\"\"\n", {kA, kB}), (Rows{{"NULL", ""}}));
  EXPECT_EQ(Read("a,b\n\\N,\"\\N\"\n", {kA, kB}, NullText("\\N")), (Rows{{"NULL", "\\N"}}));
}

TEST_F(CsvReaderTest, ErrorsSayTheLine) {
  EXPECT_THAT(Read("a,b\n1,2\n\n3\n", {kA}).back()[0], HasSubstr("line 4"));
  EXPECT_THAT(Read("a,b\n\"1\n2\",2\n3,4,5\n", {kA}).back()[0], HasSubstr("line 4"));
  EXPECT_THAT(Read("a\n\"1\n", {kA}).back()[0], HasSubstr("not closed: line 2"));
  EXPECT_THAT(Read("a\n\"1\"2\n", {kA}).back()[0], HasSubstr("line 2"));
  EXPECT_THAT(Read("a,a\n", {kA}).back()[0], HasSubstr("more than once"));
  EXPECT_THAT(Read("b\n", {kA}).back()[0], HasSubstr("no such column: \"a\""));
  EXPECT_THAT(Read("", {kA}).back()[0], HasSubstr("empty"));
  EXPECT_THAT(Read("1,2\n", {{.name = {}, .index = 2}}, Headless()).back()[0], HasSubstr("2"));
}

struct Member {
  std::string name, text;
  bool is_null = false;
  bool operator==(const Member&) const = default;
};

std::vector<Member> Members(std::string_view text) {
  std::vector<Member> members;
  JsonObjects objects(text);
  const bool read = objects.ReadOnly([&](std::string_view name, const Field& value) {
    members.push_back({std::string(name), value.is_null ? "" : std::string(value.text), value.is_null});
  });
  if (!read) return {{"not an object", "", true}};
  return members;
}

TEST(JsonObjectsTest, ValuesKeepTheirText) {
  EXPECT_THAT(
      Members(R"( {"n": 12345678901234567890.10, "t":"\u00e9\ud83d\udc1f\n", "x": null, "o": {"a": [1, "}"]}} )"),
      ElementsAre(Member{"n", "12345678901234567890.10"}, Member{"t", "é🐟\n"}, Member{"x", "", true},
                  Member{"o", R"({"a": [1, "}"]})"}));
  EXPECT_TRUE(Members("{}").empty());
}

TEST(JsonObjectsTest, WhatIsNone) {
  for (const auto* text : {"", "[]", "1", "{", R"({"a")", R"({"a":})", R"({"a":1,})", R"({"a":1} x)",
                           R"({"a":"\ud83d"})", R"({"a":"\x"})", R"({a:1})", R"({"a":[1}})", R"({"a":01x})"})
    EXPECT_EQ(Members(text), (std::vector<Member>{{"not an object", "", true}})) << text;
}

}  // namespace
}  // namespace tarn::tables
