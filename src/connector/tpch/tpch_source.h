// The TPC-H sample: eight tables at any scale, generated once by the engine.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/error.h"
#include "connector/source.h"

namespace tarn::connector::tpch {

// `scale_factor` in decimal, empty: 0.01; `naming` is STANDARD, SIMPLIFIED or empty. Data is kept in `samples`.
// Errors: InvalidArgument with code INVALID_CREDENTIALS.
[[nodiscard]] base::Result<std::unique_ptr<Source>> MakeTpchSource(const std::string& scale_factor,
                                                                   const std::string& naming,
                                                                   std::filesystem::path samples);

}  // namespace tarn::connector::tpch
