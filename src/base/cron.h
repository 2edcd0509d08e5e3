// UNIX cron expressions, read in a time zone.
#pragma once

#include <bitset>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::base {

// Five fields: minute, hour, day of the month, month, day of the week (0 or 7 is Sunday; months and days also by their
// first three letters). Each is "*" or a list of numbers and ranges, with a step: "1,15", "9-17", "*/10", "8-18/2". As
// in cron, where both kinds of day are restricted, a day that fits one of them is enough.
class Cron final {
 public:
  // Errors: InvalidArgument, also for an expression that no day fits, such as the 30th of February.
  [[nodiscard]] static Result<Cron> Parse(std::string_view text);

  // The first minute after `time` that fits on the clocks of `zone` (an IANA name). A time that the clocks skip is
  // taken at the moment they are put forward, one that they show twice at its first. Errors: InvalidArgument for an
  // unknown zone.
  [[nodiscard]] Result<SystemTime> Next(SystemTime time, std::string_view zone) const;

 private:
  [[nodiscard]] bool FitsDay(unsigned month, unsigned day, unsigned weekday) const;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;
  std::bitset<13> months_;
  std::bitset<7> weekdays_;  // from Sunday
  bool any_day_ = false;
  bool any_weekday_ = false;
};

// Whether it is the name of a time zone. Regardless of case it is not: names are as IANA spells them.
[[nodiscard]] bool IsZoneName(std::string_view name);

}  // namespace tarn::base
