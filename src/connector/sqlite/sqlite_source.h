// SQLite database files, read through the engine's extension.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "connector/source.h"

namespace tarn::connector::sqlite {

[[nodiscard]] std::unique_ptr<Source> MakeSqliteSource(std::string path, std::vector<std::filesystem::path> roots);

}  // namespace tarn::connector::sqlite
