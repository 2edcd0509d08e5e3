// Sketches: aggregates that keep a digest of their values, and the functions that read it. A digest goes from one to
// the other as bytes of our own; only its answers are Trino's.
#include <cmath>

#include "engine/duck/frequent_values.h"
#include "engine/duck/functions.h"
#include "engine/duck/hyper_log_log.h"
#include "engine/duck/murmur_hash.h"
#include "engine/duck/numeric_histogram.h"
#include "engine/duck/quantile_digest.h"
#include "engine/duck/row_function.h"
#include "engine/duck/set_digest.h"
#include "engine/duck/sketch_aggregate.h"
#include "engine/duck/t_digest.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalType;
using duckdb::Value;

void WriteBytes(duckdb::Vector& result, duckdb::idx_t row, const std::string& bytes) {
  duckdb::FlatVector::GetData<duckdb::string_t>(result)[row] = duckdb::StringVector::AddStringOrBlob(result, bytes);
}

std::uint64_t HashOf(const SketchRow& row, std::int64_t) { return MurmurHash64(row.Get<std::int64_t>(0)); }
std::uint64_t HashOf(const SketchRow& row, double) {
  const double value = row.Get<double>(0);
  return MurmurHash64(
      std::bit_cast<std::int64_t>(std::isnan(value) ? std::numeric_limits<double>::quiet_NaN() : value));
}
std::uint64_t HashOf(const SketchRow& row, duckdb::string_t) { return MurmurHash64(row.Text(0)); }

// approx_set and make_set_digest: one hash a value.
template <class Set, class Input>
struct HashedSet {
  void Add(const SketchRow& row) { set.AddHash(HashOf(row, Input{})); }
  void Merge(const HashedSet& other) { set.Merge(other.set); }
  void Write(duckdb::Vector& result, duckdb::idx_t row) { WriteBytes(result, row, set.ToBytes()); }
  Set set;
};

// merge: of digests that are bytes.
template <class Digest>
struct Merged {
  void Add(const SketchRow& row) { Take(Digest(row.Text(0))); }
  void Merge(const Merged& other) { Take(*other.digest); }
  void Write(duckdb::Vector& result, duckdb::idx_t row) { WriteBytes(result, row, digest->ToBytes()); }
  void Take(const Digest& other) {
    if (digest)
      digest->Merge(other);
    else
      digest = other;
  }
  std::optional<Digest> digest = {};
};

// qdigest_agg(x[, weight[, accuracy]])
template <class Input>
struct Quantiles {
  void Add(const SketchRow& row) {
    const Input value = row.Get<Input>(0);
    if constexpr (std::floating_point<Input>) {
      if (std::isnan(value)) Fail("INVALID_FUNCTION_ARGUMENT", "A quantile digest takes no NaN");
    }
    const std::int64_t weight = row.size() > 1 ? row.Get<std::int64_t>(1) : 1;
    if (weight < 1) Fail("INVALID_FUNCTION_ARGUMENT", "The weight in a quantile digest must be above 0");
    const double error = row.size() > 2 ? row.Get<double>(2) : QuantileDigest::kUsualError;
    if (!(error > 0 && error < 1))
      Fail("INVALID_FUNCTION_ARGUMENT", "The accuracy of a quantile digest must be between 0 and 1");
    if (!digest) digest.emplace(error);
    digest->Add(ToKey(value), static_cast<double>(weight));
  }
  void Merge(const Quantiles& other) {
    if (digest)
      digest->Merge(*other.digest);
    else
      digest = other.digest;
  }
  void Write(duckdb::Vector& result, duckdb::idx_t row) { WriteBytes(result, row, digest->ToBytes()); }
  std::optional<QuantileDigest> digest = {};
};

struct Centroids {
  void Add(const SketchRow& row) { digest.Add(row.Get<double>(0), row.size() > 1 ? row.Get<double>(1) : 1); }
  void Merge(const Centroids& other) { digest.Merge(other.digest); }
  void Write(duckdb::Vector& result, duckdb::idx_t row) { WriteBytes(result, row, digest.ToBytes()); }
  TDigest digest;
};

