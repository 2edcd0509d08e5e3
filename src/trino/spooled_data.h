// The rows of an answer as the spooled protocol tells them: segments instead of rows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trino/segments.h"

namespace tarn::trino {

enum class DataEncoding { kJson, kJsonZstd, kJsonLz4 };

// The first of a client's encodings that is known; nullopt: none, so that pages have their rows in them.
[[nodiscard]] std::optional<DataEncoding> ChooseEncoding(const std::vector<std::string>& wanted);
[[nodiscard]] std::string_view NameOf(DataEncoding encoding);

struct SegmentRows {
  std::string_view rows;  // JSON arrays with commas between them
  std::int64_t offset = 0;
  std::int64_t count = 0;
};

// The object that stands in the place of `data`. Few rows stand in it, the others are stored and told by their address
// below `base_url`; where they cannot be stored they stand in it as well. Blocking, and compresses.
[[nodiscard]] std::string SpooledData(const SegmentRows& rows, DataEncoding encoding, const std::string& base_url,
                                      Segments& segments);

}  // namespace tarn::trino
