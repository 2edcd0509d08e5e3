// Times the translation of queries: parse, resolve and write engine SQL, without an engine.
// usage: translate SCHEMA.sql QUERY.sql… — the schema is plain CREATE TABLE statements; one line of JSON a query.
#include "sql/translate.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace {

constexpr int kWarmUps = 50;
constexpr int kRuns = 501;

std::string Read(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    std::fprintf(stderr, "cannot read %s\n", path.c_str());
    std::exit(1);
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

// The tables of a schema file, all in one schema.
class Schema final : public tarn::sql::TableResolver {
 public:
  explicit Schema(const std::string& text) {
    for (std::size_t at = text.find("CREATE TABLE "); at != std::string::npos;
         at = text.find("CREATE TABLE ", at + 1)) {
      const std::size_t open = text.find('(', at);
      std::istringstream name(text.substr(at + 13, open - at - 13));
      tarn::sql::ResolvedTable table{
          .name = {"tpch", "sf1", {}}, .columns = {}, .engine_sql = {}, .view_text = std::nullopt};
      name >> table.name.table;
      table.engine_sql = "\"tpch\".\"sf1\".\"" + table.name.table + "\"";
      int depth = 1;
      std::string part;
      for (std::size_t i = open + 1; depth > 0 && i < text.size(); ++i) {
        depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
        if (depth == 0 || (depth == 1 && text[i] == ','))
          AddColumn(table, std::exchange(part, {}));
        else
          part += text[i];
      }
      tables_[table.name.table] = std::move(table);
    }
  }

  tarn::base::Result<tarn::sql::ResolvedTable> Resolve(const tarn::sql::QualifiedName& name) override {
    const auto found = tables_.find(name.table);
    if (found == tables_.end()) return tarn::base::NotFound("No such table", "TABLE_NOT_FOUND");
    return found->second;
  }

 private:
  static void AddColumn(tarn::sql::ResolvedTable& table, const std::string& text) {
    std::istringstream words(text);
    std::string name;
    std::string type;
    words >> name >> type;
    if (name == "PRIMARY" || name.empty()) return;
    if (type.starts_with("numeric")) type = "decimal" + type.substr(7);
    table.columns.push_back({.name = name, .type = type});
  }

  std::map<std::string, tarn::sql::ResolvedTable> tables_;
};

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::fprintf(stderr, "usage: translate SCHEMA.sql QUERY.sql...\n");
    return 2;
  }
  Schema schema(Read(arguments[1]));
  const tarn::sql::SessionContext session{.catalog = "tpch", .schema = "sf1", .time_zone = "UTC", .user = "bench"};
  for (int i = 2; i < count; ++i) {
    const std::string text = Read(arguments[i]);
    std::vector<double> micros;
    std::size_t bytes = 0;
    for (int run = 0; run < kWarmUps + kRuns; ++run) {
      const auto start = std::chrono::steady_clock::now();
      const auto statement = tarn::sql::Parse(text);
      if (!statement) {
        std::fprintf(stderr, "%s: %s\n", arguments[i], statement.error().message.c_str());
        return 1;
      }
      const auto translation = tarn::sql::Translate(*statement, session, schema);
      const auto end = std::chrono::steady_clock::now();
      if (!translation) {
        std::fprintf(stderr, "%s: %s\n", arguments[i], translation.error().message.c_str());
        return 1;
      }
      bytes = translation->engine_sql.size();
      if (run >= kWarmUps) micros.push_back(std::chrono::duration<double, std::micro>(end - start).count());
    }
    std::ranges::nth_element(micros, micros.begin() + kRuns / 2);
    std::printf("{\"file\": \"%s\", \"micros\": %.1f, \"bytes\": %zu}\n", arguments[i], micros[kRuns / 2], bytes);
  }
  return 0;
}
