// Fuzzes what the Trino protocol reads of its clients: any header lines give a session or an error that names a header,
// and never more than was sent.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "trino/client_headers.h"
#include "trino/compression.h"
#include "trino/identity.h"
#include "trino/query_address.h"
#include "trino/session_zone.h"

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

constexpr std::size_t kMostGrown = std::size_t{4} << 20;  // what one compressed statement may grow to

tarn::http::Headers ReadLines(std::string_view text) {
  tarn::http::Headers headers;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size() == text.size() ? line.size() : line.size() + 1);
    const auto colon = line.find(':');
    if (colon != std::string_view::npos) headers.emplace_back(line.substr(0, colon), line.substr(colon + 1));
  }
  return headers;
}

tarn::base::Result<tarn::security::Caller> AnyPartner(std::string_view key) {
  if (key.empty()) return tarn::base::Cancelled("no key");
  return tarn::security::Caller{
      .kind = tarn::security::Caller::Kind::kPartner, .key_id = "k", .user_id = "u", .project_id = ""};
}

void CheckRead(const tarn::trino::ClientHeaders& read, std::size_t sent) {
  Require(read.family == "X-Trino-" || read.family == "X-Presto-");
  for (const auto& [name, text] : read.client.prepared)
    Require(!name.empty() && (text.size() <= sent || text.size() <= kMostGrown));
  for (const auto& [name, value] : read.client.properties) Require(!name.empty() && name.size() + value.size() <= sent);
  const auto zone = tarn::trino::SessionZone(read.session.time_zone);
  Require(zone.has_value() ? !zone->empty() : zone.error().code == "NOT_SUPPORTED");
  const auto who = tarn::trino::Identify(
      read, {.authenticate = AnyPartner, .reach = [](const auto&, const auto&) { return tarn::base::Result<void>(); }});
  Require(who.has_value() ? read.has_credential() && !who->project_id.empty() : !who.error().message.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto headers = ReadLines(text);
  const auto read = tarn::trino::ReadClientHeaders(headers);
  if (read) {
    CheckRead(*read, size);
  } else {
    Require(read.error().kind == tarn::base::ErrorKind::kInvalidArgument && !read.error().message.empty());
  }
  for (const auto& [name, value] : headers) {
    [[maybe_unused]] const auto coding = tarn::trino::ChooseCoding(value);
    if (const auto token = tarn::trino::ReadToken(value)) Require(*token >= 0);
  }
  return 0;
}
