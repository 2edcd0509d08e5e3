// Where a page of a query is found: its phase, its token, and a slug that only who was told can know.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tarn::trino {

enum class Phase { kQueued, kExecuting };

struct PageAddress {
  Phase phase = Phase::kQueued;
  std::int64_t token = 0;
  auto operator<=>(const PageAddress&) const = default;
};

// "queued", "executing".
[[nodiscard]] std::string_view NameOf(Phase phase);
// A token as it stands in a path; nullopt for anything but plain decimal digits.
[[nodiscard]] std::optional<std::int64_t> ReadToken(std::string_view text);

// The slugs of one query: 128 bits for each address, made from a secret that never leaves. Thread-safe.
class Slugs final {
 public:
  Slugs();

  [[nodiscard]] std::string Of(const PageAddress& address) const;
  // Takes the same time wherever the two differ.
  [[nodiscard]] bool Fits(const PageAddress& address, std::string_view slug) const;

 private:
  std::array<unsigned char, 32> secret_;
};

}  // namespace tarn::trino
