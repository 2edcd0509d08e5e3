// What of Trino's language Tarn knows, as a page for users.
#pragma once

#include <string>
#include <string_view>

namespace tarn::sql {

// The page docs/sql-coverage.md. `functions` is what a Trino server prints for its functions: lines of name, result,
// arguments and kind, divided by tabs, after a line of titles.
[[nodiscard]] std::string CoveragePage(std::string_view functions);

// A call in Trino's SQL that means this signature, with sample values. What no column can show (a digest) is compared
// with NULL.
struct Signature;
[[nodiscard]] std::string SampleCall(std::string_view name, const Signature& signature);

}  // namespace tarn::sql
