// Sealing of secrets with the master key: XChaCha20-Poly1305 with a random nonce.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/secret.h"

namespace tarn::security {

// Thread-safe. The master key lives in a file of its own (mode 0600) beside the control store.
class Vault final {
 public:
  // Reads the key file, or makes it when it is missing and `create` is set.
  // Errors: FailedPrecondition (missing, wrong size, readable by others).
  [[nodiscard]] static base::Result<std::unique_ptr<Vault>> Open(const std::filesystem::path& key_file, bool create);
  ~Vault();

  // `context` is bound to the sealed text (a connection's id): a text sealed for another one does not open.
  [[nodiscard]] std::string Seal(std::string_view text, std::string_view context) const;
  // Errors: FailedPrecondition when the text was changed or sealed with another key or context.
  [[nodiscard]] base::Result<base::SecretString> Open(std::string_view sealed, std::string_view context) const;

 private:
  struct Impl;
  explicit Vault(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::security
