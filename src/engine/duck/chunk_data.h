// What a Chunk holds.
#pragma once

#include <duckdb.hpp>
#include <memory>
#include <string>

#include "engine/engine.h"

namespace tarn::engine {

// What all chunks of one result share. Keeps the instance alive, whose allocator holds the rows.
struct ResultFacts {
  std::string time_zone = "UTC";  // in which timestamps with time zone are written
  duckdb::shared_ptr<duckdb::DatabaseInstance> instance;
};

struct Chunk::Data {
  duckdb::unique_ptr<duckdb::DataChunk> rows;
  std::shared_ptr<const ResultFacts> facts;
};

}  // namespace tarn::engine
