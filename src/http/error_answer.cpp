#include "http/error_answer.h"

#include <array>
#include <boost/beast/http/status.hpp>

#include "http/json_write.h"

namespace tarn::http {

namespace {

constexpr int kDomainErrorCode = 100;  // the only one that the contract knows (1.7, E1)

// Names whose place in the second error shape the contract fixes.
struct ContractCode {
  std::string_view code;        // Error::code
  std::string_view error;       // "error"; empty: the status' reason
  std::string_view error_code;  // "errorCode"; empty: null
};
constexpr std::array kContractCodes = {
    ContractCode{"INVALID_CREDENTIALS", "INVALID_CREDENTIALS", ""},
    ContractCode{"INVALID_CONNECTION_ID", "INVALID_CONNECTION_ID", "cn004"},
    ContractCode{"TABLE_NOT_CACHEABLE", "", "TABLE_NOT_CACHEABLE"},
};

void AppendField(std::string_view name, std::string_view value, std::string& out) {
  out.append(",\"").append(name).append("\":");
  AppendJsonText(value, out);
}

void AppendServiceShape(const base::Error& error, int status, std::string& out) {
  ContractCode names{error.code, "", error.code};
  for (const auto& known : kContractCodes) {
    if (known.code == error.code) names = known;
  }
  out.append("{\"error\":");
  AppendJsonText(names.error.empty() ? ReasonOf(status) : names.error, out);
  AppendField("message", MessageFor(error), out);
  out.append(",\"errorCode\":");
  if (names.error_code.empty()) {
    out.append("null");
  } else {
    AppendJsonText(names.error_code, out);
  }
}

void AppendDomainShape(const base::Error& error, std::string& out) {
  out.append("{\"errorCode\":").append(std::to_string(kDomainErrorCode));
  AppendField("message", MessageFor(error), out);
  if (!error.code.empty()) AppendField("error", error.code, out);
}

}  // namespace

int StatusOf(const base::Error& error, const OperationInfo& info) {
  if (const auto found = info.status_of_code.find(error.code); found != info.status_of_code.end()) return found->second;
  if (const auto found = info.status_of_kind.find(error.kind); found != info.status_of_kind.end()) return found->second;
  switch (error.kind) {
    case base::ErrorKind::kInvalidArgument:
    case base::ErrorKind::kAlreadyExists:
    case base::ErrorKind::kFailedPrecondition:
    case base::ErrorKind::kCancelled:
    case base::ErrorKind::kNotSupported: return 400;
    case base::ErrorKind::kUnauthenticated: return 401;
    case base::ErrorKind::kPermissionDenied: return 403;
    case base::ErrorKind::kNotFound: return 404;
    case base::ErrorKind::kResourceExhausted: return error.retryable ? 429 : 507;
    case base::ErrorKind::kDeadlineExceeded: return 504;
    case base::ErrorKind::kUnavailable: return error.fault == base::Fault::kUs ? 503 : 400;
    case base::ErrorKind::kInternal: return 500;
  }
  return 500;
}

std::string MessageFor(const base::Error& error) {
  if (error.kind == base::ErrorKind::kInternal)
    return "Something went wrong inside Tarn; its log tells more under the request id";
  if (error.field.empty()) return error.message;
  return error.message + " (field \"" + error.field + "\")";
}

std::string ErrorBody(const base::Error& error, int status, ErrorShape shape, std::string_view request_id) {
  std::string out;
  const bool by_the_door = status == 401 || status == 403 || status >= 429;
  if (shape == ErrorShape::kService || by_the_door) {
    AppendServiceShape(error, status, out);
  } else {
    AppendDomainShape(error, out);
  }
  if (!error.field.empty()) AppendField("field", error.field, out);
  if (error.position) {
    out.append(",\"line\":").append(std::to_string(error.position->line));
    out.append(",\"column\":").append(std::to_string(error.position->column));
  }
  if (status == 500) AppendField("requestId", request_id, out);
  out.push_back('}');
  return out;
}

std::string RefusalBody(int status, std::string_view message) {
  std::string out = "{\"error\":";
  AppendJsonText(ReasonOf(status), out);
  AppendField("message", message, out);
  out.append(",\"errorCode\":null,\"status\":").append(std::to_string(status)).push_back('}');
  return out;
}

std::string_view ReasonOf(int status) {
  if (status == 507) return "Insufficient Storage";
  const auto known = boost::beast::http::int_to_status(static_cast<unsigned>(status));
  if (known == boost::beast::http::status::unknown) return "Error";
  const auto reason = boost::beast::http::obsolete_reason(known);
  return {reason.data(), reason.size()};
}

Reply ErrorReply(const base::Error& error, const OperationInfo& info, std::string_view request_id) {
  const int status = StatusOf(error, info);
  Reply reply{.status = status, .body = ErrorBody(error, status, info.errors, request_id)};
  if (status == 401) reply.headers.emplace_back("WWW-Authenticate", "Bearer");
  if (status == 429 || status == 503) reply.headers.emplace_back("Retry-After", "1");
  return reply;
}

Reply Refusal(int status, std::string_view message, Headers headers) {
  if (status == 503) headers.emplace_back("Retry-After", "1");
  return Reply{.status = status, .body = RefusalBody(status, message), .headers = std::move(headers)};
}

}  // namespace tarn::http
