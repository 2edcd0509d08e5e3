// API keys: made, recognised, revoked.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "security/caller.h"
#include "store/accounts.h"
#include "store/keys.h"

namespace tarn::security {

// Thread-safe. Keys have the form <8 characters>.<32 characters> of [A-Za-z0-9]; the store gets their BLAKE2b
// hash. A partner key may also be given by the operator, in any form.
class KeyRing final {
 public:
  KeyRing(store::KeyRepository& keys, store::AccountRepository& accounts, const base::Clock& clock);

  struct NewKey {
    std::string key;  // to be shown once
    store::ApiKey record;
  };

  // Errors: InvalidArgument for a given key under 16 or over 256 characters or with others than visible ASCII;
  // AlreadyExists when the given key is in use.
  [[nodiscard]] base::Result<NewKey> CreatePartnerKey(const std::string& user_id, const std::string& name,
                                                      const std::optional<std::string>& given_key = std::nullopt);
  // Errors: NotFound when the project does not exist; InvalidArgument (expiresAt) for an expiry that has passed.
  [[nodiscard]] base::Result<NewKey> CreateProjectKey(const std::string& project_id, const std::string& user_id,
                                                      const std::string& name,
                                                      std::optional<base::SystemTime> expires = std::nullopt);

  // From memory, in a few microseconds.
  // Errors: Unauthenticated for a key that is malformed, unknown, revoked or expired; the message is the same for all.
  [[nodiscard]] base::Result<Caller> Authenticate(std::string_view token) const;

  // From the next Authenticate on. `project_id` empty: a partner key. Errors: NotFound.
  [[nodiscard]] base::Result<void> Revoke(const std::string& project_id, const std::string& key_id);

 private:
  store::KeyRepository& keys_;
  store::AccountRepository& accounts_;
  const base::Clock& clock_;
};

}  // namespace tarn::security
