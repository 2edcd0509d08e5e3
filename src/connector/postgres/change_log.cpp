#include "connector/postgres/change_log.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <thread>

#include "connector/engine_text.h"
#include "connector/postgres/changed_keys.h"
#include "connector/postgres/remote_query.h"

namespace tarn::connector::postgres {
namespace {

constexpr int kFirstWithAdvance = 110000;
constexpr int kFirstWithSlotStatus = 130000;
constexpr int kFirstWithRoots = 130000;
constexpr int kFirstWithFilters = 150000;
constexpr std::size_t kMostKeys = 100'000;  // more are found sooner by reading the table
constexpr std::chrono::seconds kSlotTime{10};
constexpr std::chrono::seconds kBusyTime{5};
constexpr std::chrono::milliseconds kBusyPoll{20};
constexpr std::string_view kBusy = "55006";  // SQLSTATE: another connection reads the slot

std::uint64_t NumberOf(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string PlaceText(std::uint64_t place) { return fmt::format("{:X}/{:X}", place >> 32U, place & 0xFFFFFFFFU); }

// An array as PostgreSQL reads it.
std::string ArrayText(const std::vector<std::string>& values) {
  std::string text = "{";
  for (const auto& value : values) {
    text += text.size() == 1 ? "\"" : ",\"";
    for (const char c : value) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
  }
  return text += '}';
}

std::string Bytes(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 2; i + 1 < hex.size(); i += 2) {  // behind \x
    unsigned value = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
    bytes += static_cast<char>(value);
  }
  return bytes;
}

// The columns of $2 that the log has of a row before its change: those of the primary key, of a chosen index, or all.
constexpr std::string_view kTableQuery = R"(
SELECT c.oid::text, concat_ws('.', c.relreplident, c.xmin, (SELECT md5(string_agg(concat_ws('.', indexrelid, xmin), ',' ORDER BY indexrelid))
    FROM pg_index WHERE indrelid = c.oid)), current_setting('wal_level'), pg_is_in_recovery()::text,
  (c.relkind = 'r' AND NOT c.relhassubclass AND c.relpersistence = 'p')::text,
  (NOT EXISTS (SELECT FROM unnest($2::text[]) AS k(name) WHERE NOT EXISTS (
    SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = k.name AND NOT a.attisdropped AND (
      c.relreplident = 'f' OR EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisvalid AND i.indimmediate
        AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])
        AND CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident ELSE false END)))))::text
FROM pg_class c WHERE c.oid = to_regclass($1))";

constexpr std::string_view kKeyQuery = R"(
SELECT format_type(a.atttypid, a.atttypmod), coalesce(quote_ident(n.nspname) || '.' || quote_ident(l.collname), ''),
  (t.typcategory = 'A')::text
FROM unnest($2::text[]) WITH ORDINALITY AS k(name, number)
JOIN pg_attribute a ON a.attrelid = to_regclass($1) AND a.attname = k.name AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_collation l ON l.oid = a.attcollation LEFT JOIN pg_namespace n ON n.oid = l.collnamespace
ORDER BY k.number)";

// A publication of all changes of the table with number $1. The numbers of the transactions that wrote what says so
// change when it is altered, also when it is altered back.
constexpr std::string_view kPublicationQuery = R"(
SELECT p.pubname, concat_ws('.', p.oid, p.xmin, r.oid, r.xmin)
FROM pg_publication p LEFT JOIN pg_publication_rel r ON r.prpubid = p.oid AND r.prrelid = $1::oid
WHERE p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate AND (r.oid IS NOT NULL OR p.puballtables){filters}
ORDER BY p.puballtables, (SELECT count(*) FROM pg_publication_rel o WHERE o.prpubid = p.oid), p.pubname LIMIT 1)";
constexpr std::string_view kFilters = " AND r.prqual IS NULL AND r.prattrs IS NULL";
// Such a publication tells changes of a partition as those of the whole table.
constexpr std::string_view kNotByRoot =
    " AND NOT (p.pubviaroot AND (SELECT relispartition FROM pg_class WHERE oid = $1::oid))";

}  // namespace

std::string WriteLogMark(const LogMark& mark) {
  return fmt::format("{}:{}:{}:{}", mark.bound, mark.candidate, mark.candidate_number, mark.publication);
}

