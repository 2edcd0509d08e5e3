#include "trino/client_headers.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <map>
#include <optional>

#include "http/router.h"
#include "trino/base64.h"
#include "trino/compression.h"
#include "trino/header_list.h"

namespace tarn::trino {
namespace {

constexpr std::string_view kTrino = "X-Trino-";
constexpr std::string_view kPresto = "X-Presto-";
constexpr std::string_view kCompressedText = "$zstd:";
constexpr std::size_t kLongestPrepared = std::size_t{4} << 20;

bool StartsWithIgnoringCase(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && boost::beast::iequals(text.substr(0, start.size()), start);
}

// The headers of one family, by name without prefix in lower case.
class Family final {
 public:
  Family(const http::Headers& headers, std::string_view prefix) : prefix_(prefix) {
    for (const auto& [name, value] : headers) {
      if (!StartsWithIgnoringCase(name, prefix)) continue;
      std::string key(name.substr(prefix.size()));
      std::ranges::transform(key, key.begin(),
                             [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
      auto& all = values_[key];
      all += all.empty() ? value : "," + value;
    }
  }

  [[nodiscard]] bool empty() const { return values_.empty(); }
  [[nodiscard]] std::string_view Get(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::string_view() : Trimmed(found->second);
  }
  [[nodiscard]] std::string Text(std::string_view name) const { return std::string(Get(name)); }

  // "a=x, b=y" with percent-encoded values.
  [[nodiscard]] base::Result<std::map<std::string, std::string>> Pairs(std::string_view name, std::string_view shown,
                                                                       bool encoded_names = false) const {
    std::map<std::string, std::string> pairs;
    for (const auto part : ListItems(Get(name))) {
      const auto equals = part.find('=');
      if (equals == std::string_view::npos || equals == 0) return Invalid(shown);
      const auto key = Trimmed(part.substr(0, equals));
      const auto decoded_key = encoded_names ? http::PercentDecode(key, true) : std::optional<std::string>(key);
      auto value = http::PercentDecode(Trimmed(part.substr(equals + 1)), true);
      if (!decoded_key || decoded_key->empty() || !value) return Invalid(shown);
      pairs[*decoded_key] = *std::move(value);
    }
    return pairs;
  }

  [[nodiscard]] std::unexpected<base::Error> Invalid(std::string_view shown) const {
    return base::InvalidArgument(fmt::format("Invalid {}{} header", prefix_, shown));
  }

 private:
  std::string_view prefix_;
  std::map<std::string, std::string, std::less<>> values_;
};

base::Result<void> ReadPrepared(const Family& family, ClientHeaders& read) {
  TARN_ASSIGN_OR_RETURN(read.client.prepared, family.Pairs("prepared-statement", "Prepared-Statement", true));
  for (auto& [name, text] : read.client.prepared) {
    if (!text.starts_with(kCompressedText)) continue;
    const auto bytes = DecodeBase64(std::string_view(text).substr(kCompressedText.size()));
    auto plain = bytes ? DecompressZstd(*bytes, kLongestPrepared) : std::nullopt;
    if (!plain) return family.Invalid("Prepared-Statement");
    text = *std::move(plain);
  }
  return {};
}

base::Result<void> ReadSession(const Family& family, ClientHeaders& read) {
  read.session.catalog = family.Text("catalog");
  read.session.schema = family.Text("schema");
  if (read.session.catalog.empty() && !read.session.schema.empty()) {
    return base::InvalidArgument("Schema is set but catalog is not");
  }
  if (const auto zone = family.Get("time-zone"); !zone.empty()) read.session.time_zone = zone;
  read.session.user = family.Text("user");
  read.original_user = family.Text("original-user");
  read.language = family.Text("language");

  auto& client = read.client;
  client.source = family.Text("source");
  client.client_info = family.Text("client-info");
  client.trace_token = family.Text("trace-token");
  client.path = family.Text("path");
  for (const auto tag : ListItems(family.Get("client-tags"))) client.client_tags.emplace_back(tag);
  for (const auto capability : ListItems(family.Get("client-capabilities"))) read.capabilities.emplace(capability);
  for (const auto encoding : ListItems(family.Get("query-data-encoding"))) read.data_encodings.emplace_back(encoding);
  if (const auto transaction = family.Get("transaction-id"); !transaction.empty())
    client.transaction_id = std::string(transaction);
  TARN_ASSIGN_OR_RETURN(client.properties, family.Pairs("session", "Session"));
  TARN_ASSIGN_OR_RETURN(client.roles, family.Pairs("role", "Role"));
  return ReadPrepared(family, read);
}

base::Result<void> ReadAuthorization(std::string_view value, ClientHeaders& read) {
  const auto space = std::min(value.find(' '), value.size());
  const auto scheme = value.substr(0, space);
  const auto token = Trimmed(value.substr(space));
  if (boost::beast::iequals(scheme, "Bearer")) {
    read.bearer = base::SecretString(std::string(token));
  } else if (boost::beast::iequals(scheme, "Basic")) {
    const auto decoded = DecodeBase64(token);
    const auto colon = decoded ? decoded->find(':') : std::string::npos;
    if (colon == std::string::npos) return base::InvalidArgument("Invalid Authorization header");
    read.basic_user = decoded->substr(0, colon);
    read.basic_password = base::SecretString(decoded->substr(colon + 1));
  }
  return {};
}

}  // namespace

base::Result<ClientHeaders> ReadClientHeaders(const http::Headers& headers) {
  ClientHeaders read;
  Family family(headers, kTrino);
  if (family.empty()) {
    if (Family presto(headers, kPresto); !presto.empty()) {
      family = std::move(presto);
      read.family = kPresto;
    }
  }
  TARN_RETURN_IF_ERROR(ReadSession(family, read));
  TARN_ASSIGN_OR_RETURN(auto credentials, family.Pairs("extra-credential", "Extra-Credential"));
  if (const auto key = credentials.find("peakaKey"); key != credentials.end())
    read.peaka_key = base::SecretString(key->second);
  if (const auto project = credentials.find("peakaProject"); project != credentials.end())
    read.peaka_project = project->second;
  for (const auto& [name, value] : headers) {
    if (boost::beast::iequals(name, "Authorization")) TARN_RETURN_IF_ERROR(ReadAuthorization(Trimmed(value), read));
    if (boost::beast::iequals(name, "User-Agent")) read.client.user_agent = value;
  }
  return read;
}

}  // namespace tarn::trino
