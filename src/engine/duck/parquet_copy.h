// A statement whose rows go into a Parquet file.
#pragma once

#include <memory>
#include <string>

#include "engine/duck/instance.h"
#include "engine/engine.h"

namespace tarn::engine {

struct CopyStatement {
  std::string sql;
  std::size_t prefix = 0;  // the statement's own text begins here
};

// Plans the statement to learn its types; nothing is run. Precondition: `statement.parquet` is set.
[[nodiscard]] base::Result<CopyStatement> WriteParquetCopy(Session::Impl& session, const EngineStatement& statement,
                                                           const base::CallLimits& limits);

// The stream of a longer statement, with places in errors as they are in the text behind its prefix.
[[nodiscard]] base::Error WithoutPrefix(base::Error error, std::size_t prefix);
[[nodiscard]] std::unique_ptr<RowStream> WithoutPrefix(std::unique_ptr<RowStream> rows, std::size_t prefix);

}  // namespace tarn::engine
