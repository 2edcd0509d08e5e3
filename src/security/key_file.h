// The file with the master key.
#pragma once

#include <filesystem>

#include "base/error.h"
#include "base/secret.h"

namespace tarn::security {

// Errors: FailedPrecondition (missing, wrong size, not a file, readable by others).
[[nodiscard]] base::Result<base::SecretString> ReadKeyFile(const std::filesystem::path& file, std::size_t key_bytes);

// Writes a new file of mode 0600, whole and durable or not at all; a file that is there stays as it is.
// Errors: Internal when it cannot be written.
[[nodiscard]] base::Result<void> CreateKeyFile(const std::filesystem::path& file, const base::SecretString& key);

}  // namespace tarn::security
