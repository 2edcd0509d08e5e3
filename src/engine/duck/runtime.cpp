#include "engine/duck/runtime.h"

#include "engine/duck/functions.h"
#include "engine/duck/tagged_functions.h"

namespace tarn::engine {

void RegisterRuntime(duckdb::DatabaseInstance& instance) {
  duckdb::ExtensionLoader loader(instance, "tarn");
  RegisterArithmetic(loader);
  RegisterNumbers(loader);
  RegisterAnyNumbers(loader);
  RegisterCasts(loader);
  RegisterTextCasts(loader);
  RegisterIpAddresses(loader);
  RegisterDates(loader);
  RegisterZones(loader);
  RegisterZoned(loader);
  RegisterStrings(loader);
  RegisterArrays(loader);
  RegisterJson(loader);
  RegisterMath(loader);
  RegisterBinary(loader);
  RegisterTexts(loader);
  RegisterRegexps(loader);
  RegisterUrls(loader);
  RegisterMaps(loader);
  RegisterAverage(loader);
  RegisterColors(loader);
  RegisterSketches(loader);
  RegisterChecksum(loader);
  RegisterVariance(loader);
  RegisterListagg(loader);
  RegisterFormat(loader);
  RegisterRowMatch(loader);
  RegisterJsonPaths(loader);
  RegisterJsonParts(loader);
  RegisterJsonBuilders(loader);
  RegisterMacros(loader);
}

}  // namespace tarn::engine
