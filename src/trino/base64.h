// Base64 as headers carry it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tarn::trino {

// Either alphabet (RFC 4648, 4 and 5), padding or not. nullopt for anything else.
[[nodiscard]] std::optional<std::string> DecodeBase64(std::string_view text);
// The standard alphabet with padding.
[[nodiscard]] std::string EncodeBase64(std::string_view bytes);

}  // namespace tarn::trino
