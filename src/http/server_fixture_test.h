// A server on a free port with a handful of operations, and a client that shows what is on the wire.
#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <boost/describe.hpp>
#include <cstring>
#include <string>
#include <thread>

#include "http/door.h"
#include "http/server.h"

namespace tarn::http {

inline constexpr std::string_view kPartnerKey = "partner0.key";
inline constexpr std::string_view kProjectKey = "project1.key";  // of project "p1"

struct WireAnswer {
  int status = 0;  // 0: nothing came
  std::string head;
  std::string body;
  bool whole = false;  // the body ended where its length or final chunk says

  [[nodiscard]] std::string Header(std::string_view name) const {
    const auto at = head.find(fmt::format("\r\n{}: ", name));
    if (at == std::string::npos) return {};
    const auto begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

// A blocking socket with a time limit of ten seconds.
class Client {
 public:
  explicit Client(std::uint16_t port) {
    descriptor_ = ::socket(AF_INET, SOCK_STREAM, 0);
    const timeval limit{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~Client() { Close(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] int descriptor() const { return descriptor_; }
  void Close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }

  bool Send(std::string_view text) {
    while (!text.empty()) {
      const auto sent = ::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  WireAnswer Read(bool has_body = true) {
    WireAnswer answer;
    std::size_t end = 0;
    while ((end = unread_.find("\r\n\r\n")) == std::string::npos) {
      if (!Receive()) return answer;
    }
    answer.head = unread_.substr(0, end + 2);
    unread_.erase(0, end + 4);
    answer.status = std::atoi(answer.head.c_str() + 9);
    if (!has_body || answer.status == 204 || answer.status == 100) {
      answer.whole = true;
    } else if (answer.Header("Transfer-Encoding") == "chunked") {
      ReadChunks(answer);
    } else if (const auto length = answer.Header("Content-Length"); !length.empty()) {
      const auto wanted = static_cast<std::size_t>(std::stoul(length));
      while (unread_.size() < wanted && Receive()) {
      }
      answer.whole = unread_.size() >= wanted;
      answer.body = unread_.substr(0, wanted);
      unread_.erase(0, wanted);
    } else {
      while (Receive()) {
      }
      answer.body = std::move(unread_);
    }
    return answer;
  }

  WireAnswer Ask(std::string_view request) {
    Send(request);
    return Read();
  }

  // True when the server has closed and nothing is unread.
  bool AtEnd() { return unread_.empty() && !Receive(); }

 private:
  bool Receive() {
    char buffer[65536];
    const auto count = ::recv(descriptor_, buffer, sizeof buffer, 0);
    if (count <= 0) return false;
    unread_.append(buffer, static_cast<std::size_t>(count));
    return true;
  }

  void ReadChunks(WireAnswer& answer) {
    for (;;) {
      std::size_t line = 0;
      while ((line = unread_.find("\r\n")) == std::string::npos) {
        if (!Receive()) return;
      }
      const auto size = static_cast<std::size_t>(std::stoul(unread_.substr(0, line), nullptr, 16));
      while (unread_.size() < line + 2 + size + 2) {
        if (!Receive()) return;
      }
      answer.body.append(unread_, line + 2, size);
      unread_.erase(0, line + 2 + size + 2);
      if (size == 0) {
        answer.whole = true;
        return;
      }
    }
  }

  int descriptor_ = -1;
  bool connected_ = false;
  std::string unread_;
};

inline std::string Request(std::string_view method, std::string_view target, std::string_view body = {},
                           std::string_view key = kPartnerKey, std::string_view headers = {}) {
  std::string text = fmt::format("{} {} HTTP/1.1\r\nHost: test\r\n{}", method, target, headers);
  if (!key.empty()) text += fmt::format("Authorization: Bearer {}\r\n", key);
  if (!body.empty()) text += fmt::format("Content-Length: {}\r\nContent-Type: application/json\r\n", body.size());
  return text + "\r\n" + std::string(body);
}

// The types and operations of the tests.
enum class ScheduleType { BASIC, NONE };
BOOST_DESCRIBE_ENUM(ScheduleType, BASIC, NONE)

struct Schedule {
  std::optional<ScheduleType> type;
  std::string expression;
};
BOOST_DESCRIBE_STRUCT(Schedule, (), (type, expression))

struct CacheItem {
  std::string tableName;
  std::optional<Schedule> schedule;
  std::optional<std::int32_t> limit;
};
BOOST_DESCRIBE_STRUCT(CacheItem, (), (tableName, schedule, limit))

struct CacheView {
  std::string id;
  std::string projectId;
  std::optional<std::string> cacheActionLogs;
  std::optional<std::string> error;
  std::vector<std::string> tables;
};
BOOST_DESCRIBE_STRUCT(CacheView, (), (id, projectId, cacheActionLogs, error, tables))

template <>
struct JsonTraits<CacheView> {
  static constexpr std::string_view kOmitted[] = {"cacheActionLogs"};
};

class ServerTest : public ::testing::Test {
 protected:
  static OperationInfo Info(std::string id, Method method, std::string path) {
    return {.id = std::move(id), .method = method, .path = std::move(path), .area = "Cache"};
  }

  // Starts the server; a test may change `settings_`, `door_settings_`, and add to `operations_` and `raw_` before.
  void Start() {
    auto authenticate = [](std::string_view token) -> base::Result<security::Caller> {
      if (token == kPartnerKey)
        return security::Caller{
            .kind = security::Caller::Kind::kPartner, .key_id = "k0", .user_id = "u", .project_id = {}};
      if (token == kProjectKey)
        return security::Caller{
            .kind = security::Caller::Kind::kProject, .key_id = "k1", .user_id = "u", .project_id = "p1"};
      return std::unexpected(base::Error{.kind = base::ErrorKind::kUnauthenticated,
                                         .message = "The API key is not valid",
                                         .fault = base::Fault::kCaller});
    };
    door_ = std::make_unique<Door>(operations_, raw_, authenticate, door_settings_, metrics_);
    settings_.port = 0;
    auto started = Server::Start(settings_, *door_);
    ASSERT_TRUE(started) << started.error().message;
    server_ = *std::move(started);
  }

  WireAnswer Ask(std::string_view method, std::string_view target, std::string_view body = {},
                 std::string_view key = kPartnerKey, std::string_view headers = {}) {
    Client client(server_->port());
    client.Send(Request(method, target, body, key, headers));
    return client.Read(method != "HEAD");
  }

  // Waits up to ten seconds.
  template <class Condition>
  static bool Eventually(const Condition& condition) {
    for (int i = 0; i < 2000; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }

  base::Metrics metrics_;
  std::vector<Operation> operations_;
  std::vector<RawRoute> raw_;
  DoorSettings door_settings_;
  ServerSettings settings_ = {.network_threads = 2, .blocking_threads = 4};
  std::unique_ptr<Door> door_;
  std::unique_ptr<Server> server_;
};

}  // namespace tarn::http
