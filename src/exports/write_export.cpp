#include "exports/write_export.h"

#include <charconv>
#include <functional>
#include <memory>

#include "engine/encode.h"

namespace tarn::exports {

namespace {

constexpr std::size_t kWriteBytes = std::size_t{1} << 20;

using Append = std::function<void(const engine::Chunk& chunk, std::string& out)>;

base::Result<void> CheckCount(const Contents& contents, std::int64_t rows, std::int64_t most_rows) {
  if (contents.limit || most_rows == 0 || rows <= most_rows) return {};
  return base::ResourceExhausted(
      "There are more rows than an export may have; give it a limit, or raise the server's: \"" +
      std::to_string(most_rows) + "\"");
}

std::vector<engine::Column> ColumnsOf(const query::RunningStatement& statement) {
  std::vector<engine::Column> columns;
  for (const auto& column : statement.columns()) columns.push_back(column.column);
  return columns;
}

// Sets `append` up, and begins the text with what stands before the rows.
Append MakeEncoder(const Contents& contents, std::vector<engine::Column> columns, std::string& text) {
  if (contents.format == Format::kJsonLines) {
    auto encoder = std::make_shared<engine::RowEncoder>(std::move(columns), engine::RowFormat::kLines);
    return [encoder](const engine::Chunk& chunk, std::string& out) { encoder->Append(chunk, out); };
  }
  auto encoder = std::make_shared<engine::CsvEncoder>(std::move(columns), contents.csv);
  if (contents.header) encoder->AppendHeader(text);
  return [encoder](const engine::Chunk& chunk, std::string& out) { encoder->Append(chunk, out); };
}

base::Result<std::int64_t> WriteText(const Contents& contents, std::int64_t most_rows,
                                     query::RunningStatement& statement, const std::filesystem::path& file) {
  TARN_ASSIGN_OR_RETURN(const auto sink, FileSink::Create(file, contents.compression));
  std::string text;
  const auto append = MakeEncoder(contents, ColumnsOf(statement), text);
  std::int64_t rows = 0;
  for (;;) {
    TARN_ASSIGN_OR_RETURN(const auto chunk, statement.Next());
    if (chunk) {
      append(*chunk, text);
      rows += static_cast<std::int64_t>(chunk->rows());
      TARN_RETURN_IF_ERROR(CheckCount(contents, rows, most_rows));
      if (text.size() < kWriteBytes) continue;
    }
    TARN_RETURN_IF_ERROR(sink->Write(text));
    text.clear();
    if (!chunk) break;
  }
  TARN_RETURN_IF_ERROR(sink->Finish());
  return rows;
}

// The engine writes the file and tells the number of its rows.
base::Result<std::int64_t> AwaitParquet(const Contents& contents, std::int64_t most_rows,
                                        query::RunningStatement& statement) {
  engine::RowEncoder encoder(ColumnsOf(statement), engine::RowFormat::kPage);
  std::string text;
  for (;;) {
    TARN_ASSIGN_OR_RETURN(const auto chunk, statement.Next());
    if (!chunk) break;
    encoder.Append(*chunk, text);
  }
  std::int64_t rows = 0;  // from "[123]"
  const auto read = std::from_chars(text.data() + 1, text.data() + text.size(), rows);
  if (text.size() < 3 || read.ec != std::errc() || *read.ptr != ']')
    return base::Internal("The engine did not tell how many rows it wrote");
  TARN_RETURN_IF_ERROR(CheckCount(contents, rows, most_rows));
  return rows;
}

std::string CodecOf(Compression compression) {
  switch (compression) {
    case Compression::kNone: return "snappy";
    case Compression::kGzip: return "gzip";
    case Compression::kZstd: return "zstd";
  }
  return "snappy";
}

}  // namespace

query::ResultShape ShapeOf(const Contents& contents, std::int64_t most_rows) {
  query::ResultShape shape{.columns = contents.columns, .distinct_names = contents.format != Format::kCsv};
  // One more than there may be tells that there are too many.
  if (contents.limit) {
    shape.rows = most_rows == 0 ? *contents.limit : std::min(*contents.limit, most_rows);
  } else if (most_rows > 0) {
    shape.rows = most_rows + 1;
  }
  return shape;
}

base::Result<std::int64_t> WriteExport(const Contents& contents, std::int64_t most_rows, query::Executor& executor,
                                       const std::filesystem::path& file, const base::CallLimits& limits) {
  auto request = contents.statement;
  request.limits = limits;
  request.shape = ShapeOf(contents, most_rows);
  const bool parquet = contents.format == Format::kParquet;
  if (parquet) request.shape->parquet = {.path = file, .codec = CodecOf(contents.compression)};
  TARN_ASSIGN_OR_RETURN(const auto statement, executor.Run(request));
  return parquet ? AwaitParquet(contents, most_rows, *statement) : WriteText(contents, most_rows, *statement, file);
}

}  // namespace tarn::exports
