#include "engine/duck/murmur_hash.h"

#include <array>
#include <bit>
#include <cstring>

namespace tarn::engine {
namespace {

std::uint64_t Word(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

std::uint64_t Spread(std::uint64_t k) {
  k = (k ^ (k >> 33)) * 0xFF51AFD7ED558CCD;
  k = (k ^ (k >> 33)) * 0xC4CEB9FE1A85EC53;
  return k ^ (k >> 33);
}

}  // namespace

std::pair<std::uint64_t, std::uint64_t> MurmurHash128(std::string_view bytes) {
  constexpr std::uint64_t kC1 = 0x87C37B91114253D5;
  constexpr std::uint64_t kC2 = 0x4CF5AD432745937F;
  std::uint64_t h1 = 0;
  std::uint64_t h2 = 0;
  const auto mix1 = [&](std::uint64_t k) { return std::rotl(k * kC1, 31) * kC2; };
  const auto mix2 = [&](std::uint64_t k) { return std::rotl(k * kC2, 33) * kC1; };
  std::size_t at = 0;
  for (; at + 16 <= bytes.size(); at += 16) {
    h1 = (std::rotl(h1 ^ mix1(Word(bytes.data() + at)), 27) + h2) * 5 + 0x52DCE729;
    h2 = (std::rotl(h2 ^ mix2(Word(bytes.data() + at + 8)), 31) + h1) * 5 + 0x38495AB5;
  }
  std::array<char, 16> tail{};
  if (at < bytes.size()) std::memcpy(tail.data(), bytes.data() + at, bytes.size() - at);
  if (bytes.size() - at > 8) h2 ^= mix2(Word(tail.data() + 8));
  if (bytes.size() - at > 0) h1 ^= mix1(Word(tail.data()));
  h1 ^= bytes.size();
  h2 ^= bytes.size();
  h1 += h2;
  h2 += h1;
  h1 = Spread(h1);
  h2 = Spread(h2);
  h1 += h2;
  h2 += h1;
  return {h1, h2};
}

}  // namespace tarn::engine
