#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/json/parse.hpp>
#include <cstring>

#include "tables/record_reader.h"
#include "tables/value.h"

namespace tarn::tables {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;
constexpr std::size_t kLongestLine = std::size_t{64} << 20;

// The members of one JSON object, numbers and nested values as their texts. A parser of its own, as libraries read
// numbers as doubles; nested values and texts with escapes are left to the library.
class ObjectReader final {
 public:
  explicit ObjectReader(std::string_view text) : text_(text) {}

  // Calls `member(name, value)` for each; false where the text is no object.
  template <class Member>
  [[nodiscard]] bool Read(const Member& member) {
    Blanks();
    if (!Take('{')) return false;
    Blanks();
    if (Take('}')) return AtEnd();
    for (;;) {
      Blanks();
      if (!ReadText(name_)) return false;
      Blanks();
      if (!Take(':')) return false;
      Blanks();
      Field value;
      if (!ReadValue(value)) return false;
      member(std::string_view(name_), value);
      Blanks();
      if (Take(',')) continue;
      return Take('}') && AtEnd();
    }
  }

 private:
  void Blanks() {
    while (at_ < text_.size() && std::strchr(" \t\r\n", text_[at_]) != nullptr && text_[at_] != '\0') ++at_;
  }
  bool Take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool AtEnd() {
    Blanks();
    return at_ == text_.size();
  }

  // The end of the text literal that begins at `at_`, behind its quote.
  [[nodiscard]] std::size_t EndOfText() const {
    for (auto i = at_ + 1; i < text_.size(); ++i) {
      if (text_[i] == '\\') {
        ++i;
      } else if (text_[i] == '"') {
        return i + 1;
      }
    }
    return std::string_view::npos;
  }

  bool ReadText(std::string& out) {
    if (at_ >= text_.size() || text_[at_] != '"') return false;
    const auto end = EndOfText();
    if (end == std::string_view::npos) return false;
    boost::json::error_code failed;
    const auto value = boost::json::parse(boost::json::string_view(text_.data() + at_, end - at_), failed);
    if (failed || !value.is_string()) return false;
    out.assign(value.get_string().data(), value.get_string().size());
    at_ = end;
    return true;
  }

  bool ReadValue(Field& value) {
    if (at_ >= text_.size()) return false;
    const char c = text_[at_];
    if (c == '"') return ReadTextValue(value);
    if (c == '{' || c == '[') return ReadNested(value);
    const auto begin = at_;
    while (at_ < text_.size() && std::strchr(",} \t\r", text_[at_]) == nullptr) ++at_;
    value.text = text_.substr(begin, at_ - begin);
    if (value.text == "null") {
      value.is_null = true;
      return true;
    }
    boost::json::error_code failed;
    const auto parsed = boost::json::parse(boost::json::string_view(value.text.data(), value.text.size()), failed);
    return !failed && (parsed.is_bool() || parsed.is_number());
  }

  // Without escapes the bytes stay where they are.
  bool ReadTextValue(Field& value) {
    const auto end = EndOfText();
    if (end == std::string_view::npos) return false;
    const auto inside = text_.substr(at_ + 1, end - at_ - 2);
    const auto is_special = [](char c) { return c == '\\' || static_cast<unsigned char>(c) < 0x20; };
    if (std::ranges::none_of(inside, is_special)) {
      value.text = inside;
      at_ = end;
      return true;
    }
    auto& copy = copies_.emplace_back(std::make_unique<std::string>());
    if (!ReadText(*copy)) return false;
    value.text = *copy;
    return true;
  }

  bool ReadNested(Field& value) {
    const auto begin = at_;
    int depth = 0;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        const auto end = EndOfText();
        if (end == std::string_view::npos) return false;
        at_ = end;
        continue;
      }
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
      ++at_;
      if (depth == 0) break;
    }
    value.text = text_.substr(begin, at_ - begin);
    boost::json::error_code failed;
    static_cast<void>(boost::json::parse(boost::json::string_view(value.text.data(), value.text.size()), failed));
    return !failed;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string name_;
  std::vector<std::unique_ptr<std::string>> copies_;
};

