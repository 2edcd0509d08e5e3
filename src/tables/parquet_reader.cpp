#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "engine/database.h"
#include "sql/translate.h"
#include "tables/record_reader.h"
#include "tables/value.h"

namespace tarn::tables {

namespace {

constexpr std::int64_t kReaderMemory = std::int64_t{512} << 20;

// The engine reads the file, and gives each value as text, which is exact for all types but floating point ones: these
// are given with all the digits that bring them back.
class ParquetReader final : public RecordReader {
 public:
  ParquetReader(std::unique_ptr<engine::Database> database, std::unique_ptr<engine::Session> session,
                base::CallLimits limits)
      : database_(std::move(database)), session_(std::move(session)), limits_(std::move(limits)) {}

  base::Result<void> Open(const std::filesystem::path& file, const std::vector<FieldName>& fields) {
    file_ = "read_parquet(" + sql::QuoteLiteral(file.string()) + ")";
    const auto described =
        session_->Rows("SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM " + file_ + ")", limits_);
    if (!described) return base::InvalidArgument("The file is not a Parquet file that can be read");
    const auto own = described->size();
    for (const auto& field : fields) {
      auto place = own;
      if (field.index) place = static_cast<std::size_t>(*field.index);
      for (std::size_t i = 0; field.name && i < own; ++i) {
        if (*(*described)[i][0] == *field.name) place = i;
      }
      if (place >= own)
        return base::InvalidArgument("The file has no such column: " +
                                     (field.name ? Shown(*field.name) : std::to_string(*field.index)));
      columns_ +=
          (columns_.empty() ? "" : ", ") + ("CAST(" + sql::QuoteIdentifier(*(*described)[place][0]) + " AS VARCHAR)");
    }
    TARN_ASSIGN_OR_RETURN(total_, session_->Integer("SELECT count(*) FROM " + file_, limits_));
    // One thread: the rows come in the file's order.
    TARN_ASSIGN_OR_RETURN(stream_, session_->Query("SELECT " + columns_ + " FROM " + file_, limits_));
    return {};
  }

  base::Result<bool> Next(std::vector<Field>& fields) override {
    if (at_ == rows_.size()) TARN_RETURN_IF_ERROR(ReadOn());
    if (rows_.empty()) return false;
    const auto& row = rows_[at_++];
    fields.resize(row.size());
    for (std::size_t i = 0; i < row.size(); ++i)
      fields[i] = {.text = row[i] ? std::string_view(*row[i]) : std::string_view(), .is_null = !row[i]};
    read_.fetch_add(1, std::memory_order_relaxed);
    return true;
  }

  std::string Place(std::int64_t line) const override { return fmt::format("row {}", line); }
  std::int64_t line() const override { return read_.load(std::memory_order_relaxed); }
  double Progress() const override {
    return total_ == 0 ? 1 : static_cast<double>(line()) / static_cast<double>(total_);
  }

 private:
  base::Result<void> ReadOn() {
    rows_.clear();
    at_ = 0;
    TARN_ASSIGN_OR_RETURN(const auto chunk, stream_->Next());
    if (chunk) rows_ = engine::TextsOf(*chunk);
    return {};
  }

  std::unique_ptr<engine::Database> database_;
  std::unique_ptr<engine::Session> session_;
  base::CallLimits limits_;
  std::unique_ptr<engine::RowStream> stream_;
  std::string file_;
  std::string columns_;
  std::int64_t total_ = 0;
  std::vector<std::vector<std::optional<std::string>>> rows_;
  std::size_t at_ = 0;
  std::atomic<std::int64_t> read_ = 0;
};

}  // namespace

base::Result<std::unique_ptr<RecordReader>> OpenParquet(const FileRange& range, const std::vector<FieldName>& fields,
                                                        const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(auto database, engine::Database::Open({.memory_limit_bytes = kReaderMemory, .threads = 1}));
  TARN_ASSIGN_OR_RETURN(auto session, database->Connect());
  auto reader = std::make_unique<ParquetReader>(std::move(database), std::move(session), limits);
  TARN_RETURN_IF_ERROR(reader->Open(range.file, fields));
  return std::unique_ptr<RecordReader>(std::move(reader));
}

}  // namespace tarn::tables
