// What a handler may know about the request it answers.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "http/body_file.h"
#include "http/reply.h"
#include "security/caller.h"

namespace tarn::http {

// Named values in the order in which the request gave them.
using NamedValues = std::vector<std::pair<std::string, std::string>>;

// Everything a request says, checked against the declaration of its operation. Immutable while a handler runs.
struct RequestFacts {
  security::Caller caller;
  std::string method;       // "GET"; a HEAD request runs as GET
  std::string path;         // as sent, without prefix and query
  std::string mount;        // the prefix that the request's path had
  NamedValues path_values;  // percent-decoded, by the names of the declaration
  NamedValues
      query_values;  // percent-decoded; where a name is repeated the last one counts; with declared defaults filled in
  Headers headers;
  std::string body;
  std::shared_ptr<const BodyFile> body_file;  // instead of `body`, where the operation takes files
  std::string request_id;
  std::string remote_address;
  base::CallLimits limits;
};

// Lives as long as the call and the body it streams, so a PullBody may keep a reference to it.
class Context final {
 public:
  explicit Context(RequestFacts facts) : facts_(std::move(facts)) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  // Who asks; empty where the operation needs no key.
  [[nodiscard]] const security::Caller& caller() const { return facts_.caller; }
  // The deadline of the operation, and a stop token that fires when the client leaves or the server stops.
  [[nodiscard]] const base::CallLimits& limits() const { return facts_.limits; }
  // Makes the call's deadline an earlier one, which the request asked for: the answer is then given up like at the
  // operation's own, whether the handler has come back by then or not. Thread-safe.
  void EndBy(base::SteadyTime deadline) const { end_by_.store(deadline.time_since_epoch().count()); }
  [[nodiscard]] base::SteadyTime deadline() const {
    return std::min(facts_.limits.deadline, base::SteadyTime(base::SteadyTime::duration(end_by_.load())));
  }
  [[nodiscard]] const std::string& request_id() const { return facts_.request_id; }
  [[nodiscard]] const std::string& remote_address() const { return facts_.remote_address; }
  [[nodiscard]] const std::string& method() const { return facts_.method; }
  [[nodiscard]] const std::string& path() const { return facts_.path; }
  [[nodiscard]] const std::string& mount() const { return facts_.mount; }
  // The body as it came; for raw routes (operations get theirs read).
  [[nodiscard]] const std::string& body() const { return facts_.body; }
  // Null where the operation takes no files, and where there was no body.
  [[nodiscard]] const std::shared_ptr<const BodyFile>& body_file() const { return facts_.body_file; }

  // A path parameter, decoded; it may hold any UTF-8 text but NUL. Empty when the path declares no such name.
  [[nodiscard]] const std::string& Path(std::string_view name) const;

  // A query parameter or its declared default. Types were checked against the declaration, so the typed forms give
  // nullopt only for what is absent.
  [[nodiscard]] std::optional<std::string> Query(std::string_view name) const;
  [[nodiscard]] std::optional<std::int64_t> QueryInteger(std::string_view name) const;
  [[nodiscard]] std::optional<bool> QueryBoolean(std::string_view name) const;

  // All query parameters; for raw routes, which declare none.
  [[nodiscard]] const NamedValues& query_values() const { return facts_.query_values; }

  // The first header of that name, in any case; empty when there is none.
  [[nodiscard]] std::string_view Header(std::string_view name) const;
  [[nodiscard]] const Headers& headers() const { return facts_.headers; }

 private:
  friend class Call;
  RequestFacts facts_;
  mutable std::atomic<base::SteadyTime::rep> end_by_ = base::SteadyTime::max().time_since_epoch().count();
};

// "true"/"false", in any case. nullopt for anything else.
[[nodiscard]] std::optional<bool> ReadBoolean(std::string_view text);
// A whole decimal number that fits 64 bits. nullopt for anything else.
[[nodiscard]] std::optional<std::int64_t> ReadInteger(std::string_view text);

}  // namespace tarn::http
