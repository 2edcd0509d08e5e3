// Aggregates of the engine whose state is a C++ object. A `Sketch` has, for rows without NULL, and for groups with
// rows:
//   void Add(const SketchRow& row);
//   void Merge(const Sketch& other);
//   void Write(duckdb::Vector& result, duckdb::idx_t row);
// Groups without rows give NULL.
#pragma once

#include <duckdb/function/aggregate_function.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/duck/expansion.h"

namespace tarn::engine {

// The arguments of one row.
class SketchRow final {
 public:
  SketchRow(const std::vector<duckdb::UnifiedVectorFormat>& columns, duckdb::idx_t row)
      : columns_(columns), row_(row) {}

  [[nodiscard]] bool IsComplete() const {
    for (const auto& column : columns_) {
      if (!column.validity.RowIsValid(column.sel->get_index(row_))) return false;
    }
    return true;
  }
  template <class T>
  [[nodiscard]] const T& Get(std::size_t argument) const {
    const auto& column = columns_[argument];
    return duckdb::UnifiedVectorFormat::GetData<T>(column)[column.sel->get_index(row_)];
  }
  [[nodiscard]] std::string_view Text(std::size_t argument) const { return View(Get<duckdb::string_t>(argument)); }
  [[nodiscard]] std::size_t size() const { return columns_.size(); }

 private:
  const std::vector<duckdb::UnifiedVectorFormat>& columns_;
  duckdb::idx_t row_;
};

template <class Sketch>
class SketchAggregate final {
 public:
  [[nodiscard]] static duckdb::AggregateFunction Of(const std::string& name,
                                                    const duckdb::vector<duckdb::LogicalType>& arguments,
                                                    const duckdb::LogicalType& result) {
    return {name, arguments, result, Size, Initialize, Update, Combine, Finalize, nullptr, nullptr, Destroy};
  }

 private:
  struct State {
    Sketch* sketch;
  };

  static duckdb::idx_t Size(const duckdb::AggregateFunction&) { return sizeof(State); }
  static void Initialize(const duckdb::AggregateFunction&, duckdb::data_ptr_t state) {
    reinterpret_cast<State*>(state)->sketch = nullptr;
  }

  // The states that a vector of pointers names, row by row.
  class States final {
   public:
    States(duckdb::Vector& vector, duckdb::idx_t count) { vector.ToUnifiedFormat(count, format_); }
    State& operator[](duckdb::idx_t row) {
      return *duckdb::UnifiedVectorFormat::GetData<State*>(format_)[format_.sel->get_index(row)];
    }

   private:
    duckdb::UnifiedVectorFormat format_;
  };

  static Sketch& SketchOf(State& state) {
    if (state.sketch == nullptr) state.sketch = duckdb::make_uniq<Sketch>().release();
    return *state.sketch;
  }

  static void Update(duckdb::Vector inputs[], duckdb::AggregateInputData&, duckdb::idx_t size, duckdb::Vector& vector,
                     duckdb::idx_t count) {
    std::vector<duckdb::UnifiedVectorFormat> columns(size);
    for (duckdb::idx_t i = 0; i < size; ++i) inputs[i].ToUnifiedFormat(count, columns[i]);
    States states(vector, count);
    for (duckdb::idx_t i = 0; i < count; ++i) {
      const SketchRow row(columns, i);
      if (row.IsComplete()) SketchOf(states[i]).Add(row);
    }
  }

  static void Combine(duckdb::Vector& from, duckdb::Vector& into, duckdb::AggregateInputData&, duckdb::idx_t count) {
    States sources(from, count);
    States targets(into, count);
    for (duckdb::idx_t i = 0; i < count; ++i) {
      if (sources[i].sketch != nullptr) SketchOf(targets[i]).Merge(*sources[i].sketch);
    }
  }

  static void Finalize(duckdb::Vector& vector, duckdb::AggregateInputData&, duckdb::Vector& result, duckdb::idx_t count,
                       duckdb::idx_t offset) {
    const bool constant = vector.GetVectorType() == duckdb::VectorType::CONSTANT_VECTOR;
    result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
    States states(vector, count);
    for (duckdb::idx_t i = 0; i < (constant ? 1 : count); ++i) {
      if (states[i].sketch == nullptr)
        duckdb::FlatVector::SetNull(result, i + offset, true);
      else
        states[i].sketch->Write(result, i + offset);
    }
    if (constant) result.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
  }

  static void Destroy(duckdb::Vector& vector, duckdb::AggregateInputData&, duckdb::idx_t count) {
    States states(vector, count);
    for (duckdb::idx_t i = 0; i < count; ++i) {
      const std::unique_ptr<Sketch> owned(states[i].sketch);
      states[i].sketch = nullptr;
    }
  }
};

}  // namespace tarn::engine
