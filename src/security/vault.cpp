#include "security/vault.h"

#include <sodium.h>

#include "security/key_file.h"

namespace tarn::security {

namespace {

constexpr std::size_t kKeyBytes = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;
constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;

// Goes before every sealed text, so that another cipher can follow one day.
constexpr std::string_view kForm = "v1:";
constexpr int kBase64 = sodium_base64_VARIANT_ORIGINAL;

unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string EncodeBase64(std::string_view bytes) {
  std::string text(sodium_base64_encoded_len(bytes.size(), kBase64), '\0');
  sodium_bin2base64(text.data(), text.size(), Bytes(bytes), bytes.size(), kBase64);
  text.pop_back();  // the terminating zero
  return text;
}

std::optional<std::string> DecodeBase64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_base642bin(Bytes(bytes), bytes.size(), text.data(), text.size(), nullptr, &size, &end, kBase64) != 0 ||
      end != text.data() + text.size()) {
    return std::nullopt;
  }
  bytes.resize(size);
  return bytes;
}

std::unexpected<base::Error> DoesNotOpen() {
  return base::FailedPrecondition("A stored secret cannot be opened with this master key");
}

}  // namespace

struct Vault::Impl {
  base::SecretString key;
};

Vault::Vault(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Vault::~Vault() = default;

base::Result<std::unique_ptr<Vault>> Vault::Open(const std::filesystem::path& key_file, bool create) {
  if (sodium_init() < 0) return base::Internal("The cryptographic library does not start");
  std::error_code unknown;
  if (create && !std::filesystem::exists(std::filesystem::symlink_status(key_file, unknown))) {
    std::string fresh(kKeyBytes, '\0');
    randombytes_buf(fresh.data(), fresh.size());
    TARN_RETURN_IF_ERROR(CreateKeyFile(key_file, base::SecretString(std::move(fresh))));
  }
  TARN_ASSIGN_OR_RETURN(base::SecretString key, ReadKeyFile(key_file, kKeyBytes));
  return std::unique_ptr<Vault>(new Vault(std::make_unique<Impl>(Impl{std::move(key)})));
}

std::string Vault::Seal(std::string_view text, std::string_view context) const {
  // The nonce goes first. Its 192 random bits never repeat in practice, whatever is sealed with one key.
  std::string sealed(kNonceBytes + text.size() + kTagBytes, '\0');
  randombytes_buf(sealed.data(), kNonceBytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(Bytes(sealed) + kNonceBytes, nullptr, Bytes(text), text.size(),
                                             Bytes(context), context.size(), nullptr, Bytes(sealed),
                                             Bytes(std::string_view(impl_->key.Reveal())));
  return std::string(kForm) + EncodeBase64(sealed);
}

base::Result<base::SecretString> Vault::Open(std::string_view sealed, std::string_view context) const {
  if (!sealed.starts_with(kForm)) return DoesNotOpen();
  const auto bytes = DecodeBase64(sealed.substr(kForm.size()));
  if (!bytes || bytes->size() < kNonceBytes + kTagBytes) return DoesNotOpen();
  const std::string_view view(*bytes);
  std::string text(view.size() - kNonceBytes - kTagBytes, '\0');
  const int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
      Bytes(text), nullptr, nullptr, Bytes(view) + kNonceBytes, view.size() - kNonceBytes, Bytes(context),
      context.size(), Bytes(view), Bytes(std::string_view(impl_->key.Reveal())));
  if (failed != 0) return DoesNotOpen();
  return base::SecretString(std::move(text));
}

}  // namespace tarn::security
