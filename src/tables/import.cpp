#include "tables/import.h"

#include <fmt/format.h>

#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>

#include "tables/value.h"

namespace tarn::tables {

namespace {

constexpr std::size_t kRecordsOfBatch = 4096;
constexpr std::size_t kTextBlock = std::size_t{256} << 10;
constexpr std::size_t kTextOfBatch = std::size_t{16} << 20;  // a batch ends early when its texts are so long
constexpr std::size_t kBatchesUnderWay = 4;

// Batches from the thread that reads to the one that writes; a bounded number is under way.
class BatchQueue final {
 public:
  // False once the other side has given up.
  bool Put(std::unique_ptr<ImportBatch> batch) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return batches_.size() < kBatchesUnderWay || closed_; });
    if (closed_) return false;
    batches_.push_back(std::move(batch));
    changed_.notify_all();
    return true;
  }
  // Null once all are taken.
  std::unique_ptr<ImportBatch> Take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !batches_.empty() || closed_; });
    if (batches_.empty()) return nullptr;
    auto batch = std::move(batches_.front());
    batches_.pop_front();
    changed_.notify_all();
    return batch;
  }
  void Close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<ImportBatch>> batches_;
  bool closed_ = false;
};

// The texts of a batch, in blocks.
class TextBlocks final {
 public:
  explicit TextBlocks(ImportBatch& batch) : batch_(batch) {}
  std::string_view Keep(std::string_view text) {
    if (text.size() > left_) {
      left_ = std::max(kTextBlock, text.size());
      batch_.texts.push_back(std::make_unique_for_overwrite<char[]>(left_));
      next_ = batch_.texts.back().get();
    }
    std::memcpy(next_, text.data(), text.size());
    const std::string_view kept(next_, text.size());
    next_ += text.size();
    left_ -= text.size();
    total_ += text.size();
    return kept;
  }
  [[nodiscard]] std::size_t total() const { return total_; }

 private:
  ImportBatch& batch_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t total_ = 0;
};

std::unexpected<base::Error> NoValue(const RecordReader& records, const ColumnDefinition& column,
                                     const Mapping& mapping, const Field& field) {
  const auto source = mapping.field.name ? Shown(*mapping.field.name) : std::to_string(*mapping.field.index);
  auto place = fmt::format("{}, column {}", records.Place(records.line()), source);
  if (field.is_null)
    return base::InvalidArgument(
        fmt::format("A value is missing that column \"{}\" must have: {}", column.name, place));
  return base::InvalidArgument(
      fmt::format("Value is not a {}: {}: {}", TrinoType(column.type), place, Shown(field.text)));
}

// One batch; fewer records at the end.
base::Result<std::unique_ptr<ImportBatch>> ReadBatch(RecordReader& records,
                                                     const std::vector<ColumnDefinition>& columns,
                                                     const std::vector<Mapping>& mappings, std::vector<Field>& fields) {
  auto batch = std::make_unique<ImportBatch>();
  batch->cells.reserve(kRecordsOfBatch * columns.size());
  batch->lines.reserve(kRecordsOfBatch);
  TextBlocks texts(*batch);
  while (batch->lines.size() < kRecordsOfBatch && texts.total() < kTextOfBatch) {
    TARN_ASSIGN_OR_RETURN(const bool found, records.Next(fields));
    if (!found) break;
    batch->lines.push_back(records.line());
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto& field = fields[i];
      if (field.is_null) {
        if (columns[i].not_null) return NoValue(records, columns[i], mappings[i], field);
        batch->cells.emplace_back();
        continue;
      }
      auto cell = TryRead(columns[i].type, field.text);
      if (!cell) return NoValue(records, columns[i], mappings[i], field);
      if (cell->kind == engine::Cell::Kind::kText) cell = engine::Cell::Text(texts.Keep(cell->text()));
      batch->cells.push_back(*cell);
    }
  }
  return batch;
}

}  // namespace

base::Result<std::unique_ptr<RecordReader>> OpenRecords(const ImportRequest& request, const FileRange& range,
                                                        const base::CallLimits& limits) {
  std::vector<FieldName> fields;
  for (const auto& mapping : request.mappings) fields.push_back(mapping.field);
  switch (request.format) {
    case ImportFormat::kCsv: return OpenCsv(range, request.csv, fields);
    case ImportFormat::kJsonLines: return OpenJsonLines(range, fields);
    case ImportFormat::kParquet: return OpenParquet(range, fields, limits);
  }
  return base::Internal("An import has an unknown format");
}

base::Result<std::int64_t> RunImport(RecordReader& records, const std::vector<ColumnDefinition>& columns,
                                     const std::vector<Mapping>& mappings, const std::vector<ImportSink>& sinks,
                                     const base::CallLimits& limits) {
  BatchQueue queue;
  std::mutex mutex;
  std::optional<base::Error> refused;  // by the first sink that failed; read once their threads are over
  const auto write = [&](const ImportSink& sink) {
    while (const auto batch = queue.Take()) {
      auto failed = sink(*batch);
      if (!failed) continue;
      queue.Close();
      const std::lock_guard lock(mutex);
      if (refused) return;
      refused = std::move(failed->error);
      if (failed->record) refused->message += ": " + records.Place(batch->lines[*failed->record]);
      return;
    }
  };
  std::vector<std::thread> writers;
  writers.reserve(sinks.size());
  for (const auto& sink : sinks) writers.emplace_back([&] { write(sink); });
  const auto read = [&]() -> base::Result<std::int64_t> {
    std::int64_t count = 0;
    std::vector<Field> fields;
    for (;;) {
      TARN_RETURN_IF_ERROR(limits.Check());
      TARN_ASSIGN_OR_RETURN(auto batch, ReadBatch(records, columns, mappings, fields));
      const auto size = batch->lines.size();
      batch->first = count;
      count += static_cast<std::int64_t>(size);
      if (size == 0) break;
      if (!queue.Put(std::move(batch))) return count;  // the sink says why
    }
    TARN_RETURN_IF_ERROR(records.Finish());
    return count;
  };
  auto count = read();
  queue.Close();
  for (auto& writer : writers) writer.join();
  if (!count) return count;
  if (refused) return std::unexpected(*std::move(refused));
  return count;
}

}  // namespace tarn::tables
