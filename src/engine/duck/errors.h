// The engine's errors in Tarn's terms.
#pragma once

#include <duckdb.hpp>

#include "base/error.h"
#include "engine/duck/interrupter.h"

namespace tarn::engine {

// Runtime functions raise errors of this form: "TRINO:<NAME>:<message>"; NAME becomes Error::code.
inline constexpr std::string_view kNamedErrorPrefix = "TRINO:";

// `cause` tells a cancelled statement from one that ran out of time. The message never holds file
// paths, connection strings or the SQL that Tarn wrote.
[[nodiscard]] base::Error ToError(const duckdb::ErrorData& error, Interrupter::Cause cause = Interrupter::Cause::kNone);

// For the edge: what the exception that is being handled means. Call it in a catch (...) block.
[[nodiscard]] base::Error CurrentException(Interrupter::Cause cause = Interrupter::Cause::kNone);

// Removes what must not leave: everything after the first line, file paths, and connection strings.
[[nodiscard]] std::string SanitizeMessage(std::string_view message);

}  // namespace tarn::engine
