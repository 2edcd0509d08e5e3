// Files of the cache folder that nothing names.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace tarn::cache {

// Decides about one cache's folder: runs `sweep` with the name of the one file that stays (or an empty one), holding
// whatever keeps refreshes out meanwhile; or leaves the folder alone.
using EnterCache =
    std::function<void(const std::string& cache_id, const std::function<void(const std::string& stays)>& sweep)>;

// Removes what is in `folder` (<project>/<cache>/…) and does not stay, and folders that are empty then. Gives the
// number of files removed.
int CollectGarbage(const std::filesystem::path& folder, const EnterCache& enter);

// Removes what a cache's folder still holds, but the file `except` (a name, may be empty), and the folder if that
// leaves it empty.
int EmptyCacheFolder(const std::filesystem::path& folder, const std::string& except);

}  // namespace tarn::cache
