#include "engine/duck/spooky_hash.h"

#include <array>
#include <bit>
#include <cstring>
#include <utility>

namespace tarn::engine {
namespace {

constexpr std::uint64_t kFill = 0xDEADBEEFDEADBEEF;
constexpr std::size_t kWords = 12;
constexpr std::size_t kBlock = kWords * 8;
constexpr std::size_t kShort = 2 * kBlock;  // below this another, simpler mix is used

using Short = std::array<std::uint64_t, 4>;
using Long = std::array<std::uint64_t, kWords>;

std::uint64_t Word(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

void MixShort(Short& h) {
  static constexpr std::array<int, 12> kTurns = {50, 52, 30, 41, 54, 48, 38, 37, 62, 34, 5, 36};
  for (std::size_t i = 0; i < kTurns.size(); ++i) {
    auto& turned = h[(i + 2) % 4];
    turned = std::rotl(turned, kTurns[i]) + h[(i + 3) % 4];
    h[i % 4] ^= turned;
  }
}

void EndShort(Short& h) {
  static constexpr std::array<int, 11> kTurns = {15, 52, 26, 51, 28, 9, 47, 54, 32, 25, 63};
  for (std::size_t i = 0; i < kTurns.size(); ++i) {
    auto& turned = h[(i + 2) % 4];
    auto& mixed = h[(i + 3) % 4];
    mixed ^= turned;
    turned = std::rotl(turned, kTurns[i]);
    mixed += turned;
  }
}

std::uint64_t HashShort(std::string_view bytes) {
  Short h = {0, 0, kFill, kFill};
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 32; left -= 32, at += 32) {
    h[2] += Word(at);
    h[3] += Word(at + 8);
    MixShort(h);
    h[0] += Word(at + 16);
    h[1] += Word(at + 24);
  }
  if (left >= 16) {
    h[2] += Word(at);
    h[3] += Word(at + 8);
    MixShort(h);
    at += 16;
    left -= 16;
  }
  h[3] += static_cast<std::uint64_t>(bytes.size()) << 56U;
  if (left == 0) {
    h[2] += kFill;
    h[3] += kFill;
  } else {
    std::array<char, 16> tail{};
    std::memcpy(tail.data(), at, left);
    h[2] += Word(tail.data());
    h[3] += Word(tail.data() + 8);
  }
  EndShort(h);
  return h[0];
}

void MixLong(Long& s, const char* block) {
  static constexpr std::array<int, kWords> kTurns = {11, 32, 43, 31, 17, 28, 39, 57, 55, 54, 22, 46};
  for (std::size_t i = 0; i < kWords; ++i) {
    s[i] += Word(block + 8 * i);
    s[(i + 2) % kWords] ^= s[(i + 10) % kWords];
    s[(i + 11) % kWords] ^= s[i];
    s[i] = std::rotl(s[i], kTurns[i]);
    s[(i + 11) % kWords] += s[(i + 1) % kWords];
  }
}

void EndLong(Long& h) {
  static constexpr std::array<int, kWords> kTurns = {44, 15, 34, 21, 38, 33, 10, 13, 38, 53, 42, 54};
  for (int round = 0; round < 3; ++round) {
    for (std::size_t i = 0; i < kWords; ++i) {
      h[(i + 11) % kWords] += h[(i + 1) % kWords];
      h[(i + 2) % kWords] ^= h[(i + 11) % kWords];
      h[(i + 1) % kWords] = std::rotl(h[(i + 1) % kWords], kTurns[i]);
    }
  }
}

std::uint64_t HashLong(std::string_view bytes) {
  Long h{};
  for (std::size_t i = 2; i < kWords; i += 3) h[i] = kFill;
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= kBlock; left -= kBlock, at += kBlock) MixLong(h, at);
  std::array<char, kBlock> tail{};
  std::memcpy(tail.data(), at, left);
  tail[kBlock - 1] = static_cast<char>(left);
  for (std::size_t i = 0; i < kWords; ++i) h[i] += Word(tail.data() + 8 * i);
  EndLong(h);
  return h[0];
}

}  // namespace

std::uint64_t SpookyHash64(std::string_view bytes) {
  return bytes.size() < kShort ? HashShort(bytes) : HashLong(bytes);
}

}  // namespace tarn::engine
