// The parts of a multipart/form-data body (RFC 7578) that lies on disk; their contents stay there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace tarn::http {

struct Part {
  std::string name;
  std::int64_t offset = 0;  // of its content, in the file
  std::int64_t size = 0;
};

// In the order of the body. Memory is bounded, whatever the size.
// Errors: InvalidArgument where the content type is another one or lacks a boundary, the body is not what it says, or
// has more than 16 parts; Unavailable.
[[nodiscard]] base::Result<std::vector<Part>> ReadParts(const std::filesystem::path& file,
                                                        std::string_view content_type);

// The content of a part that is a text. Errors: InvalidArgument beyond `most` bytes; Unavailable.
[[nodiscard]] base::Result<std::string> ReadPart(const std::filesystem::path& file, const Part& part,
                                                 std::int64_t most);

}  // namespace tarn::http
