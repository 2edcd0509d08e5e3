// More C++ types for functions over one row: 128-bit numbers, timestamps and intervals.
#pragma once

#include "engine/duck/row_function.h"

namespace tarn::engine {

template <>
struct RowType<duckdb::hugeint_t> {
  using Stored = duckdb::hugeint_t;
  static duckdb::LogicalType Type() { return duckdb::LogicalType::HUGEINT; }
};
template <>
struct RowType<duckdb::timestamp_t> {
  using Stored = duckdb::timestamp_t;
  static duckdb::LogicalType Type() { return duckdb::LogicalType::TIMESTAMP; }
};
template <>
struct RowType<duckdb::interval_t> {
  using Stored = duckdb::interval_t;
  static duckdb::LogicalType Type() { return duckdb::LogicalType::INTERVAL; }
};

}  // namespace tarn::engine
