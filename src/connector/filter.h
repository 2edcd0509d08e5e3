// Which filters of a statement a source may do first.
#pragma once

#include <string>

namespace tarn::connector {

// How far a filter on a column may be sent along. What is sent only has to keep all rows that the
// filter keeps: the engine filters again.
enum class Filter : char {
  kNone = '-',
  kEquality = 'e',
  kOrder = 'o',    // equality and order
  kTime = 'd',     // the same, for years of four digits
  kInstant = 'z',  // the same of a timestamp with time zone, for a session of the source in UTC
  kText = 't',     // the same; order by code point
};

// One column of a scan: the source's column and how far filters on it go.
struct RemoteColumn {
  std::string source_name;
  Filter filter = Filter::kNone;
};

}  // namespace tarn::connector
