// The one place where an internal error becomes an HTTP answer.
//
//   kind                 status
//   InvalidArgument      400
//   NotFound             404
//   AlreadyExists        400   the contract answers a taken name so
//   Unauthenticated      401
//   PermissionDenied     403
//   FailedPrecondition   400
//   ResourceExhausted    429 with Retry-After, when retryable; 507 when not (a quota or a disk is full)
//   Cancelled            400   somebody else cancelled it; a client that left sees nothing
//   DeadlineExceeded     504
//   Unavailable          400 when a source is at fault (contract 1.7), else 503 with Retry-After
//   NotSupported         400   501 for whole operations that are not built
//   Internal             500 with a fixed text and the request id; the details go to the log only
//
// An operation changes single lines of it through OperationInfo::status_of_kind and status_of_code.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "http/operation.h"

namespace tarn::http {

[[nodiscard]] int StatusOf(const base::Error& error, const OperationInfo& info);

// The message of an error as clients see it: with the field it is about; a fixed text for internal errors. For results
// that report errors of single items.
[[nodiscard]] std::string MessageFor(const base::Error& error);

// The JSON body of an error answer. `request_id` is shown in answers of status 500.
[[nodiscard]] std::string ErrorBody(const base::Error& error, int status, ErrorShape shape,
                                    std::string_view request_id);

// The body of a refusal by the door itself: {"error": "Not Found", "message": …, "errorCode": null, "status": 404}.
[[nodiscard]] std::string RefusalBody(int status, std::string_view message);

// "Not Found"; "Error" for unknown numbers.
[[nodiscard]] std::string_view ReasonOf(int status);

// The answers with these bodies; 401 carries WWW-Authenticate, 429 and 503 Retry-After.
[[nodiscard]] Reply ErrorReply(const base::Error& error, const OperationInfo& info, std::string_view request_id);
[[nodiscard]] Reply Refusal(int status, std::string_view message, Headers headers = {});

}  // namespace tarn::http
