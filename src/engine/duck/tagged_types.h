// Types of Trino that the engine has none for, held as structures whose field names say what they are
// (sql::ToEngineType). The engine orders, groups and compares them by their fields, which is the order of the values.
#pragma once

#include <duckdb.hpp>

#include "engine/duck/expansion.h"

namespace tarn::engine {

enum class Tag {
  kNone,
  kNumber,     // number: NumberValue::Key as BLOB
  kIpAddress,  // ipaddress: its 16 bytes as BLOB
  kTimestamp,  // timestamp(10) … (12): picoseconds since the epoch as HUGEINT
  kTime,       // time(10) … (12): picoseconds of the day as BIGINT
  kZoned,  // timestamp with time zone that carries its zone: picoseconds since the epoch as HUGEINT, zone as VARCHAR
};

[[nodiscard]] Tag TagOf(const duckdb::LogicalType& type);
[[nodiscard]] duckdb::LogicalType TaggedType(Tag tag);

// The first field of a value.
[[nodiscard]] Expr Unpack(const Expansion& e, Expr value);
// The second field of a kZoned.
[[nodiscard]] Expr UnpackZone(const Expansion& e, Expr value);
// The value with these fields; NULL where one of them is.
[[nodiscard]] Expr Pack(const Expansion& e, Tag tag, Expr first);
[[nodiscard]] Expr PackZoned(const Expansion& e, Expr picoseconds, Expr zone);

}  // namespace tarn::engine
