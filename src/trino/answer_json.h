// The texts of the protocol's answers (QueryResults).
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "engine/engine.h"
#include "http/reply.h"
#include "query/client_session.h"
#include "query/executor.h"

namespace tarn::trino {

struct Statistics {
  std::string_view state;  // "RUNNING"
  std::chrono::milliseconds queued{0};
  std::chrono::milliseconds elapsed{0};
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
};

// Appends the object of `stats`: every number is there, as clients read them without asking.
void AppendStatistics(const Statistics& statistics, std::string& out);

// Appends the list of `columns`.
void AppendColumns(const std::vector<engine::Column>& columns, bool knows_precision, std::string& out);

// Appends the objects of `error` and `failureInfo`.
void AppendError(const base::Error& error, std::string& out);
void AppendFailure(const base::Error& error, std::string& out);

// What changes in the client's session, as headers of its family; one header for each item.
// What the answer was made of, as the value of kTablesRead: a list of `catalog.schema.table;served-by=CACHE;as-of=…`
// whose names are URL-encoded. It ends with `*;omitted=N` where it would be too long for a header.
inline constexpr std::string_view kTablesRead = "X-Tarn-Tables-Read";
[[nodiscard]] std::string TablesReadText(std::span<const query::StatementInput> inputs);

[[nodiscard]] http::Headers ChangeHeaders(const query::SessionChanges& changes, const std::string& family);

}  // namespace tarn::trino
