#include <fmt/format.h>
#include <gmock/gmock.h>
#include <soci/soci.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "base/ids.h"
#include "store/accounts.h"
#include "store/catalogs.h"
#include "store/connections.h"
#include "store/database.h"
#include "store/folder_test.h"
#include "store/keys.h"
#include "store/project_test.h"
#include "store/queries.h"

namespace tarn::store {
namespace {

using base::ErrorKind;
using testing::ElementsAre;
using testing::HasSubstr;

base::SystemTime At(std::int64_t second) { return base::SystemTime(std::chrono::seconds(second)); }

std::vector<std::string> HostileTexts() {
  return {"'",
          "\"; DROP TABLE projects; --",
          "\\",
          "%_:name",
          "a\nb\tc",
          "\xC3\xA9\xE2\x82\xAC\xF0\x9F\xA6\x8A",
          std::string("nul\0inside", 10),
          std::string(10'000, 'x'),
          " ",
          "null"};
}

TEST(Database, KeepsItsFilesPrivate) {
  const TestFolder folder;
  const auto database = Database::Open(folder / "tarn.db").value();
  AccountRepository accounts(*database);
  AddTestProjects(accounts, {"project1"});
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    EXPECT_EQ(entry.status().permissions() & std::filesystem::perms(077), std::filesystem::perms::none) << entry.path();
  }
}

TEST(Database, OpensPathsWithSpacesAndEqualsSigns) {
  const TestFolder folder;
  ASSERT_TRUE(Database::Open(folder / "a b=c d.db").has_value());
  EXPECT_TRUE(std::filesystem::exists(folder / "a b=c d.db"));
  EXPECT_EQ(Database::Open(folder / "a\"b.db").error().kind, ErrorKind::kFailedPrecondition);
  EXPECT_FALSE(Database::Open(folder / "missing/tarn.db").has_value());
}

TEST(Database, RefusesANewerSchema) {
  const TestFolder folder;
  const auto file = folder / "tarn.db";
  ASSERT_TRUE(
      Database::Open(file)
          .value()
          ->Write([](soci::session& session) { session << "INSERT INTO schema_version (version) VALUES (999)"; })
          .has_value());
  const auto error = Database::Open(file).error();
  EXPECT_EQ(error.kind, ErrorKind::kFailedPrecondition);
  EXPECT_THAT(error.message, HasSubstr("newer Tarn"));
  EXPECT_THAT(error.message, HasSubstr("\"999\""));
}

TEST(Database, RefusesFilesThatAreNotItsOwn) {
  const TestFolder folder;
  std::ofstream(folder / "text.db") << std::string(5000, 'x');
  EXPECT_EQ(Database::Open(folder / "text.db").error().kind, ErrorKind::kFailedPrecondition);
  EXPECT_EQ(std::filesystem::file_size(folder / "text.db"), 5000U);
  ASSERT_TRUE(Database::Open(folder / "shop.db")
                  .value()
                  ->Write([](soci::session& session) { session << "DROP TABLE schema_version"; })
                  .has_value());
  EXPECT_EQ(Database::Open(folder / "shop.db").error().message, "The file is not a control store");
}

TEST(Database, UndoesWorkThatThrows) {
  const TestFolder folder;
  const auto database = Database::Open(folder / "tarn.db").value();
  bool committed = false;
  const auto result = database->Write(
      [](soci::session& session) {
        session << "INSERT INTO organizations VALUES ('o', 'n', 'u', 0, '')";
        throw std::runtime_error("on purpose");
      },
      [&] { committed = true; });
  EXPECT_EQ(result.error().kind, ErrorKind::kInternal);
  EXPECT_FALSE(committed);
  EXPECT_TRUE(AccountRepository(*database).ListOrganizations().empty());
  EXPECT_TRUE(database->Write([](soci::session&) {}).has_value());
}

TEST(Database, SaysNothingOfSqlValuesAndPaths) {
  const TestFolder folder;
  const auto database = Database::Open(folder / "tarn.db").value();
  const auto error =
      database->Write([](soci::session& session) { session << "SELECT secret_value FROM nowhere"; }).error();
  EXPECT_EQ(error.kind, ErrorKind::kInternal);
  EXPECT_EQ(error.message, "The control store failed");
}

TEST(Database, DoesNotWriteWhenReading) {
  const TestFolder folder;
  const auto database = Database::Open(folder / "tarn.db").value();
  EXPECT_FALSE(database->Read([](soci::session& session) { session << "DELETE FROM organizations"; }).has_value());
}

TEST(Database, AFullDiskIsAnErrorAndPasses) {
  const TestFolder folder;
  const auto database = Database::Open(folder / "tarn.db").value();
  AccountRepository accounts(*database);
  AddTestProjects(accounts, {"project1"});
  QueryRepository queries(*database);
  const auto limit_pages = [&](int pages) {
    return database->Write([&](soci::session& session) {
      int now = 0;
      session << "PRAGMA max_page_count = " << pages, soci::into(now);
    });
  };
  ASSERT_TRUE(limit_pages(1).has_value());  // which SQLite raises to what there is
  SavedQuery query{.id = "1",
                   .project_id = "project1",
                   .display_name = "n",
                   .name = "n",
                   .input_query = std::string(1'000'000, 'x'),
                   .query_type = "PLAIN",
                   .schedule = "",
                   .folder_id = ""};
  EXPECT_EQ(queries.Insert(query).error().kind, ErrorKind::kResourceExhausted);
  EXPECT_FALSE(queries.Find("project1", "1").has_value());
  ASSERT_TRUE(limit_pages(1'000'000).has_value());
  EXPECT_TRUE(queries.Insert(query).has_value());
}

// A process that is killed right after a commit has returned loses nothing of it, and nothing else appears.
TEST(Database, WhatWasCommittedSurvivesAKill) {
  const TestFolder folder;
  const auto file = folder / "tarn.db";
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto database = Database::Open(file).value();
    AccountRepository accounts(*database);
    AddTestProjects(accounts, {"project1", "project2"});
    base::IgnoreError(database->Write([](soci::session& session) {
      session << "DELETE FROM projects";
      ::kill(::getpid(), SIGKILL);
    }),
                      "the process is over");
    ::_exit(1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  const auto database = Database::Open(file).value();
  const AccountRepository accounts(*database);
  EXPECT_TRUE(accounts.FindProject("project1").has_value());
  EXPECT_TRUE(accounts.FindProject("project2").has_value());
}

class StoreTest : public testing::Test {
 protected:
  StoreTest() { AddTestProjects(accounts_, {"project1", "project2"}); }

  SavedQuery Query(const std::string& id, const std::string& project, const std::string& name) {
    return {.id = id,
            .project_id = project,
            .display_name = name,
            .name = name,
            .input_query = "SELECT 1",
            .query_type = "PLAIN",
            .schedule = "",
            .folder_id = "",
            .created_at = At(1),
            .updated_at = At(2)};
  }
  Catalog CatalogOf(const std::string& id, const std::string& project, const std::string& name,
                    const std::string& shared_from = "") {
    return {.id = id,
            .project_id = project,
            .name = name,
            .display_name = name,
            .type = "POSTGRES",
            .connection_id = "c",
            .options = "",
            .shared_from = shared_from,
            .created_at = At(1)};
  }

  TestFolder folder_;
  std::unique_ptr<Database> database_ = Database::Open(folder_ / "tarn.db").value();
  AccountRepository accounts_{*database_};
};

TEST_F(StoreTest, AccountsKeepTheirOrderAndRules) {
  const std::string organization = accounts_.ListOrganizations().at(0).id;
  const Workspace extra{.id = "w2",
                        .name = "Extra",
                        .created_by = "u",
                        .organization_id = organization,
                        .description = "d",
                        .created_at = At(5)};
  ASSERT_TRUE(accounts_.InsertWorkspace(extra).has_value());
  EXPECT_EQ(accounts_.FindWorkspace("w2"), extra);
  const auto standard = accounts_.DefaultWorkspace(organization).value();
  EXPECT_EQ(accounts_.DeleteWorkspace(standard.id).error().message, "The default workspace cannot be deleted");
  Workspace second = extra;
  second.id = "w3";
  second.is_default = true;
  EXPECT_EQ(accounts_.InsertWorkspace(second).error().kind, ErrorKind::kAlreadyExists);
  second.organization_id = "nowhere";
  EXPECT_EQ(accounts_.InsertWorkspace(second).error().message, "The organization does not exist");

  const Project project{.id = "project3",
                        .name = "Three",
                        .description = std::nullopt,
                        .domain = "three-abcd",
                        .created_at = At(9),
                        .owner = "someone",
                        .workspace_id = "w2"};
  ASSERT_TRUE(accounts_.InsertProject(project).has_value());
  EXPECT_EQ(accounts_.DeleteWorkspace("w2").error().message, "The workspace still has projects");
  EXPECT_EQ(accounts_.DeleteOrganization(organization).error().message,
            "The organization still has projects or workspaces");
  EXPECT_EQ(accounts_.ListWorkspaces(organization).size(), 2U);
  EXPECT_EQ(accounts_.ListReachableProjects("someone"), std::vector{project});
  EXPECT_EQ(accounts_.ListReachableProjects(accounts_.ListOrganizations()[0].owner).size(), 3U);
  EXPECT_TRUE(accounts_.ListReachableProjects("stranger").empty());
  ASSERT_TRUE(accounts_.DeleteProject("project3").has_value());
  ASSERT_TRUE(accounts_.DeleteWorkspace("w2").has_value());
  EXPECT_EQ(accounts_.DeleteWorkspace("w2").error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(accounts_.DeleteProject("project3").error().kind, ErrorKind::kNotFound);
}

TEST_F(StoreTest, AnOrganizationGoesWithItsDefaultWorkspace) {
  ASSERT_TRUE(accounts_.InsertOrganization({.id = "o2", .name = "Two", .owner = "u", .description = ""}).has_value());
  ASSERT_TRUE(accounts_
                  .InsertWorkspace({.id = "w9",
                                    .name = "D",
                                    .created_by = "u",
                                    .organization_id = "o2",
                                    .description = "",
                                    .is_default = true})
                  .has_value());
  ASSERT_TRUE(accounts_.DeleteOrganization("o2").has_value());
  EXPECT_FALSE(accounts_.FindWorkspace("w9").has_value());
  EXPECT_EQ(accounts_.DeleteOrganization("o2").error().kind, ErrorKind::kNotFound);
}

TEST_F(StoreTest, UpdatesKeepWhatTheyDoNotChange) {
  auto project = accounts_.FindProject("project1").value();
  const auto created = project.created_at;
  project.name = "New";
  project.description = "said";
  project.created_at = At(77);
  ASSERT_TRUE(accounts_.UpdateProject(project).has_value());
  EXPECT_EQ(accounts_.FindProject("project1")->created_at, created);
  EXPECT_EQ(AccountRepository(*database_).FindProject("project1"), accounts_.FindProject("project1"));
  project.id = "nowhere1";
  EXPECT_EQ(accounts_.UpdateProject(project).error().kind, ErrorKind::kNotFound);
  EXPECT_FALSE(accounts_.FindProject("nowhere1").has_value());
}

TEST_F(StoreTest, NamesAreUniqueInTheirProject) {
  QueryRepository queries(*database_);
  ASSERT_TRUE(queries.Insert(Query("1", "project1", "sales")).has_value());
  ASSERT_TRUE(queries.Insert(Query("2", "project2", "sales")).has_value());
  EXPECT_EQ(queries.Insert(Query("3", "project1", "sales")).error().message,
            "The project has a query of this name already");
  ASSERT_TRUE(queries.Insert(Query("3", "project1", "costs")).has_value());
  EXPECT_EQ(queries.Update(Query("3", "project1", "sales")).error().kind, ErrorKind::kAlreadyExists);
  EXPECT_EQ(queries.Update(Query("3", "project2", "other")).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(queries.Find("project1", "3")->name, "costs");
  EXPECT_FALSE(queries.Find("project2", "3").has_value());
  EXPECT_EQ(queries.FindByName("project2", "sales")->id, "2");
  EXPECT_EQ(queries.Insert(Query("4", "nowhere1", "x")).error().message, "The project does not exist");

  CatalogRepository catalogs(*database_);
  ASSERT_TRUE(catalogs.Insert(CatalogOf("1", "project1", "shop")).has_value());
  EXPECT_EQ(catalogs.Insert(CatalogOf("2", "project1", "shop")).error().kind, ErrorKind::kAlreadyExists);
  EXPECT_EQ(catalogs.Delete("project2", "1").error().kind, ErrorKind::kNotFound);
  EXPECT_TRUE(catalogs.Find("1").has_value());
}

TEST_F(StoreTest, FoldersHoldQueriesAndMoveWithThem) {
  QueryRepository queries(*database_);
  const auto folder = [](const std::string& id, const std::string& parent, const std::string& name) {
    return QueryFolder{.id = id, .project_id = "project1", .parent_id = parent, .name = name, .created_at = At(1)};
  };
  ASSERT_TRUE(queries.InsertFolders({folder("a", "", "Reports"), folder("b", "a", "Monthly"), folder("c", "b", "Old")})
                  .has_value());
  EXPECT_EQ(queries.InsertFolders({folder("d", "", "New"), folder("e", "", "Reports")}).error().kind,
            ErrorKind::kAlreadyExists);
  EXPECT_FALSE(queries.FindFolder("project1", "d").has_value());
  EXPECT_EQ(queries.InsertFolders({folder("d", "nowhere", "New")}).error().kind, ErrorKind::kNotFound);
  EXPECT_FALSE(queries.FindFolder("project2", "a").has_value());

  ASSERT_TRUE(queries.Insert(Query("1", "project1", "sales")).has_value());
  ASSERT_TRUE(queries.Insert(Query("2", "project2", "sales")).has_value());
  ASSERT_TRUE(queries.MoveQueries("project1", {{.query_id = "1", .folder_id = "c"}}).has_value());
  EXPECT_EQ(queries.MoveQueries("project1", {{.query_id = "1", .folder_id = ""}, {.query_id = "2", .folder_id = ""}})
                .error()
                .kind,
            ErrorKind::kNotFound);
  EXPECT_EQ(queries.MoveQueries("project2", {{.query_id = "2", .folder_id = "a"}}).error().kind, ErrorKind::kNotFound);
  SavedQuery changed = Query("1", "project1", "renamed");
  ASSERT_TRUE(queries.Update(changed).has_value());
  EXPECT_EQ(queries.Find("project1", "1")->folder_id, "c");

  EXPECT_EQ(queries.MoveFolder("project1", "a", "c", "Reports").error().kind, ErrorKind::kFailedPrecondition);
  EXPECT_EQ(queries.MoveFolder("project1", "a", "a", "Reports").error().kind, ErrorKind::kFailedPrecondition);
  ASSERT_TRUE(queries.MoveFolder("project1", "b", "", "Yearly").has_value());
  EXPECT_EQ(queries.MoveFolder("project1", "b", "", "Reports").error().kind, ErrorKind::kAlreadyExists);
  EXPECT_EQ(QueryRepository(*database_).FindFolder("project1", "b"), queries.FindFolder("project1", "b"));

  EXPECT_EQ(queries.DeleteFolder("project1", "b", false).error().kind, ErrorKind::kFailedPrecondition);
  ASSERT_TRUE(queries.DeleteFolder("project1", "b", true).has_value());
  const auto check = [&](const QueryRepository& left) {
    EXPECT_THAT(left.ListFolders("project1"), ElementsAre(folder("a", "", "Reports")));
    EXPECT_FALSE(left.Find("project1", "1").has_value());
    EXPECT_TRUE(left.Find("project2", "2").has_value());
  };
  check(queries);
  check(QueryRepository(*database_));
  EXPECT_EQ(queries
                .Insert({.id = "3",
                         .project_id = "project1",
                         .display_name = "n",
                         .name = "n",
                         .input_query = "",
                         .query_type = "PLAIN",
                         .schedule = "",
                         .folder_id = "b"})
                .error()
                .kind,
            ErrorKind::kNotFound);
}

TEST_F(StoreTest, WindowsGoWithTheirCatalog) {
  CatalogRepository catalogs(*database_);
  ASSERT_TRUE(catalogs.Insert(CatalogOf("1", "project1", "shop")).has_value());
  ASSERT_TRUE(catalogs.Insert(CatalogOf("2", "project2", "window", "1")).has_value());
  ASSERT_TRUE(catalogs.Insert(CatalogOf("3", "project2", "window2", "2")).has_value());
  EXPECT_EQ(catalogs.Insert(CatalogOf("4", "project2", "nothing", "99")).error().kind, ErrorKind::kFailedPrecondition);
  ASSERT_TRUE(catalogs.Delete("project1", "1").has_value());
  EXPECT_TRUE(catalogs.List("project2").empty());
  EXPECT_TRUE(CatalogRepository(*database_).List("project2").empty());
}

TEST_F(StoreTest, HostileTextsComeBackAsTheyWere) {
  QueryRepository queries(*database_);
  ConnectionRepository connections(*database_);
  int number = 0;
  for (const std::string& text : HostileTexts()) {
    const std::string id = std::to_string(++number);
    SavedQuery query = Query(id, "project1", text);
    query.input_query = query.schedule = text;
    ASSERT_TRUE(queries.Insert(query).has_value()) << text.substr(0, 50);
    ASSERT_TRUE(connections
                    .Insert({.id = id,
                             .project_id = "project1",
                             .name = text,
                             .type = text,
                             .sealed_credential = text,
                             .detail = text,
                             .created_at = At(number)})
                    .has_value());
    ASSERT_TRUE(accounts_
                    .InsertProject({.id = "p" + id,
                                    .name = text,
                                    .description = text,
                                    .domain = text,
                                    .owner = text,
                                    .workspace_id = accounts_.FindProject("project1")->workspace_id})
                    .has_value());
  }
  const QueryRepository queries_again(*database_);
  const ConnectionRepository connections_again(*database_);
  const AccountRepository accounts_again(*database_);
  number = 0;
  for (const std::string& text : HostileTexts()) {
    const std::string id = std::to_string(++number);
    EXPECT_EQ(queries_again.Find("project1", id), queries.Find("project1", id));
    EXPECT_EQ(queries_again.FindByName("project1", text)->input_query, text);
    EXPECT_EQ(connections_again.Find(id)->sealed_credential, text);
    EXPECT_EQ(accounts_again.FindProject("p" + id)->description, text);
  }
}

TEST_F(StoreTest, DeletingAProjectRemovesAllOfIt) {
  QueryRepository queries(*database_);
  CatalogRepository catalogs(*database_);
  ConnectionRepository connections(*database_);
  KeyRepository keys(*database_);
  for (const std::string& project : {std::string("project1"), std::string("project2")}) {
    ASSERT_TRUE(queries.Insert(Query("q-" + project, project, "q")).has_value());
    ASSERT_TRUE(catalogs.Insert(CatalogOf("c-" + project, project, "c")).has_value());
    ASSERT_TRUE(connections
                    .Insert({.id = "n-" + project,
                             .project_id = project,
                             .name = "n",
                             .type = "t",
                             .sealed_credential = "",
                             .detail = ""})
                    .has_value());
    ASSERT_TRUE(keys.Insert({.id = "k-" + project,
                             .prefix = "p",
                             .hash = "h-" + project,
                             .name = "n",
                             .project_id = project,
                             .user_id = "u",
                             .expires_at = {}})
                    .has_value());
  }
  ASSERT_TRUE(catalogs.Insert(CatalogOf("window", "project2", "w", "c-project1")).has_value());
  ASSERT_TRUE(accounts_.DeleteProject("project1").has_value());
  const auto check = [](const auto& all_queries, const auto& all_catalogs, const auto& all_connections,
                        const auto& all_keys) {
    EXPECT_TRUE(all_queries.List("project1").empty());
    EXPECT_TRUE(all_catalogs.List("project1").empty());
    EXPECT_FALSE(all_catalogs.Find("window").has_value());
    EXPECT_TRUE(all_connections.List("project1").empty());
    EXPECT_FALSE(all_keys.FindByHash("h-project1").has_value());
    EXPECT_EQ(all_queries.List("project2").size(), 1U);
    EXPECT_EQ(all_catalogs.List("project2").size(), 1U);
    EXPECT_EQ(all_connections.List("project2").size(), 1U);
    EXPECT_EQ(all_keys.All().size(), 1U);
  };
  check(queries, catalogs, connections, keys);
  check(QueryRepository(*database_), CatalogRepository(*database_), ConnectionRepository(*database_),
        KeyRepository(*database_));
  EXPECT_EQ(queries.Insert(Query("q9", "project1", "late")).error().kind, ErrorKind::kFailedPrecondition);
}

TEST_F(StoreTest, KeysAreFoundByPrefixAndHash) {
  KeyRepository keys(*database_);
  const ApiKey partner{.id = "1",
                       .prefix = "abcdefgh",
                       .hash = "h1",
                       .name = "n",
                       .project_id = "",
                       .user_id = "u",
                       .created_at = At(1),
                       .expires_at = {}};
  ApiKey project = partner;
  project.id = "2";
  project.hash = "h2";
  project.project_id = "project1";
  project.expires_at = At(100);
  ASSERT_TRUE(keys.Insert(partner).has_value());
  ASSERT_TRUE(keys.Insert(project).has_value());
  EXPECT_EQ(keys.Insert(project).error().kind, ErrorKind::kAlreadyExists);
  EXPECT_THAT(keys.FindByPrefix("abcdefgh"), ElementsAre(partner, project));
  EXPECT_THAT(keys.List(""), ElementsAre(partner));
  EXPECT_THAT(KeyRepository(*database_).All(), ElementsAre(partner, project));
  EXPECT_EQ(keys.Delete("", "2").error().kind, ErrorKind::kNotFound);
  ASSERT_TRUE(keys.Delete("", "1").has_value());
  EXPECT_FALSE(keys.FindByHash("h1").has_value());
}

// Memory and disk agree after writers have met, whoever came first.
TEST_F(StoreTest, ThreadsThatWriteAndDeleteLeaveMemoryAsTheDisk) {
  QueryRepository queries(*database_);
  std::atomic<int> inserted = 0;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 2; ++thread) {
      threads.emplace_back([&, thread] {
        for (int round = 0; round < 60; ++round) {
          const std::string id = fmt::format("{}-{}", thread, round);
          // Both threads want the same name; one of them gets it.
          if (queries.Insert(Query(id, "project1", std::to_string(round))).has_value()) ++inserted;
          if (round % 7 == 0) base::IgnoreError(queries.Delete("project1", id), "the other thread may have the name");
          static_cast<void>(queries.List("project1"));
        }
      });
    }
    threads.emplace_back([&] { EXPECT_TRUE(accounts_.DeleteProject("project2").has_value()); });
  }
  EXPECT_GE(inserted, 60);
  EXPECT_EQ(QueryRepository(*database_).List("project1"), queries.List("project1"));
  EXPECT_GE(queries.List("project1").size(), 51U);
}

}  // namespace
}  // namespace tarn::store
