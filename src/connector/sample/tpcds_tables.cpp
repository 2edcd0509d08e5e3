#include "connector/sample/tpcds_tables.h"

#include <algorithm>
#include <array>
#include <vector>

namespace tarn::connector::sample {
namespace {

constexpr auto kSchemas = std::to_array<std::string_view>(
    {"sf1", "sf10", "sf100", "sf1000", "sf10000", "sf100000", "sf300", "sf3000", "sf30000", "tiny"});

std::vector<SampleTable> AllTables() {
  std::vector<SampleTable> all;
  for (const auto group : {TpcdsFacts(), TpcdsPeople(), TpcdsPlaces(), TpcdsThings()})
    all.insert(all.end(), group.begin(), group.end());
  std::ranges::sort(all, {}, &SampleTable::name);
  return all;
}

}  // namespace

const SampleSet& TpcdsSet() {
  static const std::vector<SampleTable> tables = AllTables();
  static const SampleSet set = {
      .name = "tpcds", .generator = "dsdgen", .not_null = false, .schemas = kSchemas, .tables = tables};
  return set;
}

}  // namespace tarn::connector::sample