// numeric_histogram(buckets, x[, weight])
template <class Input>
struct Histogram {
  void Add(const SketchRow& row) {
    histogram.SetBuckets(row.Get<std::int64_t>(0));
    histogram.Add(static_cast<double>(row.Get<Input>(1)), row.size() > 2 ? row.Get<double>(2) : 1);
  }
  void Merge(const Histogram& other) { histogram.Merge(other.histogram); }
  void Write(duckdb::Vector& result, duckdb::idx_t row) {
    const auto number = [](double value) { return Value::CreateValue(static_cast<Input>(value)); };
    const auto& type = result.GetType();
    duckdb::vector<Value> keys;
    duckdb::vector<Value> values;
    for (const auto& bucket : histogram.Buckets()) {
      keys.push_back(number(bucket.value));
      values.push_back(number(bucket.weight));
    }
    result.SetValue(row, Value::MAP(duckdb::MapType::KeyType(type), duckdb::MapType::ValueType(type), std::move(keys),
                                    std::move(values)));
  }
  NumericHistogram histogram;
};

// approx_most_frequent(buckets, x, capacity)
template <class Input>
struct Frequent {
  using Kept = std::conditional_t<std::same_as<Input, duckdb::string_t>, std::string, Input>;
  void Add(const SketchRow& row) {
    values.SetSize(row.Get<std::int64_t>(0), row.Get<std::int64_t>(2));
    if constexpr (std::same_as<Input, duckdb::string_t>)
      values.Add(std::string(row.Text(1)), 1);
    else
      values.Add(row.Get<Input>(1), 1);
  }
  void Merge(const Frequent& other) { values.Merge(other.values); }
  void Write(duckdb::Vector& result, duckdb::idx_t row) {
    duckdb::vector<Value> keys;
    duckdb::vector<Value> counts;
    for (const auto& [value, count] : values.Top()) {
      keys.emplace_back(Value::CreateValue(value));
      counts.emplace_back(Value::BIGINT(count));
    }
    result.SetValue(row, Value::MAP(duckdb::MapType::KeyType(result.GetType()), LogicalType::BIGINT, std::move(keys),
                                    std::move(counts)));
  }
  FrequentValues<Kept> values;
};

std::int64_t HashesIn(BytesView bytes) { return HyperLogLog(bytes.value).Cardinality(); }
Bytes EmptySet() { return {HyperLogLog().ToBytes()}; }
std::int64_t SizeOfSet(BytesView bytes) { return SetDigest(bytes.value).Cardinality(); }
double Jaccard(BytesView a, BytesView b) { return SetDigest::JaccardIndex(SetDigest(a.value), SetDigest(b.value)); }
std::int64_t Intersection(BytesView a, BytesView b) {
  return SetDigest::IntersectionCardinality(SetDigest(a.value), SetDigest(b.value));
}

void HashCounts(duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
  const bool constant = in.AllConstant();
  for (duckdb::idx_t row = 0; row < (constant ? 1 : in.size()); ++row) {
    const Value digest = in.GetValue(0, row);
    if (digest.IsNull()) {
      out.SetValue(row, Value(out.GetType()));
      continue;
    }
    duckdb::vector<Value> hashes;
    duckdb::vector<Value> counts;
    const SetDigest set(duckdb::StringValue::Get(digest));
    for (const auto& [hash, count] : set.counts()) {
      hashes.push_back(Value::BIGINT(hash));
      counts.push_back(Value::SMALLINT(count));
    }
    out.SetValue(row, Value::MAP(LogicalType::BIGINT, LogicalType::SMALLINT, std::move(hashes), std::move(counts)));
  }
  if (constant) out.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
}

void CheckQuantile(double quantile) {
  if (!(quantile >= 0 && quantile <= 1))
    Fail("INVALID_FUNCTION_ARGUMENT", "Quantile should be within bounds [0, 1], was: " + std::to_string(quantile));
}

