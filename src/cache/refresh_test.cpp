#include "cache/refresh.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "base/ids.h"
#include "cache/copy_sql.h"
#include "cache/fake_source_test.h"
#include "cache/generation_file.h"

namespace tarn::cache {
namespace {

using store::RefreshMode;
using testing::HasSubstr;
using testing::IsEmpty;

// One table, its source, and the copies that refreshes make of it.
class RefreshTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("tarn_refresh_" + base::NewUuid());
    std::filesystem::create_directories(folder_);
    source_.state.info.name = {.schema = "shop", .table = "things"};
    source_.state.info.columns = {FakeColumn("id", "INTEGER"), FakeColumn("Wert \"ü\"", "VARCHAR")};
    source_.state.info.key = {"id"};
    Rows("SELECT range::INTEGER, 'v' || range FROM range(10)");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void Rows(const std::string& query) {
    std::vector<std::string> names;
    for (const auto& column : source_.state.info.columns) names.push_back(QuoteName(column.name));
    source_.state.rows = fmt::format("SELECT * FROM ({}) AS r({})", query, fmt::join(names, ", "));
  }

  RefreshSpec Spec(RefreshMode mode) {
    RefreshSpec spec;
    spec.mode = mode;
    spec.table = source_.state.info.name;
    spec.folder = folder_;
    spec.generation = base::NewUuid();
    spec.previous = previous_;
    spec.memory_bytes = std::int64_t{512} << 20;
    spec.threads = 2;
    return spec;
  }

  base::Result<RefreshOutcome> Do(const RefreshSpec& spec) {
    auto outcome = Refresh(source_, spec, watch_, {});
    if (outcome && outcome->changed) Adopt(*outcome);
    if (outcome && !outcome->changed) previous_->version = outcome->version;
    return outcome;
  }
  base::Result<RefreshOutcome> Do(RefreshMode mode) { return Do(Spec(mode)); }

  // What the server does when it publishes.
  void Adopt(const RefreshOutcome& outcome) {
    if (previous_) std::filesystem::remove(previous_->file);
    previous_ = PreviousCopy{.file = folder_ / outcome.file,
                             .version = outcome.version,
                             .position = outcome.position,
                             .row_count = outcome.row_count,
                             .deleted_rows = outcome.deleted_rows};
  }

  // All rows of a query or file as sorted texts.
  std::vector<std::string> Texts(const std::string& query) {
    auto database = engine::Database::Open({.file = {}});
    EXPECT_TRUE(database);
    auto session = (*database)->Connect();
    if (previous_) {
      EXPECT_TRUE(
          (*session)->Execute(fmt::format("ATTACH {} AS copy (READ_ONLY)", QuoteText(previous_->file.string()))));
    }
    const auto rows = (*session)->Rows(query);
    EXPECT_TRUE(rows) << (rows ? "" : rows.error().message) << " in " << query;
    std::vector<std::string> texts;
    for (const auto& row : *rows) {
      std::string text;
      for (const auto& value : row) text += value.value_or("NULL") + "|";
      texts.push_back(text);
    }
    std::ranges::sort(texts);
    return texts;
  }
  void ExpectCopyEqualsSource() { EXPECT_EQ(Texts("SELECT * FROM copy.main.data"), Texts(source_.state.rows)); }

  std::vector<std::string> FilesLeft() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) names.push_back(entry.path().filename());
    return names;
  }

  std::filesystem::path folder_;
  FakeSource source_;
  RefreshWatch watch_;
  std::optional<PreviousCopy> previous_;
};

void ExpectCounts(const base::Result<RefreshOutcome>& outcome, std::int64_t inserted, std::int64_t updated,
                  std::int64_t deleted, std::int64_t cached) {
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->counts.inserted, inserted);
  EXPECT_EQ(outcome->counts.updated, updated);
  EXPECT_EQ(outcome->counts.deleted, deleted);
  EXPECT_EQ(outcome->counts.cached, cached);
}

