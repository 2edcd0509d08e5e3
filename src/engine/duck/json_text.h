// JSON strings and base64, written into a growing buffer.
#pragma once

#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace tarn::engine {

// A buffer that grows by room asked for, so that fixed-size values are written without a check per byte.
class TextBuffer final {
 public:
  // At least `bytes` writable bytes at the end; Advance says how many were used.
  char* Room(std::size_t bytes) {
    if (capacity_ - size_ < bytes) Grow(bytes);
    return data_.get() + size_;
  }
  void AdvanceTo(const char* end) { size_ = static_cast<std::size_t>(end - data_.get()); }
  void Append(std::string_view text) {
    std::memcpy(Room(text.size()), text.data(), text.size());
    size_ += text.size();
  }
  void Append(char c) {
    *Room(1) = c;
    ++size_;
  }
  void Clear() { size_ = 0; }
  [[nodiscard]] std::string_view text() const { return {data_.get(), size_}; }

 private:
  void Grow(std::size_t bytes);

  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

// `text` escaped as by AppendEscaped, written at `to`, which has room for six bytes for each of the text's.
char* WriteEscaped(char* to, std::string_view text);
// `text` escaped, without the quotes around it; bytes that are not UTF-8 become U+FFFD.
void AppendEscaped(std::string_view text, TextBuffer& out);
// With the quotes.
void AppendJsonString(std::string_view text, TextBuffer& out);
// As a string inside of a value of Trino's type json: characters beyond 16 bits are escaped too, and hexadecimal digits
// are capitals.
void AppendTrinoJsonString(std::string_view text, TextBuffer& out);
void AppendBase64(std::string_view bytes, TextBuffer& out);

}  // namespace tarn::engine
