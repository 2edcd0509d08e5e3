#include "http/server.h"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>

#include "http/connection.h"

namespace tarn::http {

namespace net = boost::asio;
using Tcp = net::ip::tcp;

namespace {

constexpr std::size_t kMostNetworkThreads = 4;
constexpr std::chrono::milliseconds kBreakTime{2'000};
constexpr std::chrono::milliseconds kPollTime{5};

base::Result<std::unique_ptr<net::ssl::context>> MakeTls(const ServerSettings& settings) {
  if (settings.certificate_file.empty() && settings.key_file.empty()) return std::unique_ptr<net::ssl::context>();
  auto tls = std::make_unique<net::ssl::context>(net::ssl::context::tls_server);
  boost::system::error_code error;
  SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
  tls->set_options(net::ssl::context::single_dh_use | SSL_OP_NO_RENEGOTIATION, error);
  tls->use_certificate_chain_file(settings.certificate_file, error);
  if (error)
    return base::InvalidArgument(fmt::format("TLS certificate cannot be read: \"{}\"", settings.certificate_file));
  tls->use_private_key_file(settings.key_file, net::ssl::context::pem, error);
  if (error)
    return base::InvalidArgument(
        fmt::format("TLS key cannot be read or does not fit the certificate: \"{}\"", settings.key_file));
  return tls;
}

}  // namespace

struct Server::Impl {
  Impl(const ServerSettings& settings, const Door& door)
      : pool(std::make_unique<WorkPool>(settings.blocking_threads, settings.queue_limit)),
        shared{.settings = settings,
               .door = door,
               .pool = *pool,
               .calls_in_flight = door.metrics().GetGauge("tarn_http_requests_in_flight", "Requests being worked on"),
               .open_connections = door.metrics().GetGauge("tarn_http_connections", "Connections open")} {
    auto count = settings.network_threads;
    if (count == 0) count = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMostNetworkThreads);
    for (std::size_t i = 0; i < count; ++i) {
      networks.push_back(std::make_unique<NetworkThread>());
      guards.push_back(net::make_work_guard(networks.back()->io));
    }
    acceptor = std::make_unique<Tcp::acceptor>(networks.front()->io);
  }

  base::Result<void> Listen() {
    const auto& settings = shared.settings;
    boost::system::error_code error;
    const auto address = net::ip::make_address(settings.address, error);
    if (error)
      return base::InvalidArgument(fmt::format("Listen address is not an IP address: \"{}\"", settings.address));
    const Tcp::endpoint endpoint(address, settings.port);
    acceptor->open(endpoint.protocol(), error);
    if (!error) acceptor->set_option(net::socket_base::reuse_address(true), error);
    if (!error) acceptor->bind(endpoint, error);
    if (!error) acceptor->listen(4096, error);
    if (error) {
      return base::Unavailable(
          fmt::format("Cannot listen: {} at \"{}:{}\"", error.message(), settings.address, settings.port));
    }
    port = acceptor->local_endpoint().port();
    return {};
  }

  void Run() {
    net::co_spawn(networks.front()->io, Accept(), net::detached);
    for (auto& network : networks) {
      threads.emplace_back([&network = *network] { network.io.run(); });
    }
  }

  net::awaitable<void> Accept() {
    constexpr auto kAwait = net::as_tuple(net::use_awaitable);
    net::steady_timer pause(networks.front()->io);
    for (std::size_t next = 0;; ++next) {
      auto& network = *networks[next % networks.size()];
      auto [error, socket] = co_await acceptor->async_accept(network.io, kAwait);
      if (!acceptor->is_open()) co_return;
      if (error) {
        // Most likely out of descriptors: those that are open must go first.
        pause.expires_after(std::chrono::milliseconds(50));
        co_await pause.async_wait(kAwait);
        continue;
      }
      Admit(network, std::move(socket));
    }
  }

  void Admit(NetworkThread& network, Tcp::socket socket) {
    const bool is_one_too_many = shared.connections.fetch_add(1) >= shared.settings.max_connections;
    if (is_one_too_many) {
      shared.connections.fetch_sub(1);
      if (tls) return;  // its client would not understand the refusal
    }
    auto begin = [this, &network, is_one_too_many, socket = std::move(socket)]() mutable {
      if (is_one_too_many) {
        Refuse(shared, network, std::move(socket));
      } else {
        Serve(shared, network, std::move(socket), tls.get());
      }
    };
    net::post(network.io, std::move(begin));
  }

  template <class Work>
  void OnEachThread(const Work& work) {
    for (auto& network : networks) {
      net::post(network->io, [&network = *network, work] {
        // A connection may end while it is told so.
        const std::vector<OpenConnection*> all(network.connections.begin(), network.connections.end());
        for (auto* connection : all) {
          if (network.connections.contains(connection)) work(*connection);
        }
      });
    }
  }

  bool WaitUntilEmpty(std::chrono::milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (shared.connections.load() != 0) {
      if (std::chrono::steady_clock::now() >= end) return false;
      std::this_thread::sleep_for(kPollTime);
    }
    return true;
  }

  std::size_t Stop(std::chrono::milliseconds limit) {
    if (stopped.exchange(true)) return 0;
    std::size_t broken = 0;
    if (!threads.empty()) {
      shared.draining = true;
      net::post(networks.front()->io, [this] {
        boost::system::error_code ignored;
        acceptor->close(ignored);
      });
      OnEachThread([](OpenConnection& connection) { connection.Drain(); });
      if (!WaitUntilEmpty(limit)) {
        broken = shared.connections.load();
        OnEachThread([](OpenConnection& connection) { connection.Break(); });
        WaitUntilEmpty(kBreakTime);
      }
    }
    for (auto& network : networks) network->io.stop();
    threads.clear();
    return broken;
  }

  ~Impl() {
    Stop(std::chrono::milliseconds(0));
    // Work that still runs hands its results to the network threads' queues, so the pool goes first.
    pool.reset();
  }

  std::unique_ptr<net::ssl::context> tls;
  std::unique_ptr<WorkPool> pool;
  Shared shared;
  std::vector<std::unique_ptr<NetworkThread>> networks;
  std::vector<net::executor_work_guard<net::io_context::executor_type>> guards;
  std::unique_ptr<Tcp::acceptor> acceptor;
  std::atomic<bool> stopped = false;
  std::uint16_t port = 0;
  std::vector<std::jthread> threads;
};

base::Result<std::unique_ptr<Server>> Server::Start(const ServerSettings& settings, const Door& door) {
  auto impl = std::make_unique<Impl>(settings, door);
  TARN_ASSIGN_OR_RETURN(impl->tls, MakeTls(settings));
  TARN_RETURN_IF_ERROR(impl->Listen());
  impl->Run();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

std::uint16_t Server::port() const { return impl_->port; }
bool Server::uses_tls() const { return impl_->tls != nullptr; }
std::size_t Server::Stop(std::chrono::milliseconds limit) { return impl_->Stop(limit); }

}  // namespace tarn::http
