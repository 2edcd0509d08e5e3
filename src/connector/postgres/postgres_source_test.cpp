#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "connector/postgres_server_test.h"
#include "connector/registry.h"

namespace tarn::connector {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::PostgresServer;
using Cells = std::vector<std::vector<std::optional<std::string>>>;

std::unique_ptr<Source> SourceFor(const std::string& json) {
  const auto* spec = FindSpec("POSTGRES");
  auto credential = ReadCredential(*spec, json);
  EXPECT_TRUE(credential) << credential.error().message;
  auto source = MakeSource(*spec, *credential, "", {});
  EXPECT_TRUE(source) << source.error().message;
  return *std::move(source);
}

// Reads tables of the test server live and through a snapshot.
class PostgresSourceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(server_.running());
    server_.Run("DROP SCHEMA IF EXISTS t CASCADE; CREATE SCHEMA t");
    source_ = SourceFor(server_.Credential());
    auto opened = engine::Database::Open({.threads = 2});
    ASSERT_TRUE(opened) << opened.error().message;
    database_ = *std::move(opened);
    PrepareEngine(*database_);
    session_ = *database_->Connect();
  }

  TableInfo Describe(const std::string& table) {
    auto described = source_->Describe({"t", table}, base::CallLimits::Within(std::chrono::seconds(20)));
    EXPECT_TRUE(described) << described.error().message;
    return described ? *described : TableInfo{};
  }

  void Attach() {
    auto statements = source_->AttachStatements("live", {});
    ASSERT_TRUE(statements) << statements.error().message;
    for (const auto& statement : *statements) {
      auto done = session_->Execute(statement);
      ASSERT_TRUE(done) << done.error().message;
    }
  }

  std::string LiveFrom(const TableInfo& table) { return *source_->LiveRelation(table, "live"); }

  Cells Rows(const std::string& sql) {
    auto rows = session_->Rows(sql);
    EXPECT_TRUE(rows) << rows.error().message << "\n" << sql;
    return rows ? *rows : Cells{};
  }

  std::string FailureOf(const std::string& sql) {
    auto rows = session_->Rows(sql);
    EXPECT_FALSE(rows) << sql;
    return rows ? "" : rows.error().message;
  }

  // The single column "v" of t.<table>, ordered by "id", live and through a snapshot; both must be `expected`.
  void ExpectValues(const std::string& table, const std::vector<std::string>& expected,
                    const std::string& shown = "CAST(v AS VARCHAR)") {
    const auto info = Describe(table);
    const auto select = [&](const std::string& from) {
      std::vector<std::string> values;
      for (const auto& row : Rows(fmt::format("SELECT {} FROM {} ORDER BY id", shown, from)))
        values.push_back(row[0].value_or("NULL"));
      return values;
    };
    Attach();
    EXPECT_EQ(select(LiveFrom(info)), expected) << "live " << info.columns.back().source_type;
    auto snapshot = source_->OpenSnapshot(*session_, {});
    ASSERT_TRUE(snapshot) << snapshot.error().message;
    auto relation = (*snapshot)->Relation(info);
    ASSERT_TRUE(relation) << relation.error().message;
    ASSERT_TRUE(session_->Execute(fmt::format("CREATE OR REPLACE TEMP TABLE copied AS SELECT * FROM {}", *relation)));
    EXPECT_EQ(select("copied"), expected) << "copied " << info.columns.back().source_type;
    const auto verified = (*snapshot)->VerifyCopy(info, "copied", {});
    EXPECT_TRUE(verified) << verified.error().message;
    EXPECT_EQ((*snapshot)->Count(info, {}).value_or(-1), static_cast<std::int64_t>(expected.size()));
    ASSERT_TRUE(session_->Execute("COMMIT"));
  }

  void Make(const std::string& type, const std::vector<std::string>& literals) {
    server_.Run(fmt::format("DROP TABLE IF EXISTS t.x; CREATE TABLE t.x (id int PRIMARY KEY, v {})", type));
    for (std::size_t i = 0; i < literals.size(); ++i) {
      server_.Run(fmt::format("INSERT INTO t.x VALUES ({}, {})", i, literals[i]));
    }
    server_.Run("ANALYZE t.x");
  }

  // PostgreSQL's own texts of t.x.
  std::vector<std::string> SourceTexts() {
    std::vector<std::string> texts;
    for (const auto& row : server_.Run("SELECT v FROM t.x ORDER BY id")) texts.push_back(row[0]);
    return texts;
  }

  PostgresServer& server_ = PostgresServer::Shared();
  std::unique_ptr<Source> source_;
  std::unique_ptr<engine::Database> database_;
  std::unique_ptr<engine::Session> session_;
};

