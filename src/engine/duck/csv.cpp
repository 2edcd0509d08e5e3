#include "engine/csv.h"

#include <algorithm>
#include <array>

#include "engine/duck/cell_writer.h"
#include "engine/duck/chunk_data.h"

namespace tarn::engine {

namespace {

constexpr std::size_t kLongestOption = 16;
// What the texts of numbers, booleans and times are made of.
constexpr std::string_view kPlainCharacters = "0123456789+-.:/_ ";

bool IsPlain(char c) { return kPlainCharacters.contains(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool IsOneCharacter(std::string_view text) {
  const auto starts =
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
  return starts == 1;
}

}  // namespace

base::Result<void> CsvEncoder::Check(const CsvForm& form) {
  const auto has = [](std::string_view text, std::string_view characters) {
    return text.find_first_of(characters) != std::string_view::npos;
  };
  if (form.delimiter.empty() || form.delimiter.size() > kLongestOption || has(form.delimiter, "\r\n"))
    return base::InvalidArgument("Delimiter is not a text of one line", "csvOptions.delimiter");
  if (!IsOneCharacter(form.quote) || has(form.quote, "\r\n"))
    return base::InvalidArgument("Quote is not one character", "csvOptions.quoteChar");
  if (form.delimiter.contains(form.quote))
    return base::InvalidArgument("Delimiter contains the quote", "csvOptions.delimiter");
  if (form.record_separator.empty() || form.record_separator.size() > kLongestOption ||
      form.record_separator.contains(form.quote) || form.record_separator.contains(form.delimiter) ||
      form.delimiter.contains(form.record_separator))
    return base::InvalidArgument("Separator of records is empty or not to be told from delimiter and quote",
                                 "csvOptions.recordSeparator");
  if (form.null_text.size() > kLongestOption || form.null_text.contains(form.quote) ||
      form.null_text.contains(form.delimiter) || has(form.null_text, form.record_separator) ||
      has(form.null_text, "\r\n"))
    return base::InvalidArgument("Text of NULL would have to be quoted", "csvOptions.nullValue");
  return {};
}

struct CsvEncoder::Impl {
  std::vector<Column> columns;
  CsvForm form;
  std::array<bool, 256> special = {};  // characters that a quoted value may begin at
  bool plain_is_safe = true;           // the texts of numbers and times never have to be quoted
  std::unique_ptr<ZoneClock> zone;
  std::vector<std::unique_ptr<CellWriter>> writers;  // made from the first chunk's types
  std::vector<FastCells> cells;                      // of the current chunk
  TextBuffer text;
  TextBuffer scratch;

  void Prepare();
  void PrepareWriters(const Chunk::Data& chunk);
  [[nodiscard]] bool NeedsQuotes(std::string_view value) const;
  void AppendValue(std::string_view value);
  void AppendCell(std::size_t column, std::size_t row);
  void EndLine(std::size_t start);
};

void CsvEncoder::Impl::Prepare() {
  const auto mark = [this](std::string_view characters) {
    for (const char c : characters) {
      special[static_cast<unsigned char>(c)] = true;
      plain_is_safe = plain_is_safe && !IsPlain(c);
    }
  };
  mark(form.delimiter.substr(0, 1));
  mark(form.quote.substr(0, 1));
  mark(form.record_separator);
  mark("\r\n");
  plain_is_safe = plain_is_safe && std::ranges::none_of(form.null_text, IsPlain);
}

void CsvEncoder::Impl::PrepareWriters(const Chunk::Data& chunk) {
  zone = std::make_unique<ZoneClock>(chunk.facts->time_zone);
  const auto types = chunk.rows->GetTypes();
  for (std::size_t i = 0; i < types.size(); ++i)
    writers.push_back(std::make_unique<CellWriter>(types[i], i < columns.size() ? columns[i].type : std::string()));
}

bool CsvEncoder::Impl::NeedsQuotes(std::string_view value) const {
  for (const char c : value) {
    if (special[static_cast<unsigned char>(c)]) return true;
  }
  return value == form.null_text;
}

void CsvEncoder::Impl::AppendValue(std::string_view value) {
  if (!NeedsQuotes(value)) return text.Append(value);
  text.Append(form.quote);
  for (auto at = value.find(form.quote); at != std::string_view::npos; at = value.find(form.quote)) {
    text.Append(value.substr(0, at + form.quote.size()));
    text.Append(form.quote);
    value.remove_prefix(at + form.quote.size());
  }
  text.Append(value);
  text.Append(form.quote);
}

void CsvEncoder::Impl::AppendCell(std::size_t column, std::size_t row) {
  const auto& fast = cells[column];
  const auto& writer = *writers[column];
  if (fast.write != nullptr) {
    const auto at = fast.PlaceOf(row);
    if (fast.IsNull(at)) return text.Append(form.null_text);
    if (plain_is_safe) return text.AdvanceTo(fast.write(fast, at, text.Room(kLongestValue)));
  }
  if (writer.IsNull(row)) return text.Append(form.null_text);
  if (const auto* const direct = writer.TextAt(row)) return AppendValue({direct->GetData(), direct->GetSize()});
  scratch.Clear();
  writers[column]->AppendText(row, scratch);
  AppendValue(scratch.text());
}

void CsvEncoder::Impl::EndLine(std::size_t start) {
  if (text.text().size() == start) {
    text.Append(form.quote);
    text.Append(form.quote);
  }
  text.Append(form.record_separator);
}

CsvEncoder::CsvEncoder(std::vector<Column> columns, CsvForm form) : impl_(std::make_unique<Impl>()) {
  impl_->columns = std::move(columns);
  impl_->form = std::move(form);
  impl_->Prepare();
}

CsvEncoder::~CsvEncoder() = default;

void CsvEncoder::AppendHeader(std::string& out) {
  auto& impl = *impl_;
  impl.text.Clear();
  for (std::size_t i = 0; i < impl.columns.size(); ++i) {
    if (i > 0) impl.text.Append(impl.form.delimiter);
    impl.AppendValue(impl.columns[i].name);
  }
  impl.EndLine(0);
  out += impl.text.text();
}

void CsvEncoder::Append(const Chunk& chunk, std::string& out) {
  auto& impl = *impl_;
  if (impl.writers.empty()) impl.PrepareWriters(chunk.data());
  auto& rows = *chunk.data().rows;
  impl.cells.clear();
  for (std::size_t i = 0; i < impl.writers.size(); ++i) {
    impl.writers[i]->Bind(rows.data[i], rows.size(), *impl.zone);
    impl.cells.push_back(impl.writers[i]->Fast(CellForm::kText));
  }
  impl.text.Clear();
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto start = impl.text.text().size();
    for (std::size_t column = 0; column < impl.cells.size(); ++column) {
      if (column > 0) impl.text.Append(impl.form.delimiter);
      impl.AppendCell(column, row);
    }
    impl.EndLine(start);
  }
  out += impl.text.text();
}

}  // namespace tarn::engine
