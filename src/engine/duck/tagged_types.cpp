#include "engine/duck/tagged_types.h"

#include <algorithm>
#include <duckdb/common/vector_operations/vector_operations.hpp>
#include <utility>

#include "sql/tagged_type.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::Vector;

// Fields become the children of a structure. Where one of them is NULL, the structure and all of them are: the engine
// reads a field of a NULL structure as it stands.
void PackFields(duckdb::DataChunk& in, duckdb::ExpressionState&, Vector& out) {
  auto& fields = duckdb::StructVector::GetEntries(out);
  if (in.AllConstant()) {
    const bool null = std::ranges::any_of(in.data, duckdb::ConstantVector::IsNull);
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (null)
        fields[i]->Reference(duckdb::Value(in.data[i].GetType()));
      else
        fields[i]->Reference(in.data[i]);
    }
    out.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
    if (null) duckdb::ConstantVector::Validity(out).SetInvalid(0);
    return;
  }
  out.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    in.data[i].Flatten(in.size());
    duckdb::VectorOperations::Copy(in.data[i], *fields[i], in.size(), 0, 0);
  }
  for (duckdb::idx_t row = 0; row < in.size(); ++row) {
    const bool null =
        std::ranges::any_of(in.data, [row](Vector& field) { return duckdb::FlatVector::IsNull(field, row); });
    if (null) duckdb::FlatVector::SetNull(out, row, true);
  }
}

Expr Field(const Expansion& e, Expr value, std::string_view name) {
  return e.Call("struct_extract", std::move(value), Expansion::Literal(duckdb::Value(std::string(name))));
}

}  // namespace

Tag TagOf(const LogicalType& type) {
  if (type.id() != LogicalTypeId::STRUCT || duckdb::StructType::IsUnnamed(type)) return Tag::kNone;
  for (const auto tag : {Tag::kNumber, Tag::kIpAddress, Tag::kTimestamp, Tag::kTime, Tag::kZoned}) {
    if (type == TaggedType(tag)) return tag;
  }
  return Tag::kNone;
}

LogicalType TaggedType(Tag tag) {
  const auto one = [](std::string_view name, LogicalType type) {
    return LogicalType::STRUCT({{std::string(name), std::move(type)}});
  };
  switch (tag) {
    case Tag::kNumber: return one(sql::kNumberField, LogicalType::BLOB);
    case Tag::kIpAddress: return one(sql::kAddressField, LogicalType::BLOB);
    case Tag::kTimestamp: return one(sql::kTimestampField, LogicalType::HUGEINT);
    case Tag::kTime: return one(sql::kTimeField, LogicalType::BIGINT);
    case Tag::kZoned:
      return LogicalType::STRUCT({{std::string(sql::kInstantField), LogicalType::HUGEINT},
                                  {std::string(sql::kZoneField), LogicalType::VARCHAR}});
    case Tag::kNone: break;
  }
  return LogicalType::SQLNULL;
}

Expr Unpack(const Expansion& e, Expr value) {
  const auto name = duckdb::StructType::GetChildName(value->return_type, 0);
  return Field(e, std::move(value), name);
}

Expr UnpackZone(const Expansion& e, Expr value) { return Field(e, std::move(value), sql::kZoneField); }

Expr Pack(const Expansion& e, Tag tag, Expr first) {
  const auto type = TaggedType(tag);
  duckdb::ScalarFunction function("trino_pack_" + std::to_string(static_cast<int>(tag)),
                                  {duckdb::StructType::GetChildType(type, 0)}, type, PackFields);
  function.SetNullHandling(duckdb::FunctionNullHandling::SPECIAL_HANDLING);
  return e.Run(std::move(function), std::move(first));
}

Expr PackZoned(const Expansion& e, Expr picoseconds, Expr zone) {
  duckdb::ScalarFunction function("trino_pack_zoned", {LogicalType::HUGEINT, LogicalType::VARCHAR},
                                  TaggedType(Tag::kZoned), PackFields);
  function.SetNullHandling(duckdb::FunctionNullHandling::SPECIAL_HANDLING);
  return e.Run(std::move(function), std::move(picoseconds), std::move(zone));
}

}  // namespace tarn::engine
