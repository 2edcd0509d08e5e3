// What an Execute Query request asks to run, whichever of its four forms it has.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/dto_query.h"
#include "api/reach.h"

namespace tarn::api {

struct StatementToRun {
  std::string text;                                    // Trino SQL
  std::vector<std::optional<std::string>> parameters;  // for its `?`
  bool written_by_caller = false;                      // positions in the text mean something to the caller
};

// Errors: InvalidArgument with the path of the offending field; those of looking up the tables of a builder's filter.
[[nodiscard]] base::Result<StatementToRun> ReadStatement(const Parts& parts, const ProjectCall& call,
                                                         const ExecuteRequest& request);

// The texts of positional arguments: texts as they are, numbers and booleans as SQL writes them, null as NULL.
[[nodiscard]] base::Result<std::vector<std::optional<std::string>>> ReadArguments(const ExecuteRequest& request);

// An error as Execute Query answers it: "line 1:8: Column 'x' cannot be resolved", or without the position where the
// caller did not write the text; a table that is not found is a fault of the request.
[[nodiscard]] base::Error ShowStatementError(base::Error error, bool written_by_caller);

}  // namespace tarn::api
