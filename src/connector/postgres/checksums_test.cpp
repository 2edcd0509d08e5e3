#include "connector/postgres/checksums.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connector/postgres_server_test.h"
#include "connector/registry.h"

namespace tarn::connector::postgres {
namespace {

using testing::PostgresServer;

constexpr std::string_view kTypes =
    "CREATE TYPE t.mood AS ENUM ('sad', 'ok'); CREATE DOMAIN t.positive AS numeric(10,2) CHECK (VALUE > 0); "
    "CREATE TABLE t.x (id int PRIMARY KEY, a smallint, b bigint, c boolean, d real, e double precision, f text, "
    "g varchar(20), h char(9), i bytea, j date, k uuid, l numeric(38,10), m numeric(5,0), n numeric, o timestamp, "
    "p timestamptz, q timestamp(0), r time, s oid, t inet, u t.mood, v t.positive, w \"char\", x interval, y name, "
    "z timestamptz(3))";
constexpr std::string_view kValues =
    "INSERT INTO t.x (id) VALUES (0); "
    "INSERT INTO t.x VALUES (1, -32768, -9223372036854775808, true, '-Infinity', 'NaN', '', 'ünï 😀', 'ab', '\\x', "
    "'0001-01-01', '00000000-0000-0000-0000-000000000000', -9999999999999999999999999999.9999999999, -99999, "
    "1e100, '0001-01-01 00:00:00', '0001-01-01 00:00:00+00', '1999-12-31 23:59:59', '00:00:00', 0, '10.0.0.1', 'sad', "
    "0.01, 'x', '-1 day', 'a name', '2038-01-19 03:14:07.999'); "
    "INSERT INTO t.x VALUES (2, 32767, 9223372036854775807, false, 1.1, -0.0, repeat('long', 5000), 'x', '  b', "
    "'\\x00ff', '9999-12-31', 'ffffffff-ffff-ffff-ffff-ffffffffffff', 0.0000000001, 0, 'NaN', '9999-12-31 "
    "23:59:59.999999', '9999-12-31 23:59:59.999999+14', 'infinity', '23:59:59.999999', 4294967295, '::1/64', 'ok', "
    "12345678.9, NULL, '1 mon 2.5 sec', NULL, '-infinity'); "
    "INSERT INTO t.x SELECT n, n % 100, n * 4294967297, n % 2 = 0, n / 7.0, n / 3.0, 'text ' || n, n, n, "
    "decode(md5(n::text), 'hex'), date '2000-01-01' + n, md5(n::text)::uuid, n / 10.0, n % 1000, n / 100.0, timestamp "
    "'1970-01-01' + n * interval '1 hour', timestamptz '2026-01-01' - n * interval '1 min', timestamp '2000-01-01' + n "
    "* interval '1 s', time '00:00' + n * interval '1 ms', n, NULL, 'ok', n, 'y', n * interval '1 s', 'n', "
    "'2026-01-01' FROM generate_series(3, 2000) n";

class ChecksumsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(server_.running());
    server_.Run("DROP SCHEMA IF EXISTS t CASCADE; CREATE SCHEMA t");
    const auto* spec = FindSpec("POSTGRES");
    source_ = MakeSource(*spec, ReadCredential(*spec, server_.Credential()).value(), "", {}).value();
    database_ = engine::Database::Open({.threads = 2}).value();
    PrepareEngine(*database_);
    session_ = database_->Connect().value();
  }

  // The sums that the source makes of t.x, and those of a copy of it that `change` was done to.
  std::pair<std::vector<std::string>, std::vector<std::string>> Sums(const std::string& change = "SELECT 1") {
    const auto table = source_->Describe({"t", "x"}, {}).value();
    const auto snapshot = source_->OpenSnapshot(*session_, {}).value();
    EXPECT_TRUE(session_->Execute(
        fmt::format("CREATE OR REPLACE TEMP TABLE copied AS SELECT * FROM {}", snapshot->Relation(table).value())));
    EXPECT_TRUE(session_->Execute(change));
    const auto sums = snapshot->SumByRange(table, nullptr, {}).value();
    EXPECT_TRUE(sums) << "the server is expected to sum these types";
    const auto read = [&](const std::string& sql) {
      std::vector<std::string> values;
      const auto rows = session_->Rows(sql);
      EXPECT_TRUE(rows) << rows.error().message;
      for (const auto& row : *rows) {
        for (const auto& value : row) values.push_back(value.value_or("NULL"));
      }
      return values;
    };
    auto at_source = read(fmt::format("SELECT \"rows\", \"sum\" FROM {}", sums->relation));
    auto here = read(fmt::format("SELECT count(*), CAST(sum({}) AS VARCHAR) FROM copied", sums->row));
    EXPECT_TRUE(session_->Execute("COMMIT"));
    return {std::move(at_source), std::move(here)};
  }

