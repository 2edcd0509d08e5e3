// Texts as code points.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tarn::engine {

// The code points of valid UTF-8.
[[nodiscard]] std::u32string CodePoints(std::string_view text);
void AppendCodePoint(std::string& out, char32_t point);
[[nodiscard]] std::size_t CountCodePoints(std::string_view text);
// Bytes of the character that begins with this one.
[[nodiscard]] std::size_t WidthOf(char lead);

}  // namespace tarn::engine