TEST_F(RefreshTest, ChecksumsOfEarlierVersionsAreStillChecked) {
  const auto file = folder_ / "some.duckdb";
  std::ofstream(file) << "abc";
  const auto old = SealLike(file, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319", {});
  ASSERT_TRUE(old);
  EXPECT_EQ(old->checksum, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");  // BLAKE2b-256
  const auto now = SealLike(file, "xxh3:0", {});
  ASSERT_TRUE(now);
  EXPECT_EQ(now->checksum, "xxh3:06b05ab6733a618578af5f94892f3950");  // as xxhsum -H128 prints it
  EXPECT_EQ(now->bytes, 3);
}

TEST_F(RefreshTest, FirstLoadInsertsEveryRow) {
  const auto outcome = Do(RefreshMode::kFull);
  ExpectCounts(outcome, 10, 0, 0, 10);
  EXPECT_EQ(outcome->position.watermark, "1");
  ExpectCopyEqualsSource();
  const auto seal = SealOf(previous_->file, {});
  ASSERT_TRUE(seal);
  EXPECT_EQ(seal->checksum, outcome->checksum);
  EXPECT_EQ(seal->bytes, outcome->file_bytes);
  EXPECT_THAT(FilesLeft(), testing::ElementsAre(outcome->file));
}

TEST_F(RefreshTest, EmptyTableIsCopiedAsEmpty) {
  Rows("SELECT 1, 'x' WHERE false");
  ExpectCounts(Do(RefreshMode::kFull), 0, 0, 0, 0);
  ExpectCounts(Do(RefreshMode::kIncremental), 0, 0, 0, 0);
  ExpectCopyEqualsSource();
}

TEST_F(RefreshTest, IncrementalCountsExactly) {
  ASSERT_TRUE(Do(RefreshMode::kFull));
  Rows("SELECT range::INTEGER, CASE WHEN range IN (3, 4, 5) THEN 'changed' ELSE 'v' || range END FROM range(2, 17)");
  ExpectCounts(Do(RefreshMode::kIncremental), 7, 3, 2, 15);
  ExpectCopyEqualsSource();
}

TEST_F(RefreshTest, NothingChangedMakesNoFile) {
  ASSERT_TRUE(Do(RefreshMode::kFull));
  const auto before = FilesLeft();
  const auto outcome = Do(RefreshMode::kIncremental);
  ExpectCounts(outcome, 0, 0, 0, 10);
  EXPECT_FALSE(outcome->changed);
  EXPECT_EQ(FilesLeft(), before);
}

TEST_F(RefreshTest, TableWithoutKeyIsComparedAsMultiset) {
  source_.state.info.key = {};
  Rows("SELECT (range % 3)::INTEGER, 'same' FROM range(9)");
  ExpectCounts(Do(RefreshMode::kIncremental), 9, 0, 0, 9);
  ExpectCounts(Do(RefreshMode::kIncremental), 0, 0, 0, 9);
  Rows("SELECT (range % 3)::INTEGER, 'same' FROM range(8) UNION ALL SELECT 7, NULL");
  ExpectCounts(Do(RefreshMode::kIncremental), 1, 0, 1, 9);
  ExpectCopyEqualsSource();
}

TEST_F(RefreshTest, KeyThatIsNoneLosesNothing) {
  Rows("SELECT 1, 'a' UNION ALL SELECT 1, 'b' UNION ALL SELECT NULL, 'c'");
  ExpectCounts(Do(RefreshMode::kFull), 3, 0, 0, 3);
  Rows("SELECT 1, 'a' UNION ALL SELECT 1, 'x' UNION ALL SELECT NULL, 'c' UNION ALL SELECT NULL, 'c'");
  const auto outcome = Do(RefreshMode::kIncremental);
  ExpectCounts(outcome, 2, 0, 1, 4);
  EXPECT_THAT(outcome->note, HasSubstr("key"));
  ExpectCopyEqualsSource();
}

TEST_F(RefreshTest, ValuesThatTheEngineTakesForEqualAreUpdated) {
  source_.state.info.columns = {FakeColumn("id", "INTEGER"), FakeColumn("d", "DOUBLE"), FakeColumn("i", "INTERVAL")};
  Rows("SELECT 1, 0.0::DOUBLE, INTERVAL 30 DAY");
  ASSERT_TRUE(Do(RefreshMode::kFull));
  Rows("SELECT 1, 0.0::DOUBLE, INTERVAL 1 MONTH");
  ExpectCounts(Do(RefreshMode::kIncremental), 0, 1, 0, 1);
  Rows("SELECT 1, 'NaN'::DOUBLE, INTERVAL 1 MONTH");
  ExpectCounts(Do(RefreshMode::kIncremental), 0, 1, 0, 1);
  ExpectCounts(Do(RefreshMode::kIncremental), 0, 0, 0, 1);
  ExpectCopyEqualsSource();
}

TEST_F(RefreshTest, SourceThatCountsOtherwiseFailsAndLeavesNothing) {
  source_.state.miscount = 1;
  const auto outcome = Do(RefreshMode::kFull);
  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().message, HasSubstr("The source and the copy differ"));
  EXPECT_THAT(FilesLeft(), IsEmpty());
}

TEST_F(RefreshTest, CopyThatFailsItsCheckIsNotMade) {
  source_.state.verify_error = base::FailedPrecondition("Column \"x\" holds NaN").error();
  const auto outcome = Do(RefreshMode::kFull);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().message, "Column \"x\" holds NaN");
  EXPECT_THAT(FilesLeft(), IsEmpty());
}