std::optional<LogMark> ReadLogMark(std::string_view text) {
  LogMark mark;
  for (auto* number : {&mark.bound, &mark.candidate, &mark.candidate_number}) {
    const auto end = text.find(':');
    if (end == std::string_view::npos) return std::nullopt;
    *number = NumberOf(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  mark.publication = text;
  return mark;
}

base::Result<std::unique_ptr<TableLog>> TableLog::Keep(Control& control, const TableInfo& table,
                                                       const std::string& slot, const std::optional<LogMark>& before,
                                                       const base::CallLimits& limits) {
  std::unique_ptr<TableLog> kept(new TableLog(control, table, slot));
  const auto step = [&](auto member) {
    return
        [&kept, member](Connection& connection, const auto& bounded) { return (*kept.*member)(connection, bounded); };
  };
  for (const auto member : {&TableLog::ReadTable, &TableLog::MakePublication, &TableLog::MakeSlot}) {
    TARN_RETURN_IF_ERROR(kept->Excuse(control.Ask(limits, step(member)), limits));
    if (!kept->obstacle_.empty()) return kept;
  }
  if (before) {
    const auto release = [&](Connection& connection, const auto& bounded) {
      return kept->Release(connection, *before, bounded);
    };
    TARN_RETURN_IF_ERROR(kept->Excuse(control.Ask(limits, release), limits));
  }
  TARN_RETURN_IF_ERROR(kept->Excuse(control.Ask(limits, step(&TableLog::ReadPlace)), limits));
  return kept;
}

base::Result<void> TableLog::Excuse(base::Result<void> done, const base::CallLimits& limits) {
  if (done) return {};
  const auto kind = done.error().kind;
  if (kind == base::ErrorKind::kDeadlineExceeded && limits.Check()) {
    obstacle_ = "the server took too long to read it";
  } else if (kind == base::ErrorKind::kFailedPrecondition) {
    obstacle_ = done.error().message;
  } else {
    return done;
  }
  return {};
}

base::Result<void> TableLog::ReadTable(Connection& connection, const base::CallLimits& limits) {
  if (connection.server_version() < kFirstWithAdvance) {
    obstacle_ = "its PostgreSQL is older than version 11";
    return {};
  }
  std::vector<std::string> names;
  for (const auto& name : table_.key) {
    const auto column = std::ranges::find(table_.columns, name, &ColumnInfo::name);
    if (column != table_.columns.end()) names.push_back(column->source_name);
  }
  const std::vector<std::string> parameters = {RemoteTable(table_), ArrayText(names)};
  TARN_ASSIGN_OR_RETURN(const auto tables, connection.Query(std::string(kTableQuery), parameters, limits));
  if (tables.size() != 1) return base::NotFound("The table is gone", "TABLE_NOT_FOUND");
  const auto text = [&](std::size_t i) { return tables[0].at(i).value_or(""); };
  oid_ = static_cast<std::uint32_t>(NumberOf(text(0)));
  identity_ = text(1);
  if (text(2) != "logical") obstacle_ = "the server's wal_level is not logical";
  if (text(3) == "true") obstacle_ = "the server is a standby";
  if (text(4) != "true") obstacle_ = "it is partitioned, inherited from, not logged, or no table";
  if (text(5) != "true") obstacle_ = "its replica identity does not have the columns of the key";
  if (!obstacle_.empty()) return {};
  TARN_ASSIGN_OR_RETURN(const auto columns, connection.Query(std::string(kKeyQuery), parameters, limits));
  key_.clear();
  if (columns.size() != names.size()) return base::NotFound("The table's key is gone", "TABLE_NOT_FOUND");
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto told = [&](std::size_t part) { return columns[i].at(part).value_or(""); };
    key_.push_back({.name = names[i], .type = told(0), .collation = told(1)});
    if (told(2) == "true") obstacle_ = "its key has an array";
  }
  return {};
}

base::Result<void> TableLog::FindPublication(Connection& connection, const base::CallLimits& limits) {
  std::string filters;
  if (connection.server_version() >= kFirstWithRoots) filters += kNotByRoot;
  if (connection.server_version() >= kFirstWithFilters) filters += kFilters;
  TARN_ASSIGN_OR_RETURN(const auto found, connection.Query(connector::Fill(kPublicationQuery, {{"{filters}", filters}}),
                                                           {std::to_string(oid_)}, limits));
  publication_.clear();
  publication_mark_.clear();
  if (found.empty()) return {};
  publication_ = found[0].at(0).value_or("");
  publication_mark_ = identity_ + "." + found[0].at(1).value_or("");
  return {};
}

base::Result<void> TableLog::MakePublication(Connection& connection, const base::CallLimits& limits) {
  TARN_RETURN_IF_ERROR(FindPublication(connection, limits));
  if (!publication_.empty()) return {};
  TARN_RETURN_IF_ERROR(connection.Query(
      fmt::format("CREATE PUBLICATION {} FOR TABLE {}", Name(fmt::format("{}_{}", slot_, oid_)), RemoteTable(table_)),
      {}, limits));
  return FindPublication(connection, limits);
}

base::Result<TableLog::Slot> TableLog::FindSlot(Connection& connection, const base::CallLimits& limits) const {
  const bool tells_status = connection.server_version() >= kFirstWithSlotStatus;
  TARN_ASSIGN_OR_RETURN(
      const auto found,
      connection.Query(fmt::format("SELECT pg_wal_lsn_diff(confirmed_flush_lsn, '0/0')::text, (plugin = 'pgoutput' AND "
                                   "database = current_database())::text, {} FROM pg_replication_slots "
                                   "WHERE slot_name = $1",
                                   tells_status ? "(wal_status = 'lost')::text" : "'false'"),
                       {slot_}, limits));
  Slot slot;
  if (found.empty()) return slot;
  slot.exists = true;
  slot.released = NumberOf(found[0].at(0).value_or(""));
  slot.lost = found[0].at(2) == "true" || slot.released == 0;
  if (found[0].at(1) != "true") slot.obstacle = "a replication slot of this name is for something else";
  return slot;
}

base::Result<void> TableLog::MakeSlot(Connection& connection, const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto slot, FindSlot(connection, limits));
  obstacle_ = slot.obstacle;
  if (!obstacle_.empty() || (slot.exists && !slot.lost)) return {};
  if (slot.lost) {
    TARN_RETURN_IF_ERROR(connection.Query("SELECT FROM pg_drop_replication_slot($1)", {slot_}, limits));
  }
  // The server waits for the end of every transaction that writes now.
  auto bounded = limits;
  bounded.deadline = std::min(limits.deadline, std::chrono::steady_clock::now() + kSlotTime);
  const auto made =
      connection.Query("SELECT FROM pg_create_logical_replication_slot($1, 'pgoutput')", {slot_}, bounded);
  if (made) return {};
  if (made.error().kind != base::ErrorKind::kDeadlineExceeded || !limits.Check()) return std::unexpected(made.error());
  obstacle_ = "transactions that are open at the source keep the log from beginning";
  return {};
}

