// Rows that Tarn itself has (its catalogs, its statements, its answers to SHOW) as a relation that engine SQL can read.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace tarn::engine {

// Values as texts, which are cast to the columns' Trino types; nullopt is NULL.
struct TextRows {
  std::vector<Column> columns;
  std::vector<std::vector<std::optional<std::string>>> rows;
};

// `relation` is engine SQL, legal after FROM, as long as `hold` lives.
struct HeldRows {
  std::shared_ptr<const void> hold;
  std::string relation;
};

}  // namespace tarn::engine
