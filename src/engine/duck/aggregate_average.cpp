// trino_avg: decimals half up at the argument's own scale, real to real; the rest is the engine's avg.
#include <duckdb/catalog/catalog.hpp>
#include <duckdb/catalog/catalog_entry/aggregate_function_catalog_entry.hpp>
#include <duckdb/function/aggregate_function.hpp>

#include "engine/duck/decimal_math.h"
#include "engine/duck/expansion.h"
#include "engine/duck/functions.h"

namespace tarn::engine {
namespace {

using duckdb::AggregateFunction;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::PhysicalType;

struct DecimalSum {
  duckdb::hugeint_t sum;
  std::int64_t count;
};
struct RealSum {
  double sum;
  std::int64_t count;
};

Int128 Widen(std::int16_t value) { return value; }
Int128 Widen(std::int32_t value) { return value; }
Int128 Widen(std::int64_t value) { return value; }
Int128 Widen(duckdb::hugeint_t value) { return ToInt128(value); }

void Narrow(Int128 value, duckdb::hugeint_t& target) { target = FromInt128(value); }
template <class T>
void Narrow(Int128 value, T& target) {
  target = static_cast<T>(value);
}

struct AverageBase {
  template <class State>
  static void Initialize(State& state) {
    state.sum = {};
    state.count = 0;
  }
  static bool IgnoreNull() { return true; }
};

struct DecimalAverage : AverageBase {
  static void Add(DecimalSum& state, Int128 value, std::int64_t count) {
    Int128 sum = 0;
    if (__builtin_add_overflow(ToInt128(state.sum), value, &sum))
      Fail("NUMERIC_VALUE_OUT_OF_RANGE", "Decimal overflow");
    state.sum = FromInt128(sum);
    state.count += count;
  }
  template <class Input, class State, class Op>
  static void Operation(State& state, const Input& input, duckdb::AggregateUnaryInput&) {
    Add(state, Widen(input), 1);
  }
  template <class Input, class State, class Op>
  static void ConstantOperation(State& state, const Input& input, duckdb::AggregateUnaryInput&, duckdb::idx_t count) {
    Int128 product = 0;
    if (__builtin_mul_overflow(Widen(input), static_cast<Int128>(count), &product)) {
      Fail("NUMERIC_VALUE_OUT_OF_RANGE", "Decimal overflow");
    }
    Add(state, product, static_cast<std::int64_t>(count));
  }
  template <class State, class Op>
  static void Combine(const State& source, State& target, duckdb::AggregateInputData&) {
    Add(target, ToInt128(source.sum), source.count);
  }
  template <class Result, class State>
  static void Finalize(State& state, Result& target, duckdb::AggregateFinalizeData& finalize) {
    if (state.count == 0) {
      finalize.ReturnNull();
    } else {
      Narrow(DivideDecimals(ToInt128(state.sum), state.count, 0), target);
    }
  }
};

struct RealAverage : AverageBase {
  template <class Input, class State, class Op>
  static void Operation(State& state, const Input& input, duckdb::AggregateUnaryInput&) {
    state.sum += static_cast<double>(input);
    ++state.count;
  }
  template <class Input, class State, class Op>
  static void ConstantOperation(State& state, const Input& input, duckdb::AggregateUnaryInput&, duckdb::idx_t count) {
    state.sum += static_cast<double>(input) * static_cast<double>(count);
    state.count += static_cast<std::int64_t>(count);
  }
  template <class State, class Op>
  static void Combine(const State& source, State& target, duckdb::AggregateInputData&) {
    target.sum += source.sum;
    target.count += source.count;
  }
  template <class Result, class State>
  static void Finalize(State& state, Result& target, duckdb::AggregateFinalizeData& finalize) {
    if (state.count == 0) {
      finalize.ReturnNull();
    } else {
      target = static_cast<Result>(state.sum / static_cast<double>(state.count));
    }
  }
};

AggregateFunction DecimalAverageOf(const LogicalType& type) {
  switch (type.InternalType()) {
    case PhysicalType::INT16:
      return AggregateFunction::UnaryAggregate<DecimalSum, std::int16_t, std::int16_t, DecimalAverage>(type, type);
    case PhysicalType::INT32:
      return AggregateFunction::UnaryAggregate<DecimalSum, std::int32_t, std::int32_t, DecimalAverage>(type, type);
    case PhysicalType::INT64:
      return AggregateFunction::UnaryAggregate<DecimalSum, std::int64_t, std::int64_t, DecimalAverage>(type, type);
    default:
      return AggregateFunction::UnaryAggregate<DecimalSum, duckdb::hugeint_t, duckdb::hugeint_t, DecimalAverage>(type,
                                                                                                                 type);
  }
}

AggregateFunction NativeAverage(duckdb::ClientContext& context, const LogicalType& type) {
  auto& catalog = duckdb::Catalog::GetSystemCatalog(context);
  auto& entry = catalog.GetEntry<duckdb::AggregateFunctionCatalogEntry>(context, DEFAULT_SCHEMA, "avg");
  return entry.functions.GetFunctionByArguments(context, {type});
}

duckdb::unique_ptr<duckdb::FunctionData> BindAverage(duckdb::ClientContext& context, AggregateFunction& function,
                                                     duckdb::vector<Expr>& arguments) {
  const auto type = LogicalType::NormalizeType(arguments[0]->return_type);
  if (type.id() == LogicalTypeId::UNKNOWN) throw duckdb::ParameterNotResolvedException();
  if (type.id() == LogicalTypeId::VARCHAR || type.id() == LogicalTypeId::BOOLEAN) {
    Fail("TYPE_MISMATCH", "avg needs a number or an interval");
  }
  const auto name = function.name;
  if (type.id() == LogicalTypeId::DECIMAL) {
    function = DecimalAverageOf(type);
  } else if (type.id() == LogicalTypeId::FLOAT) {
    function = AggregateFunction::UnaryAggregate<RealSum, float, float, RealAverage>(type, type);
  } else {
    function = NativeAverage(context, type.id() == LogicalTypeId::SQLNULL ? LogicalType(LogicalType::DOUBLE) : type);
    return function.HasBindCallback() ? function.GetBindCallback()(context, function, arguments) : nullptr;
  }
  function.name = name;
  return nullptr;
}

}  // namespace

void RegisterAverage(duckdb::ExtensionLoader& loader) {
  AggregateFunction average("trino_avg", {LogicalType::ANY}, LogicalType::ANY, nullptr, nullptr, nullptr, nullptr,
                            nullptr, duckdb::FunctionNullHandling::DEFAULT_NULL_HANDLING, nullptr, BindAverage);
  loader.RegisterFunction(average);
}

}  // namespace tarn::engine
