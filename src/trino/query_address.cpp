#include "trino/query_address.h"

#include <sodium.h>

#include <charconv>
#include <cstdlib>

namespace tarn::trino {
namespace {

constexpr std::size_t kSlugBytes = 16;
constexpr std::size_t kLongestToken = 18;

}  // namespace

std::string_view NameOf(Phase phase) { return phase == Phase::kQueued ? "queued" : "executing"; }

std::optional<std::int64_t> ReadToken(std::string_view text) {
  if (text.empty() || text.size() > kLongestToken || text.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  std::int64_t token = 0;
  std::from_chars(text.data(), text.data() + text.size(), token);
  return token;
}

Slugs::Slugs() {
  static const bool ready = sodium_init() >= 0;
  if (!ready) std::abort();  // without random numbers no page would be safe
  randombytes_buf(secret_.data(), secret_.size());
}

std::string Slugs::Of(const PageAddress& address) const {
  const std::string text = std::string(NameOf(address.phase)) + "/" + std::to_string(address.token);
  std::array<unsigned char, kSlugBytes> hash;
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     secret_.data(), secret_.size());
  std::string slug(2 * hash.size() + 1, '\0');
  sodium_bin2hex(slug.data(), slug.size(), hash.data(), hash.size());
  slug.pop_back();  // the terminating zero
  return "y" + slug;
}

bool Slugs::Fits(const PageAddress& address, std::string_view slug) const {
  const std::string right = Of(address);
  return slug.size() == right.size() && sodium_memcmp(slug.data(), right.data(), right.size()) == 0;
}

}  // namespace tarn::trino
