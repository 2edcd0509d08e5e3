// Requests that Tarn sends by itself: callbacks, and questions to models.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::http {

struct OutgoingRequest {
  std::string url;  // http or https
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers = {};  // besides Content-Type: application/json
};

struct IncomingReply {
  long status = 0;
  std::string body;
};

// Sends a body with POST and takes any answer, whatever its status; follows nothing to another place. Certificates are
// verified. Addresses that only a machine's own network has (169.254.0.0/16, fe80::/10) are not spoken to: what gives
// machines their credentials is there.
// Errors: Unavailable; DeadlineExceeded; Cancelled; ResourceExhausted for a body of more than 8 MiB.
[[nodiscard]] base::Result<IncomingReply> Post(const OutgoingRequest& request, const base::CallLimits& limits);

// Whether a text is a URL that Post takes. Errors: InvalidArgument with the field.
[[nodiscard]] base::Result<void> CheckOutgoingUrl(const std::string& url, const std::string& field);

}  // namespace tarn::http
