#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "base/ids.h"
#include "engine/type_text.h"
#include "trino/compression.h"
#include "trino/error_table.h"
#include "trino/query_address.h"
#include "trino/segments.h"
#include "trino/session_zone.h"
#include "trino/spooled_data.h"
#include "trino/type_display.h"

namespace tarn::trino {
namespace {

std::string Shown(const std::string& type) { return TypeText(engine::ReadTypeText(type)); }

std::string Signature(const std::string& type) {
  std::string text;
  AppendTypeSignature(engine::ReadTypeText(type), text);
  return text;
}

TEST(TypeDisplay, Texts) {
  EXPECT_EQ(Shown("bigint"), "bigint");
  EXPECT_EQ(Shown("decimal(12,2)"), "decimal(12, 2)");
  EXPECT_EQ(Shown("map(varchar,array(decimal(3,1)))"), "map(varchar, array(decimal(3, 1)))");
  EXPECT_EQ(Shown("timestamp(3) with time zone"), "timestamp(3) with time zone");
  EXPECT_EQ(Shown("interval day to second"), "INTERVAL DAY TO SECOND");
  EXPECT_EQ(Shown("row(x bigint,\"a b\" row(double,time with time zone))"),
            "row(x bigint, \"a b\" row(double, time with time zone))");
  EXPECT_EQ(Shown("HyperLogLog"), "HyperLogLog");
  EXPECT_EQ(Shown("what is (this"), "what is (this");
}

TEST(TypeDisplay, Signatures) {
  EXPECT_EQ(Signature("varchar"), R"({"rawType":"varchar","arguments":[{"kind":"LONG","value":2147483647}]})");
  EXPECT_EQ(Signature("char(5)"), R"({"rawType":"char","arguments":[{"kind":"LONG","value":5}]})");
  EXPECT_EQ(Signature("timestamp(6) with time zone"),
            R"({"rawType":"timestamp with time zone","arguments":[{"kind":"LONG","value":6}]})");
  EXPECT_EQ(Signature("interval year to month"), R"({"rawType":"interval year to month","arguments":[]})");
  EXPECT_EQ(Signature("array(integer)"),
            R"({"rawType":"array","arguments":[{"kind":"TYPE","value":{"rawType":"integer","arguments":[]}}]})");
  EXPECT_EQ(
      Signature("row(x bigint, boolean)"),
      R"({"rawType":"row","arguments":[{"kind":"NAMED_TYPE","value":{"fieldName":{"name":"x"},"typeSignature":{"rawType":"bigint","arguments":[]}}},)"
      R"({"kind":"NAMED_TYPE","value":{"typeSignature":{"rawType":"boolean","arguments":[]}}}]})");
}

TEST(TypeDisplay, ClientsThatKnowNoPrecision) {
  EXPECT_EQ(TypeText(WithoutPrecision(engine::ReadTypeText("map(time(6),row(a timestamp(9) with time zone))"))),
            "map(time, row(a timestamp with time zone))");
  EXPECT_EQ(TypeText(WithMilliseconds(engine::ReadTypeText("array(timestamp(0))"))), "array(timestamp(3))");
}

base::Error Made(base::ErrorKind kind, std::string code = {}, base::Fault fault = base::Fault::kUs) {
  return {.kind = kind,
          .message = "m",
          .code = std::move(code),
          .position = base::SqlPosition{.line = 1, .column = 8},
          .fault = fault};
}

TEST(ErrorTable, Codes) {
  using base::ErrorKind;
  EXPECT_EQ(NameOf(Made(ErrorKind::kInvalidArgument, "SYNTAX_ERROR")).code, 1);
  EXPECT_EQ(NameOf(Made(ErrorKind::kInvalidArgument, "EXPRESSION_NOT_AGGREGATE")).code, 73);
  EXPECT_EQ(NameOf(Made(ErrorKind::kInvalidArgument, "JSON_VALUE_RESULT_ERROR")).code, 118);
  EXPECT_EQ(NameOf(Made(ErrorKind::kInvalidArgument, "MISSING_RETURN")).code, 126);
  EXPECT_EQ(NameOf(Made(ErrorKind::kDeadlineExceeded)).code, 131075);
  EXPECT_EQ(NameOf(Made(ErrorKind::kResourceExhausted, "EXCEEDED_LOCAL_MEMORY_LIMIT")).code, 131079);
  EXPECT_EQ(NameOf(Made(ErrorKind::kResourceExhausted, "INSUFFICIENT_RESOURCES")).name,
            "GENERIC_INSUFFICIENT_RESOURCES");
  EXPECT_EQ(NameOf(Made(ErrorKind::kUnavailable, "", base::Fault::kSource)).type, "EXTERNAL");
  EXPECT_EQ(NameOf(Made(ErrorKind::kInternal)).code, 65536);
  EXPECT_EQ(NameOf(Made(ErrorKind::kNotFound, "A_NAME_OF_NOBODY")).name, "NOT_FOUND");
  EXPECT_EQ(NameOf(Made(ErrorKind::kNotSupported, "NOT_SUPPORTED")).type, "USER_ERROR");
}

TEST(ErrorTable, PlacesOfErrorsThatAnalysisFinds) {
  using base::ErrorKind;
  EXPECT_EQ(ShownMessage(Made(ErrorKind::kInvalidArgument, "TYPE_MISMATCH")), "line 1:8: m");
  EXPECT_EQ(ShownMessage(Made(ErrorKind::kInvalidArgument, "DIVISION_BY_ZERO")), "m");
  auto told = Made(ErrorKind::kInvalidArgument, "SYNTAX_ERROR");
  told.message = "line 1:8: mismatched input";
  EXPECT_EQ(ShownMessage(told), "line 1:8: mismatched input");
}

TEST(QueryAddress, SlugsBelongToOneAddressOfOneQuery) {
  const Slugs mine;
  const Slugs other;
  const PageAddress address{Phase::kExecuting, 7};
  EXPECT_EQ(mine.Of(address).size(), 33U);
  EXPECT_TRUE(mine.Fits(address, mine.Of(address)));
  EXPECT_FALSE(mine.Fits(address, other.Of(address)));
  EXPECT_FALSE(mine.Fits(address, mine.Of({Phase::kExecuting, 8})));
  EXPECT_FALSE(mine.Fits(address, mine.Of({Phase::kQueued, 7})));
  EXPECT_FALSE(mine.Fits(address, ""));
}

TEST(QueryAddress, Tokens) {
  EXPECT_EQ(ReadToken("0"), 0);
  EXPECT_EQ(ReadToken("120"), 120);
  for (const auto* const wrong : {"", "-1", "+1", "1 ", "0x1", "99999999999999999999", "1.0"})
    EXPECT_FALSE(ReadToken(wrong)) << wrong;
}

TEST(SessionZone, Names) {
  EXPECT_EQ(SessionZone("Europe/Istanbul").value(), "Europe/Istanbul");
  EXPECT_EQ(SessionZone("utc").value(), "UTC");
  EXPECT_EQ(SessionZone("Z").value(), "UTC");
  EXPECT_EQ(SessionZone("+05:30").value(), "+05:30");
  EXPECT_EQ(SessionZone("-8").value(), "-08:00");
  EXPECT_EQ(SessionZone("GMT+3").value(), "+03:00");
  EXPECT_EQ(SessionZone("UTC+00:00").value(), "UTC");
  for (const auto* const wrong :
       {"", "Nowhere/Land", "+15:00", "+05:60", "UTC Europe/Berlin", "+", "../etc/passwd", "UTC+Europe/Berlin"}) {
    const auto zone = SessionZone(wrong);
    ASSERT_FALSE(zone.has_value()) << wrong;
    EXPECT_EQ(zone.error().code, "NOT_SUPPORTED");
  }
}

TEST(Compression, ChoosesWhatTheClientAllows) {
  EXPECT_EQ(ChooseCoding(""), Coding::kNone);
  EXPECT_EQ(ChooseCoding("identity"), Coding::kNone);
  EXPECT_EQ(ChooseCoding("gzip, deflate"), Coding::kGzip);
  EXPECT_EQ(ChooseCoding("GZIP;q=0.5, zstd"), Coding::kZstd);
  EXPECT_EQ(ChooseCoding("gzip;q=0, zstd; q=0.0"), Coding::kNone);
}

TEST(Compression, PartsAreOneText) {
  const std::string middle(300'000, 'x');
  EXPECT_EQ(DecompressZstd(Compress({"a", middle, "", "b"}, Coding::kZstd), 1 << 20), "a" + middle + "b");
  EXPECT_FALSE(DecompressZstd(CompressZstd(middle), 1000));
  EXPECT_FALSE(DecompressZstd("no zstd", 1000));
  EXPECT_FALSE(DecompressZstd(CompressZstd(middle).substr(0, 10), 1 << 20));
  EXPECT_FALSE(DecompressZstd("", 10));
}

class SegmentsTest : public ::testing::Test {
 protected:
  ~SegmentsTest() override { std::filesystem::remove_all(folder_); }
  const std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("tarn-segments-" + base::NewToken(8));
};

TEST_F(SegmentsTest, StoredUntilRemoved) {
  std::filesystem::create_directories(folder_);
  std::ofstream(folder_ / "left over") << "x";
  Segments segments({.folder = folder_, .most_bytes = 10}, base::RealClock());
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
  const auto stored = segments.Store("12345678").value();
  EXPECT_EQ(segments.Load(stored.id).value(), "12345678");
  EXPECT_EQ(segments.Store("abc").error().kind, base::ErrorKind::kResourceExhausted);
  segments.Remove(stored.id);
  segments.Remove(stored.id);
  EXPECT_EQ(segments.Load(stored.id).error().kind, base::ErrorKind::kNotFound);
  EXPECT_EQ(segments.Load("../segments").error().kind, base::ErrorKind::kNotFound);
  EXPECT_EQ(segments.bytes(), 0);
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(SegmentsTest, ExpiredOnesGo) {
  Segments segments({.folder = folder_, .time_to_live = std::chrono::seconds(0)}, base::RealClock());
  const auto stored = segments.Store("1").value();
  EXPECT_FALSE(segments.Load(stored.id));
  segments.Sweep();
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(SegmentsTest, ManyRowsAreStoredAndFewStandInTheAnswer) {
  Segments segments({.folder = folder_}, base::RealClock());
  const std::string rows = "[" + std::string(200'000, '1') + "]";
  const auto stored =
      SpooledData({.rows = rows, .offset = 5, .count = 1}, DataEncoding::kJsonZstd, "http://h", segments);
  EXPECT_THAT(stored, ::testing::HasSubstr(R"("type":"spooled","uri":"http://h/v1/spooled/download/)"));
  EXPECT_THAT(stored, ::testing::HasSubstr(R"("rowOffset":5,"rowsCount":1,"uncompressedSize":200004,"segmentSize":)"));
  const auto at = stored.find("download/") + 9;
  EXPECT_EQ(DecompressZstd(segments.Load(stored.substr(at, 32)).value(), 1 << 20), "[" + rows + "]");
  EXPECT_THAT(
      SpooledData({.rows = "[1]", .offset = 0, .count = 1}, DataEncoding::kJsonLz4, "http://h", segments),
      R"({"encoding":"json+lz4","metadata":{},"segments":[{"type":"inline","data":"W1sxXV0=","metadata":{"rowOffset":0,"rowsCount":1,"segmentSize":5}}]})");
}

TEST(SpooledData, TheFirstKnownEncodingIsTaken) {
  EXPECT_EQ(ChooseEncoding({"json+brotli", "json+lz4", "json"}), DataEncoding::kJsonLz4);
  EXPECT_EQ(ChooseEncoding({"arrow"}), std::nullopt);
  EXPECT_EQ(ChooseEncoding({}), std::nullopt);
}

}  // namespace
}  // namespace tarn::trino
