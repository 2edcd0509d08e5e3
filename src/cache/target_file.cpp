#include "cache/target_file.h"

#include <fmt/format.h>

#include "cache/copy_sql.h"
#include "cache/generation_file.h"

namespace tarn::cache {
namespace {

// Scattered deletes slow scans down noticeably from about here on (measured 1.5 to 2 times).
constexpr std::int64_t kDeletedPercent = 5;

}  // namespace

base::Result<void> TargetFile::Attach(const std::filesystem::path& file, std::string_view alias,
                                      const base::CallLimits& limits) {
  TARN_RETURN_IF_ERROR(session_.Execute(
      fmt::format("ATTACH {} AS {} (STORAGE_VERSION 'latest')", QuoteText(file.string()), alias), limits));
  return {};
}

base::Result<void> TargetFile::Create(const base::CallLimits& limits) {
  // Rows have no order of their own; not keeping one lets every thread write its own blocks.
  TARN_RETURN_IF_ERROR(session_.Execute("SET preserve_insertion_order = false", limits));
  return Attach(UnfinishedFile(spec_.folder, spec_.generation), "target", limits);
}

base::Result<void> TargetFile::AttachPrevious(const base::CallLimits& limits) {
  TARN_RETURN_IF_ERROR(session_.Execute(
      fmt::format("ATTACH {} AS previous (READ_ONLY)", QuoteText(spec_.previous->file.string())), limits));
  return {};
}

base::Result<void> TargetFile::CloneFromPrevious(const base::CallLimits& limits) {
  const auto file = UnfinishedFile(spec_.folder, spec_.generation);
  TARN_RETURN_IF_ERROR(session_.Execute("DETACH target", limits));
  std::error_code ignored;  // the clone truncates it anyway
  std::filesystem::remove(file, ignored);
  TARN_RETURN_IF_ERROR(CloneFile(spec_.previous->file, file));
  return Attach(file, "target", limits);
}

base::Result<bool> TargetFile::CompactIfWorth(std::int64_t rows, std::int64_t deleted_rows,
                                              const base::CallLimits& limits) {
  if (deleted_rows * 100 <= rows * kDeletedPercent) return false;
  const auto file = UnfinishedFile(spec_.folder, spec_.generation);
  const auto rewritten = UnfinishedFile(spec_.folder, spec_.generation + ".compact");
  TARN_RETURN_IF_ERROR(Attach(rewritten, "compact", limits));
  TARN_RETURN_IF_ERROR(
      session_.Execute(fmt::format("CREATE TABLE compact.main.data AS SELECT * FROM {}", kTarget), limits));
  TARN_RETURN_IF_ERROR(
      session_.Execute("CHECKPOINT compact; DETACH compact; CHECKPOINT target; DETACH target", limits));
  std::error_code error;
  std::filesystem::rename(rewritten, file, error);
  if (error) return base::Internal("The compacted file cannot be named");
  TARN_RETURN_IF_ERROR(Attach(file, "target", limits));
  return true;
}

base::Result<void> TargetFile::Close(const base::CallLimits& limits) {
  TARN_RETURN_IF_ERROR(session_.Execute("CHECKPOINT target; DETACH target", limits));
  return {};
}

}  // namespace tarn::cache
