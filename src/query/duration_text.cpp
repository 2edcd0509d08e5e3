#include <charconv>
#include <cmath>

#include "query/session_properties.h"

namespace tarn::query {

std::optional<std::chrono::milliseconds> ReadDuration(std::string_view text) {
  double count = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count, std::chars_format::fixed);
  if (failure != std::errc{} || count < 0) return std::nullopt;
  std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  const double scale = unit == "ns"   ? 1e-6
                       : unit == "us" ? 1e-3
                       : unit == "ms" ? 1
                       : unit == "s"  ? 1e3
                       : unit == "m"  ? 6e4
                       : unit == "h"  ? 3.6e6
                       : unit == "d"  ? 8.64e7
                                      : -1;
  if (scale < 0 || count * scale > 1e15) return std::nullopt;
  return std::chrono::milliseconds(std::llround(std::ceil(count * scale)));
}

}  // namespace tarn::query
