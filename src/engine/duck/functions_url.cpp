// Addresses of the web, after RFC 2396 as Java reads it, and texts that state sizes and durations.
#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>

#include "engine/duck/decimal_math.h"
#include "engine/duck/functions.h"
#include "engine/duck/row_function.h"

namespace tarn::engine {
namespace {

[[noreturn]] void Refuse(const std::string& message) { Fail("INVALID_FUNCTION_ARGUMENT", message); }

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// %XX decoded; nullopt for a broken one.
std::optional<std::string> Unescape(std::string_view text, bool plus_is_blank) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_blank) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (i + 2 >= text.size() || HexDigit(text[i + 1]) < 0 || HexDigit(text[i + 2]) < 0) return std::nullopt;
      out += static_cast<char>(HexDigit(text[i + 1]) << 4 | HexDigit(text[i + 2]));
      i += 2;
    }
  }
  return out;
}

std::string UrlEncode(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && (std::isalnum(byte) || std::string_view("-_.*").find(c) != std::string_view::npos))
      out += c;
    else if (c == ' ')
      out += '+';
    else
      (out += '%') += {kHex[byte >> 4], kHex[byte & 15]};
  }
  return out;
}
std::string UrlDecode(std::string_view text) {
  auto decoded = Unescape(text, true);
  if (!decoded) Refuse("Text has an incomplete escape: \"" + std::string(text.substr(0, 100)) + "\"");
  return *std::move(decoded);
}

struct Url {
  std::string_view scheme, authority, path, query, fragment;
  bool has_query = false;
};

// Characters that Java's URI allows, besides letters, digits, and those outside ASCII.
bool IsUrlText(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x80 || std::isalnum(byte)) continue;
    if (text[i] == '%') {
      if (i + 2 >= text.size() || HexDigit(text[i + 1]) < 0 || HexDigit(text[i + 2]) < 0) return false;
      continue;
    }
    if (std::string_view("-_.!~*'(),;:$&+=?/[]@#").find(text[i]) == std::string_view::npos) return false;
  }
  return true;
}

std::optional<Url> ParseUrl(std::string_view text) {
  if (!IsUrlText(text)) return std::nullopt;
  Url url;
  if (const auto hash = text.find('#'); hash != std::string_view::npos) {
    url.fragment = text.substr(hash + 1);
    if (url.fragment.find('#') != std::string_view::npos) return std::nullopt;
    text = text.substr(0, hash);
  }
  const auto end = text.find_first_of(":/?");
  if (end != std::string_view::npos && text[end] == ':') {
    url.scheme = text.substr(0, end);
    if (end == 0 || !std::isalpha(static_cast<unsigned char>(text[0])) || end + 1 == text.size()) return std::nullopt;
    for (const char c : url.scheme) {
      if (!std::isalnum(static_cast<unsigned char>(c)) && c != '+' && c != '-' && c != '.') return std::nullopt;
    }
    text.remove_prefix(end + 1);
    if (!text.starts_with('/')) return url;  // opaque, as in mailto:a@b
  }
  if (const auto mark = text.find('?'); mark != std::string_view::npos) {
    url.query = text.substr(mark + 1);
    url.has_query = true;
    text = text.substr(0, mark);
  }
  if (text.starts_with("//")) {
    const auto slash = text.find('/', 2);
    url.authority = text.substr(2, slash == std::string_view::npos ? slash : slash - 2);
    if (url.authority.empty() && slash == std::string_view::npos) return std::nullopt;
    text = slash == std::string_view::npos ? std::string_view{} : text.substr(slash);
  }
  url.path = text;
  return url;
}

// Host and port of an authority; no host where it is not one of a server.
std::pair<std::string_view, std::string_view> HostAndPort(std::string_view authority) {
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  std::string_view port;
  const auto colon = authority.rfind(':');
  if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
    port = authority.substr(colon + 1);
    authority = authority.substr(0, colon);
    if (port.find_first_not_of("0123456789") != std::string_view::npos) return {};
  }
  if (!authority.starts_with('[')) {
    for (const char c : authority) {
      if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '.') return {};
    }
  }
  return {authority, port};
}

