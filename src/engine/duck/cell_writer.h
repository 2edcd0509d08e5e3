// The values of one engine column as text or JSON: what the row encoder and the casts to varchar and json share.
#pragma once

#include <array>
#include <duckdb.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/duck/fast_cells.h"
#include "engine/duck/json_text.h"
#include "engine/duck/value_text.h"
#include "engine/duck/zone_clock.h"
#include "sql/type.h"

namespace tarn::engine {

// For whom a value is written: as part of a result (floating-point numbers as Java does, times with all digits
// of their precision), or as CAST(x AS varchar) gives it (1.0E0, times with the digits that they need), or as
// CAST(x AS json) does.
enum class TextStyle { kResult, kCast };

// Not thread-safe. Bound to one vector after another, all of the type given at first.
class CellWriter final {
 public:
  // `trino_type` gives what the engine's type does not hold: the precision of times, the interval's family.
  CellWriter(const duckdb::LogicalType& type, std::string_view trino_type, TextStyle style = TextStyle::kResult);

  // Must be called before the values of a vector are read; the vector must outlive the reading. Nested
  // vectors are flattened in place.
  void Bind(duckdb::Vector& vector, std::size_t count, ZoneClock& zone);

  // Before AppendPage: what Trino's type says at every depth and the engine's does not, the length of a char and
  // the digits of a time.
  void SetPageType(const sql::Type& type);

  [[nodiscard]] bool IsNull(std::size_t row) const { return !format_.validity.RowIsValid(format_.sel->get_index(row)); }
  // The bound vector for the encoder's inner loop, to be written as AppendQuoted, AppendTyped or AppendPage would.
  [[nodiscard]] FastCells Fast(CellForm form) const;
  // From now on numbers stand in JSON.
  void UseJsonNumbers() { in_json_ = true; }

  // The bound text itself where that is what AppendText would write; null for values that are no texts. Not for NULL.
  [[nodiscard]] const duckdb::string_t* TextAt(std::size_t row) const {
    return form_ == Form::kText ? &Value<duckdb::string_t>(format_.sel->get_index(row)) : nullptr;
  }
  // The value's text; nested values are JSON text. Not for NULL.
  void AppendText(std::size_t row, TextBuffer& out);
  // The text as a JSON string with quotes. Not for NULL.
  void AppendQuoted(std::size_t row, TextBuffer& out);
  // A JSON value; NULL is null. Numbers are numbers, all else but nested values strings.
  void AppendJson(std::size_t row, TextBuffer& out);
  // As AppendJson, but decimals and integers beyond 2^53 are strings.
  void AppendTyped(std::size_t row, TextBuffer& out);
  // The value in a page of the Trino protocol: rows and arrays are arrays, maps are objects, JSON is a string.
  void AppendPage(std::size_t row, TextBuffer& out);

 private:
  enum class Form {
    kBoolean,
    kInt8,
    kInt16,
    kInt32,
    kInt64,
    kUint8,
    kUint16,
    kUint32,
    kUint64,
    kInt128,
    kUint128,
    kDecimal16,
    kDecimal32,
    kDecimal64,
    kDecimal128,
    kReal,
    kDouble,
    kDate,
    kTime,
    kTimeNanos,
    kTimeZone,
    kTimestamp,
    kTimestampSeconds,
    kTimestampMillis,
    kTimestampNanos,
    kTimestampZone,
    kInterval,
    kYearMonth,
    kUuid,
    kNumber,
    kIpAddress,
    kPicosecondTimestamp,
    kPicosecondTime,
    kZoned,  // written by WritePlain
    kText,
    kJson,
    kBinary,
    kEnum,
    kOther,
    kList,
    kMap,
    kRow,
    kNull,
  };

  void ChooseForm(const duckdb::LogicalType& type);
  void SetPrecision(std::string_view trino_type);
  void AddChild(const duckdb::LogicalType& type);
  void BindFlat(duckdb::Vector& vector, std::size_t count, ZoneClock& zone);
  void BindChildren(duckdb::Vector& vector, std::size_t count, ZoneClock& zone);

  [[nodiscard]] bool is_plain() const { return form_ < Form::kText; }
  [[nodiscard]] bool is_tagged() const { return form_ >= Form::kNumber && form_ <= Form::kZoned; }
  [[nodiscard]] bool is_nested() const { return form_ == Form::kList || form_ == Form::kMap || form_ == Form::kRow; }
  [[nodiscard]] bool IsJsonNumber(std::size_t at) const;
  template <class T>
  [[nodiscard]] const T& Value(std::size_t at) const {
    return reinterpret_cast<const T*>(format_.data)[at];
  }
  char* WritePlain(std::size_t at, char* to);
  char* WriteNumber(std::size_t at, char* to);
  char* WriteTemporal(std::size_t at, char* to);
  [[nodiscard]] int DigitsOf(std::int64_t microseconds) const;
  char* WriteZoned(std::int64_t microseconds, char* to);
  char* WriteTagged(std::size_t at, char* to);
  char* WriteOwnZone(Int128 picoseconds, std::string_view zone, char* to);
  void AppendUnquotedText(std::size_t row, TextBuffer& out);
  void AppendNested(std::size_t row, TextBuffer& out);
  void AppendPageNested(std::size_t row, TextBuffer& out);
  void AppendPageKey(std::size_t row, TextBuffer& out);
  void AppendJavaText(std::size_t row, TextBuffer& out);
  [[nodiscard]] char* PadFraction(char* to, int written) const;

  Form form_ = Form::kOther;
  TextStyle style_;
  bool in_json_ = false;         // within a JSON value, where numbers are written as Java does
  int digits_ = 0;               // scale of a decimal, precision of a time
  int page_digits_ = 0;          // digits of a time in a page, where they may be more than the engine has
  std::size_t char_length_ = 0;  // of char(n) in a page; 0: not padded
  bool named_fields_ = false;
  duckdb::LogicalType type_;
  std::vector<std::unique_ptr<CellWriter>> children_;
  std::vector<std::string> field_names_;  // as JSON strings with a colon
  // Of the bound vector.
  duckdb::UnifiedVectorFormat format_;
  std::array<duckdb::UnifiedVectorFormat, 2> fields_ = {};  // of a tagged type
  std::unique_ptr<ZoneClock> own_zone_;                     // of the last value that carried its zone
  duckdb::Vector* vector_ = nullptr;
  ZoneClock* zone_ = nullptr;
  TextBuffer scratch_;
};

}  // namespace tarn::engine
