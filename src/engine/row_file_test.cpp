#include "engine/row_file.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include "engine/duck_engine.h"
#include "engine/encode.h"

namespace tarn::engine {
namespace {

class RowFileTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("tarn_row_file_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
    auto engine = DuckEngine::Open({.database = {.threads = 2}});
    ASSERT_TRUE(engine) << engine.error().message;
    engine_ = *std::move(engine);
  }
  void TearDown() override {
    engine_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::string Rows(const std::string& sql) {
    auto stream = engine_->Run({.sql = sql}, {});
    if (!stream) return stream.error().message;
    RowEncoder encoder((*stream)->columns(), RowFormat::kCompact);
    std::string text;
    for (const auto& column : (*stream)->columns()) text += column.type + " ";
    for (;;) {
      auto chunk = (*stream)->Next();
      if (!chunk) return chunk.error().message;
      if (!*chunk) return text;
      encoder.Append(**chunk, text);
    }
  }

  base::Result<std::int64_t> Write(const std::string& sql) {
    auto stream = engine_->Run({.sql = sql}, {});
    if (!stream) return std::unexpected(stream.error());
    TARN_ASSIGN_OR_RETURN(const auto file, RowFile::Create({.file = file_, .spill = folder_}, (*stream)->columns()));
    for (;;) {
      TARN_ASSIGN_OR_RETURN(const auto chunk, (*stream)->Next());
      if (!chunk) break;
      TARN_RETURN_IF_ERROR(file->Append(*chunk));
    }
    TARN_RETURN_IF_ERROR(file->Close({}));
    return file->rows();
  }

  std::filesystem::path folder_;
  std::filesystem::path file_ =
      std::filesystem::temp_directory_path() / ("tarn_row_file_" + std::to_string(::getpid())) / "rows.duckdb";
  std::unique_ptr<DuckEngine> engine_;
};

TEST_F(RowFileTest, HoldsWhatTheStatementGave) {
  const std::string sql =
      "SELECT * FROM (VALUES (1, 12.50::DECIMAL(38,10), DATE '2024-02-29', TIMESTAMP '2024-01-01 00:00:00.123456', [1, "
      "NULL], "
      "{'a': 'x', 'b': MAP {'k': 2}}, 'ü', TIMESTAMPTZ '2024-01-01 00:00:00+03', INTERVAL 3 MONTH, "
      "true), "
      "(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)) t(\"a \"\"b\", b, c, d, e, f, g, h, i, j)";
  ASSERT_EQ(Write(sql).value(), 2);
  EXPECT_FALSE(std::filesystem::exists(file_.string() + ".wal"));
  ASSERT_TRUE(engine_->AttachFile("g", file_));
  EXPECT_EQ(Rows("SELECT * FROM g.main.data"), Rows(sql));
}

TEST_F(RowFileTest, AResultWithoutRowsHasItsColumns) {
  ASSERT_EQ(Write("SELECT 1::SMALLINT AS a, [1.5] AS b WHERE false").value(), 0);
  ASSERT_TRUE(engine_->AttachFile("g", file_));
  EXPECT_EQ(Rows("SELECT * FROM g.main.data"), "smallint array(decimal(2,1)) ");
}

TEST_F(RowFileTest, ManyRowsAreAllThere) {
  ASSERT_EQ(Write("SELECT range AS n, range::VARCHAR AS t FROM range(700001)").value(), 700001);
  ASSERT_TRUE(engine_->AttachFile("g", file_));
  EXPECT_EQ(Rows("SELECT count(*), sum(n), count(DISTINCT t) FROM g.main.data"),
            Rows("SELECT count(*), sum(range), CAST(700001 AS BIGINT) FROM range(700001)"));
}

TEST_F(RowFileTest, AGivenUpFileIsNoHarm) {
  auto stream = engine_->Run({.sql = "SELECT range AS n FROM range(300000)"}, {});
  ASSERT_TRUE(stream);
  {
    auto file = RowFile::Create({.file = file_, .spill = folder_}, (*stream)->columns());
    ASSERT_TRUE(file) << file.error().message;
    auto chunk = (*stream)->Next();
    ASSERT_TRUE(chunk && *chunk);
    ASSERT_TRUE((*file)->Append(**chunk));
  }
  EXPECT_EQ(RowFile::Create({.file = file_, .spill = folder_}, (*stream)->columns()).error().kind,
            base::ErrorKind::kAlreadyExists);
}

}  // namespace
}  // namespace tarn::engine
