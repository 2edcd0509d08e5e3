// Addresses of hosts, within a call's limits.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::connector {

// The addresses of a host in the name service's order; none where the name is not known. The look-up itself goes on in
// its own thread when the caller stops waiting: the C library has no way to end it.
// Errors: Cancelled, DeadlineExceeded.
[[nodiscard]] base::Result<std::vector<std::string>> LookUpHost(const std::string& host,
                                                                const base::CallLimits& limits);

}  // namespace tarn::connector
