// A parametric table as a query in Trino SQL: a table of the same catalog with fixed values of some columns.
#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "base/error.h"
#include "connector/source.h"
#include "store/derived_tables.h"

namespace tarn::catalog {

// An expression for a parameter's value as one of a column of a type. For columns of dates and timestamps a text may be
// a relative date, "@<anchor>[(+|-)<number><unit>]…", which each statement computes in its own zone. Anchors: today,
// yesterday, now, and the first and last day of the week from Monday, the month, the quarter and the year (sow, eow,
// som, eom, soq, eoq, soy, eoy); units: d, w, M, q, y, h, m. Offsets in months, quarters and years go before the last
// day of a month, quarter or year is taken, so "@eom-1M" is the last day of the month before.
// Errors: InvalidArgument for what is neither a text, a number nor a truth value, and for a malformed relative date.
[[nodiscard]] base::Result<std::string> ParameterExpression(const boost::json::value& value, const std::string& type);

// The query. `from` describes the table that it reads, `catalog` is the catalog's SQL name.
// Errors: FailedPrecondition where a column is not there any more; those of ParameterExpression.
[[nodiscard]] base::Result<std::string> ParametricText(const store::ParametricTable& table, const std::string& catalog,
                                                       const connector::TableInfo& from);

}  // namespace tarn::catalog
