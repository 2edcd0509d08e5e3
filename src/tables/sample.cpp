#include "tables/sample.h"

#include "tables/value.h"

namespace tarn::tables {

namespace {

constexpr int kRows = 5;

std::string Quoted(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

std::string SampleCsv(const TableDefinition& table) {
  std::string text;
  for (const auto& column : table.columns) text += (text.empty() ? "" : ",") + Quoted(column.name);
  text += "\r\n";
  for (int row = 0; row < kRows; ++row) {
    std::string line;
    for (const auto& column : table.columns) line += (line.empty() ? "" : ",") + SampleValue(column.type, row);
    text += line + "\r\n";
  }
  return text;
}

}  // namespace tarn::tables
