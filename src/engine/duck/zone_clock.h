// Offsets of one time zone, with the last answer kept: neighbouring instants mostly share it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace date {
class time_zone;
}

namespace tarn::engine {

// Not thread-safe.
class ZoneClock final {
 public:
  // A region such as "Europe/Istanbul" or an offset such as "+03:00"; what is unknown counts as UTC.
  explicit ZoneClock(std::string name);

  // The name as Trino writes it: "+2" is "+02:00"; nullopt for what is no zone.
  [[nodiscard]] static std::optional<std::string> NormalName(std::string_view name);

  [[nodiscard]] const std::string& name() const { return name_; }
  // Seconds east of UTC at an instant in seconds since the epoch.
  [[nodiscard]] std::int64_t OffsetAt(std::int64_t seconds) {
    if (seconds < valid_from_ || seconds >= valid_until_) LookUp(seconds);
    return offset_;
  }

  // Seconds east of UTC when the clock shows this many seconds since the epoch's midnight: of two answers the earlier
  // instant's, and of none that of the time before the gap, which moves the clock over it.
  [[nodiscard]] std::int64_t OffsetOfLocal(std::int64_t seconds) const;
  // Whether the clock ever shows that.
  [[nodiscard]] bool Shows(std::int64_t seconds) const;

 private:
  void LookUp(std::int64_t seconds);

  std::string name_;
  const date::time_zone* zone_ = nullptr;  // null: the offset is the same for ever
  std::int64_t offset_ = 0;
  std::int64_t valid_from_;
  std::int64_t valid_until_;
};

}  // namespace tarn::engine
