// Trino SQL in the words of other databases. What a dialect cannot say with the same meaning is refused with its place:
// types are not known here, so whatever depends on them is refused too.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "sql/translate.h"

namespace tarn::sql {

enum class Dialect { kTrino, kPostgres, kMysql, kBigquery, kSnowflake, kTsql, kDuckdb, kSqlite, kClickhouse };

// "postgres", in any case; nullopt for a name that is none.
[[nodiscard]] std::optional<Dialect> FindDialect(std::string_view name);

// Names come back in the target's quotes. Collations, the sizes of numbers, and what fails instead of giving a value
// are the target's own. Errors: NotSupported with a position.
[[nodiscard]] base::Result<std::string> WriteDialect(const ParsedStatement& statement, Dialect dialect);

}  // namespace tarn::sql
