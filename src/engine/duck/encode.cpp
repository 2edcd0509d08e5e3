#include "engine/encode.h"

#include "engine/duck/cell_writer.h"
#include "engine/duck/chunk_data.h"
#include "engine/type_text.h"

namespace tarn::engine {

namespace {

CellForm FormOf(RowFormat format) {
  if (format == RowFormat::kTyped || format == RowFormat::kLines) return CellForm::kTyped;
  return format == RowFormat::kPage ? CellForm::kPage : CellForm::kQuoted;
}

}  // namespace

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
  std::vector<FastCells> cells;                      // of the current chunk
  std::size_t row_room = 0;                          // for a row without its texts and what is written slowly
  TextBuffer text;

  void PrepareFrame();
  void PrepareWriters(const Chunk::Data& chunk);
  void BindChunk(duckdb::DataChunk& rows);
  void AppendRow(std::size_t row);
  char* WriteCell(std::size_t column, std::size_t row, char* to);
};

void RowEncoder::Impl::PrepareFrame() {
  const bool objects = format == RowFormat::kSimple || format == RowFormat::kLines;
  before_row = objects ? "{" : "[";
  after_row = objects ? "}" : "]";
  if (format == RowFormat::kLines) after_row = "}\n";
  after_cell = format == RowFormat::kCellTyped ? "}" : "";
  for (std::size_t i = 0; i < columns.size(); ++i) {
    std::string before = i == 0 ? "" : ",";
    if (objects) {
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
    row_room += before.size() + kLongestValue + 16;  // quotes, ends of cells
    before_cells.push_back(std::move(before));
  }
  row_room += 16;  // the row's own ends
}

void RowEncoder::Impl::PrepareWriters(const Chunk::Data& chunk) {
  zone = std::make_unique<ZoneClock>(chunk.facts->time_zone);
  const auto types = chunk.rows->GetTypes();
  for (std::size_t i = 0; i < types.size(); ++i) {
    writers.push_back(std::make_unique<CellWriter>(types[i], i < columns.size() ? columns[i].type : std::string()));
    if (format == RowFormat::kPage && i < columns.size()) writers.back()->SetPageType(ReadTypeText(columns[i].type));
  }
}

void RowEncoder::Impl::BindChunk(duckdb::DataChunk& rows) {
  cells.clear();
  for (std::size_t i = 0; i < writers.size(); ++i) {
    writers[i]->Bind(rows.data[i], rows.size(), *zone);
    cells.push_back(writers[i]->Fast(FormOf(format)));
  }
}

// Writes at `to`, which has room for the rest of the row, and leaves as much behind what it wrote.
char* RowEncoder::Impl::WriteCell(std::size_t column, std::size_t row, char* to) {
  const auto& fast = cells[column];
  const auto at = fast.PlaceOf(row);
  if (fast.IsNull(at)) return WriteText(to, "null");
  if (fast.write != nullptr && !fast.is_text) return fast.write(fast, at, to);
  text.AdvanceTo(to);
  if (fast.write != nullptr) {
    if (const auto length = fast.Value<duckdb::string_t>(at).GetSize(); length <= kLongestFastText) {
      return fast.write(fast, at, text.Room(length * 6 + row_room));
    }
  }
  switch (FormOf(format)) {
    case CellForm::kTyped: writers[column]->AppendTyped(row, text); break;
    case CellForm::kText: writers[column]->AppendText(row, text); break;
    case CellForm::kPage: writers[column]->AppendPage(row, text); break;
    case CellForm::kQuoted: writers[column]->AppendQuoted(row, text); break;
  }
  return text.Room(row_room);
}

void RowEncoder::Impl::AppendRow(std::size_t row) {
  char* to = text.Room(row_room);
  if (!first_row && format != RowFormat::kLines) *to++ = ',';
  first_row = false;
  to = WriteText(to, before_row);
  for (std::size_t i = 0; i < before_cells.size(); ++i) {
    const auto& before = before_cells[i];
    if (before.size() == 1) {
      *to++ = before[0];
    } else {
      to = WriteText(to, before);
    }
    to = WriteCell(i, row, to);
    if (!after_cell.empty()) to = WriteText(to, after_cell);
  }
  text.AdvanceTo(WriteText(to, after_row));
}

RowEncoder::RowEncoder(std::vector<Column> columns, RowFormat format) : impl_(std::make_unique<Impl>()) {
  impl_->columns = std::move(columns);
  impl_->format = format;
  impl_->PrepareFrame();
}

RowEncoder::~RowEncoder() = default;

void RowEncoder::BeginList() { impl_->first_row = true; }

void RowEncoder::Append(const Chunk& chunk, std::string& out) {
  auto& impl = *impl_;
  if (impl.writers.empty()) impl.PrepareWriters(chunk.data());
  auto& rows = *chunk.data().rows;
  impl.BindChunk(rows);
  impl.text.Clear();
  for (std::size_t row = 0; row < rows.size(); ++row) impl.AppendRow(row);
  out += impl.text.text();
}

}  // namespace tarn::engine
