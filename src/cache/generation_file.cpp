#include "cache/generation_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sodium.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <xxhash.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <memory>
#include <vector>

namespace tarn::cache {
namespace {

constexpr std::size_t kReadBytes = std::size_t{1} << 20;
constexpr std::string_view kKind = "xxh3:";
constexpr std::size_t kOldChecksumBytes = 32;

class OpenFile final {
 public:
  OpenFile(const std::filesystem::path& path, int flags, mode_t mode = 0600)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

// `what` is a sentence's beginning; paths stay out of messages.
std::unexpected<base::Error> Failed(const std::string& what) {
  const int error = errno;
  if (error == ENOSPC || error == EDQUOT) return base::ResourceExhausted(what + ": the disk is full");
  auto failed = base::Unavailable(what + ": " + std::strerror(error));
  failed.error().fault = base::Fault::kUs;
  return failed;
}

base::Result<void> SyncPath(const std::filesystem::path& path, int flags) {
  const OpenFile file(path, flags);
  if (!file.ok() || ::fsync(file.fd()) != 0) return Failed("The copy's file cannot be made durable");
  return {};
}

// Hands the file's content on, piece by piece. Its size.
base::Result<std::int64_t> ReadAll(const std::filesystem::path& path,
                                   const std::function<void(const unsigned char* data, std::size_t size)>& take,
                                   const base::CallLimits& limits) {
  const OpenFile file(path, O_RDONLY);
  if (!file.ok()) return Failed("The copy's file cannot be opened");
  std::vector<unsigned char> buffer(kReadBytes);
  std::int64_t bytes = 0;
  while (true) {
    TARN_RETURN_IF_ERROR(limits.Check());
    const auto count = ::read(file.fd(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Failed("The copy's file cannot be read");
    if (count == 0) return bytes;
    take(buffer.data(), static_cast<std::size_t>(count));
    bytes += count;
  }
}

base::Result<void> CopyInKernel(int from, int to) {
  struct stat status {};
  if (::fstat(from, &status) != 0) return Failed("The copy's file cannot be read");
  auto left = status.st_size;
  while (left > 0) {
    const auto copied = ::copy_file_range(from, nullptr, to, nullptr, static_cast<std::size_t>(left), 0);
    if (copied < 0 && errno == EINTR) continue;
    if (copied <= 0) return Failed("The copy's file cannot be cloned");
    left -= copied;
  }
  return {};
}

}  // namespace

std::string GenerationFileName(std::string_view generation) { return std::string(generation) + ".duckdb"; }

std::filesystem::path UnfinishedFile(const std::filesystem::path& folder, std::string_view generation) {
  return folder / (GenerationFileName(generation) + ".tmp");
}

std::filesystem::path SpillFolder(const std::filesystem::path& folder, std::string_view generation) {
  return folder / (std::string(generation) + ".spill");
}

base::Result<FileSeal> SealOf(const std::filesystem::path& path, const base::CallLimits& limits) {
  const std::unique_ptr<XXH3_state_t, decltype(&::XXH3_freeState)> state(::XXH3_createState(), &::XXH3_freeState);
  if (state == nullptr) return base::Internal("There is no memory for a checksum");
  ::XXH3_128bits_reset(state.get());
  TARN_ASSIGN_OR_RETURN(
      const auto bytes,
      ReadAll(
          path, [&](const auto* data, std::size_t size) { ::XXH3_128bits_update(state.get(), data, size); }, limits));
  const auto sum = ::XXH3_128bits_digest(state.get());
  return FileSeal{.bytes = bytes, .checksum = fmt::format("{}{:016x}{:016x}", kKind, sum.high64, sum.low64)};
}

base::Result<FileSeal> SealLike(const std::filesystem::path& path, std::string_view checksum,
                                const base::CallLimits& limits) {
  if (checksum.starts_with(kKind)) return SealOf(path, limits);
  if (::sodium_init() < 0) return base::Internal("The cryptographic library does not start");
  crypto_generichash_state state;
  ::crypto_generichash_init(&state, nullptr, 0, kOldChecksumBytes);
  TARN_ASSIGN_OR_RETURN(
      const auto bytes,
      ReadAll(
          path, [&](const auto* data, std::size_t size) { ::crypto_generichash_update(&state, data, size); }, limits));
  unsigned char digest[kOldChecksumBytes];
  ::crypto_generichash_final(&state, digest, sizeof digest);
  char text[2 * kOldChecksumBytes + 1];
  return FileSeal{.bytes = bytes, .checksum = ::sodium_bin2hex(text, sizeof text, digest, sizeof digest)};
}

base::Result<void> Finish(const std::filesystem::path& unfinished, const std::filesystem::path& finished) {
  TARN_RETURN_IF_ERROR(SyncPath(unfinished, O_RDONLY));
  if (::rename(unfinished.c_str(), finished.c_str()) != 0) return Failed("The copy's file cannot be named");
  // The cache's folder, its project's and the folder of all: the upper two may be new as well.
  auto folder = finished.parent_path();
  for (int i = 0; i < 3; ++i, folder = folder.parent_path())
    TARN_RETURN_IF_ERROR(SyncPath(folder, O_RDONLY | O_DIRECTORY));
  return {};
}

base::Result<void> CloneFile(const std::filesystem::path& from, const std::filesystem::path& to) {
  const OpenFile source(from, O_RDONLY);
  const OpenFile target(to, O_WRONLY | O_CREAT | O_TRUNC);
  if (!source.ok() || !target.ok()) return Failed("The copy's file cannot be cloned");
  if (::ioctl(target.fd(), FICLONE, source.fd()) == 0) return {};
  auto copied = CopyInKernel(source.fd(), target.fd());
  if (copied || copied.error().kind == base::ErrorKind::kResourceExhausted) return copied;
  std::error_code error;  // some file systems know neither
  std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing, error);
  if (!error) return {};
  errno = error.value();
  return Failed("The copy's file cannot be cloned");
}

void RemoveUnfinished(const std::filesystem::path& folder, std::string_view generation) {
  std::error_code ignored;  // what cannot be removed now is collected as garbage later
  const auto file = UnfinishedFile(folder, generation);
  std::filesystem::remove(file, ignored);
  std::filesystem::remove(file.string() + ".wal", ignored);
  std::filesystem::remove_all(SpillFolder(folder, generation), ignored);
}

std::int64_t BytesOf(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_regular_file(path, error)) {
    const auto size = std::filesystem::file_size(path, error);
    return error ? 0 : static_cast<std::int64_t>(size);
  }
  std::int64_t sum = 0;
  auto entry = std::filesystem::recursive_directory_iterator(path, error);
  for (; !error && entry != std::filesystem::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code gone;
    const auto size = entry->file_size(gone);
    if (!gone) sum += static_cast<std::int64_t>(size);
  }
  return sum;
}

base::Result<std::int64_t> FreeBytes(const std::filesystem::path& path) {
  struct statvfs status {};
  if (::statvfs(path.c_str(), &status) != 0) return Failed("The free space of the disk cannot be read");
  return static_cast<std::int64_t>(status.f_bavail) * static_cast<std::int64_t>(status.f_frsize);
}

}  // namespace tarn::cache