class JsonLinesReader final : public RecordReader {
 public:
  JsonLinesReader(std::unique_ptr<RangeReader> range, std::int64_t size, const std::vector<FieldName>& fields)
      : range_(std::move(range)), size_(size) {
    for (const auto& field : fields) names_.push_back(*field.name);
    seen_.resize(names_.size());
  }

  base::Result<bool> Next(std::vector<Field>& fields) override {
    for (;;) {
      TARN_ASSIGN_OR_RETURN(const bool found, NextLine());
      if (!found) return false;
      if (current_.find_first_not_of(" \t\r") != std::string_view::npos) break;
    }
    fields.assign(names_.size(), Field{.text = {}, .is_null = true});
    object_.emplace(current_);
    const bool read = object_->Read([&](std::string_view name, const Field& value) {
      for (std::size_t i = 0; i < names_.size(); ++i) {
        if (names_[i] != name) continue;
        fields[i] = value;
        seen_[i] = true;
      }
    });
    if (!read) return base::InvalidArgument(fmt::format("The line is not a JSON object: line {}", line_));
    return true;
  }

  base::Result<void> Finish() override {
    for (std::size_t i = 0; line_ > 0 && i < names_.size(); ++i) {
      if (!seen_[i]) return base::InvalidArgument("No object of the file has the field: " + Shown(names_[i]));
    }
    return {};
  }

  std::string Place(std::int64_t line) const override { return fmt::format("line {}", line); }
  std::int64_t line() const override { return line_; }
  double Progress() const override {
    return size_ == 0 ? 1 : static_cast<double>(consumed_.load(std::memory_order_relaxed)) / static_cast<double>(size_);
  }

 private:
  base::Result<bool> NextLine() {
    for (;;) {
      const auto end = std::string_view(buffer_.data(), used_).find('\n', searched_);
      if (end != std::string_view::npos || (over_ && at_ < used_)) {
        const auto stop = std::min(end, used_);
        current_ = std::string_view(buffer_.data() + at_, stop - at_);
        at_ = std::min(stop + 1, used_);
        searched_ = at_;
        ++line_;
        return true;
      }
      if (over_) return false;
      std::memmove(buffer_.data(), buffer_.data() + at_, used_ - at_);
      used_ -= at_;
      at_ = 0;
      searched_ = used_;
      if (used_ > kLongestLine)
        return base::InvalidArgument(
            fmt::format("A line is longer than {} MiB: line {}", kLongestLine >> 20, line_ + 1));
      buffer_.resize(std::max(buffer_.size(), used_ + kBlock));
      TARN_ASSIGN_OR_RETURN(const auto count, range_->Read({buffer_.data() + used_, kBlock}));
      consumed_.store(range_->consumed(), std::memory_order_relaxed);
      used_ += count;
      over_ = count == 0;
    }
  }

  std::unique_ptr<RangeReader> range_;
  std::int64_t size_;
  std::vector<std::string> names_;
  std::vector<bool> seen_;
  std::string buffer_;
  std::size_t used_ = 0;
  std::size_t at_ = 0;
  std::size_t searched_ = 0;
  bool over_ = false;
  std::string_view current_;
  std::optional<ObjectReader> object_;
  std::int64_t line_ = 0;
  std::atomic<std::int64_t> consumed_ = 0;
};

}  // namespace

base::Result<std::unique_ptr<RecordReader>> OpenJsonLines(const FileRange& range,
                                                          const std::vector<FieldName>& fields) {
  for (const auto& field : fields) {
    if (!field.name) return base::InvalidArgument("Fields of JSON objects are mapped by name", "mappings");
  }
  TARN_ASSIGN_OR_RETURN(auto opened, RangeReader::Open(range));
  return std::unique_ptr<RecordReader>(std::make_unique<JsonLinesReader>(std::move(opened), range.size, fields));
}

}  // namespace tarn::tables
