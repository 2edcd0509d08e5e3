// Texts as values of a column's type. Nothing is rounded, cut or guessed: what is not exactly a value is an error.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "engine/cell.h"
#include "tables/definition.h"

namespace tarn::tables {

// The value, or nothing where the text is none. A varchar's cell has the text's own bytes. Blanks around other
// values are passed over.
//   bigint 42; boolean true, false, t, f, 1, 0; decimal 12.5, 1e3 (at most 28 digits before and 10 behind the point);
//   date 2024-02-29; time 12:30, 12:30:45.123456; timestamp a date, with a time behind a blank or T, with Z or an
//   offset that is brought to UTC; uuid with its hyphens.
[[nodiscard]] std::optional<engine::Cell> TryRead(ColumnType type, std::string_view text);

// Errors: InvalidArgument `Value is not a bigint: "many"`; long values are shown shortened.
[[nodiscard]] base::Result<engine::Cell> ReadValue(ColumnType type, std::string_view text);

// A text for an error: at most 60 characters of it, in quotes.
[[nodiscard]] std::string Shown(std::string_view text);

// A value that can be read as the type, the same for the same index, another for another one where that can be.
[[nodiscard]] std::string SampleValue(ColumnType type, int index);

[[nodiscard]] bool IsUtf8(std::string_view text);

}  // namespace tarn::tables