template <class Result>
std::optional<Result> QuantileOf(const QuantileDigest& digest, double quantile) {
  CheckQuantile(quantile);
  const auto key = digest.ValueAt(quantile);
  if (!key) return std::nullopt;
  Result value{};
  FromKey(*key, value);
  return value;
}
std::optional<double> QuantileOf(TDigest& digest, double quantile) {
  CheckQuantile(quantile);
  if (digest.empty()) return std::nullopt;
  return digest.ValueAt(quantile);
}

template <class Result>
std::optional<Result> ValueAtQuantile(BytesView bytes, double quantile) {
  return QuantileOf<Result>(QuantileDigest(bytes.value), quantile);
}
std::optional<double> ValueAtCentroid(BytesView bytes, double quantile) {
  TDigest digest(bytes.value);
  return QuantileOf(digest, quantile);
}
template <class Input>
std::optional<double> QuantileAtValue(BytesView bytes, Input value) {
  return QuantileDigest(bytes.value).QuantileAt(ToKey(value));
}

// An array of quantiles in, an array of values out.
template <class Digest, class Result>
duckdb::ScalarFunction ValuesAtQuantiles(const std::string& name) {
  const auto run = [](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
    const bool constant = in.AllConstant();
    for (duckdb::idx_t row = 0; row < (constant ? 1 : in.size()); ++row) {
      const Value bytes = in.GetValue(0, row);
      const Value quantiles = in.GetValue(1, row);
      if (bytes.IsNull() || quantiles.IsNull()) {
        out.SetValue(row, Value(out.GetType()));
        continue;
      }
      Digest digest(duckdb::StringValue::Get(bytes));
      duckdb::vector<Value> values;
      for (const Value& quantile : duckdb::ListValue::GetChildren(quantiles)) {
        if (quantile.IsNull()) Fail("INVALID_FUNCTION_ARGUMENT", "All quantiles must be non-null");
        std::optional<Result> value;
        if constexpr (std::same_as<Digest, TDigest>)
          value = QuantileOf(digest, quantile.GetValue<double>());
        else
          value = QuantileOf<Result>(digest, quantile.GetValue<double>());
        values.push_back(value ? Value::CreateValue(*value) : Value(RowType<Result>::Type()));
      }
      out.SetValue(row, Value::LIST(RowType<Result>::Type(), std::move(values)));
    }
    if (constant) out.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
  };
  duckdb::ScalarFunction function(name, {LogicalType::BLOB, LogicalType::LIST(LogicalType::DOUBLE)},
                                  LogicalType::LIST(RowType<Result>::Type()), run);
  function.SetFallible();
  return function;
}

template <class... Functions>
void RegisterAggregates(duckdb::ExtensionLoader& loader, const std::string& name, Functions... functions) {
  duckdb::AggregateFunctionSet set(name);
  (set.AddFunction(std::move(functions)), ...);
  loader.RegisterFunction(std::move(set));
}

template <class Set>
void RegisterHashedSet(duckdb::ExtensionLoader& loader, const std::string& name) {
  const LogicalType bytes = LogicalType::BLOB;
  RegisterAggregates(loader, name,
                     SketchAggregate<HashedSet<Set, std::int64_t>>::Of(name, {LogicalType::BIGINT}, bytes),
                     SketchAggregate<HashedSet<Set, double>>::Of(name, {LogicalType::DOUBLE}, bytes),
                     SketchAggregate<HashedSet<Set, duckdb::string_t>>::Of(name, {LogicalType::VARCHAR}, bytes),
                     SketchAggregate<HashedSet<Set, duckdb::string_t>>::Of(name, {LogicalType::BLOB}, bytes));
}

template <class Input>
void RegisterQuantiles(duckdb::ExtensionLoader& loader, const std::string& suffix) {
  const LogicalType type = RowType<Input>::Type();
  const LogicalType bytes = LogicalType::BLOB;
  const std::string aggregate = "trino_qdigest_" + suffix;
  RegisterAggregates(
      loader, aggregate, SketchAggregate<Quantiles<Input>>::Of(aggregate, {type}, bytes),
      SketchAggregate<Quantiles<Input>>::Of(aggregate, {type, LogicalType::BIGINT}, bytes),
      SketchAggregate<Quantiles<Input>>::Of(aggregate, {type, LogicalType::BIGINT, LogicalType::DOUBLE}, bytes));
  RegisterRow(loader, "trino_qdigest_value_" + suffix, ValueAtQuantile<Input>);
  RegisterRow(loader, "trino_qdigest_quantile_" + suffix, QuantileAtValue<Input>);
  loader.RegisterFunction(ValuesAtQuantiles<QuantileDigest, Input>("trino_qdigest_values_" + suffix));
}

