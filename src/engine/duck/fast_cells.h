// One column of a batch as the encoder's inner loop reads it: raw values, and the function that writes one of them.
#pragma once

#include <cstdint>
#include <duckdb.hpp>

namespace tarn::engine {

// The JSON forms of a value: always a string; a number or boolean where that is exact for every reader of JSON; or as a
// page of the Trino protocol has it, which writes all integers and floating-point numbers as numbers. kText is no JSON:
// the value's text alone.
enum class CellForm { kQuoted, kTyped, kPage, kText };

// Refers to a bound vector; valid as long as that is.
struct FastCells {
  // Writes the value at `at` in the column's form at `to` and gives the end.
  using Write = char* (*)(const FastCells& cells, std::size_t at, char* to);

  Write write = nullptr;  // null: the column's values are not written this way
  bool is_text = false;   // values are texts of any length, which need room of their own
  int digits = 0;         // scale of a decimal, precision of a time
  const std::uint8_t* values = nullptr;
  const duckdb::sel_t* places = nullptr;        // of the rows' values; null: each row at its own place
  const duckdb::ValidityMask* nulls = nullptr;  // null: none is NULL

  template <class T>
  [[nodiscard]] const T& Value(std::size_t at) const {
    return reinterpret_cast<const T*>(values)[at];
  }
  [[nodiscard]] std::size_t PlaceOf(std::size_t row) const { return places == nullptr ? row : places[row]; }
  [[nodiscard]] bool IsNull(std::size_t at) const { return nulls != nullptr && !nulls->RowIsValidUnsafe(at); }
};

// The function for an engine type; null for the rarer types, and for texts in the form kText. Texts that are written so
// must not be longer than kLongestFastText.
[[nodiscard]] FastCells::Write FastWriteOf(const duckdb::LogicalType& type, CellForm form);

inline constexpr std::size_t kLongestFastText = 16'384;

}  // namespace tarn::engine