TEST_F(PostgresSourceTest, TypesAreShownAsTrinoTypes) {
  server_.Run(R"(CREATE TYPE t.mood AS ENUM ('sad', 'ok'); CREATE DOMAIN t.amount AS numeric(10,2);
    CREATE TABLE t.x (a smallint, b int, c bigint, d numeric(12,2), e numeric, f numeric(50,5), g text, h varchar(7), i char(5), j boolean,
      k bytea, l date, m timestamp, n timestamp(3), o timestamptz, p time, q uuid, r jsonb, s t.mood, u t.amount, v int[], w numeric[], x int[][], y money, z oid))");
  std::vector<std::string> types;
  for (const auto& column : Describe("x").columns) types.push_back(column.type);
  EXPECT_THAT(types, ElementsAre("smallint", "integer", "bigint", "decimal(12,2)", "varchar", "varchar", "varchar",
                                 "varchar(7)", "varchar(5)", "boolean", "varbinary", "date", "timestamp(6)",
                                 "timestamp(3)", "timestamp(6) with time zone", "time(6)", "uuid", "json", "varchar",
                                 "decimal(10,2)", "array(integer)", "array(varchar)", "varchar", "varchar", "bigint"));
}

// Types whose text is the same in PostgreSQL and in the engine, or that are read as PostgreSQL's text.
TEST_F(PostgresSourceTest, ValuesAreThoseOfTheSource) {
  server_.Run(
      "CREATE TYPE t.mood AS ENUM ('sad', 'ok'); CREATE DOMAIN t.amount AS numeric(10,2); CREATE TYPE t.pair AS (a "
      "int, b text)");
  const std::vector<std::pair<std::string, std::vector<std::string>>> cases = {
      {"smallint", {"-32768", "32767", "NULL"}},
      {"int", {"-2147483648", "2147483647", "NULL"}},
      {"bigint", {"-9223372036854775808", "9223372036854775807", "NULL"}},
      {"numeric(12,2)", {"0", "-9999999999.99", "9999999999.99", "NULL"}},
      {"numeric(38,10)",
       {"9999999999999999999999999999.9999999999", "-9999999999999999999999999999.9999999999", "0.0000000001"}},
      {"numeric",
       {"1.10", "123456789012345678901234567890123456789012345678901234567890.123456789", "'NaN'", "'Infinity'",
        "'-Infinity'", "0", "NULL"}},
      {"numeric(50,5)", {"123456789012345678901234567890123456789012345.12345", "'NaN'"}},
      {"numeric(5,-2)", {"12345", "-99900"}},
      {"numeric(2,4)", {"0.0012"}},
      {"t.amount", {"1.5", "NULL"}},
      {"text", {"'Zoë 李小龍 😀'", "''", "E'line\\n\"quote\"\\\\'", "NULL"}},
      {"\"char\"", {"'z'"}},
      {"date", {"'2024-02-29'", "'0001-01-01'", "'9999-12-31'", "'infinity'", "'-infinity'", "NULL"}},
      {"timestamp",
       {"'2024-02-29 23:59:59.123456'", "'0001-01-01'", "'9999-12-31 23:59:59.999999'", "'infinity'", "'-infinity'",
        "NULL"}},
      {"timestamptz", {"'2024-02-29 23:59:59.123456+00'", "'infinity'", "'-infinity'", "NULL"}},
      {"time", {"'00:00:00'", "'23:59:59.999999'", "'24:00:00'", "NULL"}},
      {"interval", {"'1 year 2 mons -3 days 04:05:06.7'", "'-1 day'", "NULL"}},
      {"uuid", {"'550e8400-e29b-41d4-a716-446655440000'", "NULL"}},
      {"xml", {"'<a>x</a>'"}},
      {"money", {"12.5"}},
      {"inet", {"'10.0.0.1'", "'10.1.0.0/16'", "'::1'"}},
      {"cidr", {"'10.0.0.0/8'"}},
      {"bit(3)", {"B'101'"}},
      {"varbit", {"B'10110'"}},
      {"tsvector", {"'a fat cat'"}},
      {"int4range", {"'[1,5)'", "'empty'"}},
      {"tstzrange", {"'[2024-01-01 00:00:00+00,infinity)'"}},
      {"t.mood", {"'ok'", "NULL"}},
      {"t.pair", {"ROW(1,'x \"y\"')"}},
      {"oid", {"4294967295", "0"}},
      {"point", {"'(1.5,2)'"}},
      {"pg_lsn", {"'16/B374D848'"}},
      {"int[][]", {"'{{1,2},{3,NULL}}'", "'{}'", "'{5}'"}},
  };
  server_.Run("SET timezone = 'UTC'");
  for (const auto& [type, literals] : cases) {
    Make(type, literals);
    ExpectValues("x", SourceTexts(),
                 type == "timestamptz" ? "CASE WHEN isfinite(v) THEN strftime(v AT TIME ZONE 'UTC', '%Y-%m-%d "
                                         "%H:%M:%S.%f+00') ELSE CAST(v AS VARCHAR) END"
                                       : "CAST(v AS VARCHAR)");
  }
}

