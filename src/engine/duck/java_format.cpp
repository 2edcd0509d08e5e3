#include "engine/duck/java_format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

#include "engine/duck/code_points.h"
#include "engine/duck/expansion.h"

namespace tarn::engine {
namespace {

[[noreturn]] void Refuse(std::string_view pattern) {
  Fail("INVALID_FUNCTION_ARGUMENT", "Invalid format string: " + std::string(pattern.substr(0, 200)));
}

struct Specifier {
  std::size_t index = 0;  // from 1 on; 0: the next
  bool previous = false;  // "<"
  std::string flags = {};
  std::size_t width = 0;
  int precision = -1;
  char conversion = 0;

  [[nodiscard]] bool Has(char flag) const { return flags.find(flag) != std::string::npos; }
};

constexpr std::size_t kWidest = 1'000'000;

// Precondition: `at` stands behind the %.
Specifier Parse(std::string_view pattern, std::size_t& at) {
  Specifier specifier;
  const auto number = [&] {
    std::size_t value = 0;
    const auto [end, failure] = std::from_chars(pattern.data() + at, pattern.data() + pattern.size(), value);
    if (failure == std::errc::result_out_of_range || value > kWidest) Refuse(pattern);
    at = static_cast<std::size_t>(end - pattern.data());
    return value;
  };
  const std::size_t start = at;
  if (at < pattern.size() && pattern[at] >= '1' && pattern[at] <= '9') {
    specifier.index = number();
    if (at < pattern.size() && pattern[at] == '$')
      ++at;
    else {
      specifier.index = 0;
      at = start;
    }
  }
  while (at < pattern.size() && std::string_view("-#+ 0,(<").contains(pattern[at])) {
    if (pattern[at] == '<')
      specifier.previous = true;
    else if (specifier.Has(pattern[at]))
      Refuse(pattern);
    else
      specifier.flags += pattern[at];
    ++at;
  }
  if (at < pattern.size() && pattern[at] >= '1' && pattern[at] <= '9') specifier.width = number();
  if (at < pattern.size() && pattern[at] == '.') {
    ++at;
    if (at == pattern.size() || pattern[at] < '0' || pattern[at] > '9') Refuse(pattern);
    specifier.precision = static_cast<int>(number());
  }
  if (at == pattern.size()) Refuse(pattern);
  specifier.conversion = pattern[at++];
  const bool both = (specifier.Has('-') && specifier.Has('0')) || (specifier.Has('+') && specifier.Has(' '));
  if (both || ((specifier.Has('-') || specifier.Has('0')) && specifier.width == 0)) Refuse(pattern);
  return specifier;
}

std::string Padded(std::string text, const Specifier& specifier) {
  const std::size_t length = CountCodePoints(text);
  if (length >= specifier.width) return text;
  const std::string blanks(specifier.width - length, ' ');
  return specifier.Has('-') ? text + blanks : blanks + text;
}

void GroupThousands(std::string& whole) {
  for (std::size_t i = whole.size(); i > 3;) {
    i -= 3;
    whole.insert(i, 1, ',');
  }
}

// Sign, zeros and width around the digits of a number.
std::string Signed(bool negative, std::string digits, const Specifier& specifier) {
  const bool parentheses = negative && specifier.Has('(');
  std::string sign = parentheses ? "(" : negative ? "-" : specifier.Has('+') ? "+" : specifier.Has(' ') ? " " : "";
  const std::size_t length = sign.size() + digits.size() + (parentheses ? 1 : 0);
  if (specifier.Has('0') && length < specifier.width) digits.insert(0, specifier.width - length, '0');
  return Padded(sign + digits + (parentheses ? ")" : ""), specifier);
}

// Half up to `places` digits behind the point.
std::string Rounded(const std::string& whole, std::string fraction, std::size_t places) {
  const bool up = fraction.size() > places && fraction[places] >= '5';
  fraction.resize(places, '0');
  std::string digits = whole + fraction;
  if (up) {
    std::size_t at = digits.size();
    while (at > 0 && digits[at - 1] == '9') digits[--at] = '0';
    if (at == 0)
      digits.insert(0, 1, '1');
    else
      ++digits[at - 1];
  }
  if (places > 0) digits.insert(digits.size() - places, 1, '.');
  return digits;
}

std::string Fixed(const FormatNumber& number, const Specifier& specifier) {
  std::string_view text = number.digits;
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string whole(text.substr(0, point));
  const std::string fraction(text.substr(std::min(point + 1, text.size())));
  std::string digits =
      Rounded(whole, fraction, static_cast<std::size_t>(specifier.precision < 0 ? 6 : specifier.precision));
  if (specifier.Has(',')) {
    const std::size_t end = std::min(digits.find('.'), digits.size());
    std::string grouped = digits.substr(0, end);
    GroupThousands(grouped);
    digits = grouped + digits.substr(end);
  }
  return Signed(negative, std::move(digits), specifier);
}

std::string Scientific(const FormatNumber& number, const Specifier& specifier) {
  std::string_view text = number.digits;
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string digits = std::string(text.substr(0, point)) + std::string(text.substr(std::min(point + 1, text.size())));
  int exponent = static_cast<int>(point) - 1;
  const std::size_t first = digits.find_first_not_of('0');
  if (first == std::string::npos) {
    digits = "0";
    exponent = 0;
  } else {
    digits.erase(0, first);
    exponent -= static_cast<int>(first);
  }
  std::string mantissa = Rounded(digits.substr(0, 1), digits.substr(1),
                                 static_cast<std::size_t>(specifier.precision < 0 ? 6 : specifier.precision));
  if (mantissa.starts_with("10")) {  // 9.99… became 10
    mantissa.erase(1, 1);
    if (mantissa.size() > 1 && mantissa[1] == '.') mantissa = "1" + mantissa.substr(1);
    ++exponent;
  }
  const std::string power = std::to_string(std::abs(exponent));
  return Signed(negative, mantissa + "e" + (exponent < 0 ? "-" : "+") + (power.size() < 2 ? "0" : "") + power,
                specifier);
}

std::string Whole(std::int64_t value, const Specifier& specifier) {
  const bool negative = value < 0;
  std::string digits = std::to_string(value);
  if (negative) digits.erase(0, 1);
  if (specifier.Has(',')) GroupThousands(digits);
  return Signed(negative, std::move(digits), specifier);
}

// In two's complement, without sign.
std::string Based(std::int64_t value, int base, const Specifier& specifier) {
  std::array<char, 32> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), static_cast<std::uint64_t>(value), base).ptr;
  std::string digits(buffer.data(), end);
  if (specifier.Has('#')) digits.insert(0, base == 16 ? "0x" : "0");
  if (specifier.Has('0') && digits.size() < specifier.width)
    digits.insert(specifier.Has('#') && base == 16 ? 2 : 0, specifier.width - digits.size(), '0');
  return Padded(digits, specifier);
}

