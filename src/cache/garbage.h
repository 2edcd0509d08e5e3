// Files of the cache folder that nothing names.
#pragma once

#include <filesystem>
#include <functional>
#include <set>
#include <string>

namespace tarn::cache {

// Removes what is in `folder` (<project>/<cache>/…) and not in `named` (paths relative to it), and folders
// that are empty then. `enter(cache_id, work)` decides about one cache's folder: it runs `work`, holding
// whatever keeps refreshes out meanwhile, or leaves it alone. Gives the number of files removed.
int CollectGarbage(const std::filesystem::path& folder, const std::set<std::string>& named,
                   const std::function<void(const std::string& cache_id, const std::function<void()>& work)>& enter);

// Removes what a cache's folder still holds, but the file `except` (a name, may be empty), and the folder if that
// leaves it empty.
int EmptyCacheFolder(const std::filesystem::path& folder, const std::string& except);

}  // namespace tarn::cache
