// The families of trino_* functions; each registers its own. What each function means is listed in
// sql/runtime_functions.md.
#pragma once

#include <duckdb/main/extension/extension_loader.hpp>

namespace tarn::engine {

void RegisterArithmetic(duckdb::ExtensionLoader& loader);
void RegisterNumbers(duckdb::ExtensionLoader& loader);
void RegisterCasts(duckdb::ExtensionLoader& loader);
void RegisterTextCasts(duckdb::ExtensionLoader& loader);
void RegisterDates(duckdb::ExtensionLoader& loader);
void RegisterZones(duckdb::ExtensionLoader& loader);
void RegisterStrings(duckdb::ExtensionLoader& loader);
void RegisterArrays(duckdb::ExtensionLoader& loader);
void RegisterJson(duckdb::ExtensionLoader& loader);
void RegisterMath(duckdb::ExtensionLoader& loader);
void RegisterBinary(duckdb::ExtensionLoader& loader);
void RegisterTexts(duckdb::ExtensionLoader& loader);
void RegisterRegexps(duckdb::ExtensionLoader& loader);
void RegisterUrls(duckdb::ExtensionLoader& loader);
void RegisterMaps(duckdb::ExtensionLoader& loader);
void RegisterAverage(duckdb::ExtensionLoader& loader);
void RegisterColors(duckdb::ExtensionLoader& loader);
void RegisterIpAddresses(duckdb::ExtensionLoader& loader);
void RegisterSketches(duckdb::ExtensionLoader& loader);
void RegisterChecksum(duckdb::ExtensionLoader& loader);
void RegisterVariance(duckdb::ExtensionLoader& loader);
void RegisterRowMatch(duckdb::ExtensionLoader& loader);
void RegisterFormat(duckdb::ExtensionLoader& loader);
void RegisterListagg(duckdb::ExtensionLoader& loader);
void RegisterJsonPaths(duckdb::ExtensionLoader& loader);
void RegisterJsonParts(duckdb::ExtensionLoader& loader);
void RegisterJsonBuilders(duckdb::ExtensionLoader& loader);
void RegisterMacros(duckdb::ExtensionLoader& loader);

}  // namespace tarn::engine
