#include "engine/duck/zone_clock.h"

#include <date/tz.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <stdexcept>
#include <utility>

#include "sql/literal.h"

namespace tarn::engine {
namespace {

// Minutes of "+hh:mm"; zero for anything else.
std::int64_t FixedOffset(const std::string& name) {
  if (name.size() != 6 || name[3] != ':') return 0;
  std::int64_t hours = 0;
  std::int64_t minutes = 0;
  std::from_chars(name.data() + 1, name.data() + 3, hours);
  std::from_chars(name.data() + 4, name.data() + 6, minutes);
  return (name[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
}

// The library's calendar ends at the year 32767; further instants keep its last offset.
constexpr std::int64_t kLimit = 900'000'000'000;

date::local_info LocalInfo(const date::time_zone& zone, std::int64_t seconds) {
  return zone.get_info(date::local_seconds(std::chrono::seconds(std::clamp(seconds, -kLimit, kLimit))));
}

}  // namespace

std::optional<std::string> ZoneClock::NormalName(std::string_view name) {
  auto normal = sql::NormalZone(name);
  if (!normal || *normal == "UTC" || normal->starts_with('+') || normal->starts_with('-')) return normal;
  try {
    date::locate_zone(*normal);
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
  return normal;
}

std::int64_t ZoneClock::OffsetOfLocal(std::int64_t seconds) const {
  return zone_ == nullptr ? offset_ : LocalInfo(*zone_, seconds).first.offset.count();
}

bool ZoneClock::Shows(std::int64_t seconds) const {
  return zone_ == nullptr || LocalInfo(*zone_, seconds).result != date::local_info::nonexistent;
}

ZoneClock::ZoneClock(std::string name)
    : name_(std::move(name)),
      valid_from_(std::numeric_limits<std::int64_t>::min()),
      valid_until_(std::numeric_limits<std::int64_t>::max()) {
  if (name_ == "UTC") return;
  if (name_.starts_with('+') || name_.starts_with('-')) {
    offset_ = FixedOffset(name_);
    return;
  }
  try {
    zone_ = date::locate_zone(name_);
    valid_until_ = valid_from_;
  } catch (const std::runtime_error&) {
    zone_ = nullptr;
  }
}

void ZoneClock::LookUp(std::int64_t seconds) {
  if (zone_ == nullptr) return;
  const auto asked = seconds > kLimit ? kLimit : seconds < -kLimit ? -kLimit : seconds;
  const auto info = zone_->get_info(date::sys_seconds(std::chrono::seconds(asked)));
  offset_ = info.offset.count();
  valid_from_ = asked == -kLimit ? std::numeric_limits<std::int64_t>::min() : info.begin.time_since_epoch().count();
  valid_until_ = asked == kLimit ? std::numeric_limits<std::int64_t>::max() : info.end.time_since_epoch().count();
}

}  // namespace tarn::engine
