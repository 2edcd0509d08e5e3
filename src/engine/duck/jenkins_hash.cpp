#include "engine/duck/jenkins_hash.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace tarn::engine {
namespace {

constexpr std::uint32_t kStart = 0x9E3779B9 + 3923095;
constexpr std::size_t kBlock = 12;

struct State {
  State(std::uint32_t length, std::int64_t seed) : a(kStart + length), b(a), c(a) {
    if (seed == 0) return;
    a += static_cast<std::uint32_t>(static_cast<std::uint64_t>(seed) >> 32);
    b += static_cast<std::uint32_t>(seed);
    Mix();
  }

  void Mix() {
    const auto step = [](std::uint32_t& x, std::uint32_t& y, std::uint32_t& z, int turn) {
      x -= z;
      x ^= std::rotl(z, turn);
      z += y;
    };
    step(a, b, c, 4);
    step(b, c, a, 6);
    step(c, a, b, 8);
    step(a, b, c, 16);
    step(b, c, a, 19);
    step(c, a, b, 4);
  }

  [[nodiscard]] std::int64_t Finish() {
    const auto step = [](std::uint32_t& x, std::uint32_t y, int turn) { x = (x ^ y) - std::rotl(y, turn); };
    step(c, b, 14);
    step(a, c, 11);
    step(b, a, 25);
    step(c, b, 16);
    step(a, c, 4);
    step(b, a, 14);
    step(c, b, 24);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(b) << 32 | c);
  }

  std::uint32_t a;
  std::uint32_t b;
  std::uint32_t c;
};

std::uint32_t Word(const char* at) {
  std::uint32_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

}  // namespace

std::int64_t JenkinsHash(std::string_view bytes, std::int64_t seed) {
  State state(static_cast<std::uint32_t>(bytes.size()), seed);
  for (; bytes.size() >= kBlock; bytes.remove_prefix(kBlock)) {
    state.a += Word(bytes.data());
    state.b += Word(bytes.data() + 4);
    state.c += Word(bytes.data() + 8);
    state.Mix();
  }
  std::array<char, kBlock> tail{};
  std::memcpy(tail.data(), bytes.data(), bytes.size());
  state.a += Word(tail.data());
  state.b += Word(tail.data() + 4);
  state.c += Word(tail.data() + 8) << 8;  // its lowest byte is the length's
  return state.Finish();
}

std::int64_t JenkinsHash(std::int64_t value, std::int64_t seed) {
  const auto low = static_cast<std::uint32_t>(value);
  const auto high = static_cast<std::uint32_t>(static_cast<std::uint64_t>(value) >> 32);
  State state(sizeof low, seed);
  state.a += low ^ (value >= 0 ? high : ~high);
  return state.Finish();
}

std::int64_t JenkinsHash(double value, std::int64_t seed) {
  if (value == 0) return seed;
  const double known = std::isnan(value) ? std::numeric_limits<double>::quiet_NaN() : value;
  std::array<char, sizeof known> bytes{};
  std::memcpy(bytes.data(), &known, sizeof known);
  return JenkinsHash(std::string_view(bytes.data(), bytes.size()), seed);
}

}  // namespace tarn::engine
