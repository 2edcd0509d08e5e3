#include "trino/live_query.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <future>

#include "trino/fake_pages_test.h"
#include "trino/queries.h"

namespace tarn::trino {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Json = boost::json::value;

constexpr auto kSoon = std::chrono::seconds(10);
constexpr auto kShortWait = std::chrono::milliseconds(20);

class FakeClock final : public base::Clock {
 public:
  [[nodiscard]] base::SystemTime Now() const override {
    return base::SystemTime(std::chrono::seconds(1'700'000'000) + passed_.load());
  }
  [[nodiscard]] base::SteadyTime SteadyNow() const override {
    return base::SteadyTime(std::chrono::hours(1)) + passed_.load();
  }
  void Pass(std::chrono::seconds time) { passed_ = passed_.load() + time; }

 private:
  std::atomic<std::chrono::seconds> passed_ = std::chrono::seconds(0);
};

class LiveQueryTest : public ::testing::Test {
 protected:
  LiveQueryTest()
      : queries_(
            {.enter = [](query::StatementRequest&, std::move_only_function<void()> ready) { ready(); },
             .open = [this](const query::StatementRequest& request, bool) -> base::Result<std::unique_ptr<PageSource>> {
               script_.AwaitOpening(request.limits.cancel);
               if (opening_error_) return std::unexpected(*opening_error_);
               return std::make_unique<FakePages>(script_, request.limits.cancel);
             },
             .list = [](const std::string&, std::size_t) { return std::vector<query::StatementRecord>(); },
             .find = [](const std::string&, const std::string&) -> base::Result<query::StatementRecord> {
               return base::NotFound("Target query not found");
             },
             .kill = [](const std::string&, const std::string&) { return base::Result<void>(); }},
            {.client_timeout = std::chrono::seconds(300), .most_live = 3}, clock_, metrics_) {}

  ~LiveQueryTest() override { queries_.Stop(); }

  std::shared_ptr<LiveQuery> Begin() {
    QueryRequest request{
        .id = {},
        .statement = {.project_id = "p", .text = "SELECT n", .parameters = {}, .session = {}, .limits = {}},
        .key_id = {}};
    auto query = queries_.Add(std::move(request)).value();
    next_ = Next(Body(query->Start("http://host")));
    return query;
  }

  static std::string Text(const AnswerPointer& answer) {
    const auto body = answer->Plain();
    return body.before + (body.middle ? *body.middle : "") + body.after;
  }
  static Json Body(const AnswerPointer& answer) { return boost::json::parse(Text(answer)); }

  // Where the next page is.
  static LiveQuery::Visit Next(const Json& body) {
    const auto* const uri = body.as_object().if_contains("nextUri");
    if (uri == nullptr) return {};
    const std::string text(uri->as_string());
    std::vector<std::string> parts;
    for (std::size_t at = std::string_view("http://host/v1/statement/").size(); at < text.size();) {
      const auto slash = std::min(text.find('/', at), text.size());
      parts.push_back(text.substr(at, slash - at));
      at = slash + 1;
    }
    return {
        .address = {.phase = parts[0] == "queued" ? Phase::kQueued : Phase::kExecuting, .token = std::stoll(parts[3])},
        .slug = parts[2],
        .base_url = "http://host",
        .wait = kSoon};
  }

  static base::Result<AnswerPointer> Get(LiveQuery& query, const LiveQuery::Visit& visit) {
    std::promise<base::Result<AnswerPointer>> promise;
    auto future = promise.get_future();
    query.Get(visit, [&promise](base::Result<AnswerPointer> answer) { promise.set_value(std::move(answer)); });
    return future.get();
  }
  // The next page, and `next_` moved on.
  Json Page(LiveQuery& query) {
    auto body = Body(Get(query, next_).value());
    visited_ = next_;
    next_ = Next(body);
    return body;
  }

  FakeClock clock_;
  base::Metrics metrics_;
  Script script_;
  std::optional<base::Error> opening_error_;
  Queries queries_;
  LiveQuery::Visit next_;
  LiveQuery::Visit visited_;
};

TEST_F(LiveQueryTest, TheFirstAnswerHasNeitherRowsNorError) {
  script_.Give({.rows = "[1]", .count = 1});
  auto query = queries_
                   .Add({.id = {},
                         .statement = {.project_id = "p", .text = "x", .parameters = {}, .session = {}, .limits = {}},
                         .key_id = {}})
                   .value();
  const auto body = Body(query->Start("https://host:1/prefix")).as_object();
  EXPECT_THAT(std::string(body.at("nextUri").as_string()),
              ::testing::StartsWith("https://host:1/prefix/v1/statement/queued/" + query->id() + "/y"));
  EXPECT_EQ(body.at("stats").at("state"), "QUEUED");
  EXPECT_FALSE(body.contains("data") || body.contains("error") || body.contains("columns"));
  EXPECT_THAT(query->id(), ::testing::MatchesRegex("20231114_221320_00000_[a-z0-9]{5}"));
}

TEST_F(LiveQueryTest, OneHopWhereAllRowsFitOnePage) {
  script_.Give({.rows = "[1],[2]", .count = 2});
  const auto query = Begin();
  const auto body = Page(*query).as_object();
  EXPECT_EQ(boost::json::serialize(body.at("data")), "[[1],[2]]");
  EXPECT_EQ(body.at("columns").at(0).at("name"), "n");
  EXPECT_EQ(body.at("stats").at("state"), "FINISHED");
  EXPECT_EQ(body.at("stats").at("processedRows"), 2);
  EXPECT_FALSE(body.contains("nextUri") || body.contains("error") || body.contains("updateType"));
  EXPECT_TRUE(script_.AwaitDestroyed());
}

TEST_F(LiveQueryTest, PagesFollowEachOtherAndTokensGrowByOne) {
  for (const auto* const rows : {"[1]", "[2]", "[3]"}) script_.Give({.rows = rows, .count = 1, .more = rows[1] != '3'});
  const auto query = Begin();
  EXPECT_EQ(next_.address, (PageAddress{Phase::kQueued, 1}));
  EXPECT_EQ(boost::json::serialize(Page(*query).at("data")), "[[1]]");
  EXPECT_EQ(next_.address, (PageAddress{Phase::kExecuting, 0}));
  EXPECT_EQ(boost::json::serialize(Page(*query).at("data")), "[[2]]");
  EXPECT_EQ(next_.address, (PageAddress{Phase::kExecuting, 1}));
  EXPECT_EQ(boost::json::serialize(Page(*query).at("data")), "[[3]]");
  EXPECT_TRUE(query->done());
}

TEST_F(LiveQueryTest, TheSameAddressGivesTheSameBytes) {
  script_.Give({.rows = "[1]", .count = 1, .more = true});
  script_.Give({.rows = "[2]", .count = 1});
  const auto query = Begin();
  const auto first = next_;
  const auto once = Text(Get(*query, first).value());
  clock_.Pass(std::chrono::seconds(5));
  EXPECT_EQ(Text(Get(*query, first).value()), once);
  next_ = Next(boost::json::parse(once));
  const auto last = Text(Get(*query, next_).value());
  clock_.Pass(std::chrono::seconds(5));
  EXPECT_EQ(Text(Get(*query, next_).value()), last);
  EXPECT_THAT(last, HasSubstr("[[2]]"));
}

TEST_F(LiveQueryTest, AnEarlierAddressIsGoneAndALaterOneWasNeverThere) {
  for (int i = 1; i <= 3; ++i) script_.Give({.rows = "[1]", .count = 1, .more = i < 3});
  const auto query = Begin();
  const auto first = next_;
  Page(*query);
  Page(*query);
  EXPECT_EQ(Get(*query, first).error().code, "GONE");
  auto later = next_;
  ++later.address.token;  // its slug is not known to the client
  EXPECT_EQ(Get(*query, later).error().kind, base::ErrorKind::kNotFound);
  auto wrong = next_;
  wrong.slug.back() = wrong.slug.back() == '0' ? '1' : '0';
  EXPECT_EQ(Get(*query, wrong).error().kind, base::ErrorKind::kNotFound);
  EXPECT_EQ(Get(*query, visited_).value()->address(), visited_.address);
}

TEST_F(LiveQueryTest, NoMoreThanOnePageIsMadeAhead) {
  for (int i = 0; i < 10; ++i) script_.Give({.rows = "[1]", .count = 1, .more = true});
  const auto query = Begin();
  EXPECT_EQ(script_.AwaitAsked(1), 1);
  Page(*query);
  EXPECT_EQ(script_.AwaitAsked(2), 2);
  Page(*query);
  EXPECT_EQ(script_.AwaitAsked(3), 3);
  std::this_thread::sleep_for(kShortWait);
  EXPECT_EQ(script_.asked(), 3);
}

TEST_F(LiveQueryTest, AWaitThatIsOverGivesAPageWithoutRows) {
  script_.HoldOpening();
  const auto query = Begin();
  next_.wait = kShortWait;
  auto body = Page(*query).as_object();
  EXPECT_EQ(body.at("stats").at("state"), "QUEUED");
  EXPECT_EQ(next_.address, (PageAddress{Phase::kQueued, 2}));
  EXPECT_FALSE(body.contains("data") || body.contains("columns"));
  script_.LetOpen();
  script_.AwaitAsked(1);
  next_.wait = kShortWait;
  body = Page(*query).as_object();
  EXPECT_EQ(body.at("stats").at("state"), "RUNNING");
  EXPECT_TRUE(body.contains("columns"));
  EXPECT_EQ(next_.address, (PageAddress{Phase::kExecuting, 0}));
  script_.Give({.rows = "[7]", .count = 1});
  EXPECT_EQ(boost::json::serialize(Page(*query).at("data")), "[[7]]");
}

TEST_F(LiveQueryTest, ARowThatComesEndsTheWait) {
  const auto query = Begin();
  auto waiting = std::async(std::launch::async, [&] { return Text(Get(*query, next_).value()); });
  auto again = std::async(std::launch::async, [&] { return Text(Get(*query, next_).value()); });
  std::this_thread::sleep_for(kShortWait);
  script_.Give({.rows = "[1]", .count = 1});
  EXPECT_THAT(waiting.get(), HasSubstr("[[1]]"));
  EXPECT_THAT(again.get(), HasSubstr("[[1]]"));
}

TEST_F(LiveQueryTest, ALateErrorIsAnErrorAndNeverAShortResult) {
  script_.Give({.rows = "[1]", .count = 1, .more = true});
  script_.Give(
      {.error = base::Error{
           .kind = base::ErrorKind::kInvalidArgument, .message = "Division by zero", .code = "DIVISION_BY_ZERO"}});
  const auto query = Begin();
  EXPECT_TRUE(Page(*query).as_object().contains("nextUri"));
  const auto body = Page(*query).as_object();
  EXPECT_EQ(body.at("error").at("errorName"), "DIVISION_BY_ZERO");
  EXPECT_EQ(body.at("error").at("errorCode"), 8);
  EXPECT_EQ(body.at("stats").at("state"), "FAILED");
  EXPECT_FALSE(body.contains("nextUri") || body.contains("data"));
  EXPECT_TRUE(script_.AwaitDestroyed());
}

TEST_F(LiveQueryTest, AnErrorBeforeTheRowsHasItsPlace) {
  opening_error_ = base::Error{.kind = base::ErrorKind::kNotFound,
                               .message = "Column 'x' cannot be resolved",
                               .code = "COLUMN_NOT_FOUND",
                               .position = base::SqlPosition{.line = 2, .column = 3}};
  const auto query = Begin();
  const auto body = Page(*query).as_object();
  EXPECT_EQ(body.at("error").at("message"), "line 2:3: Column 'x' cannot be resolved");
  EXPECT_EQ(body.at("error").at("errorLocation").at("columnNumber"), 3);
  EXPECT_EQ(body.at("error").at("failureInfo").at("errorInfo").at("type"), "USER_ERROR");
}

TEST_F(LiveQueryTest, CancelStopsTheStatementAndTheClientIsTold) {
  const auto query = Begin();
  script_.AwaitAsked(1);
  EXPECT_FALSE(query->Cancel(next_.address, "wrong"));
  EXPECT_TRUE(query->Cancel(next_.address, next_.slug));
  EXPECT_TRUE(script_.AwaitDestroyed());
  EXPECT_EQ(Page(*query).at("error").at("errorName"), "USER_CANCELED");
  EXPECT_TRUE(query->ended());
}

TEST_F(LiveQueryTest, CancelEndsAWaitAndAnOpening) {
  script_.HoldOpening();
  const auto query = Begin();
  auto waiting = std::async(std::launch::async, [&] { return Text(Get(*query, next_).value()); });
  std::this_thread::sleep_for(kShortWait);
  EXPECT_TRUE(query->Cancel(next_.address, next_.slug));
  EXPECT_THAT(waiting.get(), HasSubstr("USER_CANCELED"));
}

TEST_F(LiveQueryTest, AnAbandonedQueryIsStopped) {
  const auto query = Begin();
  script_.AwaitAsked(1);
  clock_.Pass(std::chrono::seconds(299));
  queries_.Sweep();
  EXPECT_FALSE(query->ended());
  ASSERT_TRUE(query->Touch(next_.address, next_.slug));  // a heartbeat
  clock_.Pass(std::chrono::seconds(299));
  queries_.Sweep();
  EXPECT_FALSE(query->ended());
  clock_.Pass(std::chrono::seconds(1));
  queries_.Sweep();
  EXPECT_TRUE(script_.AwaitDestroyed());
  EXPECT_EQ(Page(*query).at("error").at("errorName"), "ABANDONED_QUERY");
}

TEST_F(LiveQueryTest, EndedQueriesAreForgottenAfterAWhile) {
  script_.Give({.rows = "[1]", .count = 1});
  const auto query = Begin();
  Page(*query);
  queries_.Sweep();
  EXPECT_NE(queries_.Find(query->id()), nullptr);
  clock_.Pass(std::chrono::seconds(901));
  queries_.Sweep();
  EXPECT_EQ(queries_.Find(query->id()), nullptr);
}

TEST_F(LiveQueryTest, TooManyQueriesAreRefused) {
  const auto one = Begin();
  const auto two = Begin();
  const auto three = Begin();
  const auto refused =
      queries_.Add({.id = {},
                    .statement = {.project_id = "p", .text = "x", .parameters = {}, .session = {}, .limits = {}},
                    .key_id = {}});
  EXPECT_EQ(refused.error().kind, base::ErrorKind::kUnavailable);
  ASSERT_TRUE(three->Cancel(next_.address, next_.slug));
  EXPECT_TRUE(queries_
                  .Add({.id = {},
                        .statement = {.project_id = "p", .text = "x", .parameters = {}, .session = {}, .limits = {}},
                        .key_id = {}})
                  .has_value());
  EXPECT_EQ(queries_.List("p", 10)->size(), 4U);
  EXPECT_TRUE(queries_.List("q", 10)->empty());
}

TEST_F(LiveQueryTest, AStatementWithoutATurnIsAskedForRowsWhenItHasOneAgain) {
  script_.Give({.rows = "[1]", .count = 1, .more = true});
  const auto query = Begin();
  script_.Park();
  while (true) {
    const auto page = Page(*query);
    if (page.as_object().contains("data")) break;
  }
  script_.Give({.rows = "[2]", .count = 1});
  EXPECT_FALSE(Page(*query).as_object().contains("data"));
  EXPECT_EQ(script_.asked(), 1);
  script_.GiveTurn();
  script_.AwaitAsked(2);
  while (true) {
    const auto page = Page(*query);
    if (!page.as_object().contains("data")) continue;
    EXPECT_EQ(page.as_object().at("data"), boost::json::parse("[[2]]"));
    break;
  }
}

TEST_F(LiveQueryTest, AStatementWithoutResultChangesTheSession) {
  script_.has_result = false;
  script_.columns = {};
  script_.update_type = "USE";
  script_.changes.catalog = "memory";
  script_.changes.set_properties["a"] = "1 2";
  script_.changes.added_prepared["p q"] = "SELECT ?";
  script_.Give({});
  const auto query = Begin();
  const auto answer = Get(*query, next_).value();
  const auto body = Body(answer).as_object();
  EXPECT_EQ(body.at("columns").as_array().size(), 0U);
  EXPECT_EQ(body.at("updateType"), "USE");
  EXPECT_FALSE(body.contains("data"));
  EXPECT_THAT(answer->headers(),
              ::testing::UnorderedElementsAre(::testing::Pair("X-Trino-Set-Catalog", "memory"),
                                              ::testing::Pair("X-Trino-Set-Session", "a=1+2"),
                                              ::testing::Pair("X-Trino-Added-Prepare", "p+q=SELECT+%3F")));
}

TEST_F(LiveQueryTest, StoppingAnswersThoseWhoWait) {
  const auto query = Begin();
  auto waiting = std::async(std::launch::async, [&] { return Text(Get(*query, next_).value()); });
  std::this_thread::sleep_for(kShortWait);
  queries_.Stop();
  EXPECT_THAT(waiting.get(), HasSubstr("SERVER_SHUTTING_DOWN"));
}

TEST_F(LiveQueryTest, AnInternalErrorTellsNothing) {
  script_.Give({.error = base::Error{.kind = base::ErrorKind::kInternal, .message = "secret path"}});
  const auto query = Begin();
  const auto text = Text(Get(*query, next_).value());
  EXPECT_THAT(text, Not(HasSubstr("secret path")));
  EXPECT_THAT(text, HasSubstr("GENERIC_INTERNAL_ERROR"));
}

TEST_F(LiveQueryTest, SegmentsAreMadeOnce) {
  script_.Give({.rows = "[1]", .count = 1});
  const auto query = Begin();
  const auto answer = Get(*query, next_).value();
  Segments segments({.folder = {}}, clock_);
  const auto once = answer->Spooled(DataEncoding::kJson, segments);
  EXPECT_EQ(answer->Spooled(DataEncoding::kJson, segments), once);
  const auto data = boost::json::parse(once).at("data");
  EXPECT_EQ(data.at("encoding"), "json");
  EXPECT_EQ(data.at("segments").at(0).at("data"), "W1sxXV0=");  // [[1]]
  EXPECT_EQ(data.at("segments").at(0).at("metadata").at("rowsCount"), 1);
}

}  // namespace
}  // namespace tarn::trino
