// Types of Trino that the engine has none for, held as structures (docs/decisions/018): number, addresses, times of
// more than nine digits of a second, and timestamps that carry their time zone.
#pragma once

#include <string_view>

#include "sql/type.h"

namespace tarn::sql {

// Names of the structures' fields, which no row has.
inline constexpr std::string_view kNumberField = "$number";        // sortable bytes
inline constexpr std::string_view kAddressField = "$ipaddress";    // 16 bytes
inline constexpr std::string_view kTimestampField = "$timestamp";  // picoseconds since the epoch
inline constexpr std::string_view kTimeField = "$time";            // picoseconds of the day
inline constexpr std::string_view kInstantField = "$instant";      // picoseconds since the epoch, with
inline constexpr std::string_view kZoneField = "$zone";            // the name of the zone

// Whether a value is a timestamp with time zone that carries its zone in the engine: where zones are mixed, and where
// there are more digits of a second than the engine's own type has.
[[nodiscard]] bool CarriesZone(const Type& type);
// Whether the type is one of the structures above into which values of other types are converted, as an ipaddress is
// not.
[[nodiscard]] bool IsTagged(const Type& type);
// Whether `what` holds for the type or one of its parts.
[[nodiscard]] bool Holds(const Type& type, bool (*what)(const Type&));

}  // namespace tarn::sql
