// What a handler gives back, besides described structs.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"

namespace tarn::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

// Appends the next piece of the body to `out` and says whether there may be more. Called on the blocking pool, never
// twice at once; the next call comes only when the client has taken what came before. Destroyed on the blocking pool.
using PullBody = std::function<base::Result<bool>(std::string& out)>;

// An answer without a body, with the declared success status.
struct NoContent {};

// A body made piece by piece. An error in the first piece becomes an ordinary error answer; a later one breaks
// the connection before the final chunk, so that the client sees a broken answer and never a short one.
struct StreamedBody {
  std::string content_type = "application/json";
  PullBody pull;
  Headers headers = {};  // such as Content-Disposition
};

// A streamed body that has to be waited for without a thread. `wait` must not block; it calls `ready` once, by any
// thread, when `go_on` may be called, or need not wait any more as the call's limits ended. `go_on` runs on the
// blocking pool.
struct LaterBody {
  std::function<void(std::move_only_function<void()> ready)> wait;
  std::function<base::Result<StreamedBody>()> go_on;
};

// A body in three parts whose middle is shared and sent without being copied. `middle` may be null.
struct SharedBody {
  std::string before;
  std::shared_ptr<const std::string> middle;
  std::string after;

  [[nodiscard]] std::size_t size() const { return before.size() + (middle ? middle->size() : 0) + after.size(); }
};

// A complete answer in its own form: a file, an image, text. `status` 0 is the declared success status.
struct Reply {
  int status = 0;
  std::string content_type = "application/json";
  std::variant<std::string, PullBody, SharedBody, LaterBody> body = {};
  Headers headers = {};
};

}  // namespace tarn::http
