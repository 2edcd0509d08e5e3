#include "sql/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace tarn::sql {
namespace {

constexpr int kBits = 128;
constexpr int kPrefixBits = 96;  // of an IPv4 address
constexpr IpAddress kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr std::size_t kPrefix = kPrefixBits / 8;
constexpr std::size_t kGroups = 8;

struct Run {
  std::size_t begin = 0;
  std::size_t length = 0;
};

// The first of the longest runs of two or more zeros.
Run LongestZeros(const std::array<unsigned, kGroups>& groups) {
  Run longest{.begin = kGroups, .length = 1};
  for (std::size_t begin = 0; begin < kGroups; ++begin) {
    std::size_t end = begin;
    while (end < kGroups && groups[end] == 0) ++end;
    if (end - begin > longest.length) longest = {.begin = begin, .length = end - begin};
  }
  return longest;
}

void AppendHexadecimal(std::string& text, unsigned group) {
  std::array<char, 4> digits{};
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), group, 16);
  text.append(digits.data(), written.ptr);
}

}  // namespace

std::optional<IpAddress> ReadIpAddress(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string terminated(text);
  IpAddress address = kMapped;
  if (::inet_pton(AF_INET, terminated.c_str(), address.data() + kPrefix) == 1) return address;
  if (::inet_pton(AF_INET6, terminated.c_str(), address.data()) == 1) return address;
  return std::nullopt;
}

std::optional<IpAddress> IpAddressOfBytes(std::string_view bytes) {
  IpAddress address = kMapped;
  if (bytes.size() != address.size() && bytes.size() != address.size() - kPrefix) return std::nullopt;
  std::ranges::transform(bytes, address.end() - static_cast<std::ptrdiff_t>(bytes.size()),
                         [](char byte) { return static_cast<std::uint8_t>(byte); });
  return address;
}

bool IsIpV4(const IpAddress& address) {
  return std::equal(kMapped.begin(), kMapped.begin() + kPrefix, address.begin());
}

std::string IpAddressText(const IpAddress& address) {
  std::string text;
  if (IsIpV4(address)) {
    for (std::size_t i = kPrefix; i < address.size(); ++i) {
      if (i > kPrefix) text += '.';
      text += std::to_string(address[i]);
    }
    return text;
  }
  std::array<unsigned, kGroups> groups{};
  for (std::size_t i = 0; i < kGroups; ++i) groups[i] = (address[2 * i] * 0x100U) + address[(2 * i) + 1];
  const Run zeros = LongestZeros(groups);
  for (std::size_t i = 0; i < kGroups; ++i) {
    if (i == zeros.begin) {
      text += "::";
      i += zeros.length - 1;
    } else {
      if (!text.empty() && text.back() != ':') text += ':';
      AppendHexadecimal(text, groups[i]);
    }
  }
  return text;
}

std::optional<IpNetwork> IpNetwork::Read(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto address = ReadIpAddress(text.substr(0, slash));
  const auto digits = text.substr(slash + 1);
  int bits = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (!address || digits.empty() || read.ec != std::errc{} || read.ptr != digits.data() + digits.size())
    return std::nullopt;
  const int own = IsIpV4(*address) ? kPrefixBits : 0;
  if (bits < 0 || own + bits > kBits) return std::nullopt;
  return IpNetwork(*address, own + bits);
}

bool IpNetwork::Contains(const IpAddress& address) const {
  if (IsIpV4(address) != IsIpV4(address_)) return false;
  const auto whole = static_cast<std::size_t>(bits_ / 8);
  if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole), address_.begin()))
    return false;
  const int rest = bits_ % 8;
  return rest == 0 || ((address[whole] ^ address_[whole]) >> (8 - rest)) == 0;
}

}  // namespace tarn::sql
