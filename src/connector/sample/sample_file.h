// Generated sample data: one immutable engine file per scale factor, shared by all catalogs and processes.
#pragma once

#include <filesystem>
#include <string>

#include "base/error.h"
#include "connector/sample/sample_set.h"

namespace tarn::connector::sample {

// The file with the data of a scale factor such as "0.01", generated if it is not there yet. Whoever asks
// while another thread or process generates it waits for that.
// Errors: ResourceExhausted when the disk is full; Internal.
[[nodiscard]] base::Result<std::filesystem::path> SampleFile(const std::filesystem::path& folder, const SampleSet& set,
                                                             const std::string& scale);

}  // namespace tarn::connector::sample
