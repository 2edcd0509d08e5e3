#include "base/error.h"

namespace tarn::base {

std::string_view ToString(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalidArgument: return "invalid_argument";
    case ErrorKind::kNotFound: return "not_found";
    case ErrorKind::kAlreadyExists: return "already_exists";
    case ErrorKind::kUnauthenticated: return "unauthenticated";
    case ErrorKind::kPermissionDenied: return "permission_denied";
    case ErrorKind::kFailedPrecondition: return "failed_precondition";
    case ErrorKind::kResourceExhausted: return "resource_exhausted";
    case ErrorKind::kCancelled: return "cancelled";
    case ErrorKind::kDeadlineExceeded: return "deadline_exceeded";
    case ErrorKind::kUnavailable: return "unavailable";
    case ErrorKind::kNotSupported: return "not_supported";
    case ErrorKind::kInternal: return "internal";
  }
  return "internal";
}

namespace {

std::unexpected<Error> Make(ErrorKind kind, std::string message, Fault fault, bool retryable = false) {
  return std::unexpected(Error{.kind = kind, .message = std::move(message), .fault = fault, .retryable = retryable});
}

}  // namespace

std::unexpected<Error> InvalidArgument(std::string message, std::string field) {
  auto made = Make(ErrorKind::kInvalidArgument, std::move(message), Fault::kCaller);
  made.error().field = std::move(field);
  return made;
}

std::unexpected<Error> NotFound(std::string message, std::string code) {
  auto made = Make(ErrorKind::kNotFound, std::move(message), Fault::kCaller);
  made.error().code = std::move(code);
  return made;
}

std::unexpected<Error> AlreadyExists(std::string message) {
  return Make(ErrorKind::kAlreadyExists, std::move(message), Fault::kCaller);
}

std::unexpected<Error> FailedPrecondition(std::string message, std::string code) {
  auto made = Make(ErrorKind::kFailedPrecondition, std::move(message), Fault::kCaller);
  made.error().code = std::move(code);
  return made;
}

std::unexpected<Error> ResourceExhausted(std::string message) {
  return Make(ErrorKind::kResourceExhausted, std::move(message), Fault::kCaller, true);
}

std::unexpected<Error> OutOfSpace(std::string message) {
  return Make(ErrorKind::kResourceExhausted, std::move(message), Fault::kUs);
}

std::unexpected<Error> Cancelled(std::string message) {
  return Make(ErrorKind::kCancelled, std::move(message), Fault::kCaller);
}

std::unexpected<Error> DeadlineExceeded(std::string message) {
  return Make(ErrorKind::kDeadlineExceeded, std::move(message), Fault::kCaller, true);
}

std::unexpected<Error> Unavailable(std::string message) {
  return Make(ErrorKind::kUnavailable, std::move(message), Fault::kSource, true);
}

std::unexpected<Error> NotSupported(std::string message) {
  auto made = Make(ErrorKind::kNotSupported, std::move(message), Fault::kCaller);
  made.error().code = "NOT_SUPPORTED";
  return made;
}

std::unexpected<Error> Internal(std::string message) {
  return Make(ErrorKind::kInternal, std::move(message), Fault::kUs);
}

}  // namespace tarn::base
