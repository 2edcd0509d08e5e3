// Variance and standard deviation. Unlike the engine's own, they answer NaN where a value is NaN or infinite.
#include <cmath>
#include <duckdb/function/aggregate_function.hpp>

#include "engine/duck/expansion.h"
#include "engine/duck/functions.h"

namespace tarn::engine {
namespace {

using duckdb::AggregateFunction;
using duckdb::LogicalType;

// Welford's running moments.
struct Moments {
  std::int64_t count;
  double mean;
  double squares;  // of the distances from the mean
};

template <bool sample, bool root>
struct Variance {
  template <class State>
  static void Initialize(State& state) {
    state = {};
  }
  static bool IgnoreNull() { return true; }

  template <class Input, class State, class Op>
  static void Operation(State& state, const Input& input, duckdb::AggregateUnaryInput&) {
    ++state.count;
    const double distance = input - state.mean;
    const double mean = state.mean + distance / static_cast<double>(state.count);
    state.squares += distance * (input - mean);
    state.mean = mean;
  }
  template <class Input, class State, class Op>
  static void ConstantOperation(State& state, const Input& input, duckdb::AggregateUnaryInput& unary,
                                duckdb::idx_t count) {
    for (duckdb::idx_t i = 0; i < count; ++i) Operation<Input, State, Op>(state, input, unary);
  }
  template <class State, class Op>
  static void Combine(const State& source, State& target, duckdb::AggregateInputData&) {
    if (source.count == 0) return;
    if (target.count == 0) {
      target = source;
      return;
    }
    const auto ours = static_cast<double>(target.count);
    const auto theirs = static_cast<double>(source.count);
    const double distance = source.mean - target.mean;
    target.squares += source.squares + distance * distance * theirs * ours / (theirs + ours);
    target.mean = (theirs * source.mean + ours * target.mean) / (theirs + ours);
    target.count += source.count;
  }
  template <class Result, class State>
  static void Finalize(State& state, Result& target, duckdb::AggregateFinalizeData& finalize) {
    const std::int64_t degrees = state.count - (sample ? 1 : 0);
    if (degrees <= 0) {
      finalize.ReturnNull();
      return;
    }
    const double variance = state.squares / static_cast<double>(degrees);
    target = root ? std::sqrt(variance) : variance;
  }
};

template <bool sample, bool root>
void Register(duckdb::ExtensionLoader& loader, const char* name) {
  auto function = AggregateFunction::UnaryAggregate<Moments, double, double, Variance<sample, root>>(
      LogicalType::DOUBLE, LogicalType::DOUBLE);
  function.name = name;
  loader.RegisterFunction(function);
}

}  // namespace

void RegisterVariance(duckdb::ExtensionLoader& loader) {
  Register<true, false>(loader, "trino_var_samp");
  Register<false, false>(loader, "trino_var_pop");
  Register<true, true>(loader, "trino_stddev_samp");
  Register<false, true>(loader, "trino_stddev_pop");
}

}  // namespace tarn::engine
