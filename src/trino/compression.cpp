#include "trino/compression.h"

#include <lz4.h>
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <boost/beast/core/string.hpp>
#include <charconv>
#include <memory>

#include "trino/header_list.h"

namespace tarn::trino {
namespace {

constexpr int kZstdLevel = 1;
constexpr int kGzipWindow = 15 + 16;  // the largest window, with gzip's head and tail
constexpr int kGzipMemory = 9;

// Whether the parameters of a coding, such as ";q=0.5", allow it.
bool IsAllowed(std::string_view parameters) {
  const auto equals = parameters.find('=');
  if (equals == std::string_view::npos) return true;
  double value = 1;
  const auto digits = parameters.substr(equals + 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value > 0;
}

struct EndDeflate {
  void operator()(z_stream* stream) const { deflateEnd(stream); }
};

std::string CompressGzip(const std::vector<std::string_view>& parts, std::size_t size) {
  z_stream state{};
  if (deflateInit2(&state, Z_BEST_SPEED, Z_DEFLATED, kGzipWindow, kGzipMemory, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  const std::unique_ptr<z_stream, EndDeflate> stream(&state);
  std::string out(deflateBound(stream.get(), size), '\0');
  stream->next_out = reinterpret_cast<Bytef*>(out.data());
  stream->avail_out = static_cast<uInt>(out.size());
  for (const auto part : parts) {
    stream->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(part.data()));
    stream->avail_in = static_cast<uInt>(part.size());
    deflate(stream.get(), Z_NO_FLUSH);
  }
  deflate(stream.get(), Z_FINISH);
  out.resize(stream->total_out);
  return out;
}

struct FreeZstd {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

std::string CompressZstdParts(const std::vector<std::string_view>& parts, std::size_t size) {
  const std::unique_ptr<ZSTD_CCtx, FreeZstd> context(ZSTD_createCCtx());
  if (!context) throw std::bad_alloc();
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kZstdLevel);
  ZSTD_CCtx_setPledgedSrcSize(context.get(), size);
  std::string out(ZSTD_compressBound(size), '\0');
  ZSTD_outBuffer output{.dst = out.data(), .size = out.size(), .pos = 0};
  for (std::size_t i = 0; i <= parts.size(); ++i) {
    const auto part = i < parts.size() ? parts[i] : std::string_view();
    ZSTD_inBuffer input{.src = part.data(), .size = part.size(), .pos = 0};
    const auto how = i < parts.size() ? ZSTD_e_continue : ZSTD_e_end;
    while (ZSTD_compressStream2(context.get(), &output, &input, how) != 0 &&
           (how == ZSTD_e_end || input.pos < input.size)) {
    }
  }
  out.resize(output.pos);
  return out;
}

}  // namespace

Coding ChooseCoding(std::string_view accept_encoding) {
  auto chosen = Coding::kNone;
  for (const auto item : ListItems(accept_encoding)) {
    const auto semicolon = std::min(item.find(';'), item.size());
    const auto name = Trimmed(item.substr(0, semicolon));
    if (!IsAllowed(item.substr(semicolon))) continue;
    if (boost::beast::iequals(name, "zstd")) chosen = Coding::kZstd;
    if (boost::beast::iequals(name, "gzip") && chosen == Coding::kNone) chosen = Coding::kGzip;
  }
  return chosen;
}

std::string_view NameOf(Coding coding) {
  switch (coding) {
    case Coding::kGzip: return "gzip";
    case Coding::kZstd: return "zstd";
    case Coding::kNone: break;
  }
  return {};
}

std::string Compress(const std::vector<std::string_view>& parts, Coding coding) {
  std::size_t size = 0;
  for (const auto part : parts) size += part.size();
  switch (coding) {
    case Coding::kGzip: return CompressGzip(parts, size);
    case Coding::kZstd: return CompressZstdParts(parts, size);
    case Coding::kNone: break;
  }
  std::string out;
  out.reserve(size);
  for (const auto part : parts) out += part;
  return out;
}

std::string CompressZstd(std::string_view text) { return CompressZstdParts({text}, text.size()); }

std::string CompressLz4Block(std::string_view text) {
  std::string out(static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(text.size()))), '\0');
  const int size =
      LZ4_compress_default(text.data(), out.data(), static_cast<int>(text.size()), static_cast<int>(out.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::optional<std::string> DecompressZstd(std::string_view bytes, std::size_t most) {
  std::string text;
  struct FreeStream {
    void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
  };
  const std::unique_ptr<ZSTD_DStream, FreeStream> stream(ZSTD_createDStream());
  if (!stream) return std::nullopt;
  std::string piece(ZSTD_DStreamOutSize(), '\0');
  ZSTD_inBuffer input{.src = bytes.data(), .size = bytes.size(), .pos = 0};
  for (;;) {
    ZSTD_outBuffer output{.dst = piece.data(), .size = piece.size(), .pos = 0};
    const auto left = ZSTD_decompressStream(stream.get(), &output, &input);
    if (ZSTD_isError(left) != 0 || text.size() + output.pos > most) return std::nullopt;
    text.append(piece, 0, output.pos);
    if (left == 0) return input.pos == input.size ? std::optional(std::move(text)) : std::nullopt;
    if (input.pos == input.size && output.pos < output.size) return std::nullopt;  // the frame is cut off
  }
}

}  // namespace tarn::trino
