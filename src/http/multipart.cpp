#include "http/multipart.h"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <cstring>
#include <fstream>
#include <optional>

namespace tarn::http {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;
constexpr std::size_t kLongestHead = std::size_t{16} << 10;  // of one part
constexpr std::size_t kMostParts = 16;

// The value of a parameter such as boundary="x" or name=y behind a header's first value.
std::optional<std::string> Parameter(std::string_view header, std::string_view wanted) {
  std::size_t at = header.find(';');
  while (at < header.size()) {
    ++at;
    while (at < header.size() && (header[at] == ' ' || header[at] == '\t')) ++at;
    const auto equals = header.find('=', at);
    if (equals == std::string_view::npos) return std::nullopt;
    const auto name = header.substr(at, equals - at);
    std::string value;
    at = equals + 1;
    if (at < header.size() && header[at] == '"') {
      for (++at; at < header.size() && header[at] != '"'; ++at) {
        if (header[at] == '\\' && at + 1 < header.size()) ++at;
        value += header[at];
      }
      at = header.find(';', at);
    } else {
      const auto end = std::min(header.find(';', at), header.size());
      value = std::string(header.substr(at, end - at));
      while (!value.empty() && value.back() == ' ') value.pop_back();
      at = end;
    }
    if (boost::beast::iequals(name, wanted)) return value;
  }
  return std::nullopt;
}

std::unexpected<base::Error> Malformed() {
  return base::InvalidArgument("The body is not multipart/form-data as its content type says");
}

// Finds texts in a file, block by block.
class Finder final {
 public:
  explicit Finder(const std::filesystem::path& file) : in_(file, std::ios::binary) {}

  // Where `text` next stands at or behind `from`; nothing where it does not. `text` is shorter than a block.
  base::Result<std::optional<std::int64_t>> Find(std::string_view text, std::int64_t from) {
    for (auto begin = from;;) {
      TARN_ASSIGN_OR_RETURN(const auto block, Read(begin, kBlock));
      const auto* found = ::memmem(block.data(), block.size(), text.data(), text.size());
      if (found != nullptr) return begin + (static_cast<const char*>(found) - block.data());
      if (block.size() < kBlock) return std::nullopt;
      begin += static_cast<std::int64_t>(block.size() - text.size() + 1);
    }
  }

  // Fewer bytes at the end of the file.
  base::Result<std::string_view> Read(std::int64_t offset, std::size_t most) {
    if (offset != offset_ || bytes_.size() < most) {
      bytes_.resize(most);
      in_.clear();
      in_.seekg(offset);
      in_.read(bytes_.data(), static_cast<std::streamsize>(most));
      if (in_.bad() || (in_.fail() && !in_.eof())) return base::Unavailable("The request's body cannot be read");
      bytes_.resize(static_cast<std::size_t>(in_.gcount()));
      offset_ = offset;
    }
    return std::string_view(bytes_).substr(0, most);
  }

 private:
  std::ifstream in_;
  std::string bytes_;
  std::int64_t offset_ = -1;
};

// The part's name from its head, which has a header on each line.
std::optional<std::string> NameOf(std::string_view head) {
  constexpr std::string_view kDisposition = "content-disposition:";
  while (!head.empty()) {
    const auto line = head.substr(0, head.find("\r\n"));
    if (boost::beast::iequals(line.substr(0, kDisposition.size()), kDisposition)) return Parameter(line, "name");
    head.remove_prefix(std::min(line.size() + 2, head.size()));
  }
  return std::nullopt;
}

}  // namespace

base::Result<std::vector<Part>> ReadParts(const std::filesystem::path& file, std::string_view content_type) {
  constexpr std::string_view kType = "multipart/form-data";
  const auto boundary = Parameter(content_type, "boundary");
  if (!boost::beast::iequals(content_type.substr(0, kType.size()), kType) || !boundary || boundary->empty() ||
      boundary->size() > 200)
    return base::InvalidArgument("The content type is not multipart/form-data with a boundary");
  const auto delimiter = "--" + *boundary;
  Finder finder(file);
  TARN_ASSIGN_OR_RETURN(const auto first, finder.Find(delimiter, 0));
  if (!first) return Malformed();
  std::vector<Part> parts;
  for (auto at = *first + static_cast<std::int64_t>(delimiter.size());;) {
    TARN_ASSIGN_OR_RETURN(const auto behind, finder.Read(at, 2));
    if (behind == "--") return parts;
    if (behind != "\r\n") return Malformed();
    if (parts.size() == kMostParts) return base::InvalidArgument("The body has more than 16 parts");
    TARN_ASSIGN_OR_RETURN(const auto head, finder.Read(at + 2, kLongestHead));
    const auto head_end = head.find("\r\n\r\n");
    if (head_end == std::string_view::npos) return Malformed();
    const auto name = NameOf(head.substr(0, head_end));
    if (!name) return Malformed();
    const auto content = at + 2 + static_cast<std::int64_t>(head_end) + 4;
    // An empty content's end may share its line break with the head's.
    TARN_ASSIGN_OR_RETURN(const auto end, finder.Find("\r\n" + delimiter, content - 2));
    if (!end) return Malformed();
    parts.push_back({.name = *name, .offset = content, .size = std::max<std::int64_t>(*end - content, 0)});
    at = *end + 2 + static_cast<std::int64_t>(delimiter.size());
  }
}

base::Result<std::string> ReadPart(const std::filesystem::path& file, const Part& part, std::int64_t most) {
  if (part.size > most)
    return base::InvalidArgument("The part is longer than " + std::to_string(most) + " bytes: \"" + part.name + "\"");
  std::ifstream in(file, std::ios::binary);
  std::string text(static_cast<std::size_t>(part.size), '\0');
  in.seekg(part.offset);
  in.read(text.data(), part.size);
  if (in.gcount() != part.size) return base::Unavailable("The request's body cannot be read");
  return text;
}

}  // namespace tarn::http