TEST_F(RefreshTest, SourceErrorMidLoadLeavesNothing) {
  Rows("SELECT range::INTEGER, CASE WHEN range = 900000 THEN error('gone') ELSE 'v' END FROM range(1000000)");
  EXPECT_FALSE(Do(RefreshMode::kFull));
  EXPECT_THAT(FilesLeft(), IsEmpty());
}

TEST_F(RefreshTest, ChangedStructureIsReadAnewAndSaid) {
  ASSERT_TRUE(Do(RefreshMode::kFull));
  source_.state.info.columns.push_back(FakeColumn("more", "BIGINT"));
  Rows("SELECT range::INTEGER, 'v' || range, range FROM range(12)");
  const auto outcome = Do(RefreshMode::kIncremental);
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->counts.cached, 12);
  EXPECT_THAT(outcome->note, HasSubstr("column added \"more\""));
  ExpectCopyEqualsSource();
  source_.state.info.columns.pop_back();
  source_.state.info.columns[1] = FakeColumn("Wert \"ü\"", "BLOB");
  Rows("SELECT range::INTEGER, ('v' || range)::BLOB FROM range(12)");
  const auto again = Do(RefreshMode::kIncremental);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_THAT(again->note, HasSubstr("from \"VARCHAR\" to \"BLOB\""));
  EXPECT_THAT(again->note, HasSubstr("column removed \"more\""));
  ExpectCopyEqualsSource();
}

TEST_F(RefreshTest, ScheduledRefreshThatLosesMostRowsFails) {
  Rows("SELECT range::INTEGER, 'v' FROM range(2000)");
  ASSERT_TRUE(Do(RefreshMode::kFull));
  Rows("SELECT range::INTEGER, 'v' FROM range(999)");
  for (const auto mode : {RefreshMode::kFull, RefreshMode::kIncremental}) {
    auto spec = Spec(mode);
    spec.scheduled = true;
    const auto outcome = Do(spec);
    ASSERT_FALSE(outcome);
    EXPECT_THAT(outcome.error().message, HasSubstr("lose more than half"));
  }
  EXPECT_EQ(FilesLeft().size(), 1U);
  ExpectCounts(Do(RefreshMode::kIncremental), 0, 0, 1001, 999);
  ExpectCopyEqualsSource();
}

TEST_F(RefreshTest, FileThatPassesItsBudgetFails) {
  Rows("SELECT range::INTEGER, repeat(md5(range::VARCHAR), 4) FROM range(400000)");
  auto spec = Spec(RefreshMode::kFull);
  spec.file_budget_bytes = 1 << 20;
  const auto outcome = Do(spec);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, base::ErrorKind::kResourceExhausted);
  EXPECT_THAT(outcome.error().message, HasSubstr("quota"));
  EXPECT_THAT(FilesLeft(), IsEmpty());
}

TEST_F(RefreshTest, TooLittleFreeSpaceFails) {
  auto spec = Spec(RefreshMode::kFull);
  spec.free_space_floor_bytes = std::int64_t{1} << 60;
  const auto outcome = Do(spec);
  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().message, HasSubstr("too little free space"));
  EXPECT_THAT(FilesLeft(), IsEmpty());
}

