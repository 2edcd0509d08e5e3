// The sources without a server: sqlite, files and tpch.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "connector/registry.h"

namespace tarn::connector {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Cells = std::vector<std::vector<std::optional<std::string>>>;

class LocalSourcesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "tarn-sources-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    std::filesystem::create_directories(folder_ / "allowed");
    settings_ = {.file_roots = {folder_ / "allowed"}, .samples = folder_ / "samples"};
    database_ = *engine::Database::Open({.threads = 2});
    session_ = *database_->Connect();
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Source> SourceFor(const std::string& type, const std::string& json) {
    const auto* spec = FindSpec(type);
    auto credential = ReadCredential(*spec, json);
    EXPECT_TRUE(credential) << credential.error().message;
    auto source = MakeSource(*spec, *credential, "", settings_);
    EXPECT_TRUE(source) << source.error().message;
    return *std::move(source);
  }

  std::unique_ptr<Source> At(const std::string& type, const std::filesystem::path& path) {
    return SourceFor(type, fmt::format(R"({{"path":"{}"}})", path.string()));
  }

  // Makes an SQLite file with the system's own program.
  std::filesystem::path MakeSqlite(const std::string& sql) {
    const auto file = folder_ / "allowed" / "shop.db";
    const auto script = folder_ / "script.sql";
    std::ofstream(script) << sql;
    EXPECT_EQ(std::system(fmt::format("sqlite3 {} < {}", file.string(), script.string()).c_str()), 0);
    return file;
  }

  void Write(const std::string& name, const std::string& content) {
    const auto path = folder_ / "allowed" / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << content;
  }

  std::string Live(Source& source, const TableName& name) {
    const auto statements = source.AttachStatements("live", {});
    EXPECT_TRUE(statements);
    for (const auto& statement : *statements) EXPECT_TRUE(session_->Execute(statement));
    const auto table = source.Describe(name, {});
    EXPECT_TRUE(table) << table.error().message;
    auto relation = source.LiveRelation(*table, "live");
    EXPECT_TRUE(relation) << relation.error().message;
    return relation.value_or("");
  }

  Cells Rows(const std::string& sql) {
    auto rows = session_->Rows(sql);
    EXPECT_TRUE(rows) << rows.error().message;
    return rows.value_or(Cells{});
  }

  std::string FailureOf(const std::string& sql) {
    auto rows = session_->Rows(sql);
    EXPECT_FALSE(rows) << sql;
    return rows ? "" : rows.error().message;
  }

  std::filesystem::path folder_;
  ConnectorSettings settings_;
  std::unique_ptr<engine::Database> database_;
  std::unique_ptr<engine::Session> session_;
};

TEST_F(LocalSourcesTest, SqliteDeclaredTypesAndExactValues) {
  const auto file = MakeSqlite(
      "create table t(id integer primary key, n bigint, d decimal(12,2), r real, b boolean, day date, at datetime, "
      "\"it's\"\"t\" text, x blob, any);"
      "insert into t values(1, -9223372036854775808, 0.1, 1.3054407589628119e+303, 1, '2024-02-29', '2024-02-29 "
      "23:59:59.123456', 'Zoë', x'00ff', 0.1),"
      "(2, null, 1234567890.12, 0.1, 0, null, '2024-02-29T23:59:00Z', '', null, 'text'), (3, 9223372036854775807, -5, "
      "3, null, null, null, null, 'ab', x'41');");
  const auto source = At("SQLITE", file);
  EXPECT_TRUE(source->Check({}));
  const auto table = source->Describe({"MAIN", "T"}, {});
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_THAT(table->key, ElementsAre("id"));
  std::vector<std::string> types;
  for (const auto& column : table->columns) types.push_back(column.type);
  EXPECT_THAT(types, ElementsAre("bigint", "bigint", "decimal(12,2)", "double", "boolean", "date", "timestamp(6)",
                                 "varchar", "varbinary", "varchar"));
  const Cells expected = {{"1", "-9223372036854775808", "0.10", "1.3054407589628119e+303", "true", "2024-02-29",
                           "2024-02-29 23:59:59.123456", "Zoë", "\\x00\\xFF", "0.1"},
                          {"2", std::nullopt, "1234567890.12", "0.1", "false", std::nullopt, "2024-02-29 23:59:00", "",
                           std::nullopt, "text"},
                          {"3", "9223372036854775807", "-5.00", "3.0", std::nullopt, std::nullopt, std::nullopt,
                           std::nullopt, "ab", "X'41'"}};
  const std::string select = "SELECT COLUMNS(*)::VARCHAR FROM ";
  EXPECT_EQ(Rows(select + Live(*source, {"main", "t"}) + " ORDER BY id"), expected);
  auto snapshot = source->OpenSnapshot(*session_, {});
  ASSERT_TRUE(snapshot) << snapshot.error().message;
  EXPECT_EQ(Rows(select + *(*snapshot)->Relation(*table) + " ORDER BY id"), expected);
  EXPECT_EQ((*snapshot)->Count(*table, {}).value_or(-1), 3);
}

