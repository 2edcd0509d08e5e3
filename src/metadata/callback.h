// Telling others that a refresh of metadata is over.
#pragma once

#include <stop_token>
#include <string>

#include "base/error.h"
#include "base/secret.h"
#include "store/metadata.h"

namespace tarn::metadata {

// Posts {"projectId", "catalogId", "status", "error"} with "Authorization: Bearer <token>" and "X-Tarn-Signature:
// sha256=<hex>", the HMAC of the body by the token; without both where there is no token. Tries five times, further and
// further apart, until an answer of 200 to 299 comes. Errors: Unavailable with the last reason; Cancelled.
[[nodiscard]] base::Result<void> Tell(const store::MetadataRefresh& refresh, const base::SecretString& token,
                                      const std::stop_token& stop);

// HMAC-SHA256 as lower-case hex.
[[nodiscard]] std::string Sign(std::string_view body, std::string_view token);

}  // namespace tarn::metadata
