#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstring>

#include "tables/json_object.h"
#include "tables/record_reader.h"
#include "tables/value.h"

namespace tarn::tables {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;
constexpr std::size_t kLongestLine = std::size_t{64} << 20;

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
    const bool read = object_->ReadOnly([&](std::string_view name, const Field& value) {
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
  std::optional<JsonObjects> object_;
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
