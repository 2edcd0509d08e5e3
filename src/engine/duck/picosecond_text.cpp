#include "engine/duck/picosecond_text.h"

#include <algorithm>
#include <array>

namespace tarn::engine {

char* WritePicosecondTime(char* to, std::int64_t picoseconds, int precision) {
  to = WriteTimeOfDay(to, picoseconds / 1000, std::min(precision, 9));
  auto rest = picoseconds % 1000;
  for (int digit = 10, unit = 100; digit <= precision; ++digit, unit /= 10) {
    *to++ = static_cast<char>('0' + rest / unit);
    rest %= unit;
  }
  return to;
}

char* WritePicosecondTimestamp(char* to, Int128 picoseconds, int precision) {
  constexpr Int128 kDay = 86'400'000'000'000'000;
  const auto days = picoseconds / kDay - (picoseconds % kDay < 0 ? 1 : 0);
  to = WriteDate(to, static_cast<std::int64_t>(days));
  *to++ = ' ';
  return WritePicosecondTime(to, static_cast<std::int64_t>(picoseconds - days * kDay), precision);
}

}  // namespace tarn::engine
