// Scalar functions of the engine from plain C++ functions over one row.
#pragma once

#include <array>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "engine/duck/expansion.h"

namespace tarn::engine {

// The engine's type for a C++ type: texts are std::string_view as arguments and std::string as results. Bytes are told
// from texts by the tag.
struct Bytes {
  std::string value = {};
};
struct BytesView {
  std::string_view value = {};
};

template <class T>
struct RowType;
template <>
struct RowType<bool> {
  using Stored = bool;
  static duckdb::LogicalType Type() { return duckdb::LogicalType::BOOLEAN; }
};
template <>
struct RowType<std::int8_t> {
  using Stored = std::int8_t;
  static duckdb::LogicalType Type() { return duckdb::LogicalType::TINYINT; }
};
template <>
struct RowType<std::int16_t> {
  using Stored = std::int16_t;
  static duckdb::LogicalType Type() { return duckdb::LogicalType::SMALLINT; }
};
template <>
struct RowType<std::int32_t> {
  using Stored = std::int32_t;
  static duckdb::LogicalType Type() { return duckdb::LogicalType::INTEGER; }
};
template <>
struct RowType<std::int64_t> {
  using Stored = std::int64_t;
  static duckdb::LogicalType Type() { return duckdb::LogicalType::BIGINT; }
};
template <>
struct RowType<float> {
  using Stored = float;
  static duckdb::LogicalType Type() { return duckdb::LogicalType::FLOAT; }
};
template <>
struct RowType<double> {
  using Stored = double;
  static duckdb::LogicalType Type() { return duckdb::LogicalType::DOUBLE; }
};
template <>
struct RowType<std::string_view> {
  using Stored = duckdb::string_t;
  static duckdb::LogicalType Type() { return duckdb::LogicalType::VARCHAR; }
};
template <>
struct RowType<std::string> {
  using Stored = duckdb::string_t;
  static duckdb::LogicalType Type() { return duckdb::LogicalType::VARCHAR; }
};
template <>
struct RowType<BytesView> {
  using Stored = duckdb::string_t;
  static duckdb::LogicalType Type() { return duckdb::LogicalType::BLOB; }
};
template <>
struct RowType<Bytes> {
  using Stored = duckdb::string_t;
  static duckdb::LogicalType Type() { return duckdb::LogicalType::BLOB; }
};
template <class T>
struct RowType<std::optional<T>> : RowType<T> {};

namespace row_function {

template <class T>
T Argument(const duckdb::UnifiedVectorFormat& format, duckdb::idx_t index) {
  const auto& stored = duckdb::UnifiedVectorFormat::GetData<typename RowType<T>::Stored>(format)[index];
  if constexpr (std::same_as<T, std::string_view>)
    return View(stored);
  else if constexpr (std::same_as<T, BytesView>)
    return {View(stored)};
  else
    return stored;
}

template <class T>
void Store(duckdb::Vector& out, duckdb::idx_t row, const T& value) {
  if constexpr (requires { value.has_value(); }) {
    if (value)
      Store(out, row, *value);
    else
      duckdb::FlatVector::SetNull(out, row, true);
  } else {
    auto* const data = duckdb::FlatVector::GetData<typename RowType<T>::Stored>(out);
    if constexpr (std::same_as<T, std::string>)
      data[row] = duckdb::StringVector::AddStringOrBlob(out, value);
    else if constexpr (std::same_as<T, Bytes>)
      data[row] = duckdb::StringVector::AddStringOrBlob(out, value.value);
    else
      data[row] = value;
  }
}

template <class Result, class... Arguments, class F, std::size_t... I>
void Run(duckdb::DataChunk& in, duckdb::Vector& out, const F& f, std::index_sequence<I...>) {
  [[maybe_unused]] std::array<duckdb::UnifiedVectorFormat, sizeof...(Arguments)> formats;
  (in.data[I].ToUnifiedFormat(in.size(), formats[I]), ...);
  const bool constant = (true && ... && (in.data[I].GetVectorType() == duckdb::VectorType::CONSTANT_VECTOR));
  out.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (duckdb::idx_t row = 0; row < (constant ? std::min<duckdb::idx_t>(in.size(), 1) : in.size()); ++row) {
    [[maybe_unused]] const std::array<duckdb::idx_t, sizeof...(Arguments)> at = {formats[I].sel->get_index(row)...};
    if ((true && ... && formats[I].validity.RowIsValid(at[I])))
      Store<Result>(out, row, f(Argument<Arguments>(formats[I], at[I])...));
    else
      duckdb::FlatVector::SetNull(out, row, true);
  }
  if (constant) out.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
}

}  // namespace row_function

// NULL for a NULL argument; a result of std::optional may be NULL too. The function may fail.
template <class Result, class... Arguments, class F>
duckdb::ScalarFunction RowFunctionOf(const std::string& name, const F& f) {
  duckdb::ScalarFunction function(name, {RowType<Arguments>::Type()...}, RowType<Result>::Type(),
                                  [f](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
                                    row_function::Run<Result, Arguments...>(in, out, f,
                                                                            std::index_sequence_for<Arguments...>());
                                  });
  function.SetFallible();
  return function;
}
template <class Result, class... Arguments>
duckdb::ScalarFunction RowFunction(const std::string& name, Result (*f)(Arguments...)) {
  return RowFunctionOf<Result, Arguments...>(name, f);
}

// Registers functions of one name that differ in their arguments.
template <class... Functions>
void RegisterAll(duckdb::ExtensionLoader& loader, const std::string& name, Functions... functions) {
  duckdb::ScalarFunctionSet set(name);
  (set.AddFunction(std::move(functions)), ...);
  loader.RegisterFunction(std::move(set));
}
template <class Result, class... Arguments>
void RegisterRow(duckdb::ExtensionLoader& loader, const std::string& name, Result (*f)(Arguments...)) {
  loader.RegisterFunction(RowFunction(name, f));
}

}  // namespace tarn::engine
