#include "http/server_address.h"

#include <algorithm>
#include <string_view>

namespace tarn::http {
namespace {

constexpr std::size_t kLongestPart = 256;

// A host or path that may be repeated in an address as it is.
bool IsSane(std::string_view text) {
  return !text.empty() && text.size() <= kLongestPart && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view(".-_~:[]/%").find(c) != std::string_view::npos;
  });
}

// The value that the proxy nearest to the client gave.
std::string_view First(std::string_view list) {
  list = list.substr(0, list.find(','));
  while (list.ends_with(' ')) list.remove_suffix(1);
  return list;
}

bool IsTrusted(const Context& context, const AddressSettings& settings) {
  return std::ranges::find(settings.trusted_proxies, context.remote_address()) != settings.trusted_proxies.end();
}

}  // namespace

std::string BaseUrl(const Context& context, const AddressSettings& settings) {
  std::string scheme = settings.uses_tls ? "https" : "http";
  std::string host(context.Header("Host"));
  std::string prefix = context.mount();
  if (IsTrusted(context, settings)) {
    const auto proto = First(context.Header("X-Forwarded-Proto"));
    if (proto == "http" || proto == "https") scheme = proto;
    if (const auto forwarded = First(context.Header("X-Forwarded-Host")); IsSane(forwarded)) {
      host = forwarded;
      const auto port = First(context.Header("X-Forwarded-Port"));
      const bool has_port =
          host.find(':', host.find(']') == std::string::npos ? 0 : host.find(']')) != std::string::npos;
      const bool is_number =
          !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == std::string_view::npos;
      if (!has_port && is_number && port != (scheme == "https" ? "443" : "80")) host.append(":").append(port);
    }
    if (auto before = First(context.Header("X-Forwarded-Prefix")); IsSane(before) && before.starts_with('/')) {
      while (before.ends_with('/')) before.remove_suffix(1);
      prefix = before;
    }
  }
  if (!IsSane(host)) return settings.own + prefix;
  return scheme + "://" + host + prefix;
}

bool IsLocalPeer(const Context& context, const AddressSettings& settings) {
  if (IsTrusted(context, settings)) return false;
  const auto& address = context.remote_address();
  return address.starts_with("127.") || address == "::1" || address.starts_with("::ffff:127.");
}

}  // namespace tarn::http