TEST_F(LocalSourcesTest, SqliteValuesThatDoNotFitAreRefusedByName) {
  const auto file = MakeSqlite(
      "create table n(v int); insert into n values('abc'); create table d(v decimal(5,1)); insert into d values(0.25);"
      "create table day(v date); insert into day values('2024-02-30'); create table at(v timestamp); insert into at "
      "values('soon');"
      "create table b(v boolean); insert into b values(2); create table s(v text); insert into s values(cast(x'ff41' "
      "as text))");
  const auto source = At("SQLITE", file);
  for (const std::string table : {"n", "d", "day", "at", "b"}) {
    EXPECT_THAT(FailureOf("SELECT v FROM " + Live(*source, {"main", table})), HasSubstr("\"v\"")) << table;
  }
  EXPECT_THAT(FailureOf("SELECT v FROM " + Live(*source, {"main", "s"})), HasSubstr("UTF"));
}

TEST_F(LocalSourcesTest, OnlyAllowedPathsAreRead) {
  const auto inside = MakeSqlite("create table t(id int)");
  std::filesystem::copy_file(inside, folder_ / "outside.db");
  std::filesystem::create_symlink(folder_ / "outside.db", folder_ / "allowed" / "link.db");
  for (const auto& path : {folder_ / "outside.db", folder_ / "allowed" / "link.db",
                           folder_ / "allowed" / ".." / "outside.db", folder_ / "allowed" / "none.db"}) {
    const auto source = At("SQLITE", path);
    const auto checked = source->Check({});
    ASSERT_FALSE(checked) << path;
    EXPECT_EQ(checked.error().code, "INVALID_CREDENTIALS");
    EXPECT_FALSE(source->AttachStatements("x", {}));
  }
  Write(
      "fake.db",
      "this is no database, whatever its name says, and it is long enough to have a header of one hundred bytes or so");
  EXPECT_FALSE(At("SQLITE", folder_ / "allowed" / "fake.db")->Check({}));
  EXPECT_FALSE(SourceFor("FILES", R"({"path":"https://example.com/data"})")->Check({}));
}

TEST_F(LocalSourcesTest, FilesAreTables) {
  std::string long_csv = "id,amount,note\n";
  for (int i = 0; i < 30000; ++i) long_csv += fmt::format("{},{},n\n", i, i);
  Write("orders.csv", long_csv + "30000,7.5,\"a, b\"\n");  // the last row decides the type
  Write("people.ndjson", "{\"id\":1,\"name\":\"Zoë\"}\n{\"id\":2,\"tags\":[\"a\"]}\n");
  Write("sub/people.json", "[{\"id\":3}]");
  Write("people.csv", "id\n1\n");
  Write("secret.txt", "no");
  std::ofstream(folder_ / "outside.csv") << "id\n1\n";
  std::filesystem::create_symlink(folder_ / "outside.csv", folder_ / "allowed" / "link.csv");
  const auto source = At("FILES", folder_ / "allowed");
  EXPECT_TRUE(source->Check({}));
  EXPECT_THAT(*source->Schemas({}), ElementsAre("default", "sub"));
  EXPECT_THAT(*source->Tables("", {}), ElementsAre(TableName{"default", "orders"}, TableName{"default", "people.csv"},
                                                   TableName{"default", "people.ndjson"}, TableName{"sub", "people"}));
  const auto orders = source->Describe({"default", "orders"}, {});
  ASSERT_TRUE(orders) << orders.error().message;
  EXPECT_EQ(orders->columns[1].type, "double");
  EXPECT_EQ(Rows("SELECT count(*), max(amount)::BIGINT FROM " + Live(*source, {"default", "orders"})),
            (Cells{{"30001", "29999"}}));
  EXPECT_EQ(Rows("SELECT name FROM " + Live(*source, {"default", "people.ndjson"}) + " WHERE id = 1"),
            (Cells{{"Zoë"}}));
  auto snapshot = source->OpenSnapshot(*session_, {});
  ASSERT_TRUE(snapshot);
  EXPECT_TRUE((*snapshot)->VerifyCopy(*orders, "", {}));
  Write("orders.csv", "id,amount,note\n");
  EXPECT_FALSE((*snapshot)->VerifyCopy(*orders, "", {}));
}

// What a listing says of a table is what the table says of itself, but for keys.
void ExpectListedAsDescribed(Source& source, std::size_t count) {
  const auto all = source.DescribeAll("", {});
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(all->size(), count);
  for (const auto& listed : *all) {
    const auto alone = source.Describe(listed.name, {});
    ASSERT_TRUE(alone) << alone.error().message;
    ASSERT_EQ(listed.columns.size(), alone->columns.size()) << listed.name.table;
    for (std::size_t i = 0; i < listed.columns.size(); ++i) {
      const auto& a = listed.columns[i];
      const auto& b = alone->columns[i];
      EXPECT_EQ(std::tie(a.name, a.source_name, a.type, a.engine_type, a.source_type, a.not_null, a.default_value),
                std::tie(b.name, b.source_name, b.type, b.engine_type, b.source_type, b.not_null, b.default_value));
    }
  }
}

TEST_F(LocalSourcesTest, ListingsAgreeWithDescriptions) {
  const auto file = MakeSqlite(
      "CREATE TABLE a (id INTEGER PRIMARY KEY, \"Name\" VARCHAR(5) NOT NULL DEFAULT 'x', other TEXT);"
      "CREATE TABLE b (x DECIMAL(4,1), y BLOB, PRIMARY KEY (x, y)) WITHOUT ROWID;"
      "CREATE VIEW v AS SELECT id FROM a;");
  ExpectListedAsDescribed(*At("SQLITE", file), 3);
  // A view that is broken is left out; the others are not.
  MakeSqlite("CREATE VIEW broken AS SELECT nope FROM nowhere;");
  const auto rest = At("SQLITE", file)->DescribeAll("main", {});
  ASSERT_TRUE(rest) << rest.error().message;
  EXPECT_EQ(rest->size(), 3U);

  Write("files/orders.csv", "id,name\n1,a\n");
  Write("files/sub/items.csv", "n\n1\n");
  Write("files/broken.parquet", "no parquet");
  const auto files = At("FILES", folder_ / "allowed" / "files");
  ExpectListedAsDescribed(*files, 2);
  Write("files/orders.csv", "id,name,more\n1,a,2.5\n");
  ExpectListedAsDescribed(*files, 2);
  ExpectListedAsDescribed(*SourceFor("TPCH", "{}"), 8U * SourceFor("TPCH", "{}")->Schemas({})->size());
}

TEST_F(LocalSourcesTest, TpchIsGeneratedOnceAndHasTheKnownRows) {
  const auto source = SourceFor("TPCH", R"({"scaleFactor":0.001,"columnNaming":"SIMPLIFIED"})");
  EXPECT_THAT(*source->Schemas({}), ElementsAre("tiny", "sf1", "sf10", "sf100", "sf0.001"));
  EXPECT_EQ(source->Tables("sf0.5", {})->size(), 8U);
  EXPECT_FALSE(source->Tables("sf1e9", {}));
  const auto table = source->Describe({"tiny", "lineitem"}, {});
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_THAT(table->key, ElementsAre("orderkey", "linenumber"));
  EXPECT_EQ(table->columns[4].type, "decimal(15,2)");
  std::vector<std::jthread> users;
  std::atomic<int> relations = 0;
  for (int i = 0; i < 4; ++i)
    users.emplace_back([&] { relations += source->LiveRelation(*table, "x").has_value() ? 1 : 0; });
  users.clear();
  EXPECT_EQ(relations, 4);
  EXPECT_EQ(Rows("SELECT count(*), min(orderkey) FROM " + *source->LiveRelation(*table, "x")), (Cells{{"60175", "1"}}));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "samples" / "tpch-0.01.partial"));
}

