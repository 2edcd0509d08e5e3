// Plans as EXPLAIN shows them.
#pragma once

#include <string>

#include "query/plan.h"

namespace tarn::query {

[[nodiscard]] std::string PlanText(const Plan& plan);   // TEXT
[[nodiscard]] std::string PlanJson(const Plan& plan);   // JSON, in the shape of Trino's
[[nodiscard]] std::string PlanGraph(const Plan& plan);  // GRAPHVIZ
// TYPE IO: the tables that are read, in the shape of Trino's, with the numbers of rows that are known.
[[nodiscard]] std::string InputText(const Plan& plan);

}  // namespace tarn::query
