#include "trino/segments.h"

#include <fstream>
#include <vector>

#include "base/ids.h"
#include "base/log.h"

namespace tarn::trino {
namespace {

constexpr std::size_t kIdLength = 32;

void RemoveFile(const std::filesystem::path& file) {
  std::error_code failed;
  std::filesystem::remove(file, failed);
  if (failed) base::log::Warning("segment not removed", {{"reason", failed.message()}});
}

}  // namespace

Segments::Segments(SegmentSettings settings, const base::Clock& clock) : settings_(std::move(settings)), clock_(clock) {
  if (settings_.folder.empty()) return;
  std::error_code failed;
  std::filesystem::remove_all(settings_.folder, failed);
  std::filesystem::create_directories(settings_.folder, failed);
  if (failed) base::log::Warning("folder of segments not made", {{"reason", failed.message()}});
}

bool Segments::Reserve(std::int64_t bytes) {
  const std::scoped_lock lock(mutex_);
  if (settings_.folder.empty() || bytes_ + bytes > settings_.most_bytes) return false;
  bytes_ += bytes;
  return true;
}

base::Result<Segments::Stored> Segments::Store(std::string_view bytes) {
  const auto size = static_cast<std::int64_t>(bytes.size());
  if (!Reserve(size)) return base::ResourceExhausted("There is no room for another segment");
  Stored stored{.id = base::NewToken(kIdLength), .expires = clock_.Now() + settings_.time_to_live};
  std::ofstream file(FileOf(stored.id), std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  const std::scoped_lock lock(mutex_);
  if (!file) {
    bytes_ -= size;
    RemoveFile(FileOf(stored.id));
    return base::ResourceExhausted("A segment could not be written");
  }
  segments_.emplace(stored.id, Segment{.bytes = size, .expires = stored.expires});
  return stored;
}

base::Result<std::string> Segments::Load(const std::string& id) const {
  std::int64_t size = 0;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = segments_.find(id);
    if (found == segments_.end() || found->second.expires <= clock_.Now()) return base::NotFound("Segment not found");
    size = found->second.bytes;
  }
  std::string bytes(static_cast<std::size_t>(size), '\0');
  std::ifstream file(FileOf(id), std::ios::binary);
  file.read(bytes.data(), size);
  if (file.gcount() != size) return base::Internal("A segment's file is not as long as it was");
  return bytes;
}

void Segments::Remove(const std::string& id) {
  const std::scoped_lock lock(mutex_);
  const auto found = segments_.find(id);
  if (found == segments_.end()) return;
  bytes_ -= found->second.bytes;
  segments_.erase(found);
  RemoveFile(FileOf(id));
}

void Segments::Sweep() {
  const auto now = clock_.Now();
  std::vector<std::string> expired;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [id, segment] : segments_) {
      if (segment.expires <= now) expired.push_back(id);
    }
  }
  for (const auto& id : expired) Remove(id);
}

std::int64_t Segments::bytes() const {
  const std::scoped_lock lock(mutex_);
  return bytes_;
}

}  // namespace tarn::trino