TEST_F(PostgresSourceTest, ValuesThatTheEngineWritesInItsOwnWay) {
  const auto expect = [&](const std::string& type, const std::vector<std::string>& literals,
                          const std::vector<std::string>& expected) {
    Make(type, literals);
    ExpectValues("x", expected);
  };
  expect("boolean", {"true", "false", "NULL"}, {"true", "false", "NULL"});
  expect("double precision", {"'NaN'", "'-Infinity'", "1e308", "'-0'", "'5e-324'", "0.1"},
         {"nan", "-inf", "1e+308", "-0.0", "5e-324", "0.1"});
  expect("char(5)", {"'ab'", "''", "NULL"}, {"ab", "", "NULL"});
  expect("bytea", {"'\\x00ff41'", "''"}, {"\\x00\\xFFA", ""});
  expect("date", {"'4713-01-01 BC'", "'5874897-12-31'"}, {"4713-01-01 (BC)", "5874897-12-31"});
  expect("timestamp", {"'4713-01-01 00:00:00 BC'", "'294246-12-31 00:00:00'"},
         {"4713-01-01 (BC) 00:00:00", "294246-12-31 00:00:00"});
  expect("int[]", {"'{1,NULL,3}'", "'{}'", "NULL"}, {"[1, NULL, 3]", "[]", "NULL"});
  expect("text[]", {"'{a,NULL,\"b, c\",ü}'", "'{}'"}, {"[a, NULL, 'b, c', ü]", "[]"});
  expect("numeric[]", {"'{1.10,NaN}'"}, {"[1.10, NaN]"});
  // As Trino writes JSON, so that equal documents are equal texts.
  expect("json", {"'{\"b\": 1e2, \"a\": [1, null ]}'", "'\"\\ud83d\\ude00\"'", "NULL"},
         {R"({"a":[1,null],"b":1E+2})", R"("\uD83D\uDE00")", "NULL"});
  expect("jsonb", {"'{\"a\": 123456789012345678901234567890.5, \"ü\": \"\\\\\"}'", "NULL"},
         {R"({"a":123456789012345678901234567890.5,"ü":"\\"})", "NULL"});
  expect("timetz", {"'01:02:03+02'"}, {"01:02:03+02"});
}

TEST_F(PostgresSourceTest, DecimalNaNIsRefusedByNameLiveAndCopied) {
  server_.Run(
      "CREATE TABLE t.x (id int PRIMARY KEY, \"Be\"\"trag\" numeric(12,2), ok numeric(5,1)); INSERT INTO t.x VALUES "
      "(1, 0, 0), (2, 'NaN', 0)");
  const auto table = Describe("x");
  Attach();
  EXPECT_THAT(FailureOf(fmt::format("SELECT * FROM {}", LiveFrom(table))), HasSubstr("Be\"\"trag"));
  EXPECT_EQ(Rows(fmt::format("SELECT sum(ok) FROM {}", LiveFrom(table)))[0][0],
            "0.0");  // what is not read does no harm
  auto snapshot = source_->OpenSnapshot(*session_, {});
  ASSERT_TRUE(snapshot);
  ASSERT_TRUE(
      session_->Execute(fmt::format("CREATE TEMP TABLE copied AS SELECT * FROM {}", *(*snapshot)->Relation(table))));
  const auto verified = (*snapshot)->VerifyCopy(table, "copied", {});
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().kind, base::ErrorKind::kFailedPrecondition);
  EXPECT_THAT(verified.error().message, HasSubstr("Be\"trag"));
}

TEST_F(PostgresSourceTest, TimesBeyondTheEngineAreRefusedByName) {
  Make("timestamp", {"'2024-01-01'", "'294276-12-31 23:59:59'"});
  const auto table = Describe("x");
  Attach();
  EXPECT_THAT(FailureOf(fmt::format("SELECT v FROM {}", LiveFrom(table))),
              HasSubstr("a time after the year 294246: \"v\""));
  auto snapshot = source_->OpenSnapshot(*session_, {});
  ASSERT_TRUE(snapshot);
  ASSERT_TRUE(
      session_->Execute(fmt::format("CREATE TEMP TABLE copied AS SELECT * FROM {}", *(*snapshot)->Relation(table))));
  EXPECT_FALSE((*snapshot)->VerifyCopy(table, "copied", {}));
}

TEST_F(PostgresSourceTest, ArraysOfUndeclaredDimensionsAreRefusedByName) {
  Make("int[]", {"'{{1,2},{3,4}}'"});
  Attach();
  EXPECT_THAT(FailureOf(fmt::format("SELECT v FROM {}", LiveFrom(Describe("x")))),
              HasSubstr("several dimensions: \"v\""));
}

