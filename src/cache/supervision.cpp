#include "cache/supervision.h"

#include <chrono>

#include "cache/generation_file.h"

namespace tarn::cache {
namespace {

constexpr auto kLook = std::chrono::milliseconds(200);
constexpr auto kSignOfLife = std::chrono::seconds(1);
constexpr std::int64_t kAsGoodAsFull = std::int64_t{1} << 20;

bool SaysDiskFull(const std::string& message) {
  return message.find("No space left") != std::string::npos ||
         message.find("max_temp_directory_size") != std::string::npos || message.find("ENOSPC") != std::string::npos;
}

}  // namespace

Supervision::Supervision(const RefreshSpec& spec, const RefreshWatch& watch, engine::Session& session,
                         const base::CallLimits& limits)
    : spec_(spec),
      watch_(watch),
      session_(session),
      limits_{.deadline = limits.deadline, .cancel = stop_.get_token()},
      forward_(limits.cancel, [this] { stop_.request_stop(); }),
      thread_([this] { Watch(); }) {}

Supervision::~Supervision() {
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Supervision::Watch() {
  auto next_sign = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  while (!done_) {
    lock.unlock();
    if (std::chrono::steady_clock::now() >= next_sign) {
      const auto known = rows_.load();
      watch_.progress({.rows = known >= 0 ? known : static_cast<std::int64_t>(session_.Progress()),
                       .bytes = BytesWritten(),
                       .expected_rows = expected_.load()});
      next_sign += kSignOfLife;
    }
    auto disk = CheckDisk();
    lock.lock();
    if (!disk && !passed_) {
      passed_ = std::move(disk).error();
      stop_.request_stop();
    }
    wake_.wait_for(lock, kLook, [this] { return done_; });
  }
}

std::int64_t Supervision::BytesWritten() const {
  const auto file = UnfinishedFile(spec_.folder, spec_.generation);
  return BytesOf(file) + BytesOf(file.string() + ".wal");
}

base::Result<void> Supervision::CheckDisk() const {
  if (spec_.file_budget_bytes > 0 && BytesWritten() > spec_.file_budget_bytes) {
    return base::ResourceExhausted("The copy would pass the project's quota of cached bytes");
  }
  if (spec_.free_space_floor_bytes > 0) {
    TARN_ASSIGN_OR_RETURN(const auto free, FreeBytes(spec_.folder));
    if (free < spec_.free_space_floor_bytes) {
      return base::ResourceExhausted("The refresh would leave too little free space on the disk");
    }
  }
  return {};
}

base::Error Supervision::Explain(base::Error error) const {
  const std::lock_guard lock(mutex_);
  if (passed_) return *passed_;
  // The engine does not always say why a write failed.
  const auto free = FreeBytes(spec_.folder);
  const bool ours = error.kind == base::ErrorKind::kInternal || error.kind == base::ErrorKind::kUnavailable;
  if (SaysDiskFull(error.message) || (ours && free && *free < kAsGoodAsFull)) {
    return base::ResourceExhausted("The disk is full").error();
  }
  return error;
}

}  // namespace tarn::cache
