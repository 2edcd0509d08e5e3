// Checks query parameters against their declaration.
#pragma once

#include "base/error.h"
#include "http/operation.h"

namespace tarn::http {

// Keeps the last value of repeated names, drops empty values of typed parameters, and fills in declared defaults.
// Errors: InvalidArgument with the parameter's name as field.
[[nodiscard]] base::Result<void> CheckQuery(const OperationInfo& info, NamedValues& values);

}  // namespace tarn::http