TEST_F(PostgresSourceTest, NamesSurvive) {
  const std::string longest(63, 'n');
  server_.Run(fmt::format(
      R"(CREATE TABLE t."Select ""Gr'oup$$ Ü" ("Id" int PRIMARY KEY, "order" text, "a" int, "A" int, "ünï 列" int, "{{c}}" int, "{}" int, "it's ""q"""
      numeric(3,1)); INSERT INTO t."Select ""Gr'oup$$ Ü" VALUES (1, 'o', 2, 3, 4, 5, 6, 7.5); ANALYZE t."Select ""Gr'oup$$ Ü")",
      longest));
  const auto table = Describe("select \"gr'oup$$ Ü");
  EXPECT_EQ(table.name.table, "Select \"Gr'oup$$ Ü");
  EXPECT_THAT(table.key, ElementsAre("Id"));
  std::vector<std::string> names;
  for (const auto& column : table.columns) names.push_back(column.name);
  EXPECT_THAT(names, ElementsAre("Id", "order", "a", "A_2", "ünï 列", "{c}", longest, "it's \"q\""));
  Attach();
  const std::string sql =
      R"(SELECT "Id", "order", "a", "A_2", "ünï 列", "{c}", )" + longest + R"(, "it's ""q""" FROM )";
  const Cells expected = {{"1", "o", "2", "3", "4", "5", "6", "7.5"}};
  EXPECT_EQ(Rows(sql + LiveFrom(table) + " WHERE \"ünï 列\" = 4 AND \"it's \"\"q\"\"\" > 1"), expected);
  auto snapshot = source_->OpenSnapshot(*session_, {});
  ASSERT_TRUE(snapshot);
  EXPECT_EQ(Rows(sql + *(*snapshot)->Relation(table)), expected);
}

TEST_F(PostgresSourceTest, KeysCommentsDefaultsAndKinds) {
  server_.Run(R"(CREATE TABLE t.x (a int NOT NULL, b int NOT NULL DEFAULT 7, c text UNIQUE, d text);
    CREATE UNIQUE INDEX ON t.x (d) WHERE d IS NOT NULL; CREATE UNIQUE INDEX ON t.x ((a + b)); CREATE UNIQUE INDEX ON t.x (b, a) INCLUDE (d);
    COMMENT ON COLUMN t.x.b IS 'the "b"'; COMMENT ON TABLE t.x IS 'all x'; CREATE VIEW t.v AS SELECT * FROM t.x; CREATE MATERIALIZED VIEW t.m AS SELECT * FROM t.x;
    CREATE TABLE t.p (id int, v int) PARTITION BY RANGE (id); CREATE TABLE t.p1 PARTITION OF t.p FOR VALUES FROM (0) TO (10); INSERT INTO t.p VALUES (1, 2))");
  const auto table = Describe("x");
  EXPECT_THAT(table.key, ElementsAre("b", "a"));
  EXPECT_EQ(table.comment, "all x");
  EXPECT_EQ(table.columns[1].comment, "the \"b\"");
  EXPECT_EQ(table.columns[1].default_value, "7");
  EXPECT_TRUE(table.columns[1].not_null);
  EXPECT_TRUE(table.columns[2].unique);
  EXPECT_FALSE(table.columns[3].unique);
  const auto tables = source_->Tables("T", {});
  ASSERT_TRUE(tables);
  EXPECT_THAT(*tables, ElementsAre(TableName{"t", "m"}, TableName{"t", "p"}, TableName{"t", "v"}, TableName{"t", "x"}));
  Attach();
  EXPECT_EQ(Rows("SELECT v FROM " + LiveFrom(Describe("p")))[0][0], "2");
  EXPECT_EQ(source_->Describe({"t", "nothing"}, {}).error().code, "TABLE_NOT_FOUND");
  EXPECT_EQ(source_->Describe({"nowhere", "x"}, {}).error().code, "SCHEMA_NOT_FOUND");
}

TEST_F(PostgresSourceTest, InheritingTablesAreReadWhole) {
  server_.Run(
      "CREATE TABLE t.x (id int, v text); CREATE TABLE t.y () INHERITS (t.x); INSERT INTO t.x SELECT n, repeat('x', "
      "900) FROM generate_series(1, 100) n;"
      "INSERT INTO t.y SELECT n, repeat('y', 900) FROM generate_series(1, 30000) n; ANALYZE t.x");
  const auto table = Describe("x");
  auto snapshot = source_->OpenSnapshot(*session_, {});
  ASSERT_TRUE(snapshot);
  EXPECT_EQ(session_->Integer("SELECT count(v) FROM " + *(*snapshot)->Relation(table)).value_or(-1), 30100);
}

TEST_F(PostgresSourceTest, TablesThatGrewSinceTheyWereAnalysedAreReadWhole) {
  server_.Run(
      "CREATE TABLE t.x (id int, v text); INSERT INTO t.x SELECT n, repeat('x', 900) FROM generate_series(1, 20000) n; "
      "ANALYZE t.x;"
      "INSERT INTO t.x SELECT n, repeat('y', 900) FROM generate_series(1, 30000) n");
  const auto table = Describe("x");
  auto snapshot = source_->OpenSnapshot(*session_, {});
  ASSERT_TRUE(snapshot);
  EXPECT_EQ(session_->Integer("SELECT count(v) FROM " + *(*snapshot)->Relation(table)).value_or(-1), 50000);
}

TEST_F(PostgresSourceTest, ASnapshotIsOneState) {
  Make("int", {"1", "2"});
  const auto table = Describe("x");
  auto snapshot = source_->OpenSnapshot(*session_, {});
  ASSERT_TRUE(snapshot) << snapshot.error().message;
  server_.Run("INSERT INTO t.x VALUES (9, 9)");
  EXPECT_EQ((*snapshot)->Count(table, {}).value_or(-1), 2);
  EXPECT_EQ(session_->Integer("SELECT count(*) FROM " + *(*snapshot)->Relation(table)).value_or(-1), 2);
  EXPECT_FALSE((*snapshot)->Position(table, {})->watermark.empty());
  const auto identity = server_.Run("SELECT system_identifier FROM pg_control_system()")[0][0];
  EXPECT_THAT((*snapshot)->Position(table, {})->identity, HasSubstr(identity));
}

// What a refresh would do: the keys of the rows that changed since a position, or "whole".
std::string Changed(SourceSnapshot& snapshot, engine::Session& session, const TableInfo& table,
                    const SourcePosition& from) {
  const auto delta = snapshot.ReadDelta(table, from, {});
  if (!delta) return delta.error().message;
  if (!*delta) return "whole";
  if ((*delta)->unchanged) return "none";
  const auto keys = session.Rows("SELECT string_agg(id, ' ' ORDER BY id) FROM " + (*delta)->relation);
  return keys ? keys->at(0).at(0).value_or("none") : keys.error().message;
}

TEST_F(PostgresSourceTest, ChangesAreFoundByTransactionsNotByTime) {
  server_.Run(
      "CREATE TABLE t.x (id int PRIMARY KEY, v text); INSERT INTO t.x SELECT n, 'v' FROM generate_series(1, 50) n");
  auto* late = server_.Connect();
  const auto run = [&](const char* sql) { PQclear(PQexec(late, sql)); };
  run("BEGIN; INSERT INTO t.x VALUES (100, 'late'); SAVEPOINT s; UPDATE t.x SET v = 'late' WHERE id = 1; SAVEPOINT r");
  const auto table = Describe("x");
  EXPECT_TRUE(table.key_enforced);
  SourcePosition from;
  const auto look = [&] {
    auto snapshot = source_->OpenSnapshot(*session_, {});
    EXPECT_TRUE(snapshot) << snapshot.error().message;
    EXPECT_EQ((*snapshot)->Method(table, {})->level, 4);
    const auto changed = from.identity.empty() ? "first" : Changed(**snapshot, *session_, table, from);
    auto position = (*snapshot)->Position(table, {});
    EXPECT_TRUE(position) << position.error().message;
    from = position ? *position : SourcePosition{};
    snapshot->reset();
    EXPECT_TRUE(session_->Execute("COMMIT"));
    return changed;
  };
  EXPECT_EQ(look(), "first");
  server_.Run("UPDATE t.x SET v = 'w' WHERE id = 2; DELETE FROM t.x WHERE id = 3");
  EXPECT_EQ(look(), "2");
  EXPECT_EQ(look(), "2");  // a writer is still at work, so the mark stays
  run("ROLLBACK TO s; UPDATE t.x SET v = 'late' WHERE id = 5; COMMIT");
  EXPECT_EQ(look(), "2 5 100");
  EXPECT_EQ(look(), "none");
  server_.Run("ALTER TABLE t.x ALTER v TYPE varchar(10)");
  EXPECT_EQ(look(), "whole");
  EXPECT_EQ(look(), "none");
  server_.Run(
      "CREATE TABLE t.other (LIKE t.x INCLUDING ALL); ALTER TABLE t.x RENAME TO gone; ALTER TABLE t.other RENAME TO x");
  EXPECT_EQ(look(), "whole");  // another table under the same name, whose rows may be old
  PQfinish(late);
}

// Whether a refresh would be told that the table is as it was at the position.
bool Unchanged(Source& source, engine::Session& session, const TableInfo& table, SourcePosition& at) {
  auto snapshot = source.OpenSnapshot(session, {});
  EXPECT_TRUE(snapshot) << snapshot.error().message;
  const auto delta = (*snapshot)->ReadDelta(table, at, {});
  EXPECT_TRUE(delta) << delta.error().message;
  at = (*snapshot)->Position(table, {}).value_or(SourcePosition{});
  snapshot->reset();
  EXPECT_TRUE(session.Execute("COMMIT"));
  return *delta && (*delta)->unchanged;
}

TEST_F(PostgresSourceTest, AServerThatWroteNothingIsNotRead) {
  server_.Run(
      "CREATE TABLE t.x (id int PRIMARY KEY); INSERT INTO t.x VALUES (1); "
      "CREATE UNLOGGED TABLE t.lost (id int PRIMARY KEY); INSERT INTO t.lost VALUES (1)");
  const auto table = Describe("x");
  SourcePosition at;
  EXPECT_FALSE(Unchanged(*source_, *session_, table, at));
  const auto settles = [&] {  // the server's own upkeep writes, too
    for (int i = 0; i < 100; ++i) {
      if (Unchanged(*source_, *session_, table, at)) return true;
    }
    return false;
  };
  EXPECT_TRUE(settles());
  server_.Run("DELETE FROM t.x WHERE id = 1");
  EXPECT_FALSE(Unchanged(*source_, *session_, table, at));
  EXPECT_TRUE(settles());
  server_.Run("INSERT INTO t.x SELECT generate_series(100, 110)");
  auto* late = server_.Connect();
  PQclear(PQexec(late, "BEGIN; INSERT INTO t.x VALUES (2)"));
  SourcePosition before;
  EXPECT_FALSE(Unchanged(*source_, *session_, table, before));
  PQclear(PQexec(late, "COMMIT"));
  PQfinish(late);
  auto snapshot = source_->OpenSnapshot(*session_, {});
  EXPECT_EQ(Changed(**snapshot, *session_, table, before), "2");
  snapshot->reset();
  EXPECT_TRUE(session_->Execute("COMMIT"));
  SourcePosition lost;
  const auto unlogged = Describe("lost");
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(Unchanged(*source_, *session_, unlogged, lost));
}

TEST_F(PostgresSourceTest, ChangesAreFoundWhereverTheyAre) {
  server_.Run(
      "CREATE TABLE t.x (id int PRIMARY KEY, v text) WITH (autovacuum_enabled = false); "
      "INSERT INTO t.x SELECT n, repeat('v', 100) FROM generate_series(1, 5000) n; "
      "CREATE TABLE t.parts (id int PRIMARY KEY) PARTITION BY RANGE (id); "
      "CREATE TABLE t.low PARTITION OF t.parts FOR VALUES FROM (0) TO (1000); "
      "CREATE TABLE t.high PARTITION OF t.parts FOR VALUES FROM (1000) TO (2000); "
      "INSERT INTO t.parts SELECT generate_series(0, 1999, 7)");
  const auto whole = Describe("x");
  const auto parts = Describe("parts");
  const auto position = [&](const TableInfo& table) {
    SourcePosition at;
    Unchanged(*source_, *session_, table, at);
    return at;
  };
  const auto before = position(whole);
  const auto parts_before = position(parts);
  server_.Run("DELETE FROM t.x WHERE id < 100");  // new rows take the place of these, or come last
  server_.Run("VACUUM t.x");
  server_.Run("INSERT INTO t.x VALUES (9000, 'a'); UPDATE t.x SET v = 'b' WHERE id IN (200, 2500, 4999)");
  server_.Run("INSERT INTO t.parts VALUES (1), (1002)");
  const auto look = [&] {
    auto snapshot = source_->OpenSnapshot(*session_, {});
    const auto delta = (*snapshot)->ReadDelta(whole, before, {});
    EXPECT_THAT((*delta)->relation, HasSubstr("ctid"));
    EXPECT_EQ(Changed(**snapshot, *session_, whole, before), "200 2500 4999 9000");
    EXPECT_EQ(Changed(**snapshot, *session_, parts, parts_before), "1 1002");
    snapshot->reset();
    EXPECT_TRUE(session_->Execute("COMMIT"));
  };
  look();
  server_.Run("DO $$BEGIN FOR i IN 1..1200 LOOP PERFORM txid_current(); COMMIT; END LOOP; END$$");
  look();  // too many numbers to list
}

TEST_F(PostgresSourceTest, WhatHidesChangesIsSaid) {
  server_.Run(
      "CREATE TABLE t.x (id int PRIMARY KEY); CREATE VIEW t.v AS SELECT * FROM t.x; CREATE TABLE t.p (id int PRIMARY "
      "KEY) PARTITION "
      "BY RANGE (id); CREATE TABLE t.p1 PARTITION OF t.p FOR VALUES FROM (0) TO (10); CREATE MATERIALIZED VIEW t.m AS "
      "SELECT * FROM t.x; "
      "CREATE TABLE t.parent (id int PRIMARY KEY); CREATE TABLE t.child () INHERITS (t.parent)");
  auto snapshot = source_->OpenSnapshot(*session_, {});
  ASSERT_TRUE(snapshot) << snapshot.error().message;
  const auto reason = [&](const std::string& name) { return (*snapshot)->Method(Describe(name), {})->reason; };
  EXPECT_EQ(reason("x"), "");
  EXPECT_EQ(reason("p"), "");
  EXPECT_THAT(reason("v"), HasSubstr("only tables"));
  EXPECT_THAT(reason("m"), HasSubstr("only tables"));
  EXPECT_TRUE(Describe("p").key_enforced);
  EXPECT_FALSE(Describe("parent").key_enforced);
}

TEST_F(PostgresSourceTest, PartitionsAndLabelsThatChangeAreNoticed) {
  server_.Run(
      "CREATE TYPE t.mood AS ENUM ('sad', 'glad'); CREATE TABLE t.x (id int PRIMARY KEY, m t.mood) PARTITION BY RANGE "
      "(id); "
      "CREATE TABLE t.x1 PARTITION OF t.x FOR VALUES FROM (0) TO (10); INSERT INTO t.x SELECT n, 'sad' FROM "
      "generate_series(1, 9) n; "
      "CREATE TABLE t.x2 (id int PRIMARY KEY, m t.mood); INSERT INTO t.x2 SELECT n, 'glad' FROM generate_series(10, "
      "18) n");
  const auto table = Describe("x");
  const auto at = [&] {
    auto snapshot = source_->OpenSnapshot(*session_, {});
    const auto position = *(*snapshot)->Position(table, {});
    snapshot->reset();
    EXPECT_TRUE(session_->Execute("COMMIT"));
    return position.identity;
  };
  const auto first = at();
  EXPECT_EQ(at(), first);
  server_.Run(
      "ALTER TABLE t.x DETACH PARTITION t.x1; ALTER TABLE t.x ATTACH PARTITION t.x2 FOR VALUES FROM (10) TO (20)");
  const auto second = at();
  EXPECT_NE(second, first);
  server_.Run("ALTER TYPE t.mood RENAME VALUE 'glad' TO 'happy'");
  EXPECT_NE(at(), second);
}

TEST_F(PostgresSourceTest, FiltersReachTheServerAndIndexesAreUsed) {
  server_.Run(
      "CREATE TABLE t.x (id int PRIMARY KEY, amount numeric(12,2), name text, at timestamp); "
      "INSERT INTO t.x SELECT n, n, 'name ' || n, timestamp '2024-01-01' + n * interval '1 minute' FROM "
      "generate_series(1, 50000) n; ANALYZE t.x");
  Attach();
  const auto from = LiveFrom(Describe("x"));
  EXPECT_EQ(Rows("SELECT amount, name FROM " + from + " WHERE id = 4711"), (Cells{{"4711.00", "name 4711"}}));
  EXPECT_EQ(Rows("SELECT count(*) FROM " + from + " WHERE id IN (3, 30000) AND name <> 'x'")[0][0], "2");
  EXPECT_EQ(Rows("SELECT count(*) FROM " + from + " WHERE name = 'name 7' OR id = 8")[0][0], "2");
  EXPECT_EQ(Rows("SELECT count(*) FROM " + from + " WHERE name BETWEEN 'name 49990' AND 'name 49999'")[0][0], "10");
  EXPECT_EQ(Rows("SELECT count(*) FROM " + from +
                 " WHERE \"at\" >= TIMESTAMP '2024-01-01 00:05:00' AND \"at\" < TIMESTAMP '2024-01-01 00:07:00' AND "
                 "amount > 5")[0][0],
            "1");
  EXPECT_EQ(Rows("SELECT count(*) FROM " + from + " a JOIN " + from +
                 " b ON a.id = b.id WHERE a.amount < 11 AND b.name LIKE 'name 1%'")[0][0],
            "2");
  std::int64_t index_scans = 0;  // the server reports its counters with a delay
  for (int wait = 0; wait < 300 && index_scans == 0; ++wait) {
    usleep(50'000);
    index_scans =
        std::stoll(server_.Run("SELECT idx_scan FROM pg_stat_all_tables WHERE relid = 't.x'::regclass")[0][0]);
  }
  EXPECT_GT(index_scans, 0);
}

TEST_F(PostgresSourceTest, StructureIsReadWhileATableIsLocked) {
  Make("int", {"1"});
  server_.Run("ALTER TABLE t.x ALTER v SET DEFAULT 5");
  PGconn* locker = server_.Connect();
  PQclear(PQexec(locker, "BEGIN; LOCK TABLE t.x IN ACCESS EXCLUSIVE MODE"));
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(Describe("x").columns.size(), 2U);
  EXPECT_TRUE(source_->Tables("t", {}));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5));
  PQfinish(locker);
}