// The first characters of a text, as many as the precision says.
std::string Cut(std::string text, const Specifier& specifier) {
  if (specifier.precision >= 0) {
    std::size_t at = 0;
    for (int i = 0; i < specifier.precision && at < text.size(); ++i) {
      ++at;
      while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
    }
    text.resize(at);
  }
  return Padded(std::move(text), specifier);
}

std::string TextOf(const FormatArgument& argument) {
  if (const auto* boolean = std::get_if<bool>(&argument)) return *boolean ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&argument)) return std::to_string(*whole);
  if (const auto* text = std::get_if<std::string>(&argument)) return *text;
  if (const auto* number = std::get_if<FormatNumber>(&argument)) return number->text;
  return "null";
}

std::string Formatted(std::string_view pattern, const Specifier& specifier, const FormatArgument& argument) {
  const bool null = std::holds_alternative<std::monostate>(argument);
  const auto* const number = std::get_if<FormatNumber>(&argument);
  const auto* const whole = std::get_if<std::int64_t>(&argument);
  switch (specifier.conversion) {
    case 's':
      if (specifier.flags.find_first_not_of('-') != std::string::npos) Refuse(pattern);
      if (number != nullptr && number->text.empty()) Fail("NOT_SUPPORTED", "%s of so small a decimal is not supported");
      return Cut(TextOf(argument), specifier);
    case 'b': {
      if (specifier.flags.find_first_not_of('-') != std::string::npos) Refuse(pattern);
      const auto* const boolean = std::get_if<bool>(&argument);
      return Cut(boolean != nullptr ? (*boolean ? "true" : "false") : null ? "false" : "true", specifier);
    }
    case 'd':
    case 'x':
    case 'o':
      if (specifier.precision >= 0 || (!null && whole == nullptr)) Refuse(pattern);
      if (null) return Padded("null", specifier);
      if (specifier.conversion == 'd') {
        if (specifier.Has('#')) Refuse(pattern);
        return Whole(*whole, specifier);
      }
      if (specifier.flags.find_first_not_of("-#0") != std::string::npos) Refuse(pattern);
      return Based(*whole, specifier.conversion == 'x' ? 16 : 8, specifier);
    case 'f':
    case 'e':
      if (!null && number == nullptr) Refuse(pattern);
      if (specifier.Has('#')) Fail("NOT_SUPPORTED", "The flag # of a number with a fraction is not supported");
      if (specifier.conversion == 'e' && specifier.Has(',')) Refuse(pattern);
      if (null) return Padded("null", specifier);
      if (number->digits == "NaN") return Padded("NaN", specifier);
      if (number->digits.ends_with("Infinity")) {
        Specifier plain = specifier;
        std::erase(plain.flags, '0');
        return Signed(number->digits.starts_with('-'), "Infinity", plain);
      }
      return specifier.conversion == 'f' ? Fixed(*number, specifier) : Scientific(*number, specifier);
    case 'c':
      if (!null && whole == nullptr) Refuse(pattern);
      if (null) return Padded("null", specifier);
      Fail("NOT_SUPPORTED", "The conversion %c is not supported");
    case 'S':
    case 'B':
    case 'X':
    case 'E':
    case 'C':
    case 'g':
    case 'G':
    case 'a':
    case 'A':
    case 'h':
    case 'H':
    case 't':
    case 'T': Fail("NOT_SUPPORTED", "The conversion %" + std::string(1, specifier.conversion) + " is not supported");
    default: Refuse(pattern);
  }
}

}  // namespace

std::string JavaFormat(std::string_view pattern, const std::vector<FormatArgument>& arguments) {
  std::string out;
  std::size_t next = 0;
  std::size_t last = arguments.size();  // none yet
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t mark = std::min(pattern.find('%', at), pattern.size());
    out += pattern.substr(at, mark - at);
    if (mark == pattern.size()) break;
    at = mark + 1;
    const Specifier specifier = Parse(pattern, at);
    if (specifier.conversion == 'n' || specifier.conversion == '%') {
      out += specifier.conversion == 'n' ? "\n" : Padded("%", specifier);
      continue;
    }
    const std::size_t index = specifier.previous ? last : specifier.index > 0 ? specifier.index - 1 : next++;
    if (index >= arguments.size()) Refuse(pattern);
    last = index;
    out += Formatted(pattern, specifier, arguments[index]);
  }
  return out;
}

}  // namespace tarn::engine
