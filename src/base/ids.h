// Identifiers in the formats of the REST contract.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tarn::base {

// A random UUID, version 4, lower case: organizations, workspaces, connections, caches, jobs.
[[nodiscard]] std::string NewUuid();
// Eight random characters of [A-Za-z0-9]: projects.
[[nodiscard]] std::string NewProjectId();
// `length` random characters of [A-Za-z0-9], from the system's secure source: keys.
[[nodiscard]] std::string NewToken(std::size_t length);
// A decimal text of 18 digits that grows with time and is unique within the process: catalogs, queries.
[[nodiscard]] std::string NewSnowflake();

[[nodiscard]] bool IsUuid(std::string_view text);

}  // namespace tarn::base