TEST_F(PostgresSourceTest, StatisticsAreTheServers) {
  Make("boolean", {"true", "false", "true"});
  const auto statistics = source_->Statistics(Describe("x"), {});
  ASSERT_TRUE(statistics);
  ASSERT_EQ(statistics->size(), 2U);
  EXPECT_EQ((*statistics)[0].distinct_fraction, -1);
  EXPECT_NE((*statistics)[1].distinct_fraction, -1);
}

TEST_F(PostgresSourceTest, BadCredentialsAreRefusedWithoutShowingThem) {
  const auto refused = [](const std::string& json) {
    const auto checked = SourceFor(json)->Check(base::CallLimits::Within(std::chrono::seconds(10)));
    EXPECT_FALSE(checked);
    EXPECT_EQ(checked.error().code, "INVALID_CREDENTIALS");
    EXPECT_THAT(checked.error().message, Not(HasSubstr("hidden")));
  };
  const auto with = [&](const std::string& url, int port, const std::string& user, const std::string& database) {
    return fmt::format(
        R"({{"url":"{}","port":{},"user":"{}","password":"hidden-pw","databaseName":"{}","useSsl":false}})", url, port,
        user, database);
  };
  refused(with("127.0.0.1", server_.port(), "postgres", "postgres"));
  refused(with("127.0.0.1", server_.port(), "hidden-user", "postgres"));
  refused(with("127.0.0.1", 1, "postgres", "postgres"));
  refused(with("no-such-host.invalid", 5432, "postgres", "postgres"));
  EXPECT_TRUE(source_->Check({}));
  auto no_database = server_.Credential();
  no_database.replace(no_database.find("\"databaseName\":\"postgres\""), 25, "\"databaseName\":\"hidden\"");
  refused(no_database);
}

