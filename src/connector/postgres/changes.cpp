#include "connector/postgres/changes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "connector/engine_text.h"
#include "connector/postgres/remote_query.h"

namespace tarn::connector::postgres {
namespace {

constexpr char kBetween = '|';
constexpr std::uint64_t kNumbers = std::uint64_t{1} << 32;
constexpr std::uint64_t kFirstNormal = 3;  // the numbers below are not of transactions
constexpr std::uint64_t kListed = 1'000;
constexpr std::uint64_t kFarthest = 2'000'000'000;  // of half the numbers, less a margin

// The table with all that inherits from it. What a role may see, which parts there are, what a label of an enumeration
// is called and how a column is computed can all change without a row being written. A text without commas and bars
// comes out of md5.
constexpr std::string_view kQuery = R"(
WITH RECURSIVE parts(oid) AS (
  SELECT {table}::regclass::oid UNION SELECT i.inhrelid FROM pg_inherits i JOIN parts p ON i.inhparent = p.oid),
facts AS (
  SELECT c.oid, c.relkind, c.relfilenode, c.relpersistence, c.relhassubclass, coalesce(m.amname, 'heap') AS storage
  FROM parts JOIN pg_class c ON c.oid = parts.oid LEFT JOIN pg_am m ON m.oid = c.relam)
SELECT (SELECT coalesce(md5(string_agg(oid::text, ',' ORDER BY oid)), '') FROM facts) || ':' ||
  (SELECT coalesce(md5(string_agg(concat_ws(' ', a.attnum, a.attname, a.atttypid, a.atttypmod, e.labels, md5(d.adbin::text)),
                                  ',' ORDER BY a.attnum)), '')
   FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
   LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.attgenerated <> ''
   LEFT JOIN LATERAL (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) AS labels FROM pg_enum
                      WHERE enumtypid IN (t.oid, t.typelem, t.typbasetype)) e ON true
   WHERE a.attrelid = {table}::regclass AND a.attnum > 0 AND NOT a.attisdropped)
  || '|' || CASE WHEN (SELECT bool_or(relkind NOT IN ('r', 'p')) FROM facts) THEN 'only tables tell which of their rows were written'
                 WHEN (SELECT bool_or(relkind = 'r' AND storage <> 'heap') FROM facts) THEN 'its storage does not tell which rows were written'
                 WHEN row_security_active({table}::regclass) THEN 'a row security policy decides which rows are seen'
                 ELSE '' END
  || '|' || (SELECT count(*) = 0 OR coalesce(bool_or(relkind IN ('r', 'm') AND relfilenode <> 0
               AND pg_relation_filenode(oid) IS DISTINCT FROM relfilenode), false) FROM facts)::text
  || ' ' || (SELECT coalesce(bool_and(relpersistence = 'p'), false) FROM facts)::text
  || ' ' || (SELECT count(*) = 1 AND bool_and(relkind = 'r' AND NOT relhassubclass) FROM facts)::text AS c0)";

std::string Bigint(std::int64_t value) { return fmt::format("'{}'::bigint", value); }

}  // namespace

std::string TableStateQuery(const TableInfo& table) {
  const auto name = Literal(RemoteTable(table));
  return connector::Fill(kQuery, {{"{table}", name}});
}

TableState ReadTableState(std::string_view text) {
  const auto first = text.find(kBetween);
  const auto last = text.rfind(kBetween);
  if (first == std::string_view::npos || first == last) return {.identity = {}, .obstacle = "its state cannot be read"};
  const auto flags = text.substr(last + 1);
  return {.identity = std::string(text.substr(0, first)),
          .obstacle = std::string(text.substr(first + 1, last - first - 1)),
          .rewritten = flags.starts_with("true"),
          .logged = flags.contains(" true "),
          .plain = flags.ends_with(" true")};
}

// The server looks a few numbers up in a table of them, also in several processes at once, which age() forbids.
std::string WrittenBetween(std::uint64_t from, std::uint64_t to) {
  if (to - from > kListed) return fmt::format("age(xmin) <= age('{}'::xid)", std::max(from % kNumbers, kFirstNormal));
  std::vector<std::uint64_t> numbers;
  for (auto number = from; number < to; ++number) {
    if (number % kNumbers >= kFirstNormal) numbers.push_back(number % kNumbers);
  }
  return fmt::format("xmin = ANY ('{{{}}}'::xid[])", fmt::join(numbers, ","));
}

bool CanTell(std::uint64_t from, std::uint64_t to) { return to >= from && to - from < kFarthest; }

std::string RangeNumber(const TableInfo& table, const KeyRanges& ranges) {
  const auto column = std::ranges::find(table.columns, ranges.column, &ColumnInfo::name);
  const auto name = Name(column == table.columns.end() ? ranges.column : column->source_name);
  return fmt::format("CASE WHEN {0} < {1} THEN -1 WHEN {0} > {2} THEN {3} ELSE ({0}::bigint - {1}) / {4} END", name,
                     Bigint(ranges.low), Bigint(ranges.high), ranges.count, Bigint(ranges.width));
}

}  // namespace tarn::connector::postgres
