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

}  // namespace tarn::api
