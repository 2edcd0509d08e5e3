#include "security/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/ids.h"

namespace tarn::security {

namespace {

class Descriptor final {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

std::string Reason() { return std::generic_category().message(errno); }

std::unexpected<base::Error> NotWritten() {
  return base::Internal(fmt::format("The master key's file cannot be written: \"{}\"", Reason()));
}

// The file's bytes as far as they go, at most `most`.
bool ReadAll(int descriptor, std::string& bytes, std::size_t most) {
  bytes.resize(most);
  std::size_t size = 0;
  while (size < most) {
    const ssize_t count = ::read(descriptor, bytes.data() + size, most - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  bytes.resize(size);
  return true;
}

bool WriteAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return ::fsync(descriptor) == 0;
}

bool SyncFolder(const std::filesystem::path& folder) {
  const Descriptor opened(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return opened.is_open() && ::fsync(opened.number()) == 0;
}

}  // namespace

base::Result<base::SecretString> ReadKeyFile(const std::filesystem::path& file, std::size_t key_bytes) {
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!opened.is_open()) {
    if (errno == ENOENT) return base::FailedPrecondition("The master key's file is missing");
    return base::FailedPrecondition(fmt::format("The master key's file cannot be read: \"{}\"", Reason()));
  }
  struct stat status {};
  if (::fstat(opened.number(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return base::FailedPrecondition("The master key's file is not a file");
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return base::FailedPrecondition(fmt::format(
        "The master key's file must be accessible to its owner only, mode 0600: \"{:04o}\"", status.st_mode & 07777U));
  }
  std::string bytes;
  const bool read = ReadAll(opened.number(), bytes, key_bytes + 1);
  const std::size_t size = bytes.size();
  base::SecretString key(std::move(bytes));
  if (!read) return base::FailedPrecondition("The master key's file cannot be read");
  if (size != key_bytes) {
    return base::FailedPrecondition(fmt::format("The master key's file does not have {} bytes", key_bytes));
  }
  return key;
}

base::Result<void> CreateKeyFile(const std::filesystem::path& file, const base::SecretString& key) {
  // Written under another name and then linked, which fails where a file is: a crash leaves no half of a key.
  const std::filesystem::path draft = file.string() + "." + base::NewToken(8);
  const Descriptor opened(::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!opened.is_open()) return NotWritten();
  const bool written = WriteAll(opened.number(), key.Reveal());
  const bool linked = written && (::link(draft.c_str(), file.c_str()) == 0 || errno == EEXIST);
  const auto failure = linked ? base::Result<void>() : base::Result<void>(NotWritten());
  ::unlink(draft.c_str());
  TARN_RETURN_IF_ERROR(failure);
  if (!SyncFolder(file.parent_path())) return NotWritten();
  return {};
}

}  // namespace tarn::security
