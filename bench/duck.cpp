// The bare engine: statements from standard input, times and rows to standard output. No server, no translation.
//
//   duck [--read-only] [--threads N] [--memory SIZE] [FILE]
//
// Each input line is a JSON object {"sql": text, "rows": false, "repeat": 1}; each output line answers it with
// {"ms": [..], "count": n, "columns": [..], "rows": [[text or null, ..], ..]} or {"error": text}.
#include <boost/json.hpp>
#include <chrono>
#include <cstring>
#include <duckdb.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace {

namespace json = boost::json;

struct Options {
  std::string file;
  std::string threads;
  std::string memory;
  bool read_only = false;
};

Options ReadOptions(const std::vector<std::string>& arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& name = arguments[i];
    if (name == "--read-only") {
      options.read_only = true;
    } else if (name == "--threads" && i + 1 < arguments.size()) {
      options.threads = arguments[++i];
    } else if (name == "--memory" && i + 1 < arguments.size()) {
      options.memory = arguments[++i];
    } else {
      options.file = name;
    }
  }
  return options;
}

std::unique_ptr<duckdb::DuckDB> Open(const Options& options) {
  duckdb::DBConfig config;
  config.SetOptionByName("extension_directory", duckdb::Value(TARN_EXTENSION_DIR));
  config.SetOptionByName("autoinstall_known_extensions", duckdb::Value(false));
  config.SetOptionByName("autoload_known_extensions", duckdb::Value(true));
  if (!options.threads.empty()) config.SetOptionByName("threads", duckdb::Value(options.threads));
  if (!options.memory.empty()) config.SetOptionByName("memory_limit", duckdb::Value(options.memory));
  if (options.read_only) config.SetOptionByName("access_mode", duckdb::Value("READ_ONLY"));
  return std::make_unique<duckdb::DuckDB>(options.file.empty() ? nullptr : options.file.c_str(), &config);
}

json::array Texts(duckdb::DataChunk& chunk, duckdb::idx_t row) {
  json::array texts;
  for (duckdb::idx_t column = 0; column < chunk.ColumnCount(); ++column) {
    const duckdb::Value value = chunk.GetValue(column, row);
    texts.push_back(value.IsNull() ? json::value(nullptr) : json::value(value.ToString()));
  }
  return texts;
}

struct Outcome {
  double milliseconds = 0;
  std::int64_t count = 0;
  json::array columns;
  json::array rows;
};

Outcome Run(duckdb::Connection& connection, const std::string& sql, bool with_rows) {
  Outcome outcome;
  const auto started = std::chrono::steady_clock::now();
  auto result = connection.SendQuery(sql);
  if (result->HasError()) result->ThrowError();
  while (auto chunk = result->Fetch()) {
    outcome.count += static_cast<std::int64_t>(chunk->size());
    for (duckdb::idx_t row = 0; with_rows && row < chunk->size(); ++row) outcome.rows.push_back(Texts(*chunk, row));
  }
  if (result->HasError()) result->ThrowError();
  outcome.milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started).count();
  for (const auto& name : result->names) outcome.columns.emplace_back(name);
  return outcome;
}

json::object Answer(duckdb::Connection& connection, const std::string& line) {
  try {
    const json::value request = json::parse(line);
    const json::object& fields = request.as_object();
    const bool with_rows = fields.if_contains("rows") != nullptr && fields.at("rows").as_bool();
    const std::int64_t repeat = fields.if_contains("repeat") != nullptr ? fields.at("repeat").as_int64() : 1;
    json::array times;
    Outcome outcome;
    for (std::int64_t i = 0; i < repeat; ++i) {
      outcome = Run(connection, std::string(fields.at("sql").as_string()), with_rows);
      times.emplace_back(outcome.milliseconds);
    }
    return {{"ms", std::move(times)},
            {"count", outcome.count},
            {"columns", std::move(outcome.columns)},
            {"rows", std::move(outcome.rows)}};
  } catch (const std::exception& error) {
    return {{"error", error.what()}};
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto database = Open(ReadOptions({argv + 1, argv + argc}));
    duckdb::Connection connection(*database);
    for (std::string line; std::getline(std::cin, line);)
      std::cout << json::serialize(Answer(connection, line)) << std::endl;
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
