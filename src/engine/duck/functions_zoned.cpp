// Timestamps that carry their zone: Tag::kZoned. They are equal and ordered by their instants, so whoever compares or
// groups them takes trino_zoned_instant of them.
#include <array>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "engine/duck/decimal_math.h"
#include "engine/duck/iso_8601.h"
#include "engine/duck/picosecond_text.h"
#include "engine/duck/picoseconds.h"
#include "engine/duck/row_types.h"
#include "engine/duck/tagged_functions.h"
#include "engine/duck/zone_clock.h"

namespace tarn::engine {
namespace {

using duckdb::hugeint_t;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;

// The clock of one row's zone after another's.
class RowClock final {
 public:
  ZoneClock& Of(std::string_view zone) {
    if (!clock_ || clock_->name() != zone) clock_ = std::make_unique<ZoneClock>(std::string(zone));
    return *clock_;
  }

 private:
  std::unique_ptr<ZoneClock> clock_;
};

std::int64_t SecondsOf(Int128 picoseconds) {
  return static_cast<std::int64_t>(FloorDivide(picoseconds, kPicosPerSecond));
}

Int128 LocalOf(ZoneClock& clock, Int128 instant) {
  return instant + static_cast<Int128>(clock.OffsetAt(SecondsOf(instant))) * kPicosPerSecond;
}
Int128 InstantOf(const ZoneClock& clock, Int128 local) {
  return local - static_cast<Int128>(clock.OffsetOfLocal(SecondsOf(local))) * kPicosPerSecond;
}

// f(clock, picoseconds, extra…) of (picoseconds, zone, extra…).
template <class Result, class... Extra, class F>
duckdb::ScalarFunction ZonedFunction(const std::string& name, F f) {
  const auto run = [f](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
    RowClock clocks;
    const auto on_row = [&](hugeint_t picoseconds, std::string_view zone, const Extra&... extra) {
      return f(clocks.Of(zone), ToInt128(picoseconds), extra...);
    };
    row_function::Run<Result, hugeint_t, std::string_view, Extra...>(
        in, out, on_row, std::index_sequence_for<hugeint_t, std::string_view, Extra...>());
  };
  duckdb::ScalarFunction function(name, {LogicalType::HUGEINT, LogicalType::VARCHAR, RowType<Extra>::Type()...},
                                  RowType<Result>::Type(), run);
  function.SetFallible();
  return function;
}

void NeedZoned(const Expansion& e, std::size_t i) {
  if (TagOf(e.Type(i)) != Tag::kZoned) Fail("NOT_SUPPORTED", "A timestamp that carries its zone is needed");
}

// Both fields of an argument.
struct Fields {
  Expr picoseconds;
  Expr zone;
};
Fields Split(const Expansion& e, std::size_t i) {
  NeedZoned(e, i);
  e.NeedCopyable(i);
  return {.picoseconds = Unpack(e, e.Copy(i)), .zone = UnpackZone(e, e.Copy(i))};
}

// A zone's name as the values keep it, checked.
Expr NormalZoneOf(const Expansion& e, Expr zone) {
  auto normal = TextToText("trino_normal_zone", [](std::string_view name) {
    auto found = ZoneClock::NormalName(name);
    if (!found) Fail("INVALID_FUNCTION_ARGUMENT", "'" + std::string(name) + "' is not a valid time zone");
    return *std::move(found);
  });
  return e.Run(std::move(normal), e.Cast(std::move(zone), LogicalType::VARCHAR));
}

// (instant, zone): the instant, of either kind, in the zone.
Expr Zoned(Expansion& e) {
  auto zone = NormalZoneOf(e, e.Take(1));
  return PackZoned(e, PicosecondsOf(e, e.Take(0)), std::move(zone));
}

// (timestamp, zone, strict): the instant at which the zone's clock shows it; strictly it has to show it once.
Expr ZonedOfLocal(Expansion& e) {
  e.NeedCopyable(1);
  const bool strict = e.size() == 3 && e.ConstantText(2, "Strictness") == "true";
  auto instant = ZonedFunction<hugeint_t>(
      strict ? "trino_strict_instant_of_local" : "trino_instant_of_local", [strict](ZoneClock& clock, Int128 local) {
        if (strict && !clock.Shows(SecondsOf(local)))
          Fail("INVALID_LITERAL", "The clock of the time zone never shows this time");
        return FromInt128(InstantOf(clock, local));
      });
  auto local = PicosecondsOf(e, e.Cast(e.Take(0), e.Type(0)));
  auto picoseconds = e.Run(std::move(instant), std::move(local), NormalZoneOf(e, e.Copy(1)));
  return PackZoned(e, std::move(picoseconds), NormalZoneOf(e, e.Take(1)));
}

// (value, precision): what the zone's clock shows, as a timestamp of this precision.
Expr ZonedLocal(Expansion& e) {
  auto [picoseconds, zone] = Split(e, 0);
  const auto precision = e.ConstantInteger(1, "Precision");
  auto local = ZonedFunction<hugeint_t>(
      "trino_local_of_zoned", [](ZoneClock& clock, Int128 instant) { return FromInt128(LocalOf(clock, instant)); });
  return TimestampOfPicoseconds(e, e.Run(std::move(local), std::move(picoseconds), std::move(zone)), precision);
}

// The instant without zone: picoseconds, for comparison.
Expr ZonedInstant(Expansion& e) { return PicosecondsOf(e, e.Take(0)); }

// As the engine's own instant, without what is below a microsecond.
Expr ZonedMicros(Expansion& e) {
  if (e.Id(0) == LogicalTypeId::TIMESTAMP_TZ) return e.Take(0);
  auto micros = Unary<hugeint_t, duckdb::timestamp_t>(
      "trino_micros_of_zoned", LogicalType::HUGEINT, LogicalType::TIMESTAMP_TZ,
      [](hugeint_t p) { return duckdb::timestamp_t(FloorToMicroseconds(ToInt128(p))); });
  return e.Run(std::move(micros), PicosecondsOf(e, e.Take(0)));
}

// (value, precision): half up to so many digits of a second.
Expr ZonedRound(Expansion& e) {
  auto [picoseconds, zone] = Split(e, 0);
  const auto digits = static_cast<int>(e.ConstantInteger(1, "Precision"));
  auto round = Unary<hugeint_t, hugeint_t>(
      "trino_round_zoned_" + std::to_string(digits), LogicalType::HUGEINT, LogicalType::HUGEINT,
      [digits](hugeint_t p) { return FromInt128(RoundPicoseconds(ToInt128(p), digits)); });
  return PackZoned(e, e.Run(std::move(round), std::move(picoseconds)), std::move(zone));
}

Expr ZonedZone(Expansion& e) {
  NeedZoned(e, 0);
  return UnpackZone(e, e.Take(0));
}

// Of a time of day: the name of its offset.
Expr TimeZoneOfTime(Expansion& e) {
  auto seconds =
      e.Cast(e.Call("date_part", Expansion::Literal(duckdb::Value("timezone")), e.Take(0)), LogicalType::BIGINT);
  auto text = RowFunctionOf<std::string, std::int64_t>("trino_name_of_seconds", [](std::int64_t offset) {
    std::array<char, 8> buffer{};
    const char* const end = WriteOffset(buffer.data(), offset);
    return std::string(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  });
  return e.Run(std::move(text), std::move(seconds));
}

// Of a time of day with an offset: the time of day in UTC.
Expr OffsetTimeInstant(Expansion& e) {
  auto instant = Unary<duckdb::dtime_tz_t, duckdb::dtime_t>(
      "trino_instant_of_offset_time", LogicalType::TIME_TZ, LogicalType::TIME, [](duckdb::dtime_tz_t time) {
        const auto micros = time.time().micros - std::int64_t{time.offset()} * 1'000'000;
        const auto of_day = micros % duckdb::Interval::MICROS_PER_DAY;
        return duckdb::dtime_t(of_day < 0 ? of_day + duckdb::Interval::MICROS_PER_DAY : of_day);
      });
  return e.Run(std::move(instant), e.Cast(e.Take(0), LogicalType::TIME_TZ));
}

// (time with an offset, time): the time with that offset.
Expr OffsetTime(Expansion& e) {
  auto with = Binary<duckdb::dtime_tz_t, duckdb::dtime_t, duckdb::dtime_tz_t>(
      "trino_time_with_offset", LogicalType::TIME_TZ, LogicalType::TIME, LogicalType::TIME_TZ,
      [](duckdb::dtime_tz_t offset, duckdb::dtime_t time) { return duckdb::dtime_tz_t(time, offset.offset()); });
  auto first = e.Cast(e.Take(0), LogicalType::TIME_TZ);
  return e.Run(std::move(with), std::move(first), e.Cast(e.Take(1), LogicalType::TIME));
}

// (value, seconds): a time of day with another offset; a plain time takes it as it is.
Expr TimeAtOffset(Expansion& e) {
  const auto seconds = static_cast<std::int32_t>(e.ConstantInteger(1, "Offset"));
  const auto name = "trino_time_at_" + std::to_string(seconds);
  if (e.Id(0) != LogicalTypeId::TIME_TZ) {
    auto take = Unary<duckdb::dtime_t, duckdb::dtime_tz_t>(
        name, LogicalType::TIME, LogicalType::TIME_TZ,
        [seconds](duckdb::dtime_t time) { return duckdb::dtime_tz_t(time, seconds); });
    return e.Run(std::move(take), e.Cast(e.Take(0), LogicalType::TIME));
  }
  auto move = Unary<duckdb::dtime_tz_t, duckdb::dtime_tz_t>(
      name, LogicalType::TIME_TZ, LogicalType::TIME_TZ, [seconds](duckdb::dtime_tz_t time) {
        const auto micros = time.time().micros + std::int64_t{seconds - time.offset()} * 1'000'000;
        const auto of_day = micros % duckdb::Interval::MICROS_PER_DAY;
        return duckdb::dtime_tz_t(duckdb::dtime_t(of_day < 0 ? of_day + duckdb::Interval::MICROS_PER_DAY : of_day),
                                  seconds);
      });
  return e.Run(std::move(move), e.Take(0));
}

// Seconds that the zone's clock is ahead of UTC.
Expr ZonedOffset(Expansion& e) {
  auto [picoseconds, zone] = Split(e, 0);
  auto offset = ZonedFunction<std::int64_t>(
      "trino_offset_of_zoned", [](ZoneClock& clock, Int128 instant) { return clock.OffsetAt(SecondsOf(instant)); });
  return e.Run(std::move(offset), std::move(picoseconds), std::move(zone));
}

// Seconds with what is below them.
Expr ZonedUnixtime(Expansion& e) {
  auto seconds = Unary<hugeint_t, double>("trino_unixtime_of_zoned", LogicalType::HUGEINT, LogicalType::DOUBLE,
                                          [](hugeint_t p) { return static_cast<double>(ToInt128(p)) / 1e12; });
  return e.Run(std::move(seconds), PicosecondsOf(e, e.Take(0)));
}

// (value, interval): months by the zone's clock, the rest by the instant.
Expr ZonedPlus(Expansion& e) {
  auto [picoseconds, zone] = Split(e, 0);
  auto plus = ZonedFunction<hugeint_t, duckdb::interval_t>(
      "trino_zoned_plus_interval", [](ZoneClock& clock, Int128 instant, const duckdb::interval_t& interval) {
        if (interval.months == 0) {
          const auto micros = static_cast<Int128>(interval.days) * duckdb::Interval::MICROS_PER_DAY + interval.micros;
          return FromInt128(instant + micros * kPicosPerMicro);
        }
        const auto local = LocalOf(clock, instant);
        const auto micros = FloorToMicroseconds(local);
        const auto shifted = duckdb::Interval::Add(duckdb::timestamp_t(micros), interval);
        const auto below = local - static_cast<Int128>(micros) * kPicosPerMicro;
        return FromInt128(InstantOf(clock, static_cast<Int128>(shifted.value) * kPicosPerMicro + below));
      });
  auto shifted = e.Run(std::move(plus), std::move(picoseconds), zone->Copy(), e.Take(1));
  return PackZoned(e, std::move(shifted), std::move(zone));
}

// (nanoseconds): the instant in UTC; of a decimal rounded half up.
Expr OfUnixNanos(Expansion& e) {
  auto nanos = e.Cast(e.Take(0), LogicalType::DECIMAL(38, 0));
  auto picoseconds = Unary<hugeint_t, hugeint_t>(
      "trino_picoseconds_of_nanos", LogicalType::DECIMAL(38, 0), LogicalType::HUGEINT, [](hugeint_t count) {
        constexpr Int128 kLast = static_cast<Int128>(std::numeric_limits<std::int64_t>::max()) * kPicosPerMicro;
        const auto whole = ToInt128(count);
        if (whole > kLast / 1000 || whole < -kLast / 1000)
          Fail("INVALID_FUNCTION_ARGUMENT", "Nanoseconds out of the range of timestamps");
        return FromInt128(whole * 1000);
      });
  return PackZoned(e, e.Run(std::move(picoseconds), std::move(nanos)), Expansion::Literal(duckdb::Value("UTC")));
}

// A text of ISO 8601 in the zone of its offset, else in the zone of the second argument.
template <std::int64_t (*nanoseconds_below)(std::string_view)>
Expr ZonedOfIso(Expansion& e, const std::string& name) {
  const auto otherwise = e.ConstantText(1, "Time zone");
  e.NeedCopyable(0);
  const auto text = [&] { return e.Cast(e.Copy(0), LogicalType::VARCHAR); };
  auto instant = [otherwise](std::string_view iso) {
    const auto time = static_cast<Int128>(IsoMicros(iso)) * kPicosPerMicro + nanoseconds_below(iso) * Int128{1000};
    return FromInt128(IsoHasOffset(iso) ? time : InstantOf(ZoneClock(otherwise), time));
  };
  auto zone = [otherwise](std::string_view iso) { return IsoZone(iso).value_or(otherwise); };
  auto picoseconds = e.Run(RowFunctionOf<hugeint_t, std::string_view>(name + otherwise, instant), text());
  return PackZoned(e, std::move(picoseconds),
                   e.Run(RowFunctionOf<std::string, std::string_view>("trino_zone_of_iso_" + otherwise, zone), text()));
}

std::int64_t NothingBelow(std::string_view) { return 0; }

Expr ZonedOfIsoText(Expansion& e) { return ZonedOfIso<NothingBelow>(e, "trino_instant_of_iso_"); }
Expr ZonedOfIsoNanos(Expansion& e) { return ZonedOfIso<IsoNanosBelow>(e, "trino_nanos_of_iso_"); }

// (hours, minutes): the name of the zone that is so far ahead of UTC.
Expr OffsetZone(Expansion& e) {
  auto name = RowFunctionOf<std::string, std::int64_t, std::int64_t>(
      "trino_name_of_offset", [](std::int64_t hours, std::int64_t minutes) {
        std::int64_t total = 0;
        const bool large = __builtin_mul_overflow(hours, 60, &total) || __builtin_add_overflow(total, minutes, &total);
        if (large || total < -14 * 60 || total > 14 * 60)
          Fail("INVALID_FUNCTION_ARGUMENT", "Invalid offset of a time zone: " + std::to_string(hours) + " hours");
        if (total == 0) return std::string("UTC");
        std::array<char, 8> text{};
        const char* const end = WriteOffset(text.data(), total * 60);
        return std::string(text.data(), static_cast<std::size_t>(end - text.data()));
      });
  auto hours = e.Cast(e.Take(0), LogicalType::BIGINT);
  return e.Run(std::move(name), std::move(hours), e.Cast(e.Take(1), LogicalType::BIGINT));
}

}  // namespace

void RegisterZoned(duckdb::ExtensionLoader& loader) {
  RegisterExpander(loader, "trino_zoned", {2}, Expanding<Zoned>);
  RegisterExpander(loader, "trino_zoned_of_local", {2, 3}, Expanding<ZonedOfLocal>);
  RegisterExpander(loader, "trino_zoned_local", {2}, Expanding<ZonedLocal>);
  RegisterExpander(loader, "trino_zoned_instant", {1}, Expanding<ZonedInstant>);
  RegisterExpander(loader, "trino_zoned_micros", {1}, Expanding<ZonedMicros>);
  RegisterExpander(loader, "trino_zoned_round", {2}, Expanding<ZonedRound>);
  RegisterExpander(loader, "trino_zoned_zone", {1}, Expanding<ZonedZone>);
  RegisterExpander(loader, "trino_offset_time_instant", {1}, Expanding<OffsetTimeInstant>);
  RegisterExpander(loader, "trino_offset_time", {2}, Expanding<OffsetTime>);
  RegisterExpander(loader, "trino_time_at_offset", {2}, Expanding<TimeAtOffset>);
  RegisterExpander(loader, "trino_time_zone", {1}, Expanding<TimeZoneOfTime>);
  RegisterExpander(loader, "trino_zoned_offset", {1}, Expanding<ZonedOffset>);
  RegisterExpander(loader, "trino_zoned_unixtime", {1}, Expanding<ZonedUnixtime>);
  RegisterExpander(loader, "trino_zoned_plus", {2}, Expanding<ZonedPlus>);
  RegisterExpander(loader, "trino_zoned_of_nanos", {1}, Expanding<OfUnixNanos>);
  RegisterExpander(loader, "trino_zoned_of_iso", {2}, Expanding<ZonedOfIsoText>);
  RegisterExpander(loader, "trino_zoned_of_iso_nanos", {2}, Expanding<ZonedOfIsoNanos>);
  RegisterExpander(loader, "trino_offset_zone", {2}, Expanding<OffsetZone>);
}

}  // namespace tarn::engine
