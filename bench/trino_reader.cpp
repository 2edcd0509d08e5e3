// A raw reader of the Trino protocol: sends a statement, follows its pages over one connection, and looks at no more of
// them than where the next one is.
//
//   trino_reader --port P --key KEY --sql TEXT [--repeat N]
//
// Prints one JSON line for each run: rows as the server counts them, bytes, pages, milliseconds; or the error.
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::size_t kEndBytes = 4096;  // kept of a page's start and end

struct Page {
  int status = 0;
  std::size_t bytes = 0;
  std::string start = {};
  std::string end = {};
};

class Connection final {
 public:
  explicit Connection(int port) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)), buffer_(std::size_t{1} << 18, '\0') {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("no connection");
  }
  ~Connection() { ::close(descriptor_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Page Ask(const std::string& request) {
    for (std::size_t sent = 0; sent < request.size();) {
      const auto count = ::send(descriptor_, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) throw std::runtime_error("connection lost");
      sent += static_cast<std::size_t>(count);
    }
    std::string head;
    std::size_t end = 0;
    while ((end = head.find("\r\n\r\n")) == std::string::npos) head.append(Receive());
    Page page{.status = std::atoi(head.c_str() + 9)};
    rest_ = head.substr(end + 4);
    head.resize(end);
    if (head.find("chunked") != std::string::npos) {
      while (const auto size = std::strtoull(Line().c_str(), nullptr, 16)) {
        Take(page, size);
        Line();
      }
      Line();
    } else if (const auto length = head.find("Content-Length: "); length != std::string::npos) {
      Take(page, static_cast<std::size_t>(std::atoll(head.c_str() + length + 16)));
    }
    return page;
  }

 private:
  // The next bytes of the page's body.
  void Take(Page& page, std::size_t bytes) {
    page.bytes += bytes;
    for (std::string_view piece = rest_;; piece = Receive()) {
      const auto mine = piece.substr(0, bytes);
      if (page.start.size() < kEndBytes) page.start.append(mine.substr(0, kEndBytes));
      page.end.append(mine.substr(mine.size() - std::min(mine.size(), kEndBytes)));
      if (page.end.size() > 2 * kEndBytes) page.end.erase(0, page.end.size() - kEndBytes);
      bytes -= mine.size();
      if (bytes > 0) continue;
      rest_ = std::string(piece.substr(mine.size()));
      return;
    }
  }
  std::string Line() {
    std::size_t end = 0;
    while ((end = rest_.find("\r\n")) == std::string::npos) rest_.append(Receive());
    std::string line = rest_.substr(0, end);
    rest_.erase(0, end + 2);
    return line;
  }
  std::string_view Receive() {
    const auto count = ::recv(descriptor_, buffer_.data(), buffer_.size(), 0);
    if (count <= 0) throw std::runtime_error("connection lost");
    return {buffer_.data(), static_cast<std::size_t>(count)};
  }

  int descriptor_;
  std::string buffer_;
  std::string rest_;  // received, not yet taken
};

// The text or number behind a name; empty where there is none.
std::string_view After(std::string_view text, std::string_view name) {
  const auto at = text.rfind(name);
  if (at == std::string_view::npos) return {};
  auto value = text.substr(at + name.size());
  return value.substr(0, value.find_first_of("\",}"));
}

std::string Run(Connection& connection, const std::string& key, const std::string& sql) {
  const auto started = std::chrono::steady_clock::now();
  auto page = connection.Ask(fmt::format(
      "POST /v1/statement HTTP/1.1\r\nHost: localhost\r\nX-Trino-User: bench\r\nAuthorization: Bearer {}\r\n"
      "X-Trino-Client-Capabilities: PARAMETRIC_DATETIME\r\nContent-Length: {}\r\n\r\n{}",
      key, sql.size(), sql));
  std::size_t bytes = 0;
  int pages = 0;
  for (;;) {
    if (page.status != 200) return fmt::format(R"({{"error":"status {}"}})", page.status);
    bytes += page.bytes;
    if (page.end.find("\"errorName\":") != std::string::npos)
      return fmt::format(R"({{"error":"{}"}})", After(page.end, "\"errorName\":\""));
    const auto uri = After(page.start.substr(0, page.start.find("\"columns\":")), "\"nextUri\":\"http://localhost");
    if (uri.empty()) break;
    page = connection.Ask(fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n", uri));
    ++pages;
  }
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - started;
  return fmt::format(R"({{"rows":{},"bytes":{},"pages":{},"ms":{:.3f}}})", After(page.end, "\"processedRows\":"), bytes,
                     pages, took.count());
}

}  // namespace

int main(int count, char** arguments) {
  std::map<std::string, std::string> options;
  for (int i = 1; i + 1 < count; i += 2) options[arguments[i]] = arguments[i + 1];
  try {
    Connection connection(std::atoi(options["--port"].c_str()));
    const int repeat = options.contains("--repeat") ? std::atoi(options["--repeat"].c_str()) : 1;
    for (int i = 0; i < repeat; ++i) std::cout << Run(connection, options["--key"], options["--sql"]) << "\n";
  } catch (const std::exception& error) {
    std::cerr << "trino_reader: " << error.what() << "\n";
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
