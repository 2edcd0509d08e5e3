// Engine SQL under construction: a text and the places of the caller's text that its parts came from.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sql/translate.h"

namespace tarn::sql {

class SqlText final {
 public:
  SqlText() = default;
  explicit SqlText(std::string text) : text_(std::move(text)) {}

  // What is added next came from `position`.
  SqlText& Mark(base::SqlPosition position) {
    if (marks_.empty() || marks_.back().engine_offset < text_.size()) marks_.push_back({text_.size(), position});
    return *this;
  }
  SqlText& Add(std::string_view text) {
    text_ += text;
    return *this;
  }
  SqlText& Add(const SqlText& other) {
    for (const SourceMapEntry& mark : other.marks_) {
      const std::size_t offset = text_.size() + mark.engine_offset;
      if (!marks_.empty() && marks_.back().engine_offset == offset)
        marks_.back().position = mark.position;
      else
        marks_.push_back({offset, mark.position});
    }
    text_ += other.text_;
    return *this;
  }

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] std::vector<SourceMapEntry>& marks() { return marks_; }

 private:
  std::string text_;
  std::vector<SourceMapEntry> marks_;  // ascending by offset
};

}  // namespace tarn::sql
