#include "connector/postgres/checksums.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "connector/engine_text.h"
#include "connector/postgres/types.h"
#include "engine/duck/jenkins_hash.h"

namespace tarn::connector::postgres {
namespace {

constexpr std::size_t kNested = 50;  // calls inside each other, which both sides bound

// How values of one type are hashed on top of the hash so far, "{h}". PostgreSQL's "{r}" is what is read of the column,
// the engine's "{c}" the copy's column. NULL is hashed as a value that no column is likely to hold.
struct Style {
  std::string_view remote;
  std::string_view engine;
};

constexpr Style kText = {"hashtextextended(coalesce(({r})::text, '<null of tarn>') COLLATE \"C\", {h})",
                         "tarn_postgres_hash(coalesce(CAST({c} AS VARCHAR), '<null of tarn>'), {h})"};
// The hash folds the halves of a number into one; the second one by itself makes up for it.
constexpr Style kBigint = {
    "hashint8extended(coalesce(({r})::bigint, -6148914691236517206) >> 32, "
    "hashint8extended(coalesce(({r})::bigint, -6148914691236517206), {h}))",
    "tarn_postgres_hash(coalesce(CAST({c} AS BIGINT), -6148914691236517206) >> 32, "
    "tarn_postgres_hash(coalesce(CAST({c} AS BIGINT), -6148914691236517206), {h}))"};
constexpr Style kInteger = {"hashint8extended(coalesce(({r})::bigint, -6148914691236517206), {h})",
                            "tarn_postgres_hash(coalesce(CAST({c} AS BIGINT), -6148914691236517206), {h})"};
constexpr Style kBoolean = {"hashint8extended(coalesce(({r})::int, -1), {h})",
                            "tarn_postgres_hash(coalesce(CAST({c} AS BIGINT), -1), {h})"};
constexpr Style kDouble = {"hashfloat8extended(coalesce(({r})::float8, -7.25e-301), {h})",
                           "tarn_postgres_hash(coalesce(CAST({c} AS DOUBLE), -7.25e-301), {h})"};
constexpr Style kBytes = {"hashtextextended(coalesce(md5({r}), '<null of tarn>') COLLATE \"C\", {h})",
                          "tarn_postgres_hash(coalesce(md5({c}), '<null of tarn>'), {h})"};
// Inside, PostgreSQL counts microseconds from the year 2000.
constexpr Style kTimestamp = {
    "timestamp_hash_extended(coalesce(({r})::timestamp, '1900-01-01 00:00:00.123457'), {h})",
    "tarn_postgres_hash(CASE WHEN {c} IS NULL THEN -3155673599876543 WHEN isfinite({c}) THEN epoch_us({c}) - "
    "946684800000000 WHEN {c} > '2000-01-01' THEN 9223372036854775807 ELSE -9223372036854775808 END, {h})"};
constexpr Style kZoned = {
    "timestamp_hash_extended(coalesce(({r})::timestamptz AT TIME ZONE 'UTC', "
    "'1900-01-01 00:00:00.123457'), {h})",
    kTimestamp.engine};
constexpr Style kDate = {
    "hashint8extended(CASE WHEN {r} IS NULL THEN -1 WHEN isfinite({r}) THEN ({r} - date '2000-01-01')::bigint WHEN {r} "
    "> "
    "date '2000-01-01' THEN 9223372036854775807 ELSE -9223372036854775807 END, {h})",
    "tarn_postgres_hash(CASE WHEN {c} IS NULL THEN -1 WHEN isfinite({c}) THEN CAST({c} - DATE '2000-01-01' AS BIGINT) "
    "WHEN "
    "{c} > DATE '2000-01-01' THEN 9223372036854775807 ELSE -9223372036854775807 END, {h})"};
constexpr Style kTime = {"time_hash_extended(coalesce({r}, '23:59:59.876543'), {h})",
                         "tarn_postgres_hash(coalesce(epoch_us({c}), 86399876543), {h})"};

struct OfType {
  std::string_view engine_type;
  const Style& style;
};
constexpr std::array<OfType, 12> kStyles = {{{"VARCHAR", kText},
                                             {"UUID", kText},
                                             {"BIGINT", kBigint},
                                             {"INTEGER", kInteger},
                                             {"SMALLINT", kInteger},
                                             {"BOOLEAN", kBoolean},
                                             {"DOUBLE", kDouble},
                                             {"FLOAT", kDouble},
                                             {"BLOB", kBytes},
                                             {"TIMESTAMP", kTimestamp},
                                             {"TIMESTAMP WITH TIME ZONE", kZoned},
                                             {"DATE", kDate}}};

const Style* StyleOf(std::string_view engine_type) {
  if (engine_type.starts_with("DECIMAL(")) return &kText;
  if (engine_type == "TIME") return &kTime;
  const auto found = std::ranges::find(kStyles, engine_type, &OfType::engine_type);
  return found == kStyles.end() ? nullptr : &found->style;
}

bool Add(const ColumnInfo& column, RowHash& hash) {
  const auto mapping = MapType(column.source_type);
  const auto* const style = StyleOf(mapping.engine_type);
  if (style == nullptr) return false;
  // Where reading may fail it is on values that no copy holds; these need no second look.
  const bool as_read = mapping.engine_type == "VARCHAR" || mapping.engine_type == "BIGINT";
  const auto read = Fill(as_read ? mapping.remote : "{c}", column.source_name);
  hash.remote = connector::Fill(style->remote, {{"{r}", read}, {"{h}", hash.remote}});
  hash.engine = connector::Fill(style->engine, {{"{c}", Name(column.name)}, {"{h}", hash.engine}});
  return true;
}

}  // namespace

std::optional<RowHash> HashOfRows(const TableInfo& table) {
  RowHash whole{.remote = "0", .engine = "0"};
  for (std::size_t first = 0; first < table.columns.size(); first += kNested) {
    RowHash part{.remote = "0", .engine = "0"};
    for (std::size_t i = first; i < std::min(first + kNested, table.columns.size()); ++i) {
      if (!Add(table.columns[i], part)) return std::nullopt;
    }
    whole.remote = fmt::format("hashint8extended({}, {})", part.remote, whole.remote);
    whole.engine = fmt::format("tarn_postgres_hash({}, {})", part.engine, whole.engine);
  }
  return whole;
}

std::string HashesAlikeQuery() {
  constexpr std::string_view kSample = "a text of 27 bytes, seeded.";
  return fmt::format(
      "SELECT (hashtextextended({} COLLATE \"C\", 42) = {} AND hashint8extended(-1234567890123, 43) = {} AND "
      "hashfloat8extended(1.5, 44) = {} AND timestamp_hash_extended('2000-01-02', 45) = {})::text AS c0",
      Literal(kSample), engine::JenkinsHash(kSample, 42), engine::JenkinsHash(std::int64_t{-1234567890123}, 43),
      engine::JenkinsHash(1.5, 44), engine::JenkinsHash(std::int64_t{86'400'000'000}, 45));
}

}  // namespace tarn::connector::postgres
