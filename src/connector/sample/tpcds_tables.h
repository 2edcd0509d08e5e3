// The tables of TPC-DS in groups; TpcdsSet() has all in the order of their names.
#pragma once

#include <span>

#include "connector/sample/sample_set.h"

namespace tarn::connector::sample {

[[nodiscard]] std::span<const SampleTable> TpcdsFacts();
[[nodiscard]] std::span<const SampleTable> TpcdsPeople();
[[nodiscard]] std::span<const SampleTable> TpcdsPlaces();
[[nodiscard]] std::span<const SampleTable> TpcdsThings();

}  // namespace tarn::connector::sample
