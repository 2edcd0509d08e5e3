// How a client reaches this server: the start of every address that an answer tells.
#pragma once

#include <string>
#include <vector>

#include "http/context.h"

namespace tarn::http {

struct AddressSettings {
  bool uses_tls = false;
  std::string own;                           // "http://127.0.0.1:8080", for requests that do not say whom they ask
  std::vector<std::string> trusted_proxies;  // addresses whose X-Forwarded-* headers are believed
};

// "https://host:port/prefix", without a slash at the end.
[[nodiscard]] std::string BaseUrl(const Context& context, const AddressSettings& settings);

// Whether the client sits on this machine, as far as that can be seen: no trusted proxy stands between.
[[nodiscard]] bool IsLocalPeer(const Context& context, const AddressSettings& settings);

}  // namespace tarn::http
