// Times the translation of queries: parse, resolve and write engine SQL, without an engine; and how long it takes to
// find one that was kept, with its tables resolved again.
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

#include "sql/translation_cache.h"

namespace {

using Clock = std::chrono::steady_clock;

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

double MicrosSince(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

double Median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

// What one query takes, in microseconds.
struct Measured {
  double translated = 0;
  double kept = 0;
  std::size_t bytes = 0;
};

tarn::base::Result<Measured> Measure(const std::string& text, Schema& schema) {
  const tarn::sql::SessionContext session{.catalog = "tpch", .schema = "sf1", .time_zone = "UTC", .user = "bench"};
  std::vector<double> micros;
  Measured measured;
  for (int run = 0; run < kWarmUps + kRuns; ++run) {
    const auto start = Clock::now();
    TARN_ASSIGN_OR_RETURN(const auto statement, tarn::sql::Parse(text));
    TARN_ASSIGN_OR_RETURN(const auto translation, tarn::sql::Translate(statement, session, schema));
    const double took = MicrosSince(start);
    measured.bytes = translation.engine_sql.size();
    if (run >= kWarmUps) micros.push_back(took);
  }
  measured.translated = Median(std::exchange(micros, {}));

  const std::vector<std::optional<std::string>> parameters;
  tarn::sql::TranslationCache cache(std::size_t{32} << 20U);
  const tarn::sql::TranslationCache::Key key{
      .scope = "project", .text = text, .session = session, .parameters = parameters};
  tarn::sql::RecordingResolver recorded(schema);
  TARN_ASSIGN_OR_RETURN(const auto statement, tarn::sql::Parse(text));
  TARN_ASSIGN_OR_RETURN(auto translation, tarn::sql::Translate(statement, session, recorded));
  cache.Keep(key, std::make_shared<const tarn::sql::Translation>(std::move(translation)), recorded);
  for (int run = 0; run < kWarmUps + kRuns; ++run) {
    const auto start = Clock::now();
    const auto found = cache.Find(key, schema);
    const double took = MicrosSince(start);
    if (!found) return tarn::base::NotFound("A kept translation was not found again");
    if (run >= kWarmUps) micros.push_back(took);
  }
  measured.kept = Median(std::move(micros));
  return measured;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::fprintf(stderr, "usage: translate SCHEMA.sql QUERY.sql...\n");
    return 2;
  }
  Schema schema(Read(arguments[1]));
  for (int i = 2; i < count; ++i) {
    const auto measured = Measure(Read(arguments[i]), schema);
    if (!measured) {
      std::fprintf(stderr, "%s: %s\n", arguments[i], measured.error().message.c_str());
      return 1;
    }
    std::printf("{\"file\": \"%s\", \"micros\": %.1f, \"kept_micros\": %.2f, \"bytes\": %zu}\n", arguments[i],
                measured->translated, measured->kept, measured->bytes);
  }
  return 0;
}
