// The time zone of a client's session.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace tarn::trino {

// The name as the engine knows it: a region of the IANA data, "UTC", or an offset "+05:30".
// Errors: NotSupported "Time zone not supported: …".
[[nodiscard]] base::Result<std::string> SessionZone(std::string_view name);

}  // namespace tarn::trino
