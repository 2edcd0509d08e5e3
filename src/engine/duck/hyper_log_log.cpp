#include "engine/duck/hyper_log_log.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "engine/duck/sketch_bytes.h"

namespace tarn::engine {
namespace {

constexpr int kIndexBits = 12;
constexpr int kValueBits = 64 - kIndexBits;
constexpr std::size_t kRegisters = std::size_t{1} << kIndexBits;
constexpr std::size_t kMostHashes = kRegisters / 8;  // as large as the registers
constexpr char kExact = 'h';
constexpr char kEstimated = 'H';

// Ertl's sigma and tau: what registers that are empty, or full, count for.
double Sigma(double x) {
  if (x == 1) return INFINITY;
  double y = 1;
  double z = x;
  for (double before = -1; before != z;) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}
double Tau(double x) {
  if (x == 0 || x == 1) return 0;
  double y = 1;
  double z = 1 - x;
  for (double before = -1; before != z;) {
    x = std::sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) * (1 - x) * y;
  }
  return z / 3;
}

}  // namespace

HyperLogLog::HyperLogLog(std::string_view bytes) {
  if (bytes.starts_with(kEstimated)) {
    const SketchReader reader(bytes, kEstimated);
    registers_.assign(reader.Rest().begin(), reader.Rest().end());
    registers_.resize(kRegisters);
    return;
  }
  for (SketchReader reader(bytes, kExact); !reader.done();) hashes_.insert(reader.Next<std::uint64_t>());
}

void HyperLogLog::Register(std::uint64_t hash) {
  auto& place = registers_[hash >> kValueBits];
  const int zeros = std::min(std::countl_zero(hash << kIndexBits), kValueBits);
  place = std::max(place, static_cast<std::uint8_t>(zeros + 1));
}

void HyperLogLog::Spread() {
  registers_.assign(kRegisters, 0);
  for (const std::uint64_t hash : hashes_) Register(hash);
  hashes_.clear();
}

void HyperLogLog::AddHash(std::uint64_t hash) {
  if (!registers_.empty()) {
    Register(hash);
    return;
  }
  hashes_.insert(hash);
  if (hashes_.size() > kMostHashes) Spread();
}

void HyperLogLog::Merge(const HyperLogLog& other) {
  for (const std::uint64_t hash : other.hashes_) AddHash(hash);
  if (other.registers_.empty()) return;
  if (registers_.empty()) Spread();
  for (std::size_t i = 0; i < kRegisters; ++i) registers_[i] = std::max(registers_[i], other.registers_[i]);
}

std::int64_t HyperLogLog::Cardinality() const {
  if (registers_.empty()) return static_cast<std::int64_t>(hashes_.size());
  std::array<double, kValueBits + 2> counts{};
  for (const std::uint8_t value : registers_) counts[value] += 1;
  constexpr auto kCount = static_cast<double>(kRegisters);
  double z = kCount * Tau(1 - counts[kValueBits + 1] / kCount);
  for (std::size_t k = kValueBits; k >= 1; --k) z = 0.5 * (z + counts[k]);
  z += kCount * Sigma(counts[0] / kCount);
  constexpr double kScale = 0.721347520444481703680;  // 1 / (2 ln 2)
  return std::llround(kScale * kCount * kCount / z);
}

std::string HyperLogLog::ToBytes() const {
  SketchWriter writer(registers_.empty() ? kExact : kEstimated);
  for (const std::uint64_t hash : hashes_) writer.Add(hash);
  writer.AddBytes({reinterpret_cast<const char*>(registers_.data()), registers_.size()});
  return writer.Take();
}

}  // namespace tarn::engine
