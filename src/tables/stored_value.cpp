#include "tables/stored_value.h"

#include <algorithm>
#include <limits>

namespace tarn::tables {

namespace {

using engine::Cell;
using engine::WideInteger;
constexpr std::size_t kUuidBytes = 16;

bool FitsWord(WideInteger number) {
  return number >= std::numeric_limits<std::int64_t>::min() && number <= std::numeric_limits<std::int64_t>::max();
}

// The digits of a number, at the end of `bytes`.
std::string_view Digits(WideInteger number, BoundBytes& bytes) {
  const bool negative = number < 0;
  std::size_t at = bytes.size();
  do {
    const auto digit = static_cast<int>(number % 10);
    bytes[--at] = static_cast<char>('0' + (digit < 0 ? -digit : digit));
    number /= 10;
  } while (number != 0);
  if (negative) bytes[--at] = '-';
  return {bytes.data() + at, bytes.size() - at};
}

WideInteger FromDigits(std::string_view digits) {
  const bool negative = digits.starts_with('-');
  if (negative) digits.remove_prefix(1);
  WideInteger number = 0;
  for (const char digit : digits) number = number * 10 + (digit - '0');
  return negative ? -number : number;
}

}  // namespace

void BindValue(Statement& statement, int place, ColumnType type, const Cell& cell, BoundBytes& bytes) {
  if (cell.is_null()) return statement.BindNull(place);
  if (cell.kind == Cell::Kind::kText) return statement.Bind(place, cell.text());
  if (type == ColumnType::kUuid) {
    auto number = cell.number;
    for (std::size_t i = kUuidBytes; i-- > 0; number >>= 8) bytes[i] = static_cast<char>(number & 0xFF);
    return statement.BindBytes(place, {bytes.data(), kUuidBytes});
  }
  if (FitsWord(cell.number)) return statement.Bind(place, static_cast<std::int64_t>(cell.number));
  statement.Bind(place, Digits(cell.number, bytes));
}

Cell StoredValue(const Statement& statement, int column, ColumnType type) {
  switch (statement.Type(column)) {
    case SQLITE_NULL: return {};
    case SQLITE_INTEGER: return Cell::Number(statement.Integer(column));
    default: break;
  }
  const auto text = statement.Text(column);
  if (type == ColumnType::kVarchar) return Cell::Text(text);
  if (type != ColumnType::kUuid) return Cell::Number(FromDigits(text));
  WideInteger number = 0;
  for (const char byte : text)
    number = static_cast<WideInteger>(static_cast<unsigned __int128>(number) << 8) | static_cast<unsigned char>(byte);
  return Cell::Number(number);
}

}  // namespace tarn::tables
