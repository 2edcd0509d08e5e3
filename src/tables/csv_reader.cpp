#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstring>

#include "tables/record_reader.h"
#include "tables/value.h"

namespace tarn::tables {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;
constexpr std::size_t kLongestRecord = std::size_t{64} << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Cuts a file into records. The values of the current one are places in the buffer, or copies where a quote was
// doubled.
class CsvRecords final {
 public:
  CsvRecords(std::unique_ptr<RangeReader> range, CsvStyle style) : range_(std::move(range)), style_(std::move(style)) {}

  // False at the end of the file.
  base::Result<bool> Next() {
    for (;;) {
      fields_.clear();
      copies_.clear();
      line_ = next_line_;
      TARN_ASSIGN_OR_RETURN(const bool found, ReadRecord());
      if (!found) return false;
      const bool empty_line = fields_.size() == 1 && fields_[0].begin == fields_[0].end && !fields_[0].quoted;
      if (!empty_line) return true;
    }
  }

  [[nodiscard]] std::size_t size() const { return fields_.size(); }
  [[nodiscard]] Field At(std::size_t i) const {
    const auto& place = fields_[i];
    if (place.copy) return {.text = copies_[*place.copy], .is_null = false};
    const std::string_view text(buffer_.data() + place.begin, place.end - place.begin);
    return {.text = text, .is_null = !place.quoted && text == style_.null_text};
  }
  [[nodiscard]] std::int64_t line() const { return line_; }
  [[nodiscard]] std::int64_t consumed() const { return consumed_.load(std::memory_order_relaxed); }

 private:
  struct FieldPlace {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool quoted = false;
    std::optional<std::size_t> copy = {};
  };

  // Whether there is a byte at `at_`.
  base::Result<bool> Have() {
    if (at_ < used_) return true;
    return Fill();
  }

  // Moves what belongs to the current record to the front, and reads on.
  base::Result<bool> Fill() {
    if (record_ > 0) {
      std::memmove(buffer_.data(), buffer_.data() + record_, used_ - record_);
      for (auto& place : fields_) {
        place.begin -= record_;
        place.end -= record_;
      }
      field_ -= record_;
      at_ -= record_;
      used_ -= record_;
      record_ = 0;
    }
    if (used_ > kLongestRecord)
      return base::InvalidArgument(fmt::format("A record is longer than {} MiB: line {}", kLongestRecord >> 20, line_));
    buffer_.resize(std::max(buffer_.size(), used_ + kBlock));
    TARN_ASSIGN_OR_RETURN(const auto count, range_->Read({buffer_.data() + used_, kBlock}));
    consumed_.store(range_->consumed(), std::memory_order_relaxed);
    used_ += count;
    if (first_block_ && std::string_view(buffer_.data(), used_).starts_with(kByteOrderMark)) at_ += 3;
    first_block_ = false;
    return count > 0;
  }

  base::Result<bool> ReadRecord() {
    record_ = at_;
    TARN_ASSIGN_OR_RETURN(const bool any, Have());
    if (!any) return false;
    if (record_ == 0 && at_ == 3) record_ = 3;  // behind the mark of the byte order
    for (;;) {
      field_ = at_;
      TARN_ASSIGN_OR_RETURN(const bool have, Have());
      if (have && buffer_[at_] == style_.quote) {
        TARN_RETURN_IF_ERROR(ReadQuoted());
      } else {
        TARN_RETURN_IF_ERROR(ReadPlain());
      }
      TARN_ASSIGN_OR_RETURN(const bool more, Have());
      if (!more) return true;
      const char mark = buffer_[at_++];
      if (mark == style_.delimiter) continue;
      ++next_line_;
      if (mark == '\r') {
        TARN_ASSIGN_OR_RETURN(const bool another, Have());
        if (another && buffer_[at_] == '\n') ++at_;
      }
      return true;
    }
  }

  // Up to a delimiter, the line's end or the file's.
  base::Result<void> ReadPlain() {
    for (;;) {
      const char* const begin = buffer_.data() + at_;
      const char* const end = buffer_.data() + used_;
      const char* found = begin;
      while (found != end && *found != style_.delimiter && *found != '\n' && *found != '\r') ++found;
      at_ += static_cast<std::size_t>(found - begin);
      if (at_ < used_) break;
      TARN_ASSIGN_OR_RETURN(const bool more, Fill());
      if (!more) break;
    }
    fields_.push_back({.begin = field_, .end = at_});
    return {};
  }

