// Errors and results. Functions that can fail return Result<T>; exceptions stay inside
// engine and library calls and are caught at that edge.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tarn::base {

// What went wrong, in a closed set. Front doors map kinds to HTTP statuses and Trino errors.
enum class ErrorKind {
  kInvalidArgument,     // the request is malformed or breaks a rule; do not repeat it as it is
  kNotFound,            // the thing named does not exist, or the caller may not know that it does
  kAlreadyExists,       // a name or identity is taken
  kUnauthenticated,     // no key, or one that is unknown, expired or revoked
  kPermissionDenied,    // a valid key that may not do this
  kFailedPrecondition,  // legal in itself, but not in the present state
  kResourceExhausted,   // a quota, a queue or a disk is full
  kCancelled,           // somebody asked for it to stop
  kDeadlineExceeded,    // ran out of time
  kUnavailable,         // a part that is needed does not answer now
  kNotSupported,        // understood, and not built
  kInternal,            // our mistake
};

// Who has to act for the error to go away.
enum class Fault { kCaller, kSource, kUs };

// 1-based position in the caller's SQL text; columns count Unicode code points.
struct SqlPosition {
  int line = 1;
  int column = 1;
  bool operator==(const SqlPosition&) const = default;
};

// An error. `message` is a fixed sentence with its values last, in quotes; never a secret, an
// internal path or a stack. `code` is the stable name that clients branch on (a Trino error
// name such as TABLE_NOT_FOUND, or a contract code such as INVALID_CREDENTIALS); may be empty.
// `field` is the path of the offending request field, such as "[3].tableName"; may be empty.
struct Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::string message;
  std::string code = {};
  std::string field = {};
  std::optional<SqlPosition> position = std::nullopt;
  Fault fault = Fault::kUs;
  bool retryable = false;
};

// The stable lower-case name of a kind, for logs and metrics.
[[nodiscard]] std::string_view ToString(ErrorKind kind);

// A value or an Error. Dropping one does not compile; a deliberate drop is spelled IgnoreError.
template <class T>
class [[nodiscard]] Result final : public std::expected<T, Error> {
 public:
  using std::expected<T, Error>::expected;
};

// Short forms for the usual faults: invalid argument, not found, precondition and not supported
// are the caller's; unavailable is the source's and retryable; internal is ours.
[[nodiscard]] std::unexpected<Error> InvalidArgument(std::string message, std::string field = {});
[[nodiscard]] std::unexpected<Error> NotFound(std::string message, std::string code = {});
[[nodiscard]] std::unexpected<Error> AlreadyExists(std::string message);
[[nodiscard]] std::unexpected<Error> FailedPrecondition(std::string message, std::string code = {});
[[nodiscard]] std::unexpected<Error> ResourceExhausted(std::string message);
// The disk is full, or would be: resource exhausted, and nothing that a repetition mends.
[[nodiscard]] std::unexpected<Error> OutOfSpace(std::string message);
[[nodiscard]] std::unexpected<Error> Cancelled(std::string message);
[[nodiscard]] std::unexpected<Error> DeadlineExceeded(std::string message);
[[nodiscard]] std::unexpected<Error> Unavailable(std::string message);
[[nodiscard]] std::unexpected<Error> NotSupported(std::string message);
[[nodiscard]] std::unexpected<Error> Internal(std::string message);

// Says in the code why an error does not matter here.
template <class T>
void IgnoreError(const Result<T>&, std::string_view /*reason*/) {}

}  // namespace tarn::base

#define TARN_CONCAT_INNER(a, b) a##b
#define TARN_CONCAT(a, b) TARN_CONCAT_INNER(a, b)

// TARN_ASSIGN_OR_RETURN(auto rows, Count(table)): declares `rows`, or returns the error.
#define TARN_ASSIGN_OR_RETURN(declaration, expression) \
  TARN_ASSIGN_OR_RETURN_IMPL(TARN_CONCAT(tarn_result_, __LINE__), declaration, expression)
#define TARN_ASSIGN_OR_RETURN_IMPL(result, declaration, expression) \
  auto result = (expression);                                       \
  if (!result) return std::unexpected(std::move(result).error());   \
  declaration = *std::move(result)

// TARN_RETURN_IF_ERROR(Publish(manifest)): returns the error, if there is one.
#define TARN_RETURN_IF_ERROR(expression)                                                                       \
  do {                                                                                                         \
    if (auto tarn_status = (expression); !tarn_status) return std::unexpected(std::move(tarn_status).error()); \
  } while (false)
