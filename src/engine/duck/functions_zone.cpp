// Instants and the clock of a time zone. The engine's own functions read the session's zone only, know no offsets but
// whole hours, and take the later of two instants where a clock was put back; Trino takes the earlier.
#include <date/tz.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <stdexcept>

#include "engine/duck/cell_writer.h"
#include "engine/duck/expansion.h"
#include "engine/duck/functions.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalType;
using duckdb::timestamp_t;

constexpr std::int64_t kMicrosPerSecond = 1'000'000;

bool IsFinite(timestamp_t time) {
  return time.value != std::numeric_limits<std::int64_t>::max() &&
         time.value != -std::numeric_limits<std::int64_t>::max();
}

std::int64_t FloorSeconds(std::int64_t micros) {
  const auto seconds = micros / kMicrosPerSecond;
  return seconds * kMicrosPerSecond > micros ? seconds - 1 : seconds;
}

bool IsOffset(std::string_view zone) {
  return zone.size() == 6 && (zone[0] == '+' || zone[0] == '-') && zone[3] == ':';
}

std::string ZoneArgument(const Expansion& e, std::size_t at, std::string_view code) {
  auto zone = e.ConstantText(at, "Time zone");
  if (zone == "UTC" || IsOffset(zone)) return zone;
  try {
    date::locate_zone(zone);
  } catch (const std::runtime_error&) {
    Fail(code, "'" + zone + "' is not a valid time zone");
  }
  return zone;
}

// Micros that the clock of a zone is ahead of UTC when it shows `local`; of two possible answers the earlier instant's,
// and of none that of the time before the gap, which moves the clock over it.
std::int64_t OffsetOfLocal(const date::time_zone& zone, std::int64_t local, bool strict) {
  constexpr std::int64_t kLimit = 900'000'000'000;
  const auto seconds = std::clamp(FloorSeconds(local), -kLimit, kLimit);
  const auto info = zone.get_info(date::local_seconds(std::chrono::seconds(seconds)));
  if (strict && info.result == date::local_info::nonexistent)
    Fail("INVALID_LITERAL", "The clock of the time zone never shows this time");
  return info.first.offset.count() * kMicrosPerSecond;
}

timestamp_t Plus(timestamp_t time, std::int64_t micros) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(time.value, micros, &sum)) Fail("NUMERIC_VALUE_OUT_OF_RANGE", "Timestamp out of range");
  return timestamp_t(sum);
}

// (timestamp, zone, strict): the instant at which the zone's clock shows the timestamp.
Expr LocalToInstant(Expansion& e) {
  const bool strict = e.ConstantText(2, "Strictness") == "true";
  const auto zone = ZoneArgument(e, 1, strict ? "INVALID_LITERAL" : "INVALID_FUNCTION_ARGUMENT");
  const LogicalType from = LogicalType::TIMESTAMP;
  const LogicalType to = LogicalType::TIMESTAMP_TZ;
  auto value = e.Cast(e.Take(0), from);
  const auto name = std::string(strict ? "trino_strict_instant_" : "trino_instant_") + zone;
  if (zone == "UTC" || IsOffset(zone)) {
    ZoneClock clock(zone);
    const auto offset = clock.OffsetAt(0) * kMicrosPerSecond;
    return e.Run(
        Unary<timestamp_t, timestamp_t>(
            name, from, to, [offset](timestamp_t local) { return IsFinite(local) ? Plus(local, -offset) : local; }),
        std::move(value));
  }
  const auto* const place = date::locate_zone(zone);
  return e.Run(Unary<timestamp_t, timestamp_t>(name, from, to,
                                               [place, strict](timestamp_t local) {
                                                 return IsFinite(local)
                                                            ? Plus(local, -OffsetOfLocal(*place, local.value, strict))
                                                            : local;
                                               }),
               std::move(value));
}

// (instant, zone): what the zone's clock shows.
Expr InstantToLocal(Expansion& e) {
  const auto zone = ZoneArgument(e, 1, "INVALID_FUNCTION_ARGUMENT");
  duckdb::ScalarFunction function(
      "trino_local_" + zone, {LogicalType::TIMESTAMP_TZ}, LogicalType::TIMESTAMP,
      [zone](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
        ZoneClock clock(zone);
        duckdb::UnaryExecutor::Execute<timestamp_t, timestamp_t>(in.data[0], out, in.size(), [&](timestamp_t time) {
          return IsFinite(time) ? Plus(time, clock.OffsetAt(FloorSeconds(time.value)) * kMicrosPerSecond) : time;
        });
      });
  function.SetFallible();
  return e.Run(std::move(function), e.Cast(e.Take(0), LogicalType::TIMESTAMP_TZ));
}

// (value, precision, zone): Trino's text of a time or timestamp, of an instant in the zone: "2020-01-01 00:00:00.000
// Europe/Paris".
Expr ZonedText(Expansion& e) {
  const auto digits = e.ConstantInteger(1, "Precision");
  const auto precision = std::to_string(digits);
  const auto zone = ZoneArgument(e, 2, "INVALID_FUNCTION_ARGUMENT");
  const LogicalType type = e.Type(0);
  const auto run = [type, digits, precision, zone](duckdb::DataChunk& in, duckdb::ExpressionState&,
                                                   duckdb::Vector& out) {
    const bool constant = in.AllConstant();
    const auto rows = constant ? duckdb::idx_t{1} : in.size();
    CellWriter writer(type, "timestamp(" + precision + ") with time zone", TextStyle::kResult);
    writer.SetPageType({.name = "timestamp", .numbers = {digits}});
    ZoneClock clock(zone);
    writer.Bind(in.data[0], rows, clock);
    out.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
    auto* const texts = duckdb::FlatVector::GetData<duckdb::string_t>(out);
    TextBuffer buffer;
    for (duckdb::idx_t row = 0; row < rows; ++row) {
      if (writer.IsNull(row)) {
        duckdb::FlatVector::SetNull(out, row, true);
        continue;
      }
      buffer.Clear();
      writer.AppendText(row, buffer);
      texts[row] = duckdb::StringVector::AddStringOrBlob(out, std::string(buffer.text()));
    }
    if (constant) out.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
  };
  duckdb::ScalarFunction function("trino_zoned_text_" + precision + "_" + zone, {type}, LogicalType::VARCHAR, run);
  return e.Run(std::move(function), e.Cast(e.Take(0), type));
}

}  // namespace

void RegisterZones(duckdb::ExtensionLoader& loader) {
  RegisterExpander(loader, "trino_local_to_instant", {3}, Expanding<LocalToInstant>);
  RegisterExpander(loader, "trino_instant_to_local", {2}, Expanding<InstantToLocal>);
  RegisterExpander(loader, "trino_zoned_text", {3}, Expanding<ZonedText>);
}

}  // namespace tarn::engine
