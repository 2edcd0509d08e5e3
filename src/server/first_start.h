// What an empty control store gets: an owner, an organization, its default workspace and a partner key.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"
#include "security/keyring.h"
#include "store/accounts.h"
#include "store/keys.h"

namespace tarn::server {

// Gives the key when one was made, which is the only time that it can be shown. A given key is added when the
// store does not know it yet, also later.
[[nodiscard]] base::Result<std::optional<std::string>> PrepareStore(store::AccountRepository& accounts,
                                                                    const store::KeyRepository& known_keys,
                                                                    security::KeyRing& keys, const base::Clock& clock,
                                                                    const base::SecretString& given_key);

}  // namespace tarn::server
