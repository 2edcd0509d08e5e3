// What PostgreSQL tells of changes: the transaction that wrote each row, and whatever else can change what a table
// shows.
//
// Every row version written by a transaction that a snapshot does not see has a transaction number at or above the
// snapshot's xmin, so the rows at or above it, read in a later snapshot, miss nothing, whatever clocks and commit
// orders do.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "connector/source.h"

namespace tarn::connector::postgres {

// What a snapshot sees of a table apart from its rows.
struct TableState {
  std::string identity;    // changes where rows may come, go or read otherwise without having been written
  std::string obstacle;    // why transaction numbers do not tell its changes; empty when they do
  bool rewritten = false;  // since the snapshot, so that reading it is of no use
  bool logged = false;     // a crash leaves its rows as they are
  bool plain = false;      // all rows are in the table's own pages
};

// A query of one text "c0", for ReadTableState.
[[nodiscard]] std::string TableStateQuery(const TableInfo& table);
[[nodiscard]] TableState ReadTableState(std::string_view text);

// PostgreSQL condition: written by a transaction of these numbers, from `from` to before `to`, or once in a very long
// while by an old one, which does no harm. For a view in which `to` has not begun.
[[nodiscard]] std::string WrittenBetween(std::uint64_t from, std::uint64_t to);

// Whether transaction numbers, which wrap after 2^32, still tell before and after over this distance.
[[nodiscard]] bool CanTell(std::uint64_t from, std::uint64_t to);

// PostgreSQL expression of the number of a row's key range, and a condition for some of them.
[[nodiscard]] std::string RangeNumber(const TableInfo& table, const KeyRanges& ranges);

}  // namespace tarn::connector::postgres
