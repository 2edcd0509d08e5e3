// The tables that a folder of files makes.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "connector/source.h"

namespace tarn::connector::files {

inline constexpr std::string_view kDefaultSchema = "default";

struct TableFile {
  TableName name;
  std::filesystem::path file;  // real path, within the folder
};

// Lists files of a known kind that match the pattern, by schema and table. Links that lead out of the folder, and
// names that the engine would take for a pattern, are left out.
[[nodiscard]] base::Result<std::vector<TableFile>> ListFolder(const std::filesystem::path& folder,
                                                              const std::string& pattern);

// The engine function call that reads a file; empty for a kind that is not known.
[[nodiscard]] std::string ReadCall(const std::filesystem::path& file);

}  // namespace tarn::connector::files
