// The snapshot of sources whose live relations can be read in any engine session: files and samples.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "connector/source.h"

namespace tarn::connector {

struct EngineSnapshotParts {
  SourcePosition position;
  std::function<base::Result<std::string>(const TableInfo&)> relation;
  // Whether what was read is of one state; called after a copy.
  std::function<base::Result<void>(const TableInfo&)> verify;
};

// Within the transaction that is open on `session`.
[[nodiscard]] std::unique_ptr<SourceSnapshot> MakeEngineSnapshot(engine::Session& session, EngineSnapshotParts parts);

}  // namespace tarn::connector