TEST_F(RefreshTest, CancelledRefreshLeavesNothing) {
  Rows("SELECT range::INTEGER, md5(range::VARCHAR) FROM range(50000000)");
  std::stop_source stop;
  std::jthread canceller([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    stop.request_stop();
  });
  const auto outcome = Refresh(source_, Spec(RefreshMode::kFull), watch_, {.cancel = stop.get_token()});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, base::ErrorKind::kCancelled) << outcome.error().message;
  EXPECT_THAT(FilesLeft(), IsEmpty());
}

TEST_F(RefreshTest, DeltaIsMergedIntoAClone) {
  Rows("SELECT range::INTEGER, 'v' || range FROM range(1000)");
  ASSERT_TRUE(Do(RefreshMode::kFull));
  ASSERT_TRUE(Do(RefreshMode::kIncremental));  // the key is seen to hold
  Rows("SELECT range::INTEGER, CASE WHEN range = 5 THEN 'changed' ELSE 'v' || range END FROM range(1, 1002)");
  source_.state.watermark = "2";
  source_.state.delta =
      "SELECT 5 AS id, 'changed' AS \"Wert \"\"ü\"\"\", 'U' AS _op UNION ALL SELECT 1000, 'v1000', 'U' UNION ALL "
      "SELECT 1001, 'v1001', 'U' UNION ALL SELECT 7, 'v7', 'U'";
  const auto outcome = Do(RefreshMode::kIncremental);
  ExpectCounts(outcome, 2, 1, 1, 1001);  // the deleted row was found by the counts; row 7 did not change
  EXPECT_EQ(outcome->deleted_rows, 2);
  EXPECT_EQ(outcome->position.watermark, "2");
  ExpectCopyEqualsSource();
}

TEST_F(RefreshTest, OnlyRangesWithDeletedRowsAreAskedForTheirKeys) {
  source_.state.info.key_enforced = true;
  source_.state.counts_ranges = true;
  source_.state.delta = "SELECT * FROM (SELECT 1 AS id, '' AS \"Wert \"\"ü\"\"\", 'U' AS _op) WHERE false";
  source_.state.delta_rows = 0;
  Rows("SELECT (range * 3 - 100000)::INTEGER, 'v' || range FROM range(200000)");
  ASSERT_TRUE(Do(RefreshMode::kFull));
  Rows(
      "SELECT (range * 3 - 100000)::INTEGER, 'v' || range FROM range(200000) WHERE range NOT IN (0, 1, 70000, 199999)");
  ExpectCounts(Do(RefreshMode::kIncremental), 0, 0, 4, 199996);
  EXPECT_EQ(source_.state.asked_ranges.size(), 3U);
  ExpectCopyEqualsSource();
}

TEST_F(RefreshTest, AKeyThatTheSourceEnforcesNeedsNoFirstLook) {
  source_.state.info.key_enforced = true;
  Rows("SELECT range::INTEGER, 'v' || range FROM range(10)");
  source_.state.delta = "SELECT 10 AS id, 'v10' AS \"Wert \"\"ü\"\"\", 'U' AS _op";
  ASSERT_TRUE(Do(RefreshMode::kFull));
  EXPECT_EQ(previous_->version.method.name, "fake");
  Rows("SELECT range::INTEGER, 'v' || range FROM range(11)");
  bool whole = false;
  source_.state.on_relation = [&] { whole = true; };
  ExpectCounts(Do(RefreshMode::kIncremental), 1, 0, 0, 11);
  EXPECT_FALSE(whole);
  ExpectCopyEqualsSource();
}

TEST_F(RefreshTest, AStateBeforeTheOneThatWasSeenIsRefused) {
  source_.state.watermark = "5";
  ASSERT_TRUE(Do(RefreshMode::kFull));
  source_.state.behind = true;
  source_.state.watermark = "4";
  for (const auto mode : {RefreshMode::kFull, RefreshMode::kIncremental}) EXPECT_FALSE(Do(mode));
  source_.state.watermark = "6";
  EXPECT_TRUE(Do(RefreshMode::kFull));
}

TEST_F(RefreshTest, DeltaWithAKeyTwiceIsNotTrusted) {
  ASSERT_TRUE(Do(RefreshMode::kFull));
  ASSERT_TRUE(Do(RefreshMode::kIncremental));
  Rows("SELECT range::INTEGER, CASE WHEN range = 5 THEN 'second' ELSE 'v' || range END FROM range(10)");
  source_.state.delta = "SELECT 5 AS id, 'first' AS \"Wert \"\"ü\"\"\", 'U' AS _op UNION ALL SELECT 5, 'second', 'U'";
  ExpectCounts(Do(RefreshMode::kIncremental), 0, 1, 0, 10);
  ExpectCopyEqualsSource();
}