base::Result<void> TableLog::Release(Connection& connection, const LogMark& before, const base::CallLimits& limits) {
  const auto place = before.bound != 0 ? before.bound : before.candidate;
  TARN_ASSIGN_OR_RETURN(const auto slot, FindSlot(connection, limits));
  if (place <= slot.released) return {};
  const auto released =
      connection.Query("SELECT FROM pg_replication_slot_advance($1, $2::pg_lsn)", {slot_, PlaceText(place)}, limits);
  // A worker that was just ended may still hold the slot; then the next refresh lets go.
  if (released || released.error().kind == base::ErrorKind::kFailedPrecondition) return {};
  return std::unexpected(released.error());
}

base::Result<void> TableLog::ReadPlace(Connection& connection, const base::CallLimits& limits) {
  // The place first: then each transaction with the number or a later one began behind it. What is on disk is not taken
  // back by a crash, behind which the log would have other transactions at the same places.
  TARN_ASSIGN_OR_RETURN(
      const auto place,
      connection.Query("SELECT pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')::text", {}, limits));
  TARN_ASSIGN_OR_RETURN(const auto number,
                        connection.Query("SELECT txid_snapshot_xmax(txid_current_snapshot())::text", {}, limits));
  place_ = NumberOf(place.at(0).at(0).value_or(""));
  place_number_ = NumberOf(number.at(0).at(0).value_or(""));
  return {};
}

LogMark TableLog::MarkFor(std::uint64_t xmin, const std::optional<LogMark>& before) const {
  LogMark mark{.publication = publication_mark_};
  if (publication_mark_.empty()) return mark;
  const bool same = before && before->publication == publication_mark_;
  if (xmin >= place_number_) {
    mark.bound = place_;
    return mark;
  }
  if (same) mark = *before;
  if (mark.candidate != 0 && xmin >= mark.candidate_number) {
    mark.bound = mark.candidate;
    mark.candidate = 0;
  }
  if (mark.candidate == 0) {
    mark.candidate = place_;
    mark.candidate_number = place_number_;
  }
  return mark;
}

