// A running server: all parts, made in the order of the folders, and the routes in front of them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/limits.h"
#include "server/config.h"

namespace tarn::server {

class Server final {
 public:
  // Locks the data folder, opens the store, publishes the copies, starts schedules and listens.
  // Errors: what stands in the way, in words for the operator.
  [[nodiscard]] static base::Result<std::unique_ptr<Server>> Start(const Config& config);
  ~Server();

  // The address it listens on, such as "http://127.0.0.1:8080".
  [[nodiscard]] std::string address() const;
  // The partner key that this start made; it cannot be shown again.
  [[nodiscard]] const std::optional<std::string>& made_key() const;

  // The text of docs/api-coverage.md.
  [[nodiscard]] std::string CoverageDocument() const;

  // Takes no new requests, lets running ones end, stops refreshes; what is left at the limits is ended.
  void Stop(const base::CallLimits& limits);

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace tarn::server
