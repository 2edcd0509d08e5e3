// Reading and writing of described types beyond what the door's tests show.
#include <limits>

#include "http/server_fixture_test.h"

namespace tarn::http {

struct Everything {
  bool flag = false;
  std::int32_t small = 0;
  std::int64_t large = 0;
  std::uint16_t port = 0;
  double ratio = 0;
  std::string text;
  std::vector<std::optional<std::string>> bindings;
  std::map<std::string, std::int64_t> counts;
  boost::json::object credential;
  boost::json::value anything;
  Nullable<std::string> note;
};
BOOST_DESCRIBE_STRUCT(Everything, (),
                      (flag, small, large, port, ratio, text, bindings, counts, credential, anything, note))

struct Ranged {
  int from = 0;
  int to = 0;
};
BOOST_DESCRIBE_STRUCT(Ranged, (), (from, to))

template <>
struct JsonTraits<Ranged> {
  static constexpr bool kOmitUnset = true;
  static base::Result<void> Check(const Ranged& range) {
    if (range.from <= range.to) return {};
    return base::InvalidArgument("Range ends before it begins", "to");
  }
};

namespace {

constexpr std::string_view kFull =
    R"({"flag":true,"small":-5,"large":9007199254740993,"port":65535,"ratio":0.1,"text":"a\"b\\\n\u0001é","bindings":["x",null],)"
    R"("counts":{"a":1,"b":2},"credential":{"user":"u","port":5432},"anything":[1,{"x":null}],"note":null})";

TEST(JsonTest, WhatIsWrittenReadsBackTheSame) {
  const auto parsed = ParseJson(kFull);
  ASSERT_TRUE(parsed);
  const auto read = ReadJson<Everything>(*parsed);
  ASSERT_TRUE(read) << read.error().message << " " << read.error().field;
  EXPECT_EQ(read->large, 9007199254740993);
  EXPECT_TRUE(read->note.present);
  EXPECT_FALSE(read->note.value);
  std::string written;
  WriteJson(*read, written);
  EXPECT_EQ(written, kFull);
}

TEST(JsonTest, NullableTellsAbsentFromNull) {
  auto object = ParseJson(kFull)->as_object();
  object.erase("note");
  EXPECT_FALSE(ReadJson<Everything>(object)->note.present);
  object["note"] = "text";
  EXPECT_EQ(ReadJson<Everything>(object)->note.value, "text");
}

TEST(JsonTest, ErrorsNameThePath) {
  const auto field_of = [](std::string_view name, boost::json::value value) {
    auto object = ParseJson(kFull)->as_object();
    object[name] = std::move(value);
    const auto read = ReadJson<Everything>(object, "[3]");
    return read ? std::string() : read.error().field;
  };
  EXPECT_EQ(field_of("flag", "true"), "[3].flag");
  EXPECT_EQ(field_of("small", 3'000'000'000), "[3].small");
  EXPECT_EQ(field_of("large", 1e300), "[3].large");
  EXPECT_EQ(field_of("large", std::numeric_limits<std::uint64_t>::max()), "[3].large");
  EXPECT_EQ(field_of("port", -1), "[3].port");
  EXPECT_EQ(field_of("text", 5), "[3].text");
  EXPECT_EQ(field_of("bindings", boost::json::array{nullptr, 5}), "[3].bindings[1]");
  EXPECT_EQ(field_of("counts", boost::json::object{{"a.b", "x"}}), "[3].counts[\"a.b\"]");
  EXPECT_EQ(field_of("credential", boost::json::array{}), "[3].credential");
  EXPECT_EQ(field_of("anything", nullptr), "");
}

TEST(JsonTest, RulesOfATypeAreCheckedWithItsPath) {
  const auto read = ReadJson<std::vector<Ranged>>(boost::json::parse(R"([{"from":1,"to":2},{"from":3,"to":2}])"));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().field, "[1].to");
  EXPECT_EQ(MessageFor(read.error()), "Range ends before it begins (field \"[1].to\")");
}

TEST(JsonTest, TextThatIsNotUtf8IsWrittenAsReplacementCharacters) {
  std::string out;
  AppendJsonText("a\xC3\x28\xED\xA0\x80\xF0\x9F\x98\x80\x7F", out);
  EXPECT_EQ(out, "\"a\xEF\xBF\xBD(\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xF0\x9F\x98\x80\x7F\"");
}

TEST(JsonTest, NumbersAreShortAndFinite) {
  std::string out;
  WriteJson(std::vector<double>{0.1, 5, 1e300, std::numeric_limits<double>::quiet_NaN(),
                                -std::numeric_limits<double>::infinity()},
            out);
  EXPECT_EQ(out, "[0.1,5.0,1e+300,null,null]");
}

TEST(JsonTest, LongValuesAreCutInMessages) {
  const auto read = ReadJson<ScheduleType>(boost::json::value(std::string(300'000, 'x')));
  ASSERT_FALSE(read);
  EXPECT_LT(read.error().message.size(), 200U);
}

}  // namespace
}  // namespace tarn::http