TEST_F(PostgresSourceTest, AFailedAttachDoesNotShowThePassword) {
  auto statements = source_->AttachStatements("live", {});
  ASSERT_TRUE(statements);
  for (auto statement : *statements) {
    if (const auto at = statement.find(fmt::format("PORT {}", server_.port())); at != std::string::npos)
      statement.replace(at, 5 + std::to_string(server_.port()).size(), "PORT 1");
    auto done = session_->Execute(statement);
    if (!done) {
      EXPECT_THAT(done.error().message, Not(HasSubstr("s3cret")));
      return;
    }
  }
  FAIL() << "attaching a closed port went well";
}

TEST_F(PostgresSourceTest, AServerThatDoesNotAnswerIsGivenUpInTime) {
  const int silent = socket(AF_INET, SOCK_STREAM, 0);  // takes connections and says nothing
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  ASSERT_EQ(bind(silent, reinterpret_cast<sockaddr*>(&address), length), 0);
  ASSERT_EQ(listen(silent, 5), 0);
  getsockname(silent, reinterpret_cast<sockaddr*>(&address), &length);
  auto json = server_.Credential();
  const auto port = std::to_string(server_.port());
  json.replace(json.find(port), port.size(), std::to_string(ntohs(address.sin_port)));
  const auto source = SourceFor(json);
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_FALSE(source->Check(base::CallLimits::Within(std::chrono::milliseconds(300))));
  EXPECT_FALSE(source->Schemas(base::CallLimits::Within(std::chrono::milliseconds(300))));
  std::stop_source stop;
  const std::jthread stopper([&] {
    usleep(200'000);
    stop.request_stop();
  });
  const auto cancelled = source->Tables("t", {.cancel = stop.get_token()});
  ASSERT_FALSE(cancelled);
  EXPECT_EQ(cancelled.error().kind, base::ErrorKind::kCancelled);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(2));
  close(silent);
}

TEST_F(PostgresSourceTest, AConnectionThatBrokeWhileIdleIsReplaced) {
  ASSERT_TRUE(source_->Schemas({}));
  server_.Run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tarn'");
  EXPECT_TRUE(source_->Schemas({}));
}

TEST_F(PostgresSourceTest, AnErrorAfterManyRowsIsAnError) {
  server_.Run(
      "CREATE TABLE t.x (id int, v numeric(12,2)); INSERT INTO t.x SELECT n, n FROM generate_series(1, 200000) n; "
      "INSERT INTO t.x VALUES (0, 'NaN')");
  Attach();
  auto stream = session_->Query("SELECT v FROM " + LiveFrom(Describe("x")));
  bool failed = !stream;
  while (!failed) {
    auto chunk = (*stream)->Next();
    failed = !chunk;
    if (chunk && !*chunk) break;
  }
  EXPECT_TRUE(failed);
}

}  // namespace
}  // namespace tarn::connector
