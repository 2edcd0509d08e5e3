// The text of an answer's head.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "http/reply.h"

namespace tarn::http {

struct AnswerHead {
  int status = 200;
  std::string_view content_type;      // empty: none
  std::optional<std::size_t> length;  // of the body; without it the body is chunked, or ends with the connection
  bool chunked = false;
  bool close = false;
  std::string_view request_id;
};

// Appends status line and headers, with the empty line at the end. Control characters in header values are dropped, so
// that no value can begin a header of its own.
void AppendHead(const AnswerHead& head, const Headers& headers, const Headers& extra, std::string& out);

}  // namespace tarn::http
