// Reading short fixed formats from left to right.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tarn::base {

// How much of a text that was refused an error message repeats.
inline constexpr std::size_t kLongestQuote = 100;

// A place in a text that must outlive it. Everything that does not match leaves the place as it is.
class Scanner final {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool AtEnd() const { return rest_.empty(); }

  bool Take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // The ASCII digits from here on; may be empty.
  std::string_view TakeDigits() {
    std::size_t count = 0;
    while (count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9') ++count;
    const auto digits = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return digits;
  }

  // One to nine digits that stand after a decimal sign, as microseconds; what is finer is cut off.
  std::optional<std::chrono::microseconds> TakeFraction() {
    const auto digits = TakeDigits();
    if (digits.empty() || digits.size() > 9) return std::nullopt;
    std::int64_t value = 0;
    for (std::size_t place = 0; place < 6; ++place) {
      value = value * 10 + (place < digits.size() ? digits[place] - '0' : 0);
    }
    return std::chrono::microseconds(value);
  }

  // A number of exactly `width` digits, of which more may follow.
  std::optional<std::int64_t> TakeNumber(std::size_t width) {
    if (rest_.size() < width) return std::nullopt;
    std::int64_t value = 0;
    for (const char digit : rest_.substr(0, width)) {
      if (digit < '0' || digit > '9') return std::nullopt;
      value = value * 10 + (digit - '0');
    }
    rest_.remove_prefix(width);
    return value;
  }

 private:
  std::string_view rest_;
};

}  // namespace tarn::base
