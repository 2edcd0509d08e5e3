#include "base/ids.h"

#include <sodium.h>

#include <array>
#include <atomic>
#include <cstdlib>

#include "base/clock.h"

namespace tarn::base {

namespace {

// Fills from the system's secure source. Without one the process cannot make keys and must not go on.
void FillRandom(void* bytes, std::size_t size) {
  static const bool ready = sodium_init() >= 0;
  if (!ready) std::abort();
  randombytes_buf(bytes, size);
}

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

}  // namespace

std::string NewUuid() {
  std::array<unsigned char, 16> bytes;
  FillRandom(bytes.data(), bytes.size());
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3F) | 0x80);
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (std::size_t index = 0; index < bytes.size(); ++index) {
    if (index == 4 || index == 6 || index == 8 || index == 10) text += '-';
    text += kHex[bytes[index] >> 4];
    text += kHex[bytes[index] & 0x0F];
  }
  return text;
}

std::string NewProjectId() { return NewToken(8); }

std::string NewToken(std::size_t length) {
  std::string token;
  token.reserve(length);
  std::array<unsigned char, 64> bytes;
  while (token.size() < length) {
    FillRandom(bytes.data(), bytes.size());
    for (const unsigned char byte : bytes) {
      // Six bits and another draw for the two values past the alphabet, so that every character is as likely.
      const std::size_t letter = byte & 0x3F;
      if (letter < kAlphabet.size() && token.size() < length) token += kAlphabet[letter];
    }
  }
  sodium_memzero(bytes.data(), bytes.size());
  return token;
}

std::string NewSnowflake() {
  // A hundred ids in each microsecond of Unix time: 18 digits from 2001 until 2286. The last two digits are
  // random, so that a clock set back between two runs does not repeat ids.
  static std::atomic<std::int64_t> last{0};
  unsigned char low = 0;
  FillRandom(&low, 1);
  const std::int64_t now = RealClock().Now().time_since_epoch().count() * 100 + low % 100;
  std::int64_t before = last.load(std::memory_order_relaxed);
  std::int64_t mine = std::max(now, before + 1);
  while (!last.compare_exchange_weak(before, mine, std::memory_order_relaxed)) mine = std::max(now, before + 1);
  return std::to_string(mine);
}

bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t index = 0; index < text.size(); ++index) {
    const char c = text[index];
    if (index == 8 || index == 13 || index == 18 || index == 23) {
      if (c != '-') return false;
    } else if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) {
      return false;
    }
  }
  return true;
}

}  // namespace tarn::base