void RegisterMaps(duckdb::ExtensionLoader& loader, const LogicalType& big, const LogicalType& weight) {
  const auto histogram = [&]<class Input>(Input, const LogicalType& type) {
    const std::string name = "trino_numeric_histogram";
    const auto result = LogicalType::MAP(type, type);
    return std::pair{SketchAggregate<Histogram<Input>>::Of(name, {big, type}, result),
                     SketchAggregate<Histogram<Input>>::Of(name, {big, type, weight}, result)};
  };
  const auto doubles = histogram(double{}, LogicalType::DOUBLE);
  const auto reals = histogram(float{}, LogicalType::FLOAT);
  RegisterAggregates(loader, "trino_numeric_histogram", doubles.first, doubles.second, reals.first, reals.second);
  const std::string frequent = "trino_most_frequent";
  RegisterAggregates(loader, frequent,
                     SketchAggregate<Frequent<std::int64_t>>::Of(frequent, {big, big, big}, LogicalType::MAP(big, big)),
                     SketchAggregate<Frequent<duckdb::string_t>>::Of(frequent, {big, LogicalType::VARCHAR, big},
                                                                     LogicalType::MAP(LogicalType::VARCHAR, big)));
}

}  // namespace

void RegisterSketches(duckdb::ExtensionLoader& loader) {
  const LogicalType bytes = LogicalType::BLOB;
  const LogicalType number = LogicalType::DOUBLE;
  RegisterHashedSet<HyperLogLog>(loader, "trino_approx_set");
  RegisterHashedSet<SetDigest>(loader, "trino_set_digest");
  RegisterAggregates(loader, "trino_merge_sets", SketchAggregate<Merged<HyperLogLog>>::Of("", {bytes}, bytes));
  RegisterAggregates(loader, "trino_merge_set_digests", SketchAggregate<Merged<SetDigest>>::Of("", {bytes}, bytes));
  RegisterAggregates(loader, "trino_merge_qdigests", SketchAggregate<Merged<QuantileDigest>>::Of("", {bytes}, bytes));
  RegisterAggregates(loader, "trino_merge_tdigests", SketchAggregate<Merged<TDigest>>::Of("", {bytes}, bytes));
  RegisterQuantiles<std::int64_t>(loader, "bigint");
  RegisterQuantiles<double>(loader, "double");
  RegisterQuantiles<float>(loader, "real");
  RegisterAggregates(loader, "trino_tdigest", SketchAggregate<Centroids>::Of("trino_tdigest", {number}, bytes),
                     SketchAggregate<Centroids>::Of("trino_tdigest", {number, number}, bytes));
  RegisterMaps(loader, LogicalType::BIGINT, number);
  RegisterRow(loader, "trino_set_cardinality", HashesIn);
  RegisterRow(loader, "trino_empty_set", EmptySet);
  RegisterRow(loader, "trino_set_digest_cardinality", SizeOfSet);
  RegisterRow(loader, "trino_jaccard_index", Jaccard);
  RegisterRow(loader, "trino_intersection_cardinality", Intersection);
  RegisterRow(loader, "trino_tdigest_value", ValueAtCentroid);
  loader.RegisterFunction(ValuesAtQuantiles<TDigest, double>("trino_tdigest_values"));
  duckdb::ScalarFunction counts("trino_hash_counts", {bytes},
                                LogicalType::MAP(LogicalType::BIGINT, LogicalType::SMALLINT), HashCounts);
  counts.SetFallible();
  loader.RegisterFunction(counts);
}

}  // namespace tarn::engine
