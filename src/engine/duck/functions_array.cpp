// Arrays, maps and rows by position or key.
#include <duckdb/common/vector_operations/ternary_executor.hpp>

#include "engine/duck/expansion.h"
#include "engine/duck/functions.h"
#include "engine/duck/logical_types.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;

// The index unchanged, if the array of this length has it.
std::int64_t CheckedIndex(std::int64_t index, std::int64_t length) {
  const auto refuse = [](const std::string& message) { Fail("INVALID_FUNCTION_ARGUMENT", message); };
  if (index == 0) refuse("SQL array indices start at 1");
  if (index < 0) refuse("Array subscript is negative: " + std::to_string(index));
  if (index > length) {
    refuse("Array subscript must be less than or equal to array length: " + std::to_string(index) + " > " +
           std::to_string(length));
  }
  return index;
}

std::int64_t NonZeroIndex(std::int64_t index) {
  if (index == 0) Fail("INVALID_FUNCTION_ARGUMENT", "SQL array indices start at 1");
  return index;
}

Expr ArrayAt(Expansion& e) {
  e.NeedCopyable(0);
  const LogicalType big = LogicalType::BIGINT;
  auto length = e.Cast(e.Call("len", e.Copy(0)), big);
  auto index =
      e.Run(Binary<std::int64_t, std::int64_t, std::int64_t>("trino_checked_index", big, big, big, CheckedIndex),
            e.Cast(e.Take(1), big), std::move(length));
  return e.Call("list_extract", e.Take(0), std::move(index));
}

Expr MapAt(Expansion& e) {
  e.NeedCopyable(0);
  e.NeedCopyable(1);
  const auto key_type = duckdb::MapType::KeyType(e.Type(0));
  const auto key = [&] { return e.Cast(e.Copy(1), key_type); };
  auto value = e.Call("map_extract_value", e.Copy(0), key());
  const auto type = value->return_type;
  auto message =
      e.Operator("||", e.Literal(duckdb::Value("Key not present in map: ")), e.Cast(key(), LogicalType::VARCHAR));
  auto failure =
      e.Cast(e.Call("trino_fail", e.Literal(duckdb::Value("INVALID_FUNCTION_ARGUMENT")), std::move(message)), type);
  auto found = e.Call("map_contains", e.Copy(0), key());
  auto unknown = Expansion::Or(Expansion::IsNull(e.Copy(0)), Expansion::IsNull(e.Copy(1)));
  auto present = Expansion::Case(std::move(found), std::move(value), std::move(failure));
  return Expansion::Case(std::move(unknown), Expansion::Literal(duckdb::Value(type)), std::move(present));
}

// A field of a row without names, by a function of ours: the engine's optimizer moves its own one down to where the row
// is made, and asks there for a name.
Expr FieldAt(Expansion& e, std::int64_t position) {
  const auto type = e.Type(0);
  const auto at = static_cast<duckdb::idx_t>(position - 1);
  duckdb::ScalarFunction function("trino_row_field_" + std::to_string(position), {type},
                                  duckdb::StructType::GetChildType(type, at),
                                  [at](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
                                    auto& row = in.data[0];
                                    const bool constant = row.GetVectorType() == duckdb::VectorType::CONSTANT_VECTOR;
                                    if (!constant) row.Flatten(in.size());
                                    if (constant && duckdb::ConstantVector::IsNull(row)) {
                                      out.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
                                      duckdb::ConstantVector::SetNull(out, true);
                                      return;
                                    }
                                    out.Reference(*duckdb::StructVector::GetEntries(row)[at]);
                                  });
  return e.Run(std::move(function), e.Take(0));
}

Expr RowAt(Expansion& e) {
  const auto position = e.ConstantInteger(1, "Position in a row");
  const auto fields = static_cast<std::int64_t>(duckdb::StructType::GetChildCount(e.Type(0)));
  if (position < 1 || position > fields) {
    Fail("INVALID_FUNCTION_ARGUMENT", "Subscript expression on ROW is out of range: " + std::to_string(position));
  }
  if (duckdb::StructType::IsUnnamed(e.Type(0))) return FieldAt(e, position);
  return e.Call("struct_extract_at", e.Take(0), e.Literal(duckdb::Value::BIGINT(position)));
}

Expr Subscript(Expansion& e) {
  switch (e.Id(0)) {
    case LogicalTypeId::LIST: return ArrayAt(e);
    case LogicalTypeId::MAP: return MapAt(e);
    case LogicalTypeId::STRUCT: return RowAt(e);
    case LogicalTypeId::SQLNULL: return e.Take(0);
    default: Fail("TYPE_MISMATCH", "Cannot use a subscript on " + TrinoTypeOf(e.Type(0)));
  }
}

Expr ElementAt(Expansion& e) {
  if (e.Id(0) == LogicalTypeId::MAP) {
    const auto key_type = duckdb::MapType::KeyType(e.Type(0));
    auto map = e.Take(0);
    return e.Call("map_extract_value", std::move(map), e.Cast(e.Take(1), key_type));
  }
  const LogicalType big = LogicalType::BIGINT;
  auto index =
      e.Run(Unary<std::int64_t, std::int64_t>("trino_nonzero_index", big, big, NonZeroIndex), e.Cast(e.Take(1), big));
  return e.Call("list_extract", e.Take(0), std::move(index));
}