TEST_F(RefreshTest, ManyDeletedRowsAreCompactedAway) {
  Rows("SELECT range::INTEGER, 'v' || range FROM range(1000)");
  ASSERT_TRUE(Do(RefreshMode::kFull));
  ASSERT_TRUE(Do(RefreshMode::kIncremental));
  Rows("SELECT range::INTEGER, 'v' || range FROM range(100, 1000)");
  source_.state.delta = "SELECT range::INTEGER AS id, NULL::VARCHAR AS \"Wert \"\"ü\"\"\", 'D' AS _op FROM range(100)";
  source_.state.delta_has_deletes = true;
  const auto outcome = Do(RefreshMode::kIncremental);
  ExpectCounts(outcome, 0, 0, 100, 900);
  EXPECT_TRUE(outcome->compacted);
  EXPECT_EQ(outcome->deleted_rows, 0);
  ExpectCopyEqualsSource();
}

// A table of literals that changes at random. Cells are texts of the engine's SQL, one text for each value.
class Model {
 public:
  explicit Model(unsigned seed, bool keyed) : random_(seed), keyed_(keyed) {}

  using Row = std::vector<std::string>;  // two key cells, then four others

  void Mutate() {
    for (int i = Pick(12); i > 0; --i) {
      const int what = rows_.empty() ? 0 : Pick(4);
      if (what == 0) Insert();
      if (what == 1) rows_.erase(rows_.begin() + Pick(static_cast<int>(rows_.size())));
      if (what == 2) ChangeCell();
      if (what == 3) MoveKey();
    }
    if (Pick(20) == 0) rows_.clear();
  }
  [[nodiscard]] std::string Query() const { return Select(rows_, {}); }
  // What a source that only reports upserts, or deletes too, would tell of the way from `before`.
  [[nodiscard]] std::string Delta(const std::vector<Row>& before, bool with_deletes) {
    std::vector<Row> rows;
    for (auto row : rows_) {
      const bool changed = std::ranges::find(before, row) == before.end();
      if (!changed && Pick(3) != 0) continue;
      row.emplace_back("'U'");
      rows.push_back(row);
    }
    if (with_deletes) {
      for (auto row : before) {
        if (FindKey(rows_, row) != nullptr) continue;
        row.emplace_back("'D'");
        rows.push_back(row);
      }
    }
    return Select(rows, ", _op");
  }
  [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }
  int Pick(int below) { return std::uniform_int_distribution(0, below - 1)(random_); }

  // What a merge from `before` must count: computed here, without the engine.
  [[nodiscard]] store::RefreshCounts CountsFrom(const std::vector<Row>& before) const {
    store::RefreshCounts counts{.cached = static_cast<std::int64_t>(rows_.size())};
    if (!keyed_) {
      auto now = rows_;
      auto old = before;
      std::ranges::sort(now);
      std::ranges::sort(old);
      std::vector<Row> gone;
      std::vector<Row> come;
      std::ranges::set_difference(old, now, std::back_inserter(gone));
      std::ranges::set_difference(now, old, std::back_inserter(come));
      counts.inserted = static_cast<std::int64_t>(come.size());
      counts.deleted = static_cast<std::int64_t>(gone.size());
      return counts;
    }
    for (const auto& row : rows_) {
      const auto* old = FindKey(before, row);
      counts.inserted += old == nullptr ? 1 : 0;
      counts.updated += old != nullptr && *old != row ? 1 : 0;
    }
    for (const auto& row : before) counts.deleted += FindKey(rows_, row) == nullptr ? 1 : 0;
    return counts;
  }

