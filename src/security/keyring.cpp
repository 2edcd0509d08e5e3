#include "security/keyring.h"

#include <sodium.h>

#include <array>

#include "base/ids.h"

namespace tarn::security {

namespace {

constexpr std::size_t kPrefixLength = 8;
constexpr std::size_t kSecretLength = 32;
constexpr std::size_t kShortestGivenKey = 16;
constexpr std::size_t kLongestKey = 256;

// BLAKE2b of the whole key, 256 bits in hexadecimal. Keys are random and long, so neither salt nor a slow hash
// would add to it, and a request stays cheap.
std::string HashOf(std::string_view key) {
  std::array<unsigned char, crypto_generichash_BYTES> hash;
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(key.data()), key.size(), nullptr,
                     0);
  std::string text(2 * hash.size() + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), hash.data(), hash.size());
  text.pop_back();  // the terminating zero
  return text;
}

std::string MakeKey() { return base::NewToken(kPrefixLength) + "." + base::NewToken(kSecretLength); }

bool IsVisibleAscii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

// One answer for all causes: it must not tell which keys exist.
std::unexpected<base::Error> Unauthenticated() {
  return std::unexpected(base::Error{.kind = base::ErrorKind::kUnauthenticated,
                                     .message = "The API key is missing, unknown, revoked or expired",
                                     .fault = base::Fault::kCaller});
}

}  // namespace

KeyRing::KeyRing(store::KeyRepository& keys, store::AccountRepository& accounts, const base::Clock& clock)
    : keys_(keys), accounts_(accounts), clock_(clock) {
  // Chooses the processor's fastest hash. Where it fails there are no random numbers, and making the first key
  // ends the process.
  [[maybe_unused]] const int ready = sodium_init();
}

base::Result<KeyRing::NewKey> KeyRing::CreatePartnerKey(const std::string& user_id, const std::string& name,
                                                        const std::optional<std::string>& given_key) {
  if (given_key && (given_key->size() < kShortestGivenKey || given_key->size() > kLongestKey)) {
    return base::InvalidArgument("A partner key must have 16 to 256 characters");
  }
  if (given_key && !IsVisibleAscii(*given_key)) {
    return base::InvalidArgument("A partner key must consist of visible ASCII characters");
  }
  NewKey made{.key = given_key.value_or(MakeKey()), .record = {}};
  made.record = {.id = base::NewUuid(),
                 .prefix = made.key.substr(0, kPrefixLength),
                 .hash = HashOf(made.key),
                 .name = name,
                 .project_id = "",
                 .user_id = user_id,
                 .created_at = clock_.Now(),
                 .expires_at = std::nullopt};
  TARN_RETURN_IF_ERROR(keys_.Insert(made.record));
  return made;
}

base::Result<KeyRing::NewKey> KeyRing::CreateProjectKey(const std::string& project_id, const std::string& user_id,
                                                        const std::string& name,
                                                        std::optional<base::SystemTime> expires) {
  if (!accounts_.FindProject(project_id)) return base::NotFound("The project does not exist");
  if (expires && *expires <= clock_.Now()) {
    return base::InvalidArgument(fmt::format("Expiry is in the past: \"{}\"", base::FormatTime(*expires)), "expiresAt");
  }
  NewKey made{.key = MakeKey(), .record = {}};
  made.record = {.id = base::NewUuid(),
                 .prefix = made.key.substr(0, kPrefixLength),
                 .hash = HashOf(made.key),
                 .name = name,
                 .project_id = project_id,
                 .user_id = user_id,
                 .created_at = clock_.Now(),
                 .expires_at = expires};
  TARN_RETURN_IF_ERROR(keys_.Insert(made.record));
  return made;
}

base::Result<Caller> KeyRing::Authenticate(std::string_view token) const {
  if (token.empty() || token.size() > kLongestKey) return Unauthenticated();
  // The look-up's time depends on the hash only, which nobody can steer; the comparison is constant-time all the same.
  const std::string hash = HashOf(token);
  const auto key = keys_.FindByHash(hash);
  if (!key || key->hash.size() != hash.size() || sodium_memcmp(key->hash.data(), hash.data(), hash.size()) != 0) {
    return Unauthenticated();
  }
  if (key->expires_at && *key->expires_at <= clock_.Now()) return Unauthenticated();
  return Caller{.kind = key->project_id.empty() ? Caller::Kind::kPartner : Caller::Kind::kProject,
                .key_id = key->id,
                .user_id = key->user_id,
                .project_id = key->project_id};
}

base::Result<void> KeyRing::Revoke(const std::string& project_id, const std::string& key_id) {
  return keys_.Delete(project_id, key_id);
}

}  // namespace tarn::security
