// One client connection: reads requests, has them run, writes answers. Private to the server.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <unordered_set>

#include "http/door.h"
#include "http/server.h"
#include "http/work_pool.h"

namespace tarn::http {

// What a server asks of its connections, on their own thread.
class OpenConnection {
 public:
  virtual ~OpenConnection() = default;
  // Closes now when idle, else after the answer under way.
  virtual void Drain() = 0;
  // Cancels the call under way and closes.
  virtual void Break() = 0;
  [[nodiscard]] virtual bool busy() const = 0;
};

// A network thread: everything in it is touched by that thread only.
struct NetworkThread {
  std::unordered_set<OpenConnection*> connections;  // before `io`, whose end destroys the connections that are left
  boost::asio::io_context io{1};
};

// What all connections share.
struct Shared {
  ServerSettings settings;
  const Door& door;
  WorkPool& pool;
  base::Gauge& calls_in_flight;
  base::Gauge& open_connections;
  std::atomic<std::size_t> connections = 0;  // accepted and not yet ended
  std::atomic<std::size_t> refusals = 0;     // under way
  std::atomic<bool> draining = false;
};

// Serves the connection, which was counted, until it ends; the coroutine keeps itself alive. `tls` is null for plain
// text. Called on `thread`.
void Serve(Shared& shared, NetworkThread& thread, boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls);

// Tells a client that there are too many, and closes; beyond a few hundred at once it only closes.
void Refuse(Shared& shared, NetworkThread& thread, boost::asio::ip::tcp::socket socket);

}  // namespace tarn::http
