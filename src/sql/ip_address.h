// Trino's ipaddress: 16 bytes, an IPv4 address as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2), ordered by its bytes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tarn::sql {

using IpAddress = std::array<std::uint8_t, 16>;

// Four decimal numbers without leading zeros, or an IPv6 address; without a zone.
[[nodiscard]] std::optional<IpAddress> ReadIpAddress(std::string_view text);
// From 4 or 16 bytes in network order.
[[nodiscard]] std::optional<IpAddress> IpAddressOfBytes(std::string_view bytes);
[[nodiscard]] bool IsIpV4(const IpAddress& address);
// Dotted for IPv4, else as RFC 5952 has it, but always in hexadecimal groups.
[[nodiscard]] std::string IpAddressText(const IpAddress& address);

// A range of addresses as "10.0.0.0/8".
class IpNetwork {
 public:
  [[nodiscard]] static std::optional<IpNetwork> Read(std::string_view text);
  // False for an address of the other version.
  [[nodiscard]] bool Contains(const IpAddress& address) const;

 private:
  IpNetwork(const IpAddress& address, int bits) : address_(address), bits_(bits) {}

  IpAddress address_;
  int bits_;  // that are the network's, of 128
};

}  // namespace tarn::sql
