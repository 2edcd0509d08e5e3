// Compressed texts: of answers, of segments, and of the statements that clients keep for us.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::trino {

enum class Coding { kNone, kGzip, kZstd };

// The best coding that an Accept-Encoding header (RFC 9110, 12.5.3) allows and that pays: zstd before gzip.
[[nodiscard]] Coding ChooseCoding(std::string_view accept_encoding);
// "gzip", "zstd"; empty for none.
[[nodiscard]] std::string_view NameOf(Coding coding);

// The parts after another, compressed at the fastest level. Takes a while: not for network threads.
[[nodiscard]] std::string Compress(const std::vector<std::string_view>& parts, Coding coding);

// One zstd frame of the whole text, and one block of LZ4 without a frame.
[[nodiscard]] std::string CompressZstd(std::string_view text);
[[nodiscard]] std::string CompressLz4Block(std::string_view text);

// nullopt for what is no zstd frame or grows beyond `most` bytes.
[[nodiscard]] std::optional<std::string> DecompressZstd(std::string_view bytes, std::size_t most);

}  // namespace tarn::trino