Expr Cardinality(Expansion& e) {
  const char* const function = e.Id(0) == LogicalTypeId::MAP ? "cardinality" : "len";
  return e.Cast(e.Call(function, e.Take(0)), LogicalType::BIGINT);
}

constexpr std::int64_t kLongestSequence = 10'000;

// True, or the error that the sequence goes nowhere, away from its end, or on for too long. In units of the elements;
// of months thirty days are taken.
bool SequenceFits(std::int64_t start, std::int64_t end, std::int64_t step) {
  if (step == 0) Fail("INVALID_FUNCTION_ARGUMENT", "step must not be zero");
  if (step > 0 ? end < start : end > start)
    Fail("INVALID_FUNCTION_ARGUMENT", "step of the sequence leads away from its stop value");
  const __int128 length = (static_cast<__int128>(end) - start) / step + 1;
  if (length > kLongestSequence) {
    Fail("INVALID_FUNCTION_ARGUMENT",
         "result of sequence function must not have more than " + std::to_string(kLongestSequence) + " entries");
  }
  return true;
}

// The end of the sequence from `start` by `step`, guarded: an array is made whole in memory, outside the engine's
// limit.
Expr GuardedEnd(Expansion& e, const LogicalType& element, const Expr& step) {
  const LogicalType big = LogicalType::BIGINT;
  duckdb::ScalarFunction fits("trino_sequence_fits", {big, big, big}, LogicalType::BOOLEAN,
                              [](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
                                duckdb::TernaryExecutor::Execute<std::int64_t, std::int64_t, std::int64_t, bool>(
                                    in.data[0], in.data[1], in.data[2], out, in.size(), SequenceFits);
                              });
  const auto count = [&](Expr value, const LogicalType& type) {
    if (type.id() == LogicalTypeId::BIGINT) return value;
    if (type.id() == LogicalTypeId::DATE) value = e.Cast(std::move(value), LogicalType::TIMESTAMP);
    return e.Cast(e.Call("epoch_us", std::move(value)), LogicalType::BIGINT);
  };
  e.NeedCopyable(0);
  e.NeedCopyable(1);
  auto start = count(e.Cast(e.Copy(0), element), element);
  auto end = count(e.Cast(e.Copy(1), element), element);
  auto by = count(step->Copy(), step->return_type);
  auto checked = e.Run(std::move(fits), std::move(start), std::move(end), std::move(by));
  return Expansion::Case(std::move(checked), e.Cast(e.Take(1), element), e.Literal(duckdb::Value(element)));
}

// Both ends included. Without a step, numbers and dates go one at a time in the direction of the end.
Expr Sequence(Expansion& e) {
  const bool dates = e.Id(0) == LogicalTypeId::DATE;
  const bool numbers = e.Type(0).IsIntegral();
  const LogicalType element = numbers ? LogicalType(LogicalType::BIGINT) : e.Type(0);
  if (e.size() == 2) {
    if (!numbers && !dates) Fail("INVALID_FUNCTION_ARGUMENT", "sequence of timestamps needs a step");
    e.NeedCopyable(0);
    e.NeedCopyable(1);
    auto backwards = Expansion::Compare(duckdb::ExpressionType::COMPARE_GREATERTHAN, e.Cast(e.Copy(0), element),
                                        e.Cast(e.Copy(1), element));
    auto sign = Expansion::Case(std::move(backwards), e.Literal(duckdb::Value::INTEGER(-1)),
                                e.Literal(duckdb::Value::INTEGER(1)));
    auto step = dates ? e.Call("to_days", std::move(sign)) : e.Cast(std::move(sign), LogicalType::BIGINT);
    auto end = GuardedEnd(e, element, step);
    auto all = e.Call("generate_series", e.Cast(e.Take(0), element), std::move(end), std::move(step));
    return e.Cast(std::move(all), LogicalType::LIST(element));
  }
  if (e.IsVolatile(2)) e.NeedCopyable(2);
  auto step = numbers ? e.Cast(e.Take(2), LogicalType::BIGINT) : e.Take(2);
  auto end = GuardedEnd(e, element, step);
  return e.Cast(e.Call("generate_series", e.Cast(e.Take(0), element), std::move(end), std::move(step)),
                LogicalType::LIST(element));
}

}  // namespace

void RegisterArrays(duckdb::ExtensionLoader& loader) {
  RegisterExpander(loader, "trino_subscript", {2}, Expanding<Subscript>);
  RegisterExpander(loader, "trino_element_at", {2}, Expanding<ElementAt>);
  RegisterExpander(loader, "trino_sequence", {2, 3}, Expanding<Sequence>);
  RegisterExpander(loader, "trino_cardinality", {1}, Expanding<Cardinality>);
}

}  // namespace tarn::engine
