// The bare network: answers every request with one fixed JSON text, over keep-alive connections, and does nothing else.
//
//   responder PORT THREADS BYTES
#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

std::string JsonOfSize(std::size_t bytes) {
  const std::string head = R"({"id":"960bd651-7b3c-4511-9a88-18e14ac7742a","filling":")";
  return head + std::string(bytes > head.size() + 2 ? bytes - head.size() - 2 : 0, 'x') + "\"}";
}

asio::awaitable<void> Serve(tcp::socket socket, const std::string& body) {
  beast::tcp_stream stream(std::move(socket));
  beast::flat_buffer buffer;
  try {
    while (true) {
      http::request<http::string_body> request;
      co_await http::async_read(stream, buffer, request, asio::use_awaitable);
      http::response<http::string_body> response(http::status::ok, request.version());
      response.set(http::field::content_type, "application/json");
      response.keep_alive(request.keep_alive());
      response.body() = body;
      response.prepare_payload();
      co_await http::async_write(stream, response, asio::use_awaitable);
      if (response.need_eof()) break;
    }
  } catch (const boost::system::system_error&) {
    // The peer is gone.
  }
}

asio::awaitable<void> Accept(unsigned short port, const std::string& body) {
  const auto executor = co_await asio::this_coro::executor;
  tcp::acceptor acceptor(executor, {asio::ip::make_address("127.0.0.1"), port});
  while (true) {
    tcp::socket socket = co_await acceptor.async_accept(asio::make_strand(executor), asio::use_awaitable);
    socket.set_option(tcp::no_delay(true));
    const auto strand = socket.get_executor();
    asio::co_spawn(strand, Serve(std::move(socket), body), asio::detached);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: responder PORT THREADS BYTES\n";
    return 2;
  }
  const int threads = std::atoi(argv[2]);
  const std::string body = JsonOfSize(static_cast<std::size_t>(std::atoi(argv[3])));
  asio::io_context context(threads);
  asio::co_spawn(context, Accept(static_cast<unsigned short>(std::atoi(argv[1])), body), asio::detached);
  std::vector<std::jthread> pool;
  for (int i = 1; i < threads; ++i) pool.emplace_back([&context] { context.run(); });
  context.run();
  return 0;
}
