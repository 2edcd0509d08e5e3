// A part of a query's answer, chosen in the engine, which then reads no more than it needs.
#pragma once

#include "query/executor.h"
#include "sql/translate.h"

namespace tarn::query {

// Makes a translation answer the wanted columns and rows alone, in the same order, with places in errors as before.
// Errors: InvalidArgument with COLUMN_NOT_FOUND, DUPLICATE_COLUMN_NAME or AMBIGUOUS_NAME.
[[nodiscard]] base::Result<void> Shape(const ResultShape& shape, sql::Translation& translation);

}  // namespace tarn::query
