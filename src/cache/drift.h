// How a table's structure differs from the one its copy was made with.
#pragma once

#include <string>

#include "connector/source.h"

namespace tarn::cache {

// A sentence part that names every difference that a copy depends on (columns, their engine types, their
// order, the key); empty when there is none.
[[nodiscard]] std::string DescribeDrift(const connector::TableInfo& before, const connector::TableInfo& now);

}  // namespace tarn::cache
