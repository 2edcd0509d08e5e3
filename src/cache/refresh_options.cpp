#include "cache/refresh_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "base/clock.h"
#include "base/duration.h"
#include "cache/copy_sql.h"
#include "connector/names.h"

namespace tarn::cache {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 6> kMethods = {"auto", "log", "xmin", "cursor", "append", "full"};
constexpr std::array<std::string_view, 3> kPolicies = {"evolve", "freeze", "fail"};
constexpr std::array<std::string_view, 2> kDetections = {"count", "keys"};
// Longer than a transaction usually stays open after it stamped a row.
constexpr std::string_view kUsualLookback = "PT10M";
constexpr std::chrono::years kLongestLookback{100};

template <class Choice, std::size_t N>
base::Result<void> Choose(const std::optional<std::string>& word, const std::array<std::string_view, N>& words,
                          const char* field, Choice& choice) {
  if (!word) return {};
  const auto found = word->empty() ? words.begin() : std::ranges::find(words, std::string_view(*word));
  if (found == words.end())
    return base::InvalidArgument(fmt::format("{} is none of {}: \"{}\"", field, fmt::join(words, ", "), *word), field);
  choice = static_cast<Choice>(found - words.begin());
  return {};
}

bool IsOneOf(const std::string& type, std::initializer_list<std::string_view> types) {
  return std::ranges::find(types, std::string_view(type)) != types.end();
}

bool IsTime(const connector::ColumnInfo& column) {
  return IsOneOf(column.engine_type, {"TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "DATE"});
}

bool IsInteger(const connector::ColumnInfo& column) {
  return IsOneOf(column.engine_type, {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT",
                                      "UINTEGER", "UBIGINT"});
}

bool IsNumber(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= 0;
}

bool FollowsCursor(const RefreshOptions& options) {
  return options.method == MethodChoice::kCursor || options.method == MethodChoice::kAppend;
}

base::Result<void> CheckLookback(const RefreshOptions& options, const connector::ColumnInfo& cursor) {
  if (options.lookback.empty()) return {};
  if (options.method != MethodChoice::kCursor)
    return base::InvalidArgument("lookback goes with the method cursor alone", "lookback");
  if (IsTime(cursor)) {
    const auto duration = base::CalendarDuration::Parse(options.lookback);
    if (options.lookback == "PT0S" || (duration && !duration->IsAtLeast(kLongestLookback))) return {};
    return base::InvalidArgument(
        fmt::format("lookback of a time is an ISO-8601 duration of less than a hundred years, not: \"{}\"",
                    options.lookback),
        "lookback");
  }
  if (IsNumber(options.lookback)) return {};
  return base::InvalidArgument(
      fmt::format("lookback of a number is a number without a sign, not: \"{}\"", options.lookback), "lookback");
}

base::Result<void> CheckCursor(const RefreshOptions& options, const connector::TableInfo& table) {
  if (!FollowsCursor(options)) {
    if (!options.cursor_column.empty())
      return base::InvalidArgument("cursorColumn goes with the methods cursor and append alone", "cursorColumn");
    if (!options.lookback.empty())
      return base::InvalidArgument("lookback goes with the method cursor alone", "lookback");
    return {};
  }
  if (options.cursor_column.empty())
    return base::InvalidArgument(fmt::format("The method {} needs a cursorColumn", NameOf(options.method)),
                                 "cursorColumn");
  const auto* cursor = FindColumn(table, options.cursor_column);
  if (cursor == nullptr)
    return base::InvalidArgument(fmt::format("The table has no such column: \"{}\"", options.cursor_column),
                                 "cursorColumn");
  if (!IsTime(*cursor) && !IsInteger(*cursor))
    return base::InvalidArgument(fmt::format("A cursor is a date, a time stamp or a whole number, and \"{}\" is a {}",
                                             cursor->name, cursor->type),
                                 "cursorColumn");
  if (table.key.empty() && options.key_columns.empty())
    return base::InvalidArgument(
        fmt::format("The method {} merges rows by their key, and the table has none: name its keyColumns",
                    NameOf(options.method)),
        "keyColumns");
  return CheckLookback(options, *cursor);
}

}  // namespace

std::string_view NameOf(MethodChoice method) { return kMethods[static_cast<std::size_t>(method)]; }
std::string_view NameOf(DriftPolicy policy) { return kPolicies[static_cast<std::size_t>(policy)]; }
std::string_view NameOf(DeleteDetection detection) { return kDetections[static_cast<std::size_t>(detection)]; }

std::string WriteRefreshOptions(const RefreshOptions& options) {
  if (options == RefreshOptions{}) return {};
  return json::serialize(json::object{{"method", NameOf(options.method)},
                                      {"cursorColumn", options.cursor_column},
                                      {"lookback", options.lookback},
                                      {"keyColumns", json::value_from(options.key_columns)},
                                      {"drift", NameOf(options.drift)},
                                      {"deletes", NameOf(options.deletes)}});
}

base::Result<RefreshOptions> ReadRefreshOptions(std::string_view text) {
  if (text.empty()) return RefreshOptions{};
  try {
    const auto parsed = json::parse(json::string_view(text.data(), text.size()));
    const auto& object = parsed.as_object();
    const auto word = [&](const char* name) { return std::string(object.at(name).as_string()); };
    return ChangeOptions({}, {.method = word("method"),
                              .cursor_column = word("cursorColumn"),
                              .lookback = word("lookback"),
                              .key_columns = json::value_to<std::vector<std::string>>(object.at("keyColumns")),
                              .drift = word("drift"),
                              .deletes = word("deletes")});
  } catch (const std::exception&) {
    return base::Internal("The options of a cache cannot be read");
  }
}

base::Result<RefreshOptions> ChangeOptions(RefreshOptions options, const RefreshOptionsChange& change) {
  TARN_RETURN_IF_ERROR(Choose(change.method, kMethods, "incrementalMethod", options.method));
  TARN_RETURN_IF_ERROR(Choose(change.drift, kPolicies, "driftPolicy", options.drift));
  TARN_RETURN_IF_ERROR(Choose(change.deletes, kDetections, "deleteDetection", options.deletes));
  if (change.cursor_column) options.cursor_column = *change.cursor_column;
  if (change.lookback) options.lookback = *change.lookback;
  if (change.key_columns) options.key_columns = *change.key_columns;
  return options;
}

base::Result<void> CheckOptions(const RefreshOptions& options, const connector::TableInfo& table) {
  std::vector<const connector::ColumnInfo*> key;
  for (std::size_t i = 0; i < options.key_columns.size(); ++i) {
    const auto field = fmt::format("keyColumns[{}]", i);
    const auto* column = FindColumn(table, options.key_columns[i]);
    if (column == nullptr)
      return base::InvalidArgument(fmt::format("The table has no such column: \"{}\"", options.key_columns[i]), field);
    if (std::ranges::find(key, column) != key.end())
      return base::InvalidArgument(fmt::format("The column is named twice: \"{}\"", options.key_columns[i]), field);
    key.push_back(column);
  }
  return CheckCursor(options, table);
}

base::Result<void> ChooseKey(const RefreshOptions& options, connector::TableInfo& table) {
  if (options.key_columns.empty()) return {};
  std::vector<std::string> key;
  for (const auto& name : options.key_columns) {
    const auto* column = FindColumn(table, name);
    if (column == nullptr)
      return base::FailedPrecondition(fmt::format("The table has no such key column any more: \"{}\"", name),
                                      "STRUCTURE_CHANGED");
    key.push_back(column->name);
  }
  if (key == table.key) return {};
  table.key = std::move(key);
  table.key_enforced = false;
  return {};
}

const connector::ColumnInfo* FindColumn(const connector::TableInfo& table, std::string_view name) {
  std::vector<std::string> names;
  names.reserve(table.columns.size());
  for (const auto& column : table.columns) names.push_back(column.name);
  const auto found = connector::FindName(names, name);
  return found == names.size() ? nullptr : &table.columns[found];
}

std::string LeastOfCursor(const RefreshOptions& options, const connector::ColumnInfo& cursor, std::string_view copy,
                          base::SystemTime seen) {
  const auto column = QuoteName(cursor.name);
  const bool looks_back = options.method == MethodChoice::kCursor;
  if (!IsTime(cursor)) {
    return fmt::format("SELECT CAST(TRY_CAST(max({})::HUGEINT - {} AS {}) AS VARCHAR) FROM {}", column,
                       looks_back && !options.lookback.empty() ? options.lookback : "0", cursor.engine_type, copy);
  }
  std::chrono::microseconds back{0};
  const auto duration =
      base::CalendarDuration::Parse(options.lookback.empty() ? kUsualLookback : std::string_view(options.lookback));
  if (looks_back && duration) back = duration->AddTo(seen) - seen;
  const auto newest = fmt::format("max(epoch_us({0})) FILTER (WHERE isfinite({0}))", column);
  const auto micros = fmt::format("CASE WHEN {0} > {1} THEN {1} ELSE {0} END - {2}", newest,
                                  seen.time_since_epoch().count(), back.count());
  const auto made = fmt::format(
      "{}({})", cursor.engine_type == "TIMESTAMP WITH TIME ZONE" ? "make_timestamptz" : "make_timestamp", micros);
  return fmt::format("SELECT CAST(CAST({} AS {}) AS VARCHAR) FROM {}", made, cursor.engine_type, copy);
}

}  // namespace tarn::cache
