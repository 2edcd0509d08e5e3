#include "connector/allowed_path.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

namespace tarn::connector {
namespace {

bool Contains(const std::filesystem::path& root, const std::filesystem::path& path) {
  const auto [end, ignored] = std::ranges::mismatch(root, path);
  return end == root.end();
}

}  // namespace

base::Result<std::filesystem::path> AllowedPath(const std::string& path,
                                                const std::vector<std::filesystem::path>& roots) {
  std::error_code failure;
  auto real = std::filesystem::canonical(path, failure);
  if (!failure && path.starts_with('/')) {
    for (const auto& root : roots) {
      const auto real_root = std::filesystem::canonical(root, failure);
      if (!failure && Contains(real_root, real)) return real;
    }
  }
  auto refused = base::InvalidArgument("The path is not an existing one within the folders that the server allows",
                                       "credential.path");
  refused.error().code = "INVALID_CREDENTIALS";
  return refused;
}

base::Result<std::filesystem::path> ReachablePath(const std::string& path,
                                                  const std::vector<std::filesystem::path>& roots) {
  auto allowed = AllowedPath(path, roots);
  if (!allowed) return base::Unavailable(allowed.error().message);
  return allowed;
}

std::string FileIdentity(const std::filesystem::path& file) {
  struct stat facts {};
  if (::stat(file.c_str(), &facts) != 0) return "";
  return fmt::format("{}:{}:{}:{}.{:09}", facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtim.tv_sec,
                     facts.st_mtim.tv_nsec);
}

}  // namespace tarn::connector
