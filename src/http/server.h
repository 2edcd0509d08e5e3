// Listens, and carries requests to the door and answers back.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/error.h"
#include "http/door.h"

namespace tarn::http {

struct ServerSettings {
  std::string address = "127.0.0.1";  // an IP address
  std::uint16_t port = 8080;          // 0 takes a free one
  std::string certificate_file = {};  // PEM; with key_file it turns TLS on (1.2 and later)
  std::string key_file = {};

  std::size_t network_threads = 0;  // 0: as many as cores, at most four
  std::size_t blocking_threads = 32;
  std::size_t queue_limit = 1024;        // calls waiting for a blocking thread; more are answered 503
  std::size_t max_connections = 10'000;  // more are answered 503 and closed
  std::size_t max_header_bytes = 128 * 1024;
  std::size_t max_body_bytes = 16 * 1024 * 1024;
  std::uint64_t max_file_bytes = std::uint64_t{16} << 30;  // of bodies that are files
  std::filesystem::path upload_folder = {};                // where these are kept while they are needed

  std::chrono::milliseconds idle_timeout{75'000};    // between requests of a connection
  std::chrono::milliseconds header_timeout{15'000};  // from a request's first byte to the end of its head
  // For the body, over one second for each 32 KiB that were announced.
  std::chrono::milliseconds body_timeout{30'000};
  std::chrono::milliseconds write_timeout{60'000};  // for the client to take one piece of an answer
  // After its deadline a handler has this long to return before the client is answered without it.
  std::chrono::milliseconds deadline_grace{5'000};
};

// A running server. Thread-safe.
class Server final {
 public:
  // Binds and begins to accept. `door` must outlive the server.
  // Errors: InvalidArgument (address, certificate), Unavailable (the port is taken).
  [[nodiscard]] static base::Result<std::unique_ptr<Server>> Start(const ServerSettings& settings, const Door& door);
  // Stops at once, then waits for handlers that are still running.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] bool uses_tls() const;

  // Stops accepting, closes idle connections, lets running requests finish for up to `limit`, then cancels them and
  // closes what is left. Returns how many had to be cancelled. Calling it again does nothing.
  std::size_t Stop(std::chrono::milliseconds limit);

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::http
