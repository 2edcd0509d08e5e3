// A load generator: N keep-alive connections, each sending the same request and waiting for its answer.
//
//   load --port P --connections N --seconds S [--rate R] [--method GET] [--path /] [--key KEY] [--body TEXT]
//
// Ends after the seconds, or at SIGTERM. Prints one JSON line: requests per second, latencies in milliseconds, and how
// many answers were no 200. With --rate the connections together send R requests a second, and a latency counts from
// the moment the request was due, so that a stalled server cannot hide what it made others wait.
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <chrono>
#include <cmath>
#include <iostream>
#include <map>
#include <string>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using Request = http::request<http::string_body>;

struct Plan {
  unsigned short port = 0;
  int connections = 1;
  double seconds = 1;
  double rate = 0;  // per second over all connections; 0: as fast as the answers come
  Request request;
};

struct Tally {
  std::vector<double> milliseconds;
  std::int64_t errors = 0;
  std::int64_t bytes = 0;
};

asio::awaitable<void> Drive(const Plan& plan, const bool& stopped, int number, Clock::time_point start, Tally& tally) {
  const auto executor = co_await asio::this_coro::executor;
  const Clock::time_point end =
      start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(plan.seconds));
  const auto interval =
      plan.rate > 0
          ? std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(plan.connections / plan.rate))
          : Clock::duration::zero();
  Clock::time_point due = start + interval * number / plan.connections;
  asio::steady_timer timer(executor);
  beast::tcp_stream stream(executor);
  beast::flat_buffer buffer;
  bool connected = false;
  while (Clock::now() < end && !stopped) {
    if (plan.rate > 0) {
      timer.expires_at(due);
      co_await timer.async_wait(asio::use_awaitable);
      if (due >= end) break;
    }
    const Clock::time_point sent = plan.rate > 0 ? due : Clock::now();
    due += interval;
    try {
      if (!connected) {
        co_await stream.async_connect(tcp::endpoint(asio::ip::make_address("127.0.0.1"), plan.port),
                                      asio::use_awaitable);
        stream.socket().set_option(tcp::no_delay(true));
        buffer.clear();
        connected = true;
      }
      stream.expires_after(std::chrono::seconds(60));
      co_await http::async_write(stream, plan.request, asio::use_awaitable);
      http::response_parser<http::string_body> parser;
      parser.body_limit(std::uint64_t{1} << 32);
      co_await http::async_read(stream, buffer, parser, asio::use_awaitable);
      tally.bytes += static_cast<std::int64_t>(parser.get().body().size());
      if (parser.get().result() != http::status::ok) ++tally.errors;
      if (!parser.get().keep_alive()) {
        stream.close();
        connected = false;
      }
    } catch (const boost::system::system_error&) {
      ++tally.errors;
      stream.close();
      connected = false;
    }
    tally.milliseconds.push_back(std::chrono::duration<double, std::milli>(Clock::now() - sent).count());
  }
}

double Percentile(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  const auto index = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size()))) - 1;
  return sorted[std::min(index, sorted.size() - 1)];
}

void Print(Tally& tally, double seconds) {
  std::sort(tally.milliseconds.begin(), tally.milliseconds.end());
  const auto count = tally.milliseconds.size();
  fmt::print(R"({{"requests":{},"errors":{},"bytes":{},"qps":{:.1f},"p50":{:.3f},"p99":{:.3f},"max":{:.3f}}})"
             "\n",
             count, tally.errors, tally.bytes, static_cast<double>(count) / seconds,
             Percentile(tally.milliseconds, 0.5), Percentile(tally.milliseconds, 0.99),
             count == 0 ? 0.0 : tally.milliseconds.back());
}

// Options are pairs of --name and value.
Plan ReadPlan(const std::map<std::string, std::string>& options) {
  const auto value = [&options](const std::string& name, const std::string& otherwise) {
    const auto found = options.find("--" + name);
    return found == options.end() ? otherwise : found->second;
  };
  Plan plan;
  plan.port = static_cast<unsigned short>(std::stoi(value("port", "8080")));
  plan.connections = std::stoi(value("connections", "1"));
  plan.seconds = std::stod(value("seconds", "5"));
  plan.rate = std::stod(value("rate", "0"));
  plan.request.version(11);
  plan.request.method_string(value("method", "GET"));
  plan.request.target(value("path", "/"));
  plan.request.set(http::field::host, "127.0.0.1");
  if (const std::string key = value("key", ""); !key.empty())
    plan.request.set(http::field::authorization, "Bearer " + key);
  if (const std::string body = value("body", ""); !body.empty()) {
    plan.request.set(http::field::content_type, "application/json");
    plan.request.body() = body;
  }
  plan.request.prepare_payload();
  return plan;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    std::map<std::string, std::string> options;
    for (int i = 1; i + 1 < argc; i += 2) options[argv[i]] = argv[i + 1];
    const Plan plan = ReadPlan(options);
    asio::io_context context(1);
    Tally tally;
    bool stopped = false;
    asio::signal_set signals(context, SIGTERM);
    signals.async_wait([&stopped](const boost::system::error_code& error, int) { stopped = !error; });
    int left = plan.connections;
    const auto ended = [&](const std::exception_ptr&) {
      if (--left == 0) signals.cancel();
    };
    const Clock::time_point start = Clock::now();
    for (int i = 0; i < plan.connections; ++i) asio::co_spawn(context, Drive(plan, stopped, i, start, tally), ended);
    context.run();
    Print(tally, std::chrono::duration<double>(Clock::now() - start).count());
    return tally.errors == 0 ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 2;
  }
}
