// A resolver with fixed tables for the tests of this folder: TPC-H's in tpch.sf1, and a few views.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "sql/translate.h"

namespace tarn::sql {

class FixedResolver final : public TableResolver {
 public:
  FixedResolver();
  [[nodiscard]] base::Result<ResolvedTable> Resolve(const QualifiedName& name) override;

 private:
  void AddTable(const std::string& name, const std::vector<ResolvedColumn>& columns);
  void AddView(const std::string& name, const std::string& text);

  std::map<std::string, ResolvedTable> tables_;
};

// Parses and translates in the session tpch.sf1.
[[nodiscard]] base::Result<Translation> TranslateText(const std::string& text,
                                                      const std::vector<std::optional<std::string>>& parameters = {});

// "line:column NAME message" of the error, or "" when there is none.
template <class T>
[[nodiscard]] std::string ErrorText(const base::Result<T>& result) {
  if (result) return "";
  const base::Error& error = result.error();
  const base::SqlPosition position = error.position.value_or(base::SqlPosition{0, 0});
  return std::to_string(position.line) + ":" + std::to_string(position.column) + " " + error.code + " " + error.message;
}

// The blocks of a test data file, which lines of "---" separate.
[[nodiscard]] std::vector<std::string> ReadBlocks(const std::filesystem::path& path);
[[nodiscard]] std::string ReadText(const std::filesystem::path& path);
[[nodiscard]] std::filesystem::path SourceFolder();  // src/sql

}  // namespace tarn::sql
