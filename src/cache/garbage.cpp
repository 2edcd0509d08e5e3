#include "cache/garbage.h"

#include <vector>

namespace tarn::cache {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> Entries(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    entries.push_back(entry->path());
  }
  return entries;
}

// Leaves the folder alone when it is not empty.
void RemoveIfEmpty(const fs::path& folder) {
  std::error_code ignored;
  fs::remove(folder, ignored);
}

int RemoveAll(const fs::path& path) {
  std::error_code error;  // what stays is tried again an hour later
  fs::remove_all(path, error);
  return error ? 0 : 1;
}

}  // namespace

int CollectGarbage(const fs::path& folder, const EnterCache& enter) {
  int removed = 0;
  for (const auto& project : Entries(folder)) {
    for (const auto& cache : Entries(project)) {
      enter(cache.filename().string(), [&](const std::string& stays) { removed += EmptyCacheFolder(cache, stays); });
    }
    RemoveIfEmpty(project);
  }
  return removed;
}

int EmptyCacheFolder(const fs::path& folder, const std::string& except) {
  int removed = 0;
  for (const auto& entry : Entries(folder)) {
    if (except.empty() || entry.filename() != except) removed += RemoveAll(entry);
  }
  RemoveIfEmpty(folder);
  return removed;
}

}  // namespace tarn::cache
