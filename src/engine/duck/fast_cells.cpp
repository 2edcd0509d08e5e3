#include "engine/duck/fast_cells.h"

#include <cmath>
#include <limits>

#include "engine/duck/json_text.h"
#include "engine/duck/value_text.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalTypeId;
using duckdb::PhysicalType;

constexpr std::int64_t kExact = std::int64_t{1} << 53;  // integers beyond it are not exact in JSON's numbers

template <bool quoted = true, class Inner>
char* Quoted(char* to, Inner inner) {
  if constexpr (quoted) *to++ = '"';
  to = inner(to);
  if constexpr (quoted) *to++ = '"';
  return to;
}

template <class T, CellForm form>
char* WriteIntegerCell(const FastCells& cells, std::size_t at, char* to) {
  const auto value = cells.Value<T>(at);
  const auto write = [value](char* place) { return WriteInteger(place, value); };
  if constexpr (form == CellForm::kPage) {
    return write(to);
  } else if constexpr (form == CellForm::kTyped) {
    if (sizeof(T) < 8 || (value <= kExact && value >= -kExact)) return write(to);
  }
  return Quoted(to, write);
}

template <class T>
FastCells::Write IntegerWriteOf(CellForm form) {
  switch (form) {
    case CellForm::kQuoted: return WriteIntegerCell<T, CellForm::kQuoted>;
    case CellForm::kTyped: return WriteIntegerCell<T, CellForm::kTyped>;
    case CellForm::kPage:
    case CellForm::kText: return WriteIntegerCell<T, CellForm::kPage>;
  }
  return nullptr;
}

template <bool quoted>
char* WriteBooleanCell(const FastCells& cells, std::size_t at, char* to) {
  const auto* const text = cells.Value<bool>(at) ? "true" : "false";
  if constexpr (!quoted) return WriteText(to, text);
  return Quoted(to, [text](char* place) { return WriteText(place, text); });
}

char* WriteDoubleCell(const FastCells& cells, std::size_t at, char* to) {
  const auto value = cells.Value<double>(at);
  if (std::isfinite(value)) return WriteDouble(to, value);
  return Quoted(to, [value](char* place) { return WriteDouble(place, value); });
}

template <class T, bool quoted>
char* WriteDecimalCell(const FastCells& cells, std::size_t at, char* to) {
  return Quoted<quoted>(
      to, [&](char* place) { return WriteDecimal(place, std::int64_t{cells.Value<T>(at)}, cells.digits); });
}

template <bool quoted>
char* WriteWideDecimalCell(const FastCells& cells, std::size_t at, char* to) {
  const auto& wide = cells.Value<duckdb::hugeint_t>(at);
  const auto narrow = static_cast<std::int64_t>(wide.lower);
  const bool fits = wide.upper == narrow >> 63;
  return Quoted<quoted>(to, [&](char* place) {
    if (fits) return WriteDecimal(place, narrow, cells.digits);
    return WriteDecimal(place, static_cast<Int128>(wide.upper) << 64 | wide.lower, cells.digits);
  });
}

template <class T>
bool IsInfinite(T time) {
  return time == std::numeric_limits<T>::max() || time == -std::numeric_limits<T>::max();
}

template <bool quoted>
char* WriteDateCell(const FastCells& cells, std::size_t at, char* to) {
  const auto days = cells.Value<std::int32_t>(at);
  return Quoted<quoted>(to, [days](char* place) {
    return IsInfinite(days) ? WriteText(place, days > 0 ? "infinity" : "-infinity") : WriteDate(place, days);
  });
}

template <bool quoted>
char* WriteTimestampCell(const FastCells& cells, std::size_t at, char* to) {
  const auto time = cells.Value<std::int64_t>(at);
  const auto digits = cells.digits > 6 ? 6 : cells.digits;
  return Quoted<quoted>(to, [=](char* place) {
    return IsInfinite(time) ? WriteText(place, time > 0 ? "infinity" : "-infinity")
                            : WriteTimestamp(place, time, digits);
  });
}

char* WriteTextCell(const FastCells& cells, std::size_t at, char* to) {
  const auto& text = cells.Value<duckdb::string_t>(at);
  return Quoted(to, [&](char* place) { return WriteEscaped(place, {text.GetData(), text.GetSize()}); });
}

template <bool quoted>
FastCells::Write DecimalWriteOf(PhysicalType stored_as) {
  switch (stored_as) {
    case PhysicalType::INT16: return WriteDecimalCell<std::int16_t, quoted>;
    case PhysicalType::INT32: return WriteDecimalCell<std::int32_t, quoted>;
    case PhysicalType::INT64: return WriteDecimalCell<std::int64_t, quoted>;
    default: return WriteWideDecimalCell<quoted>;
  }
}

}  // namespace

FastCells::Write FastWriteOf(const duckdb::LogicalType& type, CellForm form) {
  if (type.IsJSONType()) return nullptr;
  const bool plain = form == CellForm::kText;
  switch (type.id()) {
    case LogicalTypeId::BOOLEAN: return form == CellForm::kQuoted ? WriteBooleanCell<true> : WriteBooleanCell<false>;
    case LogicalTypeId::TINYINT: return IntegerWriteOf<std::int8_t>(form);
    case LogicalTypeId::SMALLINT: return IntegerWriteOf<std::int16_t>(form);
    case LogicalTypeId::INTEGER: return IntegerWriteOf<std::int32_t>(form);
    case LogicalTypeId::BIGINT: return IntegerWriteOf<std::int64_t>(form);
    case LogicalTypeId::DOUBLE: return form == CellForm::kPage ? WriteDoubleCell : nullptr;
    case LogicalTypeId::DECIMAL:
      return plain ? DecimalWriteOf<false>(type.InternalType()) : DecimalWriteOf<true>(type.InternalType());
    case LogicalTypeId::DATE: return plain ? WriteDateCell<false> : WriteDateCell<true>;
    case LogicalTypeId::TIMESTAMP: return plain ? WriteTimestampCell<false> : WriteTimestampCell<true>;
    case LogicalTypeId::VARCHAR: return plain ? nullptr : WriteTextCell;
    default: return nullptr;
  }
}

}  // namespace tarn::engine