base::Result<std::optional<std::string>> TableLog::RowsBehind(const LogMark& mark, const base::CallLimits& limits) {
  if (mark.bound == 0 || mark.publication != publication_mark_) return std::nullopt;
  std::vector<std::string> names;
  for (const auto& column : key_) names.push_back(column.name);
  ChangedKeys changed({.table = oid_, .key = names, .from = mark.bound, .most = kMostKeys});
  const auto read = [&](Connection& connection, const auto& bounded) -> base::Result<void> {
    TARN_RETURN_IF_ERROR(
        connection.Query("SELECT set_config(name, value, false) FROM (VALUES ('datestyle', 'ISO'), ('intervalstyle', "
                         "'postgres'), ('extra_float_digits', '3'), ('bytea_output', 'hex')) AS s(name, value)",
                         {}, bounded));
    const auto until = std::chrono::steady_clock::now() + kBusyTime;
    while (true) {
      auto done = connection.Stream(
          "SELECT data FROM pg_logical_slot_peek_binary_changes($1, NULL, NULL, 'proto_version', '1', "
          "'publication_names', $2)",
          {slot_, Name(publication_)}, [&](const Row& row) { return changed.Take(Bytes(row.at(0).value_or(""))); },
          bounded);
      if (done || !done.error().message.contains(kBusy) || std::chrono::steady_clock::now() > until) return done;
      std::this_thread::sleep_for(kBusyPoll);
    }
  };
  TARN_RETURN_IF_ERROR(Excuse(control_.Ask(limits, read), limits));
  if (obstacle_.empty()) obstacle_ = changed.obstacle();
  if (!obstacle_.empty()) return std::nullopt;
  // Read after the log: what it should have was still kept, and the table published, all the while.
  const auto check = [&](Connection& connection, const auto& bounded) -> base::Result<void> {
    TARN_ASSIGN_OR_RETURN(const auto slot, FindSlot(connection, bounded));
    if (!slot.exists || slot.lost || slot.released > mark.bound) obstacle_ = "the log does not go back far enough";
    const auto published = publication_mark_;
    TARN_RETURN_IF_ERROR(ReadTable(connection, bounded));
    TARN_RETURN_IF_ERROR(FindPublication(connection, bounded));
    if (publication_mark_ == published) return {};
    obstacle_ = "the table's publication or replica identity was altered";
    publication_mark_.clear();
    return {};
  };
  TARN_RETURN_IF_ERROR(Excuse(control_.Ask(limits, check), limits));
  if (!obstacle_.empty()) return std::nullopt;
  return changed.size() == 0 ? std::string() : RowsOf(changed.keys());
}

std::string TableLog::RowsOf(const std::vector<std::vector<std::string>>& keys) const {
  std::vector<std::string> arrays;
  std::vector<std::string> parts;
  std::vector<std::string> wanted;
  std::vector<std::string> same;
  for (std::size_t i = 0; i < key_.size(); ++i) {
    arrays.push_back(fmt::format("{}::{}[]", Literal(ArrayText(keys[i])), key_[i].type));
    parts.push_back(fmt::format("k{}", i));
    wanted.push_back(
        fmt::format("k{0}{1} AS k{0}", i, key_[i].collation.empty() ? "" : " COLLATE " + key_[i].collation));
    same.push_back(fmt::format("t.{} = k.k{}", Name(key_[i].name), i));
  }
  std::vector<std::string> shown;
  for (const auto& column : table_.columns) {
    const auto name = Name(column.source_name);
    const auto part = std::ranges::find(key_, column.source_name, &KeyColumn::name);
    shown.push_back(part == key_.end() ? "t." + name
                                       : fmt::format("CASE WHEN t.ctid IS NULL THEN k.k{0} ELSE t.{1} END AS {1}",
                                                     part - key_.begin(), name));
  }
  return fmt::format(
      "(SELECT {}, t.ctid AS ctid FROM (SELECT DISTINCT {} FROM unnest({}) AS u({})) AS k LEFT JOIN {} AS t ON {}) AS "
      "x",
      fmt::join(shown, ", "), fmt::join(wanted, ", "), fmt::join(arrays, ", "), fmt::join(parts, ", "),
      RemoteTable(table_), fmt::join(same, " AND "));
}

base::Result<void> ReleaseSlot(Connection& connection, const std::string& slot, const base::CallLimits& limits) {
  TARN_RETURN_IF_ERROR(connection.Query(
      "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1", {slot}, limits));
  TARN_ASSIGN_OR_RETURN(
      const auto publications,
      connection.Query("SELECT pubname FROM pg_publication WHERE starts_with(pubname, $1) AND pg_has_role(pubowner, "
                       "'MEMBER')",
                       {slot + "_"}, limits));
  for (const auto& row : publications) {
    TARN_RETURN_IF_ERROR(
        connection.Query(fmt::format("DROP PUBLICATION IF EXISTS {}", Name(row.at(0).value_or(""))), {}, limits));
  }
  return {};
}

}  // namespace tarn::connector::postgres