TEST(CredentialTest, FieldsAreReadAndRefusedByName) {
  const auto& spec = *FindSpec("POSTGRES");
  EXPECT_EQ(FindSpec("postgres"), nullptr);
  const std::string good =
      R"({"url":"h","port":"5432","user":"u","password":"secret-pw","databaseName":"d","useSsl":"true","more":1})";
  const auto credential = ReadCredential(spec, good);
  ASSERT_TRUE(credential) << credential.error().message;
  EXPECT_EQ(PublicDetail(spec, *credential),
            R"({"type":"POSTGRES","url":"h","port":5432,"user":"u","databaseName":"d","useSsl":true})");
  for (const auto& [json, field] : std::vector<std::pair<std::string, std::string>>{
           {"{}", "credential.url"},
           {"[]", "credential"},
           {R"({"url":"h","port":"secret-pw","user":"u","password":"secret-pw","databaseName":"d","useSsl":true})",
            "credential.port"},
           {R"({"url":"h","port":1,"user":"u","password":"","databaseName":"d","useSsl":true})", "credential.password"},
           {R"({"url":"h","port":1,"user":"u","password":7,"databaseName":"d","useSsl":true})", "credential.password"},
           {R"({"url":"h","port":1,"user":"u","password":"p","databaseName":"d","useSsl":"yes"})",
            "credential.useSsl"}}) {
    const auto refused = ReadCredential(spec, json);
    ASSERT_FALSE(refused) << json;
    EXPECT_EQ(refused.error().code, "INVALID_CREDENTIALS");
    EXPECT_EQ(refused.error().field, field);
    EXPECT_THAT(refused.error().message, ::testing::Not(HasSubstr("secret-pw")));
  }
  EXPECT_FALSE(MakeSource(spec, *credential, R"({"sheets":[]})", {}));
  EXPECT_TRUE(MakeSource(spec, *credential, "{}", {}));
}

}  // namespace
}  // namespace tarn::connector
