// Which files of the machine sources may read: those in the folders that the server's settings name.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"

namespace tarn::connector {

// The path with every symbolic link followed, when it exists and lies in one of the roots; looked up anew
// each time, as links can change.
// Errors: InvalidArgument with code INVALID_CREDENTIALS. It does not tell apart what is outside of the roots from what
// does not exist.
[[nodiscard]] base::Result<std::filesystem::path> AllowedPath(const std::string& path,
                                                              const std::vector<std::filesystem::path>& roots);

// The same once a source is in use: an error is Unavailable.
[[nodiscard]] base::Result<std::filesystem::path> ReachablePath(const std::string& path,
                                                                const std::vector<std::filesystem::path>& roots);

// A text that changes when the file is another one or has other contents: device, file number, size, time of change.
[[nodiscard]] std::string FileIdentity(const std::filesystem::path& file);

}  // namespace tarn::connector
