// Segments of results that clients fetch beside the pages: files in the data folder, kept until they are acknowledged
// or expire.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"

namespace tarn::trino {

struct SegmentSettings {
  std::filesystem::path folder;  // its own; emptied at start. Empty: nothing is ever stored
  std::chrono::seconds time_to_live{3600};
  std::int64_t most_bytes = std::int64_t{4} << 30;
};

// Thread-safe. Blocking: not for network threads.
class Segments final {
 public:
  Segments(SegmentSettings settings, const base::Clock& clock);
  Segments(const Segments&) = delete;
  Segments& operator=(const Segments&) = delete;

  struct Stored {
    std::string id;  // known to whoever was told, and to nobody else: 190 random bits
    base::SystemTime expires;
  };
  // Errors: ResourceExhausted when there is no room, or the disk says so.
  [[nodiscard]] base::Result<Stored> Store(std::string_view bytes);
  // Errors: NotFound once it was removed or has expired; Internal when the file is not what was stored.
  [[nodiscard]] base::Result<std::string> Load(const std::string& id) const;
  // Does nothing where there is no such segment.
  void Remove(const std::string& id);
  // Removes what has expired.
  void Sweep();

  [[nodiscard]] std::int64_t bytes() const;

 private:
  struct Segment {
    std::int64_t bytes = 0;
    base::SystemTime expires;
  };

  [[nodiscard]] std::filesystem::path FileOf(const std::string& id) const { return settings_.folder / id; }
  [[nodiscard]] bool Reserve(std::int64_t bytes);

  const SegmentSettings settings_;
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Segment> segments_;
  std::int64_t bytes_ = 0;  // stored and being stored
};

}  // namespace tarn::trino
