#include "http/answer_head.h"

#include <fmt/format.h>

#include <ctime>

#include "http/error_answer.h"

namespace tarn::http {

namespace {

// The Date header's text (RFC 9110, 5.6.7), made once a second on each thread.
std::string_view DateText() {
  thread_local std::time_t made_at = -1;
  thread_local std::string text;
  const std::time_t now = std::time(nullptr);
  if (now != made_at) {
    constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm utc{};
    gmtime_r(&now, &utc);
    text = fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", kDays[utc.tm_wday], utc.tm_mday, kMonths[utc.tm_mon],
                       utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
    made_at = now;
  }
  return text;
}

void AppendHeader(std::string_view name, std::string_view value, std::string& out) {
  out.append(name).append(": ");
  for (const char c : value) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) out.push_back(c);
  }
  out.append("\r\n");
}

}  // namespace

void AppendHead(const AnswerHead& head, const Headers& headers, const Headers& extra, std::string& out) {
  out.append("HTTP/1.1 ").append(std::to_string(head.status)).append(" ").append(ReasonOf(head.status)).append("\r\n");
  out.append(
      "Server: Tarn\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\n"
      "Referrer-Policy: no-referrer\r\n");
  AppendHeader("Date", DateText(), out);
  if (!head.request_id.empty()) AppendHeader("X-Request-Id", head.request_id, out);
  if (!head.content_type.empty()) AppendHeader("Content-Type", head.content_type, out);
  if (head.chunked) {
    out.append("Transfer-Encoding: chunked\r\n");
  } else if (head.length && head.status != 204 && head.status != 304) {
    AppendHeader("Content-Length", std::to_string(*head.length), out);
  }
  for (const auto& [name, value] : headers) AppendHeader(name, value, out);
  for (const auto& [name, value] : extra) AppendHeader(name, value, out);
  if (head.close) out.append("Connection: close\r\n");
  out.append("\r\n");
}

}  // namespace tarn::http
