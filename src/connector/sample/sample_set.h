// The sample data that every project reads without a connection: its tables as Trino's catalogs of the same
// name show them, and how the engine makes their rows.
#pragma once

#include <span>
#include <string_view>

namespace tarn::connector::sample {

// `source` is the engine's own column, `type` is Trino's; values are cast from the one to the other. Without a
// source the engine makes no such table: it is described, its rows are refused.
struct SampleColumn {
  std::string_view name;
  std::string_view source;
  std::string_view type;
};

struct SampleTable {
  std::string_view name;
  double rows;  // at scale 1; what does not grow has `fixed`
  bool fixed;
  std::span<const SampleColumn> columns;
};

struct SampleSet {
  std::string_view name;                      // of the catalog and of the engine's extension
  std::string_view generator;                 // the engine's procedure that makes the tables, which takes a scale
  bool not_null;                              // whether no column has NULLs
  std::span<const std::string_view> schemas;  // that are listed; any other scale can be named all the same
  std::span<const SampleTable> tables;
};

// Eight tables, columns without prefixes.
[[nodiscard]] const SampleSet& TpchSet();
// 25 tables, columns with prefixes.
[[nodiscard]] const SampleSet& TpcdsSet();

}  // namespace tarn::connector::sample
