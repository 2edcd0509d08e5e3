#include "engine/encode.h"

#include "engine/duck/cell_writer.h"
#include "engine/duck/chunk_data.h"

namespace tarn::engine {

struct RowEncoder::Impl {
  std::vector<Column> columns;
  RowFormat format;
  bool first_row = true;
  std::vector<std::string> before_cells;  // what stands before each cell of a row
  std::string_view before_row;
  std::string_view after_cell;
  std::string_view after_row;
  std::unique_ptr<ZoneClock> zone;
  std::vector<std::unique_ptr<CellWriter>> writers;  // made from the first chunk's types
  TextBuffer text;

  void PrepareFrame();
  void PrepareWriters(const Chunk::Data& chunk);
  void AppendRow(std::size_t row);
};

void RowEncoder::Impl::PrepareFrame() {
  const bool objects = format == RowFormat::kSimple;
  before_row = objects ? "{" : "[";
  after_row = objects ? "}" : "]";
  after_cell = format == RowFormat::kCellTyped ? "}" : "";
  for (std::size_t i = 0; i < columns.size(); ++i) {
    std::string before = i == 0 ? "" : ",";
    if (format == RowFormat::kSimple) {
      AppendJsonString(columns[i].name, before);
      before += ':';
    } else if (format == RowFormat::kCellTyped) {
      before += "{\"name\":";
      AppendJsonString(columns[i].name, before);
      before += ",\"displayName\":";
      AppendJsonString(columns[i].name, before);
      before += ",\"dataType\":";
      AppendJsonString(columns[i].type, before);
      before += ",\"order\":" + std::to_string(i) + ",\"value\":";
    }
    before_cells.push_back(std::move(before));
  }
}

void RowEncoder::Impl::PrepareWriters(const Chunk::Data& chunk) {
  zone = std::make_unique<ZoneClock>(chunk.facts->time_zone);
  const auto types = chunk.rows->GetTypes();
  for (std::size_t i = 0; i < types.size(); ++i) {
    writers.push_back(std::make_unique<CellWriter>(types[i], i < columns.size() ? columns[i].type : std::string()));
  }
}

void RowEncoder::Impl::AppendRow(std::size_t row) {
  if (!first_row) text.Append(',');
  first_row = false;
  text.Append(before_row);
  for (std::size_t i = 0; i < before_cells.size(); ++i) {
    auto& writer = *writers[i];
    text.Append(before_cells[i]);
    if (writer.IsNull(row)) {
      text.Append("null");
    } else if (format == RowFormat::kTyped) {
      writer.AppendTyped(row, text);
    } else {
      writer.AppendQuoted(row, text);
    }
    text.Append(after_cell);
  }
  text.Append(after_row);
}

RowEncoder::RowEncoder(std::vector<Column> columns, RowFormat format) : impl_(std::make_unique<Impl>()) {
  impl_->columns = std::move(columns);
  impl_->format = format;
  impl_->PrepareFrame();
}

RowEncoder::~RowEncoder() = default;

void RowEncoder::Append(const Chunk& chunk, std::string& out) {
  auto& impl = *impl_;
  if (impl.writers.empty()) impl.PrepareWriters(chunk.data());
  auto& rows = *chunk.data().rows;
  for (std::size_t i = 0; i < impl.writers.size(); ++i) impl.writers[i]->Bind(rows.data[i], rows.size(), *impl.zone);
  impl.text.Clear();
  for (std::size_t row = 0; row < rows.size(); ++row) impl.AppendRow(row);
  out += impl.text.text();
}

}  // namespace tarn::engine
