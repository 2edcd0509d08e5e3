// What happens on the wire: slow, large, many, broken and departing clients; streams; shutdown.
#include <condition_variable>
#include <future>
#include <mutex>

#include "http/server_fixture_test.h"

namespace tarn::http {
namespace {

using ::testing::HasSubstr;

// Holds handlers until it is opened.
class Gate {
 public:
  void Open() {
    const std::scoped_lock lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  // False when the call was cancelled first.
  bool Wait(const base::CallLimits& limits) {
    std::unique_lock lock(mutex_);
    ++waiting_;
    while (!open_ && !limits.cancel.stop_requested()) changed_.wait_for(lock, std::chrono::milliseconds(5));
    return open_;
  }
  int waiting() {
    const std::scoped_lock lock(mutex_);
    return waiting_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  int waiting_ = 0;
};

class WireTest : public ServerTest {
 protected:
  void SetUp() override {
    auto wait = Info("wait", Method::kGet, "/wait");
    wait.deadline = std::chrono::seconds(20);
    operations_.push_back(MakeOperation<NoBody, boost::json::value>(
        wait, [this](const Context& context, const NoBody&) -> base::Result<boost::json::value> {
          if (gate_.Wait(context.limits())) return boost::json::value("done");
          ++cancelled_;
          return base::Cancelled("The call was cancelled");
        }));
    auto ping = Info("ping", Method::kGet, "/ping");
    ping.fast = true;
    operations_.push_back(MakeOperation<NoBody, boost::json::value>(
        ping,
        [](const Context&, const NoBody&) -> base::Result<boost::json::value> { return boost::json::value("pong"); }));
    operations_.push_back(MakeOperation<boost::json::value, boost::json::value>(
        Info("size", Method::kPost, "/size"),
        [](const Context& context, const boost::json::value&) -> base::Result<boost::json::value> {
          return boost::json::value(context.body().size());
        }));
    AddStream();
  }

  // Streams `pieces` pieces of 100 KB; fails before piece `fail`.
  void AddStream() {
    auto stream = Info("stream", Method::kGet, "/stream");
    stream.query = {{.name = "pieces", .type = QueryParameter::Type::kInteger, .default_value = "3"},
                    {.name = "fail", .type = QueryParameter::Type::kInteger, .default_value = "-1"}};
    operations_.push_back(MakeOperation<NoBody, StreamedBody>(
        stream, [this](const Context& context, const NoBody&) -> base::Result<StreamedBody> {
          const auto pieces = *context.QueryInteger("pieces");
          const auto fail = *context.QueryInteger("fail");
          auto owned = std::shared_ptr<int>(new int(0), [this](int* value) {
            delete value;
            ++streams_freed_;
          });
          return StreamedBody{.content_type = "text/csv",
                              .pull = [this, pieces, fail, owned](std::string& out) -> base::Result<bool> {
                                if (*owned == fail) return base::Unavailable("Source went away");
                                ++pulled_;
                                out.append(100'000, static_cast<char>('a' + *owned % 26));
                                return ++*owned < pieces;
                              }};
        }));
  }

  ~WireTest() override {
    gate_.Open();
    server_.reset();
  }

  Gate gate_;
  std::atomic<int> cancelled_ = 0;
  std::atomic<int> pulled_ = 0;
  std::atomic<int> streams_freed_ = 0;
};

TEST_F(WireTest, ConnectionsAreKeptAndPipelinedRequestsAnsweredInOrder) {
  Start();
  Client client(server_->port());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.Ask(Request("GET", "/api/v1/ping")).body, "\"pong\"");
  client.Send(Request("GET", "/api/v1/ping") + Request("POST", "/api/v1/size", "[12]") +
              Request("GET", "/api/v1/none"));
  EXPECT_EQ(client.Read().body, "\"pong\"");
  EXPECT_EQ(client.Read().body, "4");
  EXPECT_EQ(client.Read().status, 404);
}

TEST_F(WireTest, ClosesWhenAskedTo) {
  Start();
  Client client(server_->port());
  const auto answer = client.Ask(Request("GET", "/api/v1/ping", {}, kPartnerKey, "Connection: close\r\n"));
  EXPECT_EQ(answer.Header("Connection"), "close");
  EXPECT_TRUE(client.AtEnd());
  Client old(server_->port());
  EXPECT_EQ(old.Ask("GET /api/v1/ping HTTP/1.0\r\nAuthorization: Bearer partner0.key\r\n\r\n").status, 200);
  EXPECT_TRUE(old.AtEnd());
}

TEST_F(WireTest, GarbageIsRefusedAndTheConnectionClosed) {
  Start();
  const std::vector<std::pair<std::string, int>> garbage = {
      {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n", 400},
      {"GET\r\n\r\n", 400},
      {"GET /api/v1/ping HTTP/9.9\r\nHost: x\r\n\r\n", 505},
      {"GET /api/v1/ping HTTP/1.1\r\n\r\n", 400},  // no Host
      {"POST /api/v1/size HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", 400},
      {"POST /api/v1/size HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       400},
      {"GET /api/v1/ping HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n", 400},
  };
  for (const auto& [text, status] : garbage) {
    Client client(server_->port());
    const auto answer = client.Ask(text);
    EXPECT_EQ(answer.status, status) << text;
    EXPECT_THAT(answer.body, HasSubstr("\"message\":")) << text;
    EXPECT_TRUE(client.AtEnd()) << text;
  }
  Client pipelined(server_->port());
  pipelined.Send(Request("GET", "/api/v1/ping") + "\x01\x02garbage\r\n\r\n");
  EXPECT_EQ(pipelined.Read().status, 200);
  EXPECT_EQ(pipelined.Read().status, 400);
  EXPECT_TRUE(pipelined.AtEnd());
}

TEST_F(WireTest, LargeBodiesPassUpToTheLimit) {
  Start();
  const std::string ten_megabytes = "\"" + std::string(10'000'000, 'x') + "\"";
  EXPECT_EQ(Ask("POST", "/api/v1/size", ten_megabytes).body, "10000002");
  const auto refused = Ask("POST", "/api/v1/size", "\"" + std::string(17 << 20, 'x') + "\"");
  EXPECT_EQ(refused.status, 413);
  EXPECT_THAT(refused.body, HasSubstr("The request body is too large"));
}

TEST_F(WireTest, ChunkedBodiesAreReadAndLimited) {
  settings_.max_body_bytes = 1000;
  Start();
  const std::string head =
      "POST /api/v1/size HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer partner0.key\r\nTransfer-Encoding: "
      "chunked\r\n\r\n";
  Client client(server_->port());
  client.Send(head + "3\r\n[1,\r\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  client.Send("2\r\n2]\r\n0\r\n\r\n");
  EXPECT_EQ(client.Read().body, "5");
  Client large(server_->port());
  large.Send(head + "7d0\r\n" + std::string(2000, ' ') + "\r\n0\r\n\r\n");
  EXPECT_EQ(large.Read().status, 413);
}

TEST_F(WireTest, LargeBodiesWithoutAKeyAreNotRead) {
  Start();
  Client client(server_->port());
  client.Send("POST /api/v1/size HTTP/1.1\r\nHost: x\r\nContent-Length: 15000000\r\n\r\n");
  EXPECT_EQ(client.Read().status, 401);  // though no byte of the body was sent
}

TEST_F(WireTest, AnnouncedBodiesAreAskedFor) {
  Start();
  Client client(server_->port());
  client.Send(
      "POST /api/v1/size HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer partner0.key\r\nContent-Length: 3\r\nExpect: "
      "100-continue\r\n\r\n");
  EXPECT_EQ(client.Read().status, 100);
  client.Send("[1]");
  EXPECT_EQ(client.Read().body, "3");
}

TEST_F(WireTest, LargeHeadsAreRefused) {
  settings_.max_header_bytes = 8192;
  Start();
  EXPECT_EQ(Ask("GET", "/api/v1/ping", {}, kPartnerKey, "X-Long: " + std::string(10'000, 'x') + "\r\n").status, 431);
  EXPECT_EQ(Ask("GET", "/api/v1/ping", {}, kPartnerKey, "X-Long: " + std::string(6'000, 'x') + "\r\n").status, 200);
}

TEST_F(WireTest, SlowClientsAreClosedAndDisturbNobody) {
  settings_.header_timeout = std::chrono::milliseconds(200);
  settings_.body_timeout = std::chrono::milliseconds(200);
  Start();
  Client head(server_->port());
  head.Send("GET /api/v1/ping HTTP/1.1\r\nHo");
  Client body(server_->port());
  body.Send(
      "POST /api/v1/size HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer partner0.key\r\nContent-Length: 10\r\n\r\n[1");
  EXPECT_EQ(Ask("GET", "/api/v1/ping").status, 200);
  EXPECT_TRUE(head.AtEnd());
  EXPECT_TRUE(body.AtEnd());
}

TEST_F(WireTest, IdleConnectionsAreClosed) {
  settings_.idle_timeout = std::chrono::milliseconds(100);
  Start();
  Client client(server_->port());
  EXPECT_EQ(client.Ask(Request("GET", "/api/v1/ping")).status, 200);
  EXPECT_TRUE(client.AtEnd());
}

TEST_F(WireTest, AThousandConnectionsAreServedAtOnce) {
  Start();
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 1000; ++i) clients.push_back(std::make_unique<Client>(server_->port()));
  for (auto& client : clients) ASSERT_TRUE(client->Send(Request("GET", "/api/v1/ping")));
  for (auto& client : clients) ASSERT_EQ(client->Read().status, 200);
  for (auto& client : clients) ASSERT_TRUE(client->Send(Request("POST", "/api/v1/size", "[1]")));
  for (auto& client : clients) ASSERT_EQ(client->Read().body, "3");
  EXPECT_THAT(metrics_.Render(), HasSubstr("tarn_http_connections 1000\n"));
}

TEST_F(WireTest, TooManyConnectionsAreRefusedCleanly) {
  settings_.max_connections = 2;
  Start();
  auto first = std::make_unique<Client>(server_->port());
  Client second(server_->port());
  EXPECT_EQ(first->Ask(Request("GET", "/api/v1/ping")).status, 200);
  EXPECT_EQ(second.Ask(Request("GET", "/api/v1/ping")).status, 200);
  const auto refused = Ask("GET", "/api/v1/ping");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.Header("Retry-After"), "1");
  first.reset();
  EXPECT_TRUE(Eventually([&] { return Ask("GET", "/api/v1/ping").status == 200; }));
}

TEST_F(WireTest, AFullQueueIsRefusedAndFastOperationsGoOn) {
  settings_.blocking_threads = 1;
  settings_.queue_limit = 1;
  Start();
  Client running(server_->port());
  running.Send(Request("GET", "/api/v1/wait"));
  ASSERT_TRUE(Eventually([&] { return gate_.waiting() == 1; }));
  Client queued(server_->port());
  queued.Send(Request("GET", "/api/v1/wait"));
  ASSERT_TRUE(Eventually([&] {
    const auto text = metrics_.Render();
    return text.contains("tarn_http_requests_in_flight 2\n");
  }));
  const auto refused = Ask("GET", "/api/v1/wait");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.Header("Retry-After"), "1");
  EXPECT_EQ(Ask("GET", "/api/v1/ping").status, 200);
  gate_.Open();
  EXPECT_EQ(running.Read().status, 200);
  EXPECT_EQ(queued.Read().status, 200);
}

TEST_F(WireTest, AClientThatLeavesCancelsItsCall) {
  Start();
  {
    Client client(server_->port());
    client.Send(Request("GET", "/api/v1/wait"));
    ASSERT_TRUE(Eventually([&] { return gate_.waiting() == 1; }));
  }
  EXPECT_TRUE(Eventually([&] { return cancelled_ == 1; }));
  {
    Client client(server_->port());
    client.Send(Request("GET", "/api/v1/wait") + "GET /the-next HTTP/1.1\r\n");  // bytes that hide the end
    ASSERT_TRUE(Eventually([&] { return gate_.waiting() == 2; }));
  }
  EXPECT_TRUE(Eventually([&] { return cancelled_ == 2; }));
}

TEST_F(WireTest, DeadlinesCancelAndAnswerAsSuch) {
  auto hurried = Info("hurried", Method::kGet, "/hurried");
  hurried.deadline = std::chrono::seconds(0);
  operations_.push_back(MakeOperation<NoBody, NoContent>(
      hurried, [](const Context&, const NoBody&) -> base::Result<NoContent> { return NoContent{}; }));
  auto short_one = Info("short", Method::kGet, "/short");
  short_one.deadline = std::chrono::seconds(1);
  operations_.push_back(MakeOperation<NoBody, NoContent>(
      short_one, [this](const Context& context, const NoBody&) -> base::Result<NoContent> {
        gate_.Wait(context.limits());
        return base::Cancelled("The call was cancelled");
      }));
  auto deaf = Info("deaf", Method::kGet, "/deaf");
  deaf.deadline = std::chrono::seconds(1);
  operations_.push_back(
      MakeOperation<NoBody, NoContent>(deaf, [this](const Context&, const NoBody&) -> base::Result<NoContent> {
        gate_.Wait({});
        return NoContent{};
      }));
  settings_.deadline_grace = std::chrono::milliseconds(50);
  Start();
  EXPECT_EQ(Ask("GET", "/api/v1/hurried").status, 504);
  EXPECT_EQ(Ask("GET", "/api/v1/short").status, 504);
  EXPECT_EQ(Ask("GET", "/api/v1/deaf").status, 504);
}

TEST_F(WireTest, StreamsArriveWhole) {
  Start();
  Client client(server_->port());
  client.Send(Request("GET", "/api/v1/stream?pieces=30"));
  const auto answer = client.Read();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.Header("Content-Type"), "text/csv");
  EXPECT_TRUE(answer.whole);
  EXPECT_EQ(answer.body.size(), 3'000'000U);
  EXPECT_EQ(answer.body.back(), 'a' + 29 % 26);
  EXPECT_EQ(client.Ask(Request("GET", "/api/v1/ping")).status, 200);
  client.Send(Request("HEAD", "/api/v1/stream"));
  EXPECT_EQ(client.Read(false).status, 200);
  EXPECT_EQ(client.Ask(Request("GET", "/api/v1/ping")).status, 200);
  EXPECT_TRUE(Eventually([&] { return streams_freed_ == 2; }));
}

TEST_F(WireTest, ShortStreamsHaveALength) {
  operations_.push_back(MakeOperation<NoBody, StreamedBody>(
      Info("tiny", Method::kGet, "/tiny"), [](const Context&, const NoBody&) -> base::Result<StreamedBody> {
        return StreamedBody{.pull = [](std::string& out) -> base::Result<bool> {
          out += "[]";
          return false;
        }};
      }));
  Start();
  EXPECT_EQ(Ask("GET", "/api/v1/tiny").Header("Content-Length"), "2");
}

TEST_F(WireTest, AnErrorInTheFirstPieceIsAnOrdinaryAnswer) {
  Start();
  const auto answer = Ask("GET", "/api/v1/stream?fail=0");
  EXPECT_EQ(answer.status, 400);  // a source is at fault
  EXPECT_THAT(answer.body, HasSubstr("Source went away"));
}

TEST_F(WireTest, ALateErrorLeavesABrokenAnswerNeverAShortOne) {
  Start();
  const auto answer = Ask("GET", "/api/v1/stream?pieces=5&fail=2");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body.size(), 200'000U);
  EXPECT_FALSE(answer.whole);
  EXPECT_TRUE(Eventually([&] { return streams_freed_ == 1; }));
}

TEST_F(WireTest, AClientThatDoesNotReadHoldsTheStreamBack) {
  settings_.write_timeout = std::chrono::milliseconds(500);
  Start();
  Client client(server_->port());
  client.Send(Request("GET", "/api/v1/stream?pieces=100000"));
  EXPECT_TRUE(Eventually([&] { return streams_freed_ == 1; }));
  EXPECT_LT(pulled_, 1000);  // what the system's buffers take, not ten gigabytes
}

TEST_F(WireTest, StoppingLetsRequestsFinishAndClosesIdleConnections) {
  Start();
  Client idle(server_->port());
  EXPECT_EQ(idle.Ask(Request("GET", "/api/v1/ping")).status, 200);
  Client running(server_->port());
  running.Send(Request("GET", "/api/v1/wait"));
  ASSERT_TRUE(Eventually([&] { return gate_.waiting() == 1; }));
  auto stopped = std::async(std::launch::async, [&] { return server_->Stop(std::chrono::seconds(10)); });
  EXPECT_TRUE(idle.AtEnd());
  EXPECT_TRUE(Eventually([&] { return !Client(server_->port()).connected(); }));
  gate_.Open();
  const auto answer = running.Read();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.Header("Connection"), "close");
  EXPECT_EQ(stopped.get(), 0U);
}

TEST_F(WireTest, StoppingCancelsWhatDoesNotFinishInTime) {
  Start();
  Client running(server_->port());
  running.Send(Request("GET", "/api/v1/wait"));
  ASSERT_TRUE(Eventually([&] { return gate_.waiting() == 1; }));
  EXPECT_EQ(server_->Stop(std::chrono::milliseconds(50)), 1U);
  EXPECT_EQ(cancelled_, 1);
  EXPECT_TRUE(running.AtEnd());
}

TEST_F(WireTest, ATakenPortIsAClearError) {
  Start();
  ServerSettings same = settings_;
  same.port = server_->port();
  const auto second = Server::Start(same, *door_);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("Cannot listen"));
}

}  // namespace
}  // namespace tarn::http
