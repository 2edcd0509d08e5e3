#include "engine/duck/errors.h"

#include <array>
#include <charconv>

namespace tarn::engine {
namespace {

using base::Error;
using base::ErrorKind;
using base::Fault;
using duckdb::ExceptionType;

Error Named(ErrorKind kind, std::string message, std::string code, Fault fault = Fault::kCaller) {
  return {.kind = kind, .message = std::move(message), .code = std::move(code), .fault = fault};
}

bool Contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// What a server said, without the query in front of it, which is ours and quotes our own error texts.
std::string_view WithoutQuery(std::string_view message) {
  if (!message.starts_with("Failed to ") && !Contains(message, "Error: Failed to ")) return message;
  const auto said = message.rfind("\": ");
  return said == std::string_view::npos ? message : message.substr(said + 3);
}

// "TRINO:DIVISION_BY_ZERO:Division by zero", possibly behind a prefix of the engine.
std::optional<Error> OwnError(std::string_view message) {
  const auto start = message.find(kNamedErrorPrefix);
  if (start == std::string_view::npos) return std::nullopt;
  const auto rest = message.substr(start + kNamedErrorPrefix.size());
  const auto colon = rest.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto code = rest.substr(0, colon);
  auto text = rest.substr(colon + 1);
  text = text.substr(0, text.find("\n\nLINE "));
  const auto kind = code == "NOT_SUPPORTED" ? ErrorKind::kNotSupported : ErrorKind::kInvalidArgument;
  return Named(kind, std::string(text), std::string(code));
}

// The reason that a source gave, where it is one of those known to hold nothing secret.
std::string_view KnownReason(std::string_view message) {
  static constexpr std::array<std::string_view, 12> kReasons = {"onnection refused",
                                                                "password authentication failed",
                                                                "Access denied",
                                                                "could not translate host name",
                                                                "Unknown MySQL server",
                                                                "timeout expired",
                                                                "timed out",
                                                                "server closed the connection",
                                                                "No route to host",
                                                                "too many connections",
                                                                "permission denied",
                                                                "statement timeout"};
  for (const auto reason : kReasons) {
    if (Contains(message, reason)) return reason == "onnection refused" ? "connection refused" : reason;
  }
  return {};
}

// The source's structure is not what it was when the statement was written for it. The source names its own things
// only.
std::optional<Error> ChangedSource(std::string_view message) {
  if (!Contains(message, "Failed to prepare query") || !Contains(message, "does not exist")) return std::nullopt;
  auto error = Named(ErrorKind::kFailedPrecondition,
                     "A table of the source has changed; a moment later its new structure is known", "TABLE_CHANGED",
                     Fault::kSource);
  error.retryable = true;
  return error;
}

Error SourceError(std::string_view message) {
  if (Contains(message, "No space left")) {
    return Named(ErrorKind::kResourceExhausted, "The disk is full", "INSUFFICIENT_RESOURCES", Fault::kUs);
  }
  const auto reason = KnownReason(message);
  auto error = Named(ErrorKind::kUnavailable,
                     reason.empty() ? "A source or file could not be read"
                                    : "A source could not be read: \"" + std::string(reason) + "\"",
                     "", Fault::kSource);
  error.retryable = true;
  return error;
}

bool IsRemote(std::string_view message) {
  return Contains(message, "Postgres") || Contains(message, "postgres") || Contains(message, "MySQL") ||
         Contains(message, "Failed to execute query") || Contains(message, "Failed to prepare query") ||
         Contains(message, "Failed to fetch");
}

Error CatalogError(std::string_view message) {
  if (Contains(message, "Function with name trino_")) {
    auto name = message.substr(message.find("trino_") + 6);
    name = name.substr(0, name.find_first_of(" \n"));
    return Named(ErrorKind::kNotSupported, "Function '" + std::string(name) + "' is not supported yet",
                 "NOT_SUPPORTED");
  }
  if (Contains(message, "Function with name"))
    return Named(ErrorKind::kNotSupported, SanitizeMessage(message), "FUNCTION_NOT_FOUND");
  if (Contains(message, "Table with name"))
    return Named(ErrorKind::kNotFound, SanitizeMessage(message), "TABLE_NOT_FOUND");
  return Named(ErrorKind::kNotFound, SanitizeMessage(message), "NOT_FOUND");
}

// What LIKE says of its ESCAPE while it runs; the engine takes it for bad syntax.
Error EscapeError(std::string_view message) {
  return Named(ErrorKind::kInvalidArgument,
               Contains(message, "nvalid escape string")
                   ? "Escape string must be a single character"
                   : "Escape character must be followed by '%', '_' or the escape character itself",
               "INVALID_FUNCTION_ARGUMENT");
}

Error InputError(std::string_view message) {
  if (Contains(message, "More than one row returned by a subquery")) {
    return Named(ErrorKind::kInvalidArgument, "Scalar sub-query has returned multiple rows", "SUBQUERY_MULTIPLE_ROWS");
  }
  return Named(ErrorKind::kInvalidArgument, SanitizeMessage(message), "INVALID_FUNCTION_ARGUMENT");
}

Error Unpositioned(ExceptionType type, std::string_view message, Interrupter::Cause cause) {
  // A statement that was stopped is stopped at its source, too, which may tell before the engine does.
  if (cause == Interrupter::Cause::kDeadline) return base::DeadlineExceeded("The statement ran out of time").error();
  if (cause == Interrupter::Cause::kCancelled) return base::Cancelled("The statement was cancelled").error();
  if (type == ExceptionType::INTERRUPT) return base::Internal("The engine stopped the statement").error();
  if (auto own = OwnError(WithoutQuery(message))) return *own;
  if (auto changed = ChangedSource(message)) return *changed;
  if (IsRemote(message)) return SourceError(message);
  switch (type) {
    case ExceptionType::OUT_OF_MEMORY:
      return Named(ErrorKind::kResourceExhausted, "The statement needs more memory than it may use",
                   "EXCEEDED_LOCAL_MEMORY_LIMIT");
    case ExceptionType::IO:
    case ExceptionType::CONNECTION:
    case ExceptionType::NETWORK:
    case ExceptionType::HTTP: return SourceError(message);
    case ExceptionType::DIVIDE_BY_ZERO:
      return Named(ErrorKind::kInvalidArgument, "Division by zero", "DIVISION_BY_ZERO");
    case ExceptionType::OUT_OF_RANGE:
      return Named(ErrorKind::kInvalidArgument, SanitizeMessage(message), "NUMERIC_VALUE_OUT_OF_RANGE");
    case ExceptionType::CONVERSION:
      if (Contains(message, "out of range") || Contains(message, "to DECIMAL")) {
        return Named(ErrorKind::kInvalidArgument, SanitizeMessage(message), "NUMERIC_VALUE_OUT_OF_RANGE");
      }
      return Named(ErrorKind::kInvalidArgument, SanitizeMessage(message), "INVALID_CAST_ARGUMENT");
    case ExceptionType::INVALID_INPUT:
    case ExceptionType::OBJECT_SIZE:
    case ExceptionType::EXPRESSION: return InputError(message);
    case ExceptionType::CONSTRAINT:
      return Named(ErrorKind::kInvalidArgument, SanitizeMessage(message), "CONSTRAINT_VIOLATION");
    case ExceptionType::CATALOG: return CatalogError(message);
    case ExceptionType::BINDER:
    case ExceptionType::MISMATCH_TYPE:
    case ExceptionType::INVALID_TYPE:
    case ExceptionType::PARAMETER_NOT_RESOLVED:
      return Named(ErrorKind::kInvalidArgument, SanitizeMessage(message), "TYPE_MISMATCH");
    case ExceptionType::NOT_IMPLEMENTED:
    case ExceptionType::MISSING_EXTENSION:
    case ExceptionType::AUTOLOAD: return Named(ErrorKind::kNotSupported, SanitizeMessage(message), "NOT_SUPPORTED");
    case ExceptionType::PERMISSION:
      return Named(ErrorKind::kPermissionDenied, "The engine does not allow the statement", "PERMISSION_DENIED");
    case ExceptionType::SYNTAX:
      if (Contains(message, "scape")) return EscapeError(message);
      [[fallthrough]];
    case ExceptionType::PARSER:
      return base::Internal("The engine could not read the statement that was written for it").error();
    default:
      if (!KnownReason(message).empty()) return SourceError(message);
      return base::Internal("The engine failed").error();
  }
}

}  // namespace

std::string SanitizeMessage(std::string_view message) {
  message = message.substr(0, message.find('\n'));
  std::string clean;
  for (std::size_t at = 0; at < message.size();) {
    const auto end = std::min(message.find(' ', at), message.size());
    const auto word = message.substr(at, end - at);
    const auto bare = word.substr(std::min(word.find_first_not_of("\"'(["), word.size()));
    const bool secret = Contains(word, "://") || Contains(word, "password=") || Contains(word, "passwd=");
    const bool path = bare.size() > 1 && bare[0] == '/' && bare[1] != '/' && bare[1] != '(' && bare[1] != '"';
    clean += secret || path ? std::string_view("…") : word;
    if (end < message.size()) clean += ' ';
    at = end + 1;
  }
  return clean;
}

Error ToError(const duckdb::ErrorData& error, Interrupter::Cause cause) {
  auto made = Unpositioned(error.Type(), error.RawMessage(), cause);
  if (const auto found = error.ExtraInfo().find("position"); found != error.ExtraInfo().end()) {
    int offset = 0;
    const auto& digits = found->second;
    if (std::from_chars(digits.data(), digits.data() + digits.size(), offset).ec == std::errc{}) {
      made.position = base::SqlPosition{.line = 1, .column = offset + 1};
    }
  }
  return made;
}

Error CurrentException(Interrupter::Cause cause) {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return Named(ErrorKind::kResourceExhausted, "The statement needs more memory than it may use",
                 "EXCEEDED_LOCAL_MEMORY_LIMIT");
  } catch (const std::exception& exception) {
    return ToError(duckdb::ErrorData(exception), cause);
  } catch (...) {
    return base::Internal("The engine failed").error();
  }
}

}  // namespace tarn::engine
