#include "connector/files/folder.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <map>

#include "connector/engine_text.h"

namespace tarn::connector::files {
namespace {

struct Kind {
  std::string_view ending;
  std::string_view call;  // {} is the path literal
};

// Types are decided by the whole file, not by its first rows.
constexpr std::array<Kind, 10> kKinds = {{
    {".csv", "read_csv({}, sample_size = -1)"},
    {".csv.gz", "read_csv({}, sample_size = -1)"},
    {".tsv", "read_csv({}, sample_size = -1)"},
    {".tsv.gz", "read_csv({}, sample_size = -1)"},
    {".parquet", "read_parquet({})"},
    {".json", "read_json({}, sample_size = -1)"},
    {".json.gz", "read_json({}, sample_size = -1)"},
    {".ndjson", "read_json({}, format = 'newline_delimited', sample_size = -1)"},
    {".ndjson.gz", "read_json({}, format = 'newline_delimited', sample_size = -1)"},
    {".jsonl", "read_json({}, format = 'newline_delimited', sample_size = -1)"},
}};

const Kind* KindOf(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto kind = std::ranges::find_if(kKinds, [&](const Kind& candidate) {
    return lower.size() > candidate.ending.size() && lower.ends_with(candidate.ending);
  });
  return kind == kKinds.end() ? nullptr : kind;
}

bool Within(const std::filesystem::path& folder, const std::filesystem::path& path) {
  const auto [end, ignored] = std::ranges::mismatch(folder, path);
  return end == folder.end();
}

void AddFile(const std::filesystem::path& folder, const std::string& schema,
             const std::filesystem::directory_entry& entry, const std::string& pattern, std::vector<TableFile>& files) {
  const auto name = entry.path().filename().string();
  if (name.starts_with('.') || name.find_first_of("*?[") != std::string::npos || KindOf(name) == nullptr) return;
  if (!pattern.empty() && fnmatch(pattern.c_str(), name.c_str(), FNM_PERIOD) != 0) return;
  std::error_code failure;
  const auto real = std::filesystem::canonical(entry.path(), failure);
  if (failure || !Within(folder, real) || !std::filesystem::is_regular_file(real, failure) ||
      KindOf(real.filename().string()) == nullptr)
    return;
  if (real.string().find_first_of("*?[") != std::string::npos) return;
  files.push_back({.name = {.schema = schema, .table = name}, .file = real});
}

// A table is named after its file without the ending, where no other file of the schema would have the same name.
void ShortenNames(std::vector<TableFile>& files) {
  const auto short_name = [](const TableFile& file) {
    return file.name.table.substr(0, file.name.table.size() - KindOf(file.name.table)->ending.size());
  };
  const auto folded = [&](const TableFile& file) {
    auto key = file.name.schema + '/' + short_name(file);
    std::ranges::transform(key, key.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return key;
  };
  std::map<std::string, int> uses;
  for (const auto& file : files) ++uses[folded(file)];
  for (auto& file : files) {
    if (uses[folded(file)] == 1) file.name.table = short_name(file);
  }
}

}  // namespace

base::Result<std::vector<TableFile>> ListFolder(const std::filesystem::path& folder, const std::string& pattern) {
  std::vector<TableFile> files;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failure)) {
    std::error_code ignored;
    if (!entry.is_directory(ignored)) {
      AddFile(folder, std::string(kDefaultSchema), entry, pattern, files);
      continue;
    }
    const auto schema = entry.path().filename().string();
    if (schema.starts_with('.') || schema == kDefaultSchema || entry.is_symlink(ignored)) continue;
    for (const auto& inner : std::filesystem::directory_iterator(entry.path(), ignored))
      AddFile(folder, schema, inner, pattern, files);
  }
  if (failure) return base::Unavailable("The folder cannot be read");
  ShortenNames(files);
  std::ranges::sort(files, {}, &TableFile::name);
  return files;
}

std::string ReadCall(const std::filesystem::path& file) {
  const auto* kind = KindOf(file.filename().string());
  return kind == nullptr ? std::string() : fmt::format(fmt::runtime(kind->call), Literal(file.string()));
}

}  // namespace tarn::connector::files
