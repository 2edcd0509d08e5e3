#include "cache/check.h"

#include <fmt/format.h>

#include <ostream>

#include "cache/copy_sql.h"
#include "cache/generation_file.h"
#include "engine/database.h"
#include "store/caches.h"
#include "store/database.h"
#include "store/materializations.h"
#include "store/queries.h"

namespace tarn::cache {
namespace {

// A stored file as the control store describes it.
struct Described {
  std::filesystem::path file;
  std::int64_t bytes = 0;
  std::string checksum;
  std::int64_t rows = 0;
};

base::Result<void> VerifyRows(const Described& described) {
  TARN_ASSIGN_OR_RETURN(const auto database, engine::Database::Open({.file = {}}));
  TARN_ASSIGN_OR_RETURN(const auto session, database->Connect());
  TARN_RETURN_IF_ERROR(
      session->Execute(fmt::format("ATTACH {} AS target (READ_ONLY)", QuoteText(described.file.string()))));
  // Every value is read, not only the count that the file keeps.
  TARN_ASSIGN_OR_RETURN(const auto rows, session->Integer(fmt::format(
                                             "SELECT count(*) FROM (SELECT hash(COLUMNS(*)) FROM {})", kTarget)));
  if (rows == described.rows) return {};
  return base::FailedPrecondition(fmt::format("has \"{}\" rows, not \"{}\"", rows, described.rows));
}

base::Result<void> Verify(const Described& described) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(described.file, error)) return base::FailedPrecondition("the file is missing");
  TARN_ASSIGN_OR_RETURN(const auto seal, SealLike(described.file, described.checksum, {}));
  if (seal.bytes != described.bytes) {
    return base::FailedPrecondition(fmt::format("has \"{}\" bytes, not \"{}\"", seal.bytes, described.bytes));
  }
  if (seal.checksum != described.checksum) return base::FailedPrecondition("the checksum is another one");
  return VerifyRows(described);
}

// Tells what was found of a file. False when it is not sound.
bool Report(const Described& described, std::ostream& out) {
  const auto verified = Verify(described);
  out << (verified ? fmt::format("sound, {} rows, {} bytes", described.rows, described.bytes)
                   : "DAMAGED: " + verified.error().message)
      << "\n";
  return verified.has_value();
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
    const auto& manifest = *state.manifest;
    sound = Report({.file = folder / "cache" / manifest.file,
                    .bytes = manifest.file_bytes,
                    .checksum = manifest.checksum,
                    .rows = manifest.row_count},
                   out) &&
            sound;
  }
  const store::QueryRepository queries(*database);
  const store::MaterializationRepository results(*database);
  for (const auto& state : results.All()) {
    const auto query = queries.Find(state.project_id, state.id);
    out << state.id << " mtquery." << (query ? query->name : "") << ": ";
    if (!state.result) {
      out << "no result yet\n";
      continue;
    }
    const auto& result = *state.result;
    sound = Report({.file = folder / "materialized" / result.file,
                    .bytes = result.file_bytes,
                    .checksum = result.checksum,
                    .rows = result.row_count},
                   out) &&
            sound;
  }
  return sound;
}

}  // namespace tarn::cache
