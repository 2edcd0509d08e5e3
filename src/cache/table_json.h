// Table descriptions and source positions as JSON, as specs, outcomes and manifests carry them.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "connector/source.h"

namespace tarn::cache {

// When a copy was last seen to equal its source in every value, and how many rows of it had not been told by the
// method.
struct Audit {
  base::SystemTime at{};
  std::int64_t repaired = 0;
};

// The schema version that a copy has.
struct TableVersion {
  connector::TableInfo table;
  // Whether the key's columns were seen to identify every row of the copy.
  bool key_verified = false;
  connector::RefreshMethod method = {};  // how its next incremental refresh finds changes
  Audit audit = {};                      // at 0 where there was none
};

[[nodiscard]] std::string WriteTableVersion(const TableVersion& version);
// Errors: Internal.
[[nodiscard]] base::Result<TableVersion> ReadTableVersion(std::string_view json);

[[nodiscard]] std::string WritePosition(const connector::SourcePosition& position);
// Errors: Internal.
[[nodiscard]] base::Result<connector::SourcePosition> ReadPosition(std::string_view json);

}  // namespace tarn::cache