  base::Result<void> ReadQuoted() {
    const auto opened = next_line_;
    field_ = ++at_;
    std::optional<std::string> copy;
    for (;;) {
      TARN_ASSIGN_OR_RETURN(const bool have, Have());
      if (!have) return base::InvalidArgument(fmt::format("A quote is not closed: line {}", opened));
      const char c = buffer_[at_];
      if (c != style_.quote) {
        if (c == '\n') ++next_line_;
        ++at_;
        continue;
      }
      const auto length = at_ - field_;
      ++at_;
      TARN_ASSIGN_OR_RETURN(const bool more, Have());
      const auto end = field_ + length;
      if (more && buffer_[at_] == style_.quote) {
        if (!copy) copy.emplace();
        copy->append(buffer_, field_, length + 1);
        field_ = ++at_;
        continue;
      }
      if (more && buffer_[at_] != style_.delimiter && buffer_[at_] != '\n' && buffer_[at_] != '\r')
        return base::InvalidArgument(fmt::format("A quoted value is followed by something else: line {}", next_line_));
      if (copy) copy->append(buffer_, field_, length);
      fields_.push_back({.begin = field_, .end = end, .quoted = true});
      if (copy) {
        fields_.back().copy = copies_.size();
        copies_.push_back(*std::move(copy));
      }
      return {};
    }
  }

  std::unique_ptr<RangeReader> range_;
  CsvStyle style_;
  std::string buffer_;
  std::size_t used_ = 0;    // bytes in the buffer
  std::size_t at_ = 0;      // next to be looked at
  std::size_t record_ = 0;  // where the current record begins
  std::size_t field_ = 0;   // and the current field
  std::vector<FieldPlace> fields_;
  std::vector<std::string> copies_;
  std::int64_t line_ = 1;
  std::int64_t next_line_ = 1;
  bool first_block_ = true;
  std::atomic<std::int64_t> consumed_ = 0;
};

class CsvReader final : public RecordReader {
 public:
  CsvReader(std::unique_ptr<RangeReader> range, const CsvStyle& style, std::int64_t size)
      : records_(std::move(range), style), size_(size) {}

  base::Result<void> FindFields(const std::vector<FieldName>& fields, bool has_header) {
    std::vector<std::string> header;
    if (has_header) {
      TARN_ASSIGN_OR_RETURN(const bool found, records_.Next());
      if (!found) return base::InvalidArgument("The file is empty: there is no header");
      for (std::size_t i = 0; i < records_.size(); ++i) header.emplace_back(records_.At(i).text);
      width_ = header.size();
    }
    for (const auto& field : fields) {
      if (field.index) {
        if (width_ && static_cast<std::size_t>(*field.index) >= *width_)
          return base::InvalidArgument(fmt::format("The file has fewer columns: {} of {}", *field.index, *width_));
        wanted_.push_back(static_cast<std::size_t>(*field.index));
        continue;
      }
      const auto count = std::ranges::count(header, *field.name);
      if (count != 1) {
        return base::InvalidArgument(
            std::string(count == 0 ? "The header has no such column: " : "The header has the column more than once: ") +
            Shown(*field.name));
      }
      wanted_.push_back(static_cast<std::size_t>(std::ranges::find(header, *field.name) - header.begin()));
    }
    return {};
  }

  base::Result<bool> Next(std::vector<Field>& fields) override {
    TARN_ASSIGN_OR_RETURN(const bool found, records_.Next());
    if (!found) return false;
    if (!width_) width_ = records_.size();
    if (records_.size() != *width_) {
      return base::InvalidArgument(
          fmt::format("The record has {} values where {} belong: line {}", records_.size(), *width_, records_.line()));
    }
    fields.resize(wanted_.size());
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
      if (wanted_[i] >= *width_)
        return base::InvalidArgument(fmt::format("The file has fewer columns: {} of {}", wanted_[i], *width_));
      fields[i] = records_.At(wanted_[i]);
    }
    return true;
  }

  std::string Place(std::int64_t line) const override { return fmt::format("line {}", line); }
  std::int64_t line() const override { return records_.line(); }
  double Progress() const override {
    return size_ == 0 ? 1 : static_cast<double>(records_.consumed()) / static_cast<double>(size_);
  }

 private:
  CsvRecords records_;
  std::int64_t size_;
  std::optional<std::size_t> width_;
  std::vector<std::size_t> wanted_;
};

}  // namespace

base::Result<std::unique_ptr<RecordReader>> OpenCsv(const FileRange& range, const CsvStyle& style,
                                                    const std::vector<FieldName>& fields) {
  TARN_ASSIGN_OR_RETURN(auto opened, RangeReader::Open(range));
  auto reader = std::make_unique<CsvReader>(std::move(opened), style, range.size);
  TARN_RETURN_IF_ERROR(reader->FindFields(fields, style.has_header));
  return std::unique_ptr<RecordReader>(std::move(reader));
}

}  // namespace tarn::tables
