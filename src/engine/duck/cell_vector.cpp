#include "engine/duck/cell_vector.h"

namespace tarn::engine {

namespace {

template <class T>
void Set(duckdb::Vector& vector, duckdb::idx_t row, WideInteger number) {
  duckdb::FlatVector::GetData<T>(vector)[row] = static_cast<T>(number);
}

duckdb::hugeint_t Huge(WideInteger number) {
  return {static_cast<std::int64_t>(number >> 64), static_cast<std::uint64_t>(number)};
}

}  // namespace

void SetCell(duckdb::Vector& vector, duckdb::idx_t row, const Cell& cell) {
  if (cell.is_null()) {
    duckdb::FlatVector::SetNull(vector, row, true);
    return;
  }
  if (cell.kind == Cell::Kind::kText) {
    duckdb::FlatVector::GetData<duckdb::string_t>(vector)[row] =
        duckdb::StringVector::AddString(vector, cell.bytes, cell.size);
    return;
  }
  switch (vector.GetType().InternalType()) {
    case duckdb::PhysicalType::BOOL: duckdb::FlatVector::GetData<bool>(vector)[row] = cell.number != 0; return;
    case duckdb::PhysicalType::INT32: Set<std::int32_t>(vector, row, cell.number); return;
    case duckdb::PhysicalType::INT64: Set<std::int64_t>(vector, row, cell.number); return;
    case duckdb::PhysicalType::INT128: {
      auto value = Huge(cell.number);
      // The engine keeps UUIDs with their first bit turned, so that they sort like their texts.
      if (vector.GetType().id() == duckdb::LogicalTypeId::UUID) value.upper ^= std::numeric_limits<std::int64_t>::min();
      duckdb::FlatVector::GetData<duckdb::hugeint_t>(vector)[row] = value;
      return;
    }
    default: throw duckdb::InternalException("A cell's number has no place in a column of this type");
  }
}

void ReferToCell(duckdb::Vector& vector, duckdb::idx_t row, const Cell& cell) {
  if (cell.kind != Cell::Kind::kText) return SetCell(vector, row, cell);
  duckdb::FlatVector::GetData<duckdb::string_t>(vector)[row] = duckdb::string_t(cell.bytes, cell.size);
}

}  // namespace tarn::engine
