#include "sql/coverage.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "sql/function_table.h"
#include "sql/translate.h"

namespace tarn::sql {
namespace {

struct Construct {
  std::string_view name;
  std::string_view example;
};

constexpr auto kConstructs = std::to_array<Construct>({
    {"WITH", "WITH t AS (SELECT 1 AS x) SELECT x FROM t"},
    {"WITH RECURSIVE", "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3) SELECT n FROM t"},
    {"VALUES", "VALUES (1, 'a'), (2, 'b')"},
    {"DISTINCT", "SELECT DISTINCT x FROM (VALUES 1, 1) t(x)"},
    {"GROUPING SETS, CUBE, ROLLUP",
     "SELECT x, y, count(*), grouping(x) FROM (VALUES (1, 2)) t(x, y) GROUP BY ROLLUP (x, y)"},
    {"HAVING", "SELECT x FROM (VALUES 1) t(x) GROUP BY x HAVING count(*) > 0"},
    {"UNION, INTERSECT, EXCEPT", "SELECT 1 UNION ALL SELECT 2 EXCEPT SELECT 3"},
    {"ORDER BY, OFFSET, LIMIT", "SELECT x FROM (VALUES 1) t(x) ORDER BY x NULLS FIRST OFFSET 1 LIMIT 1"},
    {"FETCH FIRST WITH TIES", "SELECT x FROM (VALUES 1) t(x) ORDER BY x FETCH FIRST 1 ROW WITH TIES"},
    {"JOIN … USING, NATURAL", "SELECT * FROM (VALUES 1) a(x) JOIN (VALUES 1) b(x) USING (x)"},
    {"LATERAL", "SELECT * FROM (VALUES 1) t(x) CROSS JOIN LATERAL (SELECT t.x + 1 AS y)"},
    {"UNNEST WITH ORDINALITY", "SELECT * FROM UNNEST(ARRAY[1, 2]) WITH ORDINALITY AS t(x, n)"},
    {"TABLESAMPLE", "SELECT * FROM (VALUES 1) t(x) TABLESAMPLE BERNOULLI (50)"},
    {"MATCH_RECOGNIZE",
     "SELECT * FROM (VALUES 1) t(x) MATCH_RECOGNIZE (MEASURES A.x AS y PATTERN (A+) DEFINE A AS A.x > 0) m"},
    {"TABLE(sequence(…))", "SELECT * FROM TABLE(sequence(1, 3))"},
    {"JSON_TABLE", "SELECT * FROM JSON_TABLE('[1]', 'lax $[*]' COLUMNS (x integer PATH 'lax $'))"},
    {"Window functions", "SELECT rank() OVER (PARTITION BY x ORDER BY y) FROM (VALUES (1, 2)) t(x, y)"},
    {"WINDOW clause", "SELECT sum(x) OVER w FROM (VALUES 1) t(x) WINDOW w AS (ORDER BY x)"},
    {"Frames of ROWS, RANGE and GROUPS",
     "SELECT sum(x) OVER (ORDER BY x GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES 1) t(x)"},
    {"IGNORE NULLS", "SELECT lag(x) IGNORE NULLS OVER (ORDER BY x) FROM (VALUES 1) t(x)"},
    {"FILTER", "SELECT count(*) FILTER (WHERE x > 1) FROM (VALUES 1) t(x)"},
    {"Aggregates with ORDER BY and DISTINCT", "SELECT array_agg(DISTINCT x ORDER BY x) FROM (VALUES 1) t(x)"},
    {"LISTAGG", "SELECT listagg(x, ',') WITHIN GROUP (ORDER BY x) FROM (VALUES 'a') t(x)"},
    {"LISTAGG with ON OVERFLOW",
     "SELECT listagg(x, ',' ON OVERFLOW TRUNCATE '…' WITH COUNT) WITHIN GROUP (ORDER BY x) FROM (VALUES 'a') t(x)"},
    {"Lambdas", "SELECT reduce(ARRAY[1, 2], 0, (s, x) -> s + x, s -> s)"},
    {"CASE, IF, COALESCE, NULLIF, TRY",
     "SELECT CASE WHEN true THEN 1 ELSE 2 END, IF(true, 1), COALESCE(NULL, 1), NULLIF(1, 2), TRY(1 / 0)"},
    {"CAST, TRY_CAST", "SELECT CAST(1 AS decimal(10,2)), TRY_CAST('x' AS integer)"},
    {"EXTRACT", "SELECT EXTRACT(DOW FROM DATE '2020-01-01')"},
    {"AT TIME ZONE", "SELECT TIMESTAMP '2020-01-01 00:00:00 UTC' AT TIME ZONE 'Europe/Berlin'"},
    {"LIKE with ESCAPE", "SELECT 'a_b' LIKE 'a$_b' ESCAPE '$'"},
    {"Subqueries, EXISTS, IN, ALL, ANY", "SELECT 1 WHERE 1 = ALL (SELECT 1) AND EXISTS (SELECT 1) AND 1 IN (SELECT 1)"},
    {"Rows and their fields", "SELECT CAST(ROW(1, 'a') AS row(x integer, y varchar)).x"},
    {"JSON_VALUE", "SELECT json_value('{\"a\": 1}', 'lax $.a')"},
    {"JSON_QUERY", "SELECT json_query('{\"a\": 1}', 'lax $.a')"},
    {"JSON_EXISTS", "SELECT json_exists('{\"a\": 1}', 'lax $.a')"},
    {"JSON_OBJECT", "SELECT json_object('a' : 1)"},
    {"JSON_ARRAY", "SELECT json_array(1, 2)"},
});

class NoTables final : public TableResolver {
 public:
  base::Result<ResolvedTable> Resolve(const QualifiedName& name) override {
    return std::unexpected(base::Error{.kind = base::ErrorKind::kNotFound,
                                       .message = "Table is not known: \"" + name.table + "\"",
                                       .code = "TABLE_NOT_FOUND"});
  }
};

// Empty when the statement is translated, else why not.
std::string Refusal(std::string_view text) {
  const auto parsed = Parse(text);
  if (!parsed) return parsed.error().message;
  NoTables tables;
  const auto translated = Translate(*parsed, {}, tables);
  return translated ? "" : translated.error().message;
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(separator, start), text.size());
    parts.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

// How many of a name's signatures are there, and how many of them are refused.
struct Known {
  std::size_t rows = 0;
  std::size_t refused = 0;
};

std::map<std::string_view, Known> KnownFunctions() {
  std::map<std::string_view, Known> known;
  const auto count = [&](std::string_view name, bool refused) {
    Known& one = known[name];
    ++one.rows;
    one.refused += refused ? 1 : 0;
  };
  for (const auto& entry : AllScalarFunctions()) count(entry.row.name, entry.row.engine.empty());
  for (const auto& entry : AllAggregateFunctions()) count(entry.row.name, entry.row.engine.empty());
  for (const auto& entry : AllWindowFunctions()) count(entry.row.name, false);
  return known;
}

std::string Sample(const TypePattern& pattern) {
  static constexpr auto kSamples = std::to_array<std::pair<std::string_view, std::string_view>>({
      {"bigint", "BIGINT '2'"},
      {"integer", "2"},
      {"smallint", "SMALLINT '2'"},
      {"tinyint", "TINYINT '2'"},
      {"double", "0.5e0"},
      {"real", "REAL '0.5'"},
      {"decimal", "1.5"},
      {"number", "NUMBER '1.5'"},
      {"boolean", "true"},
      {"varchar", "'a'"},
      {"char", "CAST('a' AS char(3))"},
      {"varbinary", "X'6162'"},
      {"date", "DATE '2020-01-01'"},
      {"timestamp", "TIMESTAMP '2020-01-01 00:00:00'"},
      {"timestamp with time zone", "TIMESTAMP '2020-01-01 00:00:00 UTC'"},
      {"time", "TIME '01:02:03'"},
      {"time with time zone", "TIME '01:02:03+02:00'"},
      {"interval day to second", "INTERVAL '2' DAY"},
      {"interval year to month", "INTERVAL '2' MONTH"},
      {"json", "JSON '[1]'"},
      {"joniregexp", "'a'"},
      {"jsonpath", "'$.a'"},
      {"codepoints", "'a'"},
      {"uuid", "uuid()"},
      {"ipaddress", "IPADDRESS '10.0.0.1'"},
      {"unknown", "NULL"},
      {"color", "rgb(1, 2, 3)"},
      {"hyperloglog", "(SELECT approx_set(2))"},
      {"setdigest", "(SELECT make_set_digest(2))"},
      {"tdigest", "(SELECT tdigest_agg(0.5e0))"},
  });
  if (pattern.name == "array") return "ARRAY[" + Sample(pattern.children[0]) + "]";
  if (pattern.name == "map")
    return "MAP(ARRAY[" + Sample(pattern.children[0]) + "], ARRAY[" + Sample(pattern.children[1]) + "])";
  if (pattern.name == "qdigest") return "(SELECT qdigest_agg(" + Sample(pattern.children[0]) + "))";
  if (pattern.name == "row") return "ROW(" + Sample(pattern.children[0]) + ", " + Sample(pattern.children[1]) + ")";
  if (pattern.IsFunction()) {
    std::string text = "(";
    for (std::size_t i = 0; i + 1 < pattern.children.size(); ++i) text += (i == 0 ? "p" : ", p") + std::to_string(i);
    return text + ") -> " + Sample(pattern.children.back());
  }
  const auto* const found =
      std::ranges::find(kSamples, pattern.name, &std::pair<std::string_view, std::string_view>::first);
  return found == kSamples.end() ? "1" : std::string(found->second);
}

}  // namespace

std::string SampleCall(std::string_view name, const Signature& signature) {
  // First arguments that are units, and patterns.
  static constexpr auto kPatterns =
      std::to_array<std::pair<std::string_view, std::string_view>>({{"at_timezone", "'UTC'"},
                                                                    {"date_format", "'%Y'"},
                                                                    {"date_parse", "'%Y'"},
                                                                    {"format_datetime", "'yyyy'"},
                                                                    {"parse_datetime", "'yyyy'"},
                                                                    {"split_to_map", "'='"},
                                                                    {"split_to_multimap", "'='"},
                                                                    {"with_timezone", "'UTC'"}});
  std::string text = std::string(name) + "(";
  if (name == "overlay")
    return signature.arguments.size() == 4 ? "overlay('a' PLACING 'b' FROM 1 FOR 1)"
                                           : "overlay('a' PLACING 'b' FROM 1)";
  if (name == "color" && signature.arguments.size() == 1) return "color('red')";
  if (name == "normalize") return "normalize('a', NFC)";
  if (name == "current_date") return "current_date";
  if (name == "from_unixtime" && signature.arguments.size() == 3) return "from_unixtime(0.5e0, 2, 30)";
  if (name == "from_unixtime" && signature.arguments.size() == 2) return "from_unixtime(0.5e0, 'UTC')";
  for (std::size_t i = 0; i < signature.arguments.size(); ++i) {
    const bool unit = i == 0 && (name == "date_add" || name == "date_diff" || name == "date_trunc");
    const auto* const pattern =
        std::ranges::find(kPatterns, name, &std::pair<std::string_view, std::string_view>::first);
    text += i == 0 ? "" : ", ";
    if (unit)
      text += signature.arguments.back().name.starts_with("time") ? "'hour'" : "'day'";
    else if (i > 0 && i + 1 == signature.arguments.size() && pattern != kPatterns.end())
      text += pattern->second;
    else
      text += Sample(signature.arguments[i]);
  }
  text += ")";
  const std::string_view result = signature.result.name;
  return result.ends_with("digest") || result == "hyperloglog" ? text + " IS NULL" : text;
}

std::string CoveragePage(std::string_view functions) {
  std::string page =
      "# What of Trino's SQL Tarn knows\n\n"
      "Written by `./dev sql-coverage`; a test fails when this page is out of date. What is refused ends in an error "
      "with its place, never in another meaning.\n\n"
      "## Constructs\n\n| construct | |\n|---|---|\n";
  for (const Construct& construct : kConstructs) {
    page +=
        "| " + std::string(construct.name) + " | " + (Refusal(construct.example).empty() ? "yes" : "refused") + " |\n";
  }
  const auto known = KnownFunctions();
  std::map<std::string_view, std::string_view> kinds;
  const auto lines = Split(functions, '\n');
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto fields = Split(lines[i], '\t');
    if (fields.size() >= 4) kinds.try_emplace(fields[0], fields[3]);
  }
  std::vector<std::string> all, some, refused, missing;
  for (const auto& [name, kind] : kinds) {
    const std::string text = "`" + std::string(name) + "`";
    const auto found = known.find(name);
    if (kind == "table") continue;
    if (found == known.end())
      missing.push_back(text);
    else if (found->second.refused == 0)
      all.push_back(text);
    else if (found->second.refused < found->second.rows)
      some.push_back(text);
    else
      refused.push_back(text);
  }
  const auto list = [&](std::string_view title, const std::vector<std::string>& names) {
    page += "\n" + std::string(title) + " (" + std::to_string(names.size()) + "):";
    for (std::size_t i = 0; i < names.size(); ++i) page += (i == 0 ? " " : ", ") + names[i];
    page += "\n";
  };
  page += "\n## Functions\n\nOf the " + std::to_string(all.size() + some.size() + refused.size() + missing.size()) +
          " functions that a Trino 483 server lists:\n";
  list("With all their signatures", all);
  list("With some of their signatures", some);
  list("Known and refused", refused);
  list("Not known", missing);
  return page;
}

}  // namespace tarn::sql
