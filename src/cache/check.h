// What `tarn check` does.
#pragma once

#include <filesystem>
#include <iosfwd>

#include "base/error.h"

namespace tarn::cache {

// Verifies every cache and every stored result of a data folder: its file is there, has the size and the checksum of
// the manifest, opens, and has the rows. Prints a line for each. True when all are sound. The server may not be running
// meanwhile. Errors: those of opening the control store.
[[nodiscard]] base::Result<bool> VerifyDataFolder(const std::filesystem::path& folder, std::ostream& out);

}  // namespace tarn::cache
