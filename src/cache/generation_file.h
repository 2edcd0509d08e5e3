// Files of generations: how they become durable, and what they cost.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::cache {

// Names inside a cache's folder.
[[nodiscard]] std::string GenerationFileName(std::string_view generation);
[[nodiscard]] std::filesystem::path UnfinishedFile(const std::filesystem::path& folder, std::string_view generation);
[[nodiscard]] std::filesystem::path SpillFolder(const std::filesystem::path& folder, std::string_view generation);

struct FileSeal {
  std::int64_t bytes = 0;
  std::string checksum;  // "xxh3:" and XXH3 of 128 bits of the content, in hexadecimal
};

// Reads the whole file. Errors: Unavailable; Cancelled, DeadlineExceeded.
[[nodiscard]] base::Result<FileSeal> SealOf(const std::filesystem::path& file, const base::CallLimits& limits);
// As SealOf, with a checksum of the kind that the given one is: files of earlier versions have BLAKE2b-256, in
// hexadecimal.
[[nodiscard]] base::Result<FileSeal> SealLike(const std::filesystem::path& file, std::string_view checksum,
                                              const base::CallLimits& limits);

// Makes a written file durable and gives it its final name: sync, rename, sync of the folder.
// Errors: Unavailable; ResourceExhausted when the disk is full.
[[nodiscard]] base::Result<void> Finish(const std::filesystem::path& unfinished, const std::filesystem::path& finished);

// A copy that shares its blocks where the file system can, else a copy inside the kernel.
// Errors: Unavailable; ResourceExhausted when the disk is full.
[[nodiscard]] base::Result<void> CloneFile(const std::filesystem::path& from, const std::filesystem::path& to);

// Removes everything that an unfinished refresh may have left of a generation, but not a finished file.
void RemoveUnfinished(const std::filesystem::path& folder, std::string_view generation);

// Bytes that files take; nothing for what does not exist. Directories are summed.
[[nodiscard]] std::int64_t BytesOf(const std::filesystem::path& path);
// Bytes free for us on the file system that holds the path. Errors: Unavailable.
[[nodiscard]] base::Result<std::int64_t> FreeBytes(const std::filesystem::path& path);

}  // namespace tarn::cache
