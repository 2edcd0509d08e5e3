// Who a client of the protocol is, and which project its session sees.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "security/caller.h"
#include "trino/client_headers.h"

namespace tarn::trino {

// What identities are made from; both only touch memory, or nearly so.
struct IdentityParts {
  // Errors: Unauthenticated.
  std::function<base::Result<security::Caller>(std::string_view key)> authenticate;
  // Whether a partner's caller reaches a project. Errors: NotFound.
  std::function<base::Result<void>(const security::Caller& caller, const std::string& project_id)> reach;
};

struct Identity {
  security::Caller caller;
  std::string project_id;
  std::string user;  // as the client calls itself; the key's user where it does not
};

// The key is taken from the extra credential peakaKey, else from Authorization: Bearer, else from the password of
// Authorization: Basic. A project key sees its own project. A partner key has none, so its client names one: by the
// extra credential peakaProject, or as the user of Authorization: Basic.
// Errors: Unauthenticated (401), PermissionDenied (403).
[[nodiscard]] base::Result<Identity> Identify(const ClientHeaders& headers, const IdentityParts& parts);

}  // namespace tarn::trino
