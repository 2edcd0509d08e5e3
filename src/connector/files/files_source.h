// CSV, Parquet and JSON files in a folder: each file is a table of the schema "default", files in a direct
// sub-folder are tables of a schema with the sub-folder's name.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "connector/source.h"

namespace tarn::connector::files {

// `pattern` selects files by name with * and ?; empty: all of a known kind.
[[nodiscard]] std::unique_ptr<Source> MakeFilesSource(std::string path, std::string pattern,
                                                      std::vector<std::filesystem::path> roots);

}  // namespace tarn::connector::files