  PostgresServer& server_ = PostgresServer::Shared();
  std::unique_ptr<Source> source_;
  std::unique_ptr<engine::Database> database_;
  std::unique_ptr<engine::Session> session_;
};

TEST_F(ChecksumsTest, AreTheSameForEveryTypeThatIsSummed) {
  server_.Run(std::string(kTypes));
  server_.Run(std::string(kValues));
  const auto table = source_->Describe({"t", "x"}, {}).value();
  for (const auto& column : table.columns) {
    if (column.name == "id") continue;
    // Column by column, so that a difference has a name.
    server_.Run(fmt::format("DROP VIEW IF EXISTS t.one; CREATE VIEW t.one AS SELECT id, {} FROM t.x", column.name));
    SCOPED_TRACE(column.name + " " + column.source_type);
    server_.Run("ALTER TABLE t.x RENAME TO whole; ALTER VIEW t.one RENAME TO x");
    const auto [at_source, here] = Sums();
    EXPECT_EQ(at_source, here);
    server_.Run("DROP VIEW t.x; ALTER TABLE t.whole RENAME TO x");
  }
  const auto [at_source, here] = Sums();
  EXPECT_EQ(at_source, here);
  EXPECT_EQ(at_source.at(0), "2001");
}

TEST_F(ChecksumsTest, ChangeWithEveryValue) {
  server_.Run(std::string(kTypes));
  server_.Run(std::string(kValues));
  for (const auto* change : {
           "UPDATE copied SET a = a + 1 WHERE id = 7",
           "UPDATE copied SET b = b + 4294967297 WHERE id = 7",  // the same bits in both halves
           "UPDATE copied SET c = NOT c WHERE id = 7",
           "UPDATE copied SET d = NULL WHERE id = 7",
           "UPDATE copied SET e = nextafter(e, 0::DOUBLE) WHERE id = 8",
           "UPDATE copied SET f = '' WHERE id = 0",  // was NULL
           "UPDATE copied SET i = '\\x00'::BLOB WHERE id = 7",
           "UPDATE copied SET j = j + 1 WHERE id = 7",
           "UPDATE copied SET l = l + 0.0000000001 WHERE id = 7",
           "UPDATE copied SET p = p + INTERVAL 1 MICROSECOND WHERE id = 7",
           "UPDATE copied SET r = '00:00:00.000001' WHERE id = 7",
           "UPDATE copied SET f = CASE id WHEN 7 THEN 'text 9' ELSE 'text 7' END WHERE id IN (7, 9)",  // two rows'
                                                                                                       // values
           "DELETE FROM copied WHERE id = 7",
       }) {
    const auto [at_source, here] = Sums(change);
    EXPECT_NE(at_source, here) << change;
  }
}

TEST_F(ChecksumsTest, OfManyColumnsCoverAll) {
  std::string columns;
  for (int i = 0; i < 400; ++i) columns += fmt::format(", c{} int DEFAULT {}", i, i);
  server_.Run(fmt::format("CREATE TABLE t.x (id int PRIMARY KEY{}); INSERT INTO t.x VALUES (1), (2)", columns));
  const auto [at_source, here] = Sums();
  EXPECT_EQ(at_source, here);
  for (const auto* column : {"c0", "c48", "c49", "c50", "c399"}) {
    const auto [before, after] = Sums(fmt::format("UPDATE copied SET {} = 1000 WHERE id = 1", column));
    EXPECT_NE(before, after) << column;
  }
}

TEST_F(ChecksumsTest, AreNotMadeOfWhatTheEngineWritesOtherwise) {
  for (const auto* type : {"json", "jsonb", "int[]", "timetz"}) {
    server_.Run(fmt::format("DROP TABLE IF EXISTS t.x; CREATE TABLE t.x (id int PRIMARY KEY, v {})", type));
    EXPECT_FALSE(HashOfRows(source_->Describe({"t", "x"}, {}).value())) << type;
  }
}

}  // namespace
}  // namespace tarn::connector::postgres
