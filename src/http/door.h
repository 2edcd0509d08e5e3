// Decides what a request may do and runs it: everything between the wire and a handler, without the network.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/metrics.h"
#include "http/error_answer.h"
#include "http/operation.h"
#include "http/router.h"
#include "security/caller.h"

namespace tarn::http {

// Who holds the key? Called on network threads for every request: it must only touch memory, or nearly so.
// Errors: Unauthenticated for a key that is unknown, expired or revoked.
using Authenticate = std::function<base::Result<security::Caller>(std::string_view token)>;

// Takes the answer of a handler that answers later; to be called once, by any thread. The context lives as long.
using Respond = std::function<void(base::Result<Reply>)>;

// A path outside the REST API, such as /healthz: no key, no reading of the body, no declared query.
struct RawRoute {
  std::string id;                // for metrics and logs
  Method method = Method::kGet;  // a HEAD request runs the GET of its path unless there is a route of its own
  std::string path;              // from the root: "/healthz"; a last segment "{rest*}" takes everything that is left
  std::function<base::Result<Reply>(const Context&)> run = {};
  // Instead of `run`, for answers that must be waited for without a thread: called on a network thread, must not block.
  std::function<void(const Context&, Respond)> begin = {};
  bool fast = false;
  std::chrono::seconds deadline{30};
};

struct DoorSettings {
  std::string base_path = "/api/v1";
  std::string prefix = {};                        // "/tarn": also answers below it, for proxies that do not strip it
  std::vector<std::string> allowed_origins = {};  // for browsers; "*" allows every one
};

// What the wire knows of a request before its body.
struct RequestHead {
  std::string method;
  std::string target;  // as sent: path and query, or an absolute address
  Headers headers;
  std::string remote_address;
};

struct Route;

// One admitted request. Run, Begin and Pull are called by one thread at a time; Cancel by any.
class Call final : public std::enable_shared_from_this<Call> {
 public:
  Call(const Route& route, RequestFacts facts, std::stop_source stop);

  // The body, before Run.
  void SetBody(std::string body);
  // Whether the body goes to disk instead; then all of it is given piece by piece, which blocks. Errors: as
  // BodyFile.
  [[nodiscard]] bool takes_file() const;
  [[nodiscard]] base::Result<void> AppendToFile(const std::filesystem::path& folder, std::string_view bytes);
  // Reads the body, runs the handler, and pulls the first piece of a streamed body. Never throws.
  void Run();
  // After Run: whether the answer has to be waited for. Then Wait calls `ready` once, by any thread, and GoOn does the
  // rest of Run.
  [[nodiscard]] bool waits() const { return later_.has_value(); }
  void Wait(std::move_only_function<void()> ready) { later_->wait(std::move(ready)); }
  void GoOn();
  // Whether the handler answers later; then Begin takes the place of Run. `done` is called once, by any thread, when
  // the answer is there.
  [[nodiscard]] bool answers_later() const;
  void Begin(std::function<void()> done);
  // Pulls the next piece; false when there was an error, after which the answer must be broken off.
  [[nodiscard]] bool Pull();
  // Ends a streamed body early or late, where its makings are freed.
  void DropBody() { pull_ = nullptr; }

  void Cancel() { stop_.request_stop(); }
  [[nodiscard]] bool fast() const;
  [[nodiscard]] base::SteadyTime deadline() const { return context_.deadline(); }
  [[nodiscard]] const std::string& request_id() const { return context_.request_id(); }
  [[nodiscard]] const Route& route() const { return route_; }

  // After Run: the head of the answer; its body where it is a text.
  [[nodiscard]] Reply& reply() { return reply_; }
  // After Run and each Pull: what to send, and whether there is more.
  [[nodiscard]] std::string& piece() { return piece_; }
  [[nodiscard]] bool streams() const { return pull_ != nullptr; }

 private:
  base::Result<Reply> Handle();
  base::Result<Reply> WithFirstPiece(Reply reply);
  void Take(base::Result<Reply> result);
  base::Result<void> PullPiece();
  void Fail(base::Error error);

  const Route& route_;
  Context context_;
  std::stop_source stop_;
  std::shared_ptr<BodyFile> body_file_;
  Reply reply_;
  std::string piece_;
  PullBody pull_;
  std::optional<LaterBody> later_;
};

// Thread-safe after construction.
class Door final {
 public:
  Door(std::vector<Operation> operations, std::vector<RawRoute> raw_routes, Authenticate authenticate,
       DoorSettings settings, base::Metrics& metrics);
  ~Door();
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  // A request is admitted, or answered at once (a refusal, or the answer to OPTIONS).
  struct Entry {
    std::shared_ptr<Call> call;
    Reply answer;   // when there is no call
    Headers extra;  // to add to the answer, whatever it is
    std::string request_id;
    // For Record:
    const Route* route = nullptr;  // null when there was none
    std::string method;
    std::string path;     // without the query, which may hold what is nobody's business
    std::string project;  // that the path names, where the caller reaches it
    std::string key;      // the caller's key, by its id
  };
  [[nodiscard]] Entry Admit(RequestHead head) const;

  // Counts an answer and writes its line of the log: at level info, and debug for the probes that come every few
  // seconds.
  void Record(const Entry& entry, int status, std::chrono::steady_clock::time_point since) const;

  [[nodiscard]] base::Metrics& metrics() const { return metrics_; }
  [[nodiscard]] const std::vector<Operation>& operations() const { return operations_; }

 private:
  base::Result<security::Caller> Identify(const OperationInfo& info, const Headers& headers) const;
  Entry AdmitTo(const Route& route, RequestHead head, std::string_view query, NamedValues path_values,
                Entry entry) const;
  std::string_view WithoutPrefix(std::string_view path) const;
  void AddOriginHeaders(const Headers& headers, Headers& extra) const;
  Reply AnswerOptions(std::string_view path, const Headers& headers) const;
  std::string NewRequestId() const;

  std::vector<Operation> operations_;
  Authenticate authenticate_;
  DoorSettings settings_;
  base::Metrics& metrics_;
  Router router_;
  std::vector<std::unique_ptr<Route>> routes_;
  std::unique_ptr<Route> no_route_;
  std::string id_prefix_;
  mutable std::atomic<std::uint64_t> next_id_ = 1;
};

// The value of a header in any case; empty when there is none.
[[nodiscard]] std::string_view FindHeader(const Headers& headers, std::string_view name);

}  // namespace tarn::http
