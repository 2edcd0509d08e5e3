// Trino's checksum: the sum of what each value adds, modulo 2^64.
#include <bit>
#include <cmath>
#include <limits>

#include "engine/duck/functions.h"
#include "engine/duck/logical_types.h"
#include "engine/duck/row_function.h"
#include "engine/duck/xx_hash.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::Value;

std::uint64_t HashOf(std::string_view bytes) { return XxHash64(bytes); }
std::uint64_t HashOf(std::int64_t value) { return HashOf({reinterpret_cast<const char*>(&value), sizeof value}); }
std::uint64_t HashOf(double value) {
  if (value == 0) return HashOf(std::int64_t{0});
  if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
  return HashOf(std::bit_cast<std::int64_t>(value));
}
std::uint64_t HashOf(BytesView bytes) { return HashOf(bytes.value); }

std::uint64_t HashOf(const Value& value) {
  if (value.IsNull()) return 0;
  switch (value.type().id()) {
    case LogicalTypeId::TINYINT:
    case LogicalTypeId::SMALLINT:
    case LogicalTypeId::INTEGER:
    case LogicalTypeId::BIGINT: return HashOf(value.GetValue<std::int64_t>());
    case LogicalTypeId::DATE: return HashOf(static_cast<std::int64_t>(duckdb::DateValue::Get(value).days));
    case LogicalTypeId::DOUBLE: return HashOf(duckdb::DoubleValue::Get(value));
    case LogicalTypeId::VARCHAR:
    case LogicalTypeId::BLOB: return HashOf(std::string_view(duckdb::StringValue::Get(value)));
    case LogicalTypeId::LIST: {
      std::uint64_t hash = 0;
      for (const Value& element : duckdb::ListValue::GetChildren(value)) hash = 31 * hash + HashOf(element);
      return hash;
    }
    case LogicalTypeId::MAP: {
      std::uint64_t hash = 0;
      for (const Value& entry : duckdb::MapValue::GetChildren(value)) {
        const auto& pair = duckdb::StructValue::GetChildren(entry);
        hash += HashOf(pair[0]) ^ HashOf(pair[1]);
      }
      return hash;
    }
    default:
      Fail("NOT_SUPPORTED", "The checksum of a collection of " + TrinoTypeOf(value.type()) + " is not supported");
  }
}

// Each value's hash times the prime; a NULL adds the prime alone.
std::int64_t Term(std::uint64_t hash) { return static_cast<std::int64_t>(hash * kXxPrime1); }
constexpr auto kNullTerm = static_cast<std::int64_t>(kXxPrime1);

template <class Argument>
duckdb::ScalarFunction TermOf() {
  duckdb::ScalarFunction function("trino_checksum_term", {RowType<Argument>::Type()}, LogicalType::BIGINT,
                                  [](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
                                    duckdb::UnifiedVectorFormat format;
                                    in.data[0].ToUnifiedFormat(in.size(), format);
                                    out.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
                                    auto* const data = duckdb::FlatVector::GetData<std::int64_t>(out);
                                    for (duckdb::idx_t row = 0; row < in.size(); ++row) {
                                      const auto at = format.sel->get_index(row);
                                      data[row] = format.validity.RowIsValid(at)
                                                      ? Term(HashOf(row_function::Argument<Argument>(format, at)))
                                                      : kNullTerm;
                                    }
                                    if (in.AllConstant()) out.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
                                  });
  function.SetNullHandling(duckdb::FunctionNullHandling::SPECIAL_HANDLING);
  return function;
}

// Of an array or a map, whatever it holds.
duckdb::ScalarFunction TermOfCollection() {
  duckdb::ScalarFunction function("trino_checksum_collection", {LogicalType::ANY}, LogicalType::BIGINT,
                                  [](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
                                    out.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
                                    auto* const data = duckdb::FlatVector::GetData<std::int64_t>(out);
                                    for (duckdb::idx_t row = 0; row < in.size(); ++row) {
                                      const Value value = in.GetValue(0, row);
                                      data[row] = value.IsNull() ? kNullTerm : Term(HashOf(value));
                                    }
                                    if (in.AllConstant()) out.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
                                  });
  function.SetNullHandling(duckdb::FunctionNullHandling::SPECIAL_HANDLING);
  function.SetFallible();
  return function;
}

void ChecksumBytes(duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
  duckdb::UnaryExecutor::Execute<duckdb::hugeint_t, duckdb::string_t>(
      in.data[0], out, in.size(), [&](duckdb::hugeint_t sum) {
        return duckdb::StringVector::AddStringOrBlob(out, reinterpret_cast<const char*>(&sum.lower), sizeof sum.lower);
      });
}

}  // namespace

void RegisterChecksum(duckdb::ExtensionLoader& loader) {
  RegisterAll(loader, "trino_checksum_term", TermOf<std::int64_t>(), TermOf<double>(), TermOf<std::string_view>(),
              TermOf<BytesView>());
  loader.RegisterFunction(TermOfCollection());
  loader.RegisterFunction(
      duckdb::ScalarFunction("trino_checksum_bytes", {LogicalType::HUGEINT}, LogicalType::BLOB, ChecksumBytes));
}

}  // namespace tarn::engine