using Text = std::optional<std::string>;

template <std::string_view Url::*part>
Text Part(std::string_view text) {
  const auto url = ParseUrl(text);
  if (!url) return std::nullopt;
  return Unescape(url.value().*part, false);
}
Text Protocol(std::string_view text) {
  const auto url = ParseUrl(text);
  return url ? Text(std::string(url->scheme)) : std::nullopt;
}
Text Host(std::string_view text) {
  const auto url = ParseUrl(text);
  return url ? Text(std::string(HostAndPort(url->authority).first)) : std::nullopt;
}
std::optional<std::int64_t> Port(std::string_view text) {
  const auto url = ParseUrl(text);
  if (!url) return std::nullopt;
  const auto port = HostAndPort(url->authority).second;
  std::int32_t value = 0;
  const auto [end, failure] = std::from_chars(port.data(), port.data() + port.size(), value);
  if (port.empty() || failure != std::errc{}) return std::nullopt;
  return value;
}
Text Parameter(std::string_view text, std::string_view name) {
  const auto url = ParseUrl(text);
  if (!url || !url->has_query) return std::nullopt;
  for (std::string_view rest = url->query;;) {
    const auto end = rest.find('&');
    const auto pair = rest.substr(0, end);
    const auto equals = pair.find('=');
    if (Unescape(pair.substr(0, equals), true) == name) {
      return equals == std::string_view::npos ? Text("") : Unescape(pair.substr(equals + 1), true);
    }
    if (end == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(end + 1);
  }
}

// "2.5kB" in bytes, a whole number of up to 38 digits; the fraction of a byte is cut.
std::string ParseDataSize(std::string_view text) {
  const auto refuse = [&] { Refuse("Invalid data size: '" + std::string(text.substr(0, 100)) + "'"); };
  std::size_t at = 0;
  while (at < text.size() && (std::isdigit(static_cast<unsigned char>(text[at])) || text[at] == '.')) ++at;
  const auto number = text.substr(0, at);
  const auto unit = text.substr(at);
  static constexpr std::array<std::string_view, 9> kUnits = {"B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"};
  std::size_t power = 0;
  while (power < kUnits.size() && kUnits[power] != unit) ++power;
  const auto dot = number.find('.');
  const bool two_dots = dot != std::string_view::npos && number.find('.', dot + 1) != std::string_view::npos;
  if (power == kUnits.size() || number.empty() || number.starts_with('.') || number.ends_with('.') || two_dots)
    refuse();
  __int128 value = 0;
  std::size_t decimals = 0;
  for (std::size_t i = 0; i < number.size(); ++i) {
    if (number[i] == '.') continue;
    if (dot != std::string_view::npos && i > dot && ++decimals > 12) continue;
    if (value > (static_cast<__int128>(1) << 90))
      Fail("NUMERIC_VALUE_OUT_OF_RANGE", "Value out of range: '" + std::string(text.substr(0, 100)) + "'");
    value = value * 10 + (number[i] - '0');
  }
  for (std::size_t i = 0; i < power; ++i) {
    if (value > (static_cast<__int128>(1) << 116))
      Fail("NUMERIC_VALUE_OUT_OF_RANGE", "Value out of range: '" + std::string(text.substr(0, 100)) + "'");
    value *= 1024;
  }
  for (std::size_t i = 0; i < std::min<std::size_t>(decimals, 12); ++i) value /= 10;
  return FromInt128(value).ToString();
}

// "3.81 d" as an interval.
duckdb::interval_t ParseDuration(std::string_view text) {
  const auto refuse = [&] {
    Refuse("duration is not a valid data duration string: " + std::string(text.substr(0, 100)));
  };
  auto rest = text;
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  double value = 0;
  const auto [end, failure] = std::from_chars(rest.data(), rest.data() + rest.size(), value, std::chars_format::fixed);
  if (failure != std::errc{} || rest.starts_with('-')) refuse();
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  while (rest.ends_with(' ')) rest.remove_suffix(1);
  static constexpr std::array<std::pair<std::string_view, double>, 7> kUnits = {
      {{"ns", 1e-3}, {"us", 1}, {"ms", 1e3}, {"s", 1e6}, {"m", 6e7}, {"h", 3.6e9}, {"d", 8.64e10}}};
  for (const auto& [unit, micros] : kUnits) {
    if (rest != unit) continue;
    const double milliseconds = std::round(value * micros / 1000);
    if (milliseconds > 9e15) Fail("NUMERIC_VALUE_OUT_OF_RANGE", "Duration is out of range");
    return duckdb::Interval::FromMicro(static_cast<std::int64_t>(milliseconds) * 1000);
  }
  refuse();
  return {};
}

std::string HumanReadableSeconds(double value) {
  if (!std::isfinite(value)) Refuse("Invalid argument found: Infinity or NaN");
  auto seconds = static_cast<std::int64_t>(std::round(std::fabs(value)));
  static constexpr std::array<std::pair<const char*, std::int64_t>, 5> kUnits = {
      {{"week", 604'800}, {"day", 86'400}, {"hour", 3600}, {"minute", 60}, {"second", 1}}};
  std::string out;
  for (const auto& [unit, length] : kUnits) {
    const std::int64_t count = seconds / length;
    seconds %= length;
    if (count == 0 && (length > 1 || !out.empty())) continue;
    out += (out.empty() ? "" : ", ") + std::to_string(count) + " " + unit + (count == 1 ? "" : "s");
  }
  return out;
}

// Three digits and the unit of thousands, halves to the even digit.
std::string FormatNumber(double value) {
  double count = std::isnan(value) ? 0 : std::clamp(value, -9.223372036854775807e18, 9.223372036854775807e18);
  static constexpr std::array<const char*, 6> kUnits = {"", "K", "M", "B", "T", "Q"};
  std::size_t unit = 0;
  while (std::fabs(count) >= 1000 && unit + 1 < kUnits.size()) {
    count /= 1000;
    ++unit;
  }
  const int decimals = count < 10 ? 2 : count < 100 ? 1 : 0;  // all negative numbers have two, in Trino
  std::array<char, 64> buffer;
  std::snprintf(buffer.data(), buffer.size(), "%.*f", decimals, count);
  std::string out = buffer.data();
  if (out.find('.') != std::string::npos) {
    while (out.ends_with('0')) out.pop_back();
    if (out.ends_with('.')) out.pop_back();
  }
  return (out == "-0" ? "0" : out) + kUnits[unit];
}

}  // namespace

void RegisterUrls(duckdb::ExtensionLoader& loader) {
  RegisterRow(loader, "trino_url_encode", UrlEncode);
  RegisterRow(loader, "trino_url_decode", UrlDecode);
  RegisterRow(loader, "trino_url_protocol", Protocol);
  RegisterRow(loader, "trino_url_host", Host);
  RegisterRow(loader, "trino_url_port", Port);
  RegisterRow(loader, "trino_url_path", Part<&Url::path>);
  RegisterRow(loader, "trino_url_query", Part<&Url::query>);
  RegisterRow(loader, "trino_url_fragment", Part<&Url::fragment>);
  RegisterRow(loader, "trino_url_parameter", Parameter);
  RegisterRow(loader, "trino_data_size_text", ParseDataSize);
  RegisterRow(loader, "trino_human_readable_seconds", HumanReadableSeconds);
  RegisterRow(loader, "trino_format_number", FormatNumber);
  loader.RegisterFunction(Unary<duckdb::string_t, duckdb::interval_t>(
      "trino_parse_duration", duckdb::LogicalType::VARCHAR, duckdb::LogicalType::INTERVAL,
      [](duckdb::string_t text) { return ParseDuration(View(text)); }));
}

}  // namespace tarn::engine