 private:
  static const Row* FindKey(const std::vector<Row>& rows, const Row& like) {
    const auto found =
        std::ranges::find_if(rows, [&](const Row& row) { return row[0] == like[0] && row[1] == like[1]; });
    return found == rows.end() ? nullptr : &*found;
  }
  Row& Any() { return rows_[static_cast<std::size_t>(Pick(static_cast<int>(rows_.size())))]; }
  std::string KeyText() {
    static const std::vector<std::string> kTexts = {"''",     "'a'",    "'A'",  "'ü'", "'u' || chr(776)",
                                                    "'日本'", "'x''y'", "' a'", "'😀'"};
    return kTexts[static_cast<std::size_t>(Pick(static_cast<int>(kTexts.size())))];
  }
  std::string Cell(int column) {
    static const std::vector<std::vector<std::string>> kCells = {
        {"NULL", "'NaN'::DOUBLE", "'Infinity'::DOUBLE", "0::DOUBLE", "1.5::DOUBLE"},
        {"NULL", "''", "'null'", "'{\"a\":1}'", "'{\"a\": 1}'"},
        {"NULL", "12345678901234567890123456.7890123456::DECIMAL(38,10)", "0::DECIMAL(38,10)", "(-1)::DECIMAL(38,10)"},
        {"NULL", "[]::INTEGER[]", "[NULL]::INTEGER[]", "[1, 2]", "[2, 1]"}};
    const auto& cells = kCells[static_cast<std::size_t>(column)];
    return cells[static_cast<std::size_t>(Pick(static_cast<int>(cells.size())))];
  }
  Row NewRow() { return {std::to_string(Pick(6)), KeyText(), Cell(0), Cell(1), Cell(2), Cell(3)}; }
  void Insert() {
    auto row = NewRow();
    if (keyed_ && FindKey(rows_, row) != nullptr) return;
    rows_.push_back(row);
  }
  void ChangeCell() {
    const int column = Pick(4);
    Any()[static_cast<std::size_t>(2 + column)] = Cell(column);
  }
  void MoveKey() {
    const auto like = NewRow();
    if (keyed_ && FindKey(rows_, like) != nullptr) return;
    auto& row = Any();
    row[0] = like[0];
    row[1] = like[1];
  }
  static std::string Select(const std::vector<Row>& rows, const std::string& more) {
    std::vector<std::string> values;
    for (const auto& row : rows) values.push_back(fmt::format("({})", fmt::join(row, ", ")));
    const auto op = more.empty() ? "" : ", NULL::VARCHAR";
    values.push_back(fmt::format(
        "(NULL::INTEGER, 'none', NULL::DOUBLE, NULL::VARCHAR, NULL::DECIMAL(38,10), NULL::INTEGER[]{})", op));
    return fmt::format("SELECT * FROM (VALUES {}) AS v(k1, k2, d, t, n, l{}) WHERE k1 IS NOT NULL",
                       fmt::join(values, ", "), more);
  }

  std::mt19937 random_;
  bool keyed_;
  std::vector<Row> rows_;
};

class RandomRefreshTest : public RefreshTest, public testing::WithParamInterface<std::string> {};

// A refreshed copy equals its source and its counters are exact, whatever happened in between.
TEST_P(RandomRefreshTest, EqualsTheSource) {
  const auto seed = std::random_device()();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  const bool keyed = GetParam() != "multiset";
  Model model(seed, keyed);
  auto& state = source_.state;
  state.info.columns = {FakeColumn("k1", "INTEGER"), FakeColumn("k2", "VARCHAR"),       FakeColumn("d", "DOUBLE"),
                        FakeColumn("t", "VARCHAR"),  FakeColumn("n", "DECIMAL(38,10)"), FakeColumn("l", "INTEGER[]")};
  state.info.key = keyed ? std::vector<std::string>{"k1", "k2"} : std::vector<std::string>{};
  for (int round = 0; round < 25 && !HasFailure(); ++round) {
    SCOPED_TRACE(fmt::format("round {}", round));
    const auto before = model.rows();
    model.Mutate();
    state.rows = model.Query();
    if (GetParam() == "delta") {
      state.delta_has_deletes = model.Pick(2) == 0;
      state.delta = model.Delta(before, state.delta_has_deletes);
    }
    const auto expected = model.CountsFrom(before);
    const auto outcome = Do(RefreshMode::kIncremental);
    ExpectCounts(outcome, expected.inserted, expected.updated, expected.deleted, expected.cached);
    if (outcome) ExpectCopyEqualsSource();
    EXPECT_EQ(FilesLeft().size(), 1U);
  }
}

INSTANTIATE_TEST_SUITE_P(Ways, RandomRefreshTest, testing::Values("whole", "delta", "multiset"));

}  // namespace
}  // namespace tarn::cache
