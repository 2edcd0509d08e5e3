#include "trino/spooled_data.h"

#include <fmt/format.h>

#include "base/clock.h"
#include "engine/encode.h"
#include "trino/base64.h"
#include "trino/compression.h"

namespace tarn::trino {
namespace {

constexpr std::size_t kLargestInline = 128 * 1024;  // bytes of rows
constexpr std::size_t kSmallestCompressed = 8 * 1024;

}  // namespace

std::optional<DataEncoding> ChooseEncoding(const std::vector<std::string>& wanted) {
  for (const auto& name : wanted) {
    for (const auto encoding : {DataEncoding::kJson, DataEncoding::kJsonZstd, DataEncoding::kJsonLz4}) {
      if (name == NameOf(encoding)) return encoding;
    }
  }
  return std::nullopt;
}

std::string_view NameOf(DataEncoding encoding) {
  switch (encoding) {
    case DataEncoding::kJson: return "json";
    case DataEncoding::kJsonZstd: return "json+zstd";
    case DataEncoding::kJsonLz4: return "json+lz4";
  }
  return "json";
}

std::string SpooledData(const SegmentRows& rows, DataEncoding encoding, const std::string& base_url,
                        Segments& segments) {
  std::string payload;
  payload.reserve(rows.rows.size() + 2);
  payload.append("[").append(rows.rows).append("]");
  std::string metadata = fmt::format(R"("rowOffset":{},"rowsCount":{})", rows.offset, rows.count);
  // Without an uncompressed size the bytes are what they are, whatever the encoding's name says.
  if (encoding != DataEncoding::kJson && payload.size() >= kSmallestCompressed) {
    metadata += fmt::format(R"(,"uncompressedSize":{})", payload.size());
    payload = encoding == DataEncoding::kJsonZstd ? CompressZstd(payload) : CompressLz4Block(payload);
  }
  metadata += fmt::format(R"(,"segmentSize":{})", payload.size());

  std::string out = fmt::format(R"({{"encoding":"{}","metadata":{{}},"segments":[)", NameOf(encoding));
  const auto stored = rows.rows.size() > kLargestInline ? segments.Store(payload)
                                                        : base::Result<Segments::Stored>(base::NotFound("few rows"));
  if (stored) {
    std::string uri;
    engine::AppendJsonString(fmt::format("{}/v1/spooled/download/{}", base_url, stored->id), uri);
    std::string ack;
    engine::AppendJsonString(fmt::format("{}/v1/spooled/ack/{}", base_url, stored->id), ack);
    out += fmt::format(R"({{"type":"spooled","uri":{},"ackUri":{},"headers":{{}},"metadata":{{{},"expiresAt":"{}"}}}})",
                       uri, ack, metadata, base::FormatTime(stored->expires));
  } else {
    out += fmt::format(R"({{"type":"inline","data":"{}","metadata":{{{}}}}})", EncodeBase64(payload), metadata);
  }
  return out + "]}";
}

}  // namespace tarn::trino
