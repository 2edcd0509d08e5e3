// What makes a saved query a materialized one: its schedule, and the run that a creation or a change begins.
#pragma once

#include <optional>

#include "api/dto_query.h"
#include "api/reach.h"
#include "query/materialized/query_schedule.h"

namespace tarn::api {

[[nodiscard]] bool IsMaterialized(const store::SavedQuery& query);

// Errors: InvalidArgument with the field.
[[nodiscard]] base::Result<query::QuerySchedule> ReadQuerySchedule(const MaterializedQuerySchedule& given);
[[nodiscard]] MaterializedQuerySchedule ShowQuerySchedule(const query::QuerySchedule& schedule);

// Takes over what a request says of type, schedule and the query to take the text of.
// Errors: InvalidArgument with the field.
[[nodiscard]] base::Result<void> ApplyMaterialization(const Parts& parts, const ProjectCall& call,
                                                      const QueryRequest& request, store::SavedQuery& query);

// A query as it was written into the store.
struct WrittenQuery {
  store::SavedQuery query;
  std::optional<store::SavedQuery> before;  // nullopt: it is new
  bool rebuild = false;                     // it is to run although its text is the same
};

// Makes the stored result of a query be as the query says: takes over its schedule, and runs it where its text is
// another one than before. Waits for the run for some seconds; one that takes longer goes on by itself, and its status
// tells of its end.
// Errors: those of the run; the query is then as it was before, or gone.
[[nodiscard]] base::Result<void> Materialize(Parts& parts, const ProjectCall& call, const WrittenQuery& written);

}  // namespace tarn::api
