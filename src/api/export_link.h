// Links to the files of exports: whoever has one may fetch the file, for a short time.
#pragma once

#include <string>

#include "api/api.h"

namespace tarn::api {

// The address, which needs no key; good until `expires`.
[[nodiscard]] std::string ExportLink(const Parts& parts, const http::Context& context, const store::Export& row,
                                     base::SystemTime expires);

}  // namespace tarn::api
