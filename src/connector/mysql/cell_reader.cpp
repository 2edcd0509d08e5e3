#include "connector/mysql/cell_reader.h"

#include <charconv>
#include <duckdb/common/types/hugeint.hpp>
#include <duckdb/common/types/uuid.hpp>
#include <optional>

#include "engine/duck/expansion.h"

namespace tarn::connector::mysql {
namespace {

using duckdb::LogicalTypeId;

constexpr std::int64_t kMicrosPerSecond = 1'000'000;

// Digits from left to right.
class Digits final {
 public:
  explicit Digits(std::string_view text) : text_(text) {}

  [[nodiscard]] bool done() const { return text_.empty(); }
  bool Accept(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  // A number of up to `most` digits, none of which may be missing where there must be `least`.
  std::optional<std::int32_t> Number(std::size_t least, std::size_t most) {
    std::int32_t value = 0;
    std::size_t count = 0;
    while (count < most && count < text_.size() && text_[count] >= '0' && text_[count] <= '9') {
      value = value * 10 + (text_[count] - '0');
      ++count;
    }
    text_.remove_prefix(count);
    return count < least ? std::nullopt : std::optional(value);
  }
  // ".123" in microseconds; 0 where there is none.
  std::optional<std::int64_t> Fraction() {
    if (!Accept('.')) return 0;
    std::int64_t value = 0;
    std::size_t count = 0;
    while (count < text_.size() && text_[count] >= '0' && text_[count] <= '9') {
      if (count < 6) value = value * 10 + (text_[count] - '0');
      ++count;
    }
    text_.remove_prefix(count);
    if (count == 0 || count > 6) return std::nullopt;
    for (; count < 6; ++count) value *= 10;
    return value;
  }

 private:
  std::string_view text_;
};

enum class Read { kValue, kNull, kWrong };

template <class Number>
Read ReadNumber(std::string_view text, Number& value) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc{} && end == text.data() + text.size() ? Read::kValue : Read::kWrong;
}

Read ReadDay(Digits& digits, duckdb::date_t& day) {
  const auto year = digits.Number(4, 4);
  if (!year || !digits.Accept('-')) return Read::kWrong;
  const auto month = digits.Number(2, 2);
  if (!month || !digits.Accept('-')) return Read::kWrong;
  const auto of_month = digits.Number(2, 2);
  if (!of_month) return Read::kWrong;
  if (*month == 0 || *of_month == 0) return Read::kNull;
  return duckdb::Date::TryFromDate(*year, *month, *of_month, day) ? Read::kValue : Read::kNull;  // 31 February
}

Read ReadClock(Digits& digits, std::int64_t& micros) {
  const auto hour = digits.Number(2, 3);
  if (!hour || !digits.Accept(':')) return Read::kWrong;
  const auto minute = digits.Number(2, 2);
  if (!minute || !digits.Accept(':')) return Read::kWrong;
  const auto second = digits.Number(2, 2);
  const auto fraction = second ? digits.Fraction() : std::nullopt;
  if (!fraction || !digits.done() || *hour > 23 || *minute > 59 || *second > 59) return Read::kWrong;
  micros = ((*hour * 60LL + *minute) * 60 + *second) * kMicrosPerSecond + *fraction;
  return Read::kValue;
}

Read ReadDate(std::string_view text, duckdb::date_t& value) {
  Digits digits(text);
  const Read day = ReadDay(digits, value);
  return digits.done() ? day : Read::kWrong;
}

Read ReadTimestamp(std::string_view text, duckdb::timestamp_t& value) {
  Digits digits(text);
  duckdb::date_t day(0);
  const Read read = ReadDay(digits, day);
  if (read == Read::kWrong || !digits.Accept(' ')) return Read::kWrong;
  std::int64_t micros = 0;
  if (ReadClock(digits, micros) != Read::kValue) return Read::kWrong;
  value = duckdb::timestamp_t(static_cast<std::int64_t>(day.days) * 86'400 * kMicrosPerSecond + micros);
  return read;
}

Read ReadTime(std::string_view text, duckdb::dtime_t& value) {
  Digits digits(text);
  std::int64_t micros = 0;
  const Read read = ReadClock(digits, micros);
  value = duckdb::dtime_t(micros);
  return read;
}

Read ReadBoolean(std::string_view text, bool& value) {
  value = text == "1";
  return text == "0" || text == "1" ? Read::kValue : Read::kWrong;
}

Read ReadUuid(std::string_view text, duckdb::hugeint_t& value) {
  return duckdb::UUID::FromString(std::string(text), value) ? Read::kValue : Read::kWrong;
}

// "-12.50" of this scale as a whole number.
template <class Number>
Read ReadDecimal(std::string_view text, std::uint8_t scale, Number& value) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  __int128 whole = 0;
  int places = -1;
  for (const char c : text) {
    if (c == '.' && places < 0) {
      places = 0;
      continue;
    }
    if (c < '0' || c > '9') return Read::kWrong;
    whole = whole * 10 + (c - '0');
    if (places >= 0) ++places;
  }
  if (text.empty() || std::max(places, 0) > scale) return Read::kWrong;
  for (int i = std::max(places, 0); i < scale; ++i) whole *= 10;
  if (negative) whole = -whole;
  if constexpr (std::is_same_v<Number, duckdb::hugeint_t>) {
    value = duckdb::hugeint_t(static_cast<std::int64_t>(whole >> 64), static_cast<std::uint64_t>(whole));
  } else {
    value = static_cast<Number>(whole);
  }
  return Read::kValue;
}

[[noreturn]] void Wrong(const std::string& name, std::string_view text) {
  engine::Fail("INVALID_CAST_ARGUMENT", "A column of the source holds a value that its type has not: " + name + " \"" +
                                            std::string(text.substr(0, 100)) + "\"");
}

template <class Value, class F>
void Fill(const CellBatch& batch, std::size_t column, const std::string& name, duckdb::Vector& out, const F& read) {
  auto* const values = duckdb::FlatVector::GetData<Value>(out);
  const auto& cells = batch.columns[column];
  for (std::size_t row = 0; row < batch.rows; ++row) {
    const auto& cell = cells[row];
    if (cell.length == CellBatch::kNull) {
      duckdb::FlatVector::SetNull(out, row, true);
      continue;
    }
    const auto text = batch.TextOf(cell);
    switch (read(text, values[row])) {
      case Read::kValue: break;
      case Read::kNull: duckdb::FlatVector::SetNull(out, row, true); break;
      case Read::kWrong: Wrong(name, text);
    }
  }
}

void FillDecimals(const CellBatch& batch, std::size_t column, const std::string& name, duckdb::Vector& out) {
  const std::uint8_t scale = duckdb::DecimalType::GetScale(out.GetType());
  const auto fill = [&]<class Number>(Number) {
    Fill<Number>(batch, column, name, out,
                 [scale](std::string_view text, Number& value) { return ReadDecimal(text, scale, value); });
  };
  switch (out.GetType().InternalType()) {
    case duckdb::PhysicalType::INT16: return fill(std::int16_t{});
    case duckdb::PhysicalType::INT32: return fill(std::int32_t{});
    case duckdb::PhysicalType::INT64: return fill(std::int64_t{});
    default: return fill(duckdb::hugeint_t{});
  }
}

}  // namespace

void ReadCells(const CellBatch& batch, std::size_t column, const std::string& name, duckdb::Vector& out) {
  const auto numbers = [&]<class Number>(Number) {
    Fill<Number>(batch, column, name, out,
                 [](std::string_view text, Number& value) { return ReadNumber(text, value); });
  };
  switch (out.GetType().id()) {
    case LogicalTypeId::TINYINT: return numbers(std::int8_t{});
    case LogicalTypeId::SMALLINT: return numbers(std::int16_t{});
    case LogicalTypeId::INTEGER: return numbers(std::int32_t{});
    case LogicalTypeId::BIGINT: return numbers(std::int64_t{});
    case LogicalTypeId::DOUBLE: return numbers(double{});
    case LogicalTypeId::FLOAT:
      return Fill<float>(batch, column, name, out, [](std::string_view text, float& value) {
        double wide = 0;
        const Read read = ReadNumber(text, wide);
        value = static_cast<float>(wide);
        return read;
      });
    case LogicalTypeId::BOOLEAN: return Fill<bool>(batch, column, name, out, ReadBoolean);
    case LogicalTypeId::DATE: return Fill<duckdb::date_t>(batch, column, name, out, ReadDate);
    case LogicalTypeId::TIME: return Fill<duckdb::dtime_t>(batch, column, name, out, ReadTime);
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_TZ: return Fill<duckdb::timestamp_t>(batch, column, name, out, ReadTimestamp);
    case LogicalTypeId::UUID: return Fill<duckdb::hugeint_t>(batch, column, name, out, ReadUuid);
    case LogicalTypeId::DECIMAL: return FillDecimals(batch, column, name, out);
    default:
      return Fill<duckdb::string_t>(batch, column, name, out, [&out](std::string_view text, duckdb::string_t& value) {
        value = duckdb::StringVector::AddStringOrBlob(out, text.data(), text.size());
        return Read::kValue;
      });
  }
}

}  // namespace tarn::connector::mysql
