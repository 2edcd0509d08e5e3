#include "connector/sample/sample_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "connector/engine_text.h"
#include "engine/database.h"

namespace tarn::connector::sample {
namespace {

constexpr std::int64_t kMemory = std::int64_t{1} << 30;

class Descriptor final {
 public:
  Descriptor(const std::filesystem::path& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

base::Result<void> Sync(const std::filesystem::path& path, int flags) {
  const Descriptor descriptor(path, flags);
  if (descriptor.number() >= 0 && ::fsync(descriptor.number()) == 0) return {};
  return base::Internal("The sample data could not be made durable");
}

base::Result<void> Generate(const std::filesystem::path& file, const SampleSet& set, const std::string& scale) {
  TARN_ASSIGN_OR_RETURN(const auto database, engine::Database::Open({.file = file, .memory_limit_bytes = kMemory}));
  TARN_ASSIGN_OR_RETURN(const auto session, database->Connect());
  TARN_RETURN_IF_ERROR(session->Execute(fmt::format("LOAD {}", set.name)));
  TARN_RETURN_IF_ERROR(session->Execute(fmt::format("CALL {}(sf = {})", set.generator, scale)));
  TARN_RETURN_IF_ERROR(session->Execute("CHECKPOINT"));
  return {};
}

}  // namespace

base::Result<std::filesystem::path> SampleFile(const std::filesystem::path& folder, const SampleSet& set,
                                               const std::string& scale) {
  auto file = folder / fmt::format("{}-{}.duckdb", set.name, scale);
  std::error_code failure;
  if (std::filesystem::exists(file, failure)) return file;
  std::filesystem::create_directories(folder, failure);
  const Descriptor lock(folder / fmt::format("{}-{}.lock", set.name, scale), O_CREAT | O_RDWR);
  if (lock.number() < 0) return base::Internal("The folder of sample data cannot be written");
  while (::flock(lock.number(), LOCK_EX) != 0) {
    if (errno != EINTR) return base::Internal("The folder of sample data cannot be locked");
  }
  if (std::filesystem::exists(file, failure)) return file;
  const auto partial = folder / fmt::format("{}-{}.partial", set.name, scale);
  std::filesystem::remove(partial, failure);  // what a crash left; the lock is ours
  std::filesystem::remove(partial.string() + ".wal", failure);
  if (auto generated = Generate(partial, set, scale); !generated) {
    std::filesystem::remove(partial, failure);
    return std::unexpected(generated.error());
  }
  TARN_RETURN_IF_ERROR(Sync(partial, O_RDWR));
  std::filesystem::rename(partial, file, failure);
  if (failure) return base::Internal("The sample data could not be put in place");
  TARN_RETURN_IF_ERROR(Sync(folder, O_RDONLY | O_DIRECTORY));
  return file;
}

}  // namespace tarn::connector::sample
