// listagg: texts joined, up to Trino's greatest length.
#include "engine/duck/functions.h"
#include "engine/duck/row_function.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalType;

constexpr std::size_t kMostBytes = 1'048'576;

// What follows a text that would grow too long; without it that is an error.
struct Overflow {
  std::string_view filler;
  bool with_count = false;
};

class Joined final {
 public:
  Joined(std::string_view separator, std::optional<Overflow> overflow) : separator_(separator), overflow_(overflow) {}

  // Whether there is room for more.
  bool Add(std::string_view part, std::size_t left) {
    const std::size_t size = text_.size() + (first_ ? 0 : separator_.size()) + part.size();
    if (size > kMostBytes) {
      if (!overflow_)
        Fail("EXCEEDED_FUNCTION_MEMORY_LIMIT",
             "The result of listagg is longer than " + std::to_string(kMostBytes) + " bytes");
      if (!first_) text_ += separator_;
      text_ += overflow_->filler;
      if (overflow_->with_count) text_ += "(" + std::to_string(left) + ")";
      return false;
    }
    if (!first_) text_ += separator_;
    text_ += part;
    first_ = false;
    return true;
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string_view separator_;
  std::optional<Overflow> overflow_;
  std::string text_;
  bool first_ = true;
};

void Listagg(duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
  const bool constant = in.AllConstant();
  std::vector<duckdb::UnifiedVectorFormat> columns(in.ColumnCount());
  for (duckdb::idx_t i = 0; i < in.ColumnCount(); ++i) in.data[i].ToUnifiedFormat(in.size(), columns[i]);
  auto& texts = duckdb::ListVector::GetEntry(in.data[0]);
  duckdb::UnifiedVectorFormat parts;
  texts.ToUnifiedFormat(duckdb::ListVector::GetListSize(in.data[0]), parts);
  out.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  auto* const results = duckdb::FlatVector::GetData<duckdb::string_t>(out);
  const auto text = [&](std::size_t column, duckdb::idx_t row) {
    return View(
        duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(columns[column])[columns[column].sel->get_index(row)]);
  };
  for (duckdb::idx_t row = 0; row < (constant ? 1 : in.size()); ++row) {
    const auto valid = [&](const duckdb::UnifiedVectorFormat& column) {
      return column.validity.RowIsValid(column.sel->get_index(row));
    };
    if (!std::ranges::all_of(columns, valid)) {
      duckdb::FlatVector::SetNull(out, row, true);
      continue;
    }
    std::optional<Overflow> overflow;
    if (columns.size() > 2) {
      const auto& flags = columns[3];
      overflow = {.filler = text(2, row),
                  .with_count = duckdb::UnifiedVectorFormat::GetData<bool>(flags)[flags.sel->get_index(row)]};
    }
    const auto& lists = columns[0];
    const auto list = duckdb::UnifiedVectorFormat::GetData<duckdb::list_entry_t>(lists)[lists.sel->get_index(row)];
    Joined joined(text(1, row), overflow);
    for (duckdb::idx_t i = 0; i < list.length; ++i) {
      const auto at = parts.sel->get_index(list.offset + i);
      if (!joined.Add(View(duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(parts)[at]), list.length - i)) break;
    }
    results[row] = duckdb::StringVector::AddString(out, joined.text());
  }
  if (constant) out.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
}

}  // namespace

void RegisterListagg(duckdb::ExtensionLoader& loader) {
  const auto of = [](duckdb::vector<LogicalType> arguments) {
    duckdb::ScalarFunction function("trino_listagg", std::move(arguments), LogicalType::VARCHAR, Listagg);
    function.SetFallible();
    return function;
  };
  const LogicalType text = LogicalType::VARCHAR;
  const LogicalType texts = LogicalType::LIST(text);
  RegisterAll(loader, "trino_listagg", of({texts, text}), of({texts, text, text, LogicalType::BOOLEAN}));
}

}  // namespace tarn::engine
