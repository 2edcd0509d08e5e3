// A set of sample data as a source: one schema per scale, "tiny" being 0.01.
#pragma once

#include <filesystem>
#include <memory>

#include "connector/sample/sample_set.h"
#include "connector/source.h"

namespace tarn::connector::sample {

// Data is generated once per scale and kept in `folder`. `set` must outlive the source.
[[nodiscard]] std::unique_ptr<Source> MakeSampleSource(const SampleSet& set, std::filesystem::path folder);

}  // namespace tarn::connector::sample
