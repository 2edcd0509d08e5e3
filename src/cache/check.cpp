#include "cache/check.h"

#include <ostream>

#include <fmt/format.h>

#include "cache/copy_sql.h"
#include "cache/generation_file.h"
#include "engine/database.h"
#include "store/caches.h"
#include "store/database.h"

namespace tarn::cache {
namespace {

base::Result<void> VerifyRows(const std::filesystem::path& file, const store::Manifest& manifest) {
  TARN_ASSIGN_OR_RETURN(const auto database, engine::Database::Open({.file = {}}));
  TARN_ASSIGN_OR_RETURN(const auto session, database->Connect());
  TARN_RETURN_IF_ERROR(session->Execute(fmt::format("ATTACH {} AS target (READ_ONLY)", QuoteText(file.string()))));
  // Every value is read, not only the count that the file keeps.
  TARN_ASSIGN_OR_RETURN(const auto rows, session->Integer(fmt::format("SELECT count(*) FROM (SELECT hash(COLUMNS(*)) FROM {})", kTarget)));
  if (rows == manifest.row_count) return {};
  return base::FailedPrecondition(fmt::format("has \"{}\" rows, not \"{}\"", rows, manifest.row_count));
}

base::Result<void> Verify(const std::filesystem::path& file, const store::Manifest& manifest) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return base::FailedPrecondition("the file is missing");
  TARN_ASSIGN_OR_RETURN(const auto seal, SealOf(file, {}));
  if (seal.bytes != manifest.file_bytes) {
    return base::FailedPrecondition(fmt::format("has \"{}\" bytes, not \"{}\"", seal.bytes, manifest.file_bytes));
  }
  if (seal.checksum != manifest.checksum) return base::FailedPrecondition("the checksum is another one");
  return VerifyRows(file, manifest);
}

}  // namespace

base::Result<bool> VerifyDataFolder(const std::filesystem::path& folder, std::ostream& out) {
  if (!std::filesystem::exists(folder / "tarn.db")) return base::NotFound("There is no control store in the folder");
  TARN_ASSIGN_OR_RETURN(const auto database, store::Database::Open(folder / "tarn.db"));
  const store::CacheRepository caches(*database);
  bool sound = true;
  for (const auto& state : caches.All()) {
    out << state.cache.id << " " << state.cache.schema_name << "." << state.cache.table_name << ": ";
    if (!state.manifest) {
      out << "no copy yet\n";
      continue;
    }
    const auto verified = Verify(folder / "cache" / state.manifest->file, *state.manifest);
    sound = sound && verified;
    out << (verified ? fmt::format("sound, {} rows, {} bytes", state.manifest->row_count, state.manifest->file_bytes)
                     : "DAMAGED: " + verified.error().message)
        << "\n";
  }
  return sound;
}

}  // namespace tarn::cache
