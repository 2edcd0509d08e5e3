#include "metadata/categorical.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <map>

#include "base/duration.h"
#include "metadata/address.h"
#include "metadata/column.h"
#include "metadata/question.h"
#include "sql/translate.h"

namespace tarn::metadata {

namespace json = boost::json;

namespace {

constexpr std::int64_t kMostValues = 1'000;

const std::map<std::string, std::string, std::less<>>& Intervals() {
  static const std::map<std::string, std::string, std::less<>> kIntervals = {
      {"NONE", ""}, {"DAILY", "P1D"}, {"WEEKLY", "P7D"}, {"MONTHLY", "P1M"}};
  return kIntervals;
}

}  // namespace

std::optional<base::SystemTime> Categorical::NextAfter(base::SystemTime now, const std::string& frequency) {
  const auto found = Intervals().find(frequency);
  if (found == Intervals().end() || found->second.empty()) return std::nullopt;
  const auto every = base::CalendarDuration::Parse(found->second);
  return every ? std::optional(every->AddTo(now)) : std::nullopt;
}

base::Result<void> Categorical::Set(const std::string& project_id, const store::ColumnAddress& column,
                                    std::int64_t limit, const std::string& frequency, const base::CallLimits& limits) {
  if (limit < 1 || limit > kMostValues)
    return base::InvalidArgument(fmt::format("limit is not between 1 and {}: {}", kMostValues, limit), "limit");
  if (!Intervals().contains(frequency))
    return base::InvalidArgument(fmt::format("frequency is none of NONE, DAILY, WEEKLY, MONTHLY: \"{}\"", frequency),
                                 "frequency");
  TARN_ASSIGN_OR_RETURN(const auto found, FindColumn(parts_.catalogs, parts_.structure, project_id, column, limits));
  store::CategoricalColumn made{.project_id = project_id,
                                .column = found,
                                .limit = limit,
                                .frequency = frequency,
                                .next = NextAfter(parts_.clock.Now(), frequency)};
  TARN_ASSIGN_OR_RETURN(made.values, ReadValues(made, limits));
  return parts_.store.Save(made);
}

base::Result<void> Categorical::Remove(const std::string& project_id, const store::ColumnAddress& column,
                                       const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto found, FindColumn(parts_.catalogs, parts_.structure, project_id, column, limits));
  TARN_ASSIGN_OR_RETURN(const bool removed, parts_.store.DeleteCategorical(project_id, found));
  if (!removed) return base::NotFound(fmt::format("The column is not categorical: \"{}\"", found.column));
  return {};
}

base::Result<std::string> Categorical::ReadValues(const store::CategoricalColumn& column,
                                                  const base::CallLimits& limits) const {
  const auto& [table, name] = column.column;
  TARN_ASSIGN_OR_RETURN(const auto catalog, FindCatalog(parts_.catalogs, column.project_id, table.catalog_id));
  const auto quoted = sql::QuoteIdentifier(name);
  TARN_ASSIGN_OR_RETURN(
      const auto rows,
      Ask(parts_.executor, column.project_id,
          fmt::format("SELECT v FROM (SELECT CAST({0} AS varchar) AS v, count(*) AS n FROM {1} WHERE {0} IS NOT NULL "
                      "GROUP BY 1) ORDER BY n DESC, v LIMIT {2}",
                      quoted, SqlName(catalog, table), column.limit),
          static_cast<std::size_t>(column.limit), limits));
  json::array values;
  for (const auto& row : rows) values.emplace_back(row.at(0).value_or(""));
  return json::serialize(values);
}

base::Result<void> Categorical::ReadAgain(store::CategoricalColumn column, const base::CallLimits& limits) {
  auto values = ReadValues(column, limits);
  if (!values && values.error().kind == base::ErrorKind::kCancelled) return std::unexpected(values.error());
  column.error = values ? "" : values.error().message;
  if (values) column.values = *std::move(values);
  column.next = NextAfter(parts_.clock.Now(), column.frequency);
  return parts_.store.SaveReading(column);
}

std::vector<std::string> Categorical::ValuesOf(const store::CategoricalColumn& column) {
  boost::system::error_code failed;
  const auto list = json::parse(column.values, failed);
  if (failed) return {};
  return json::value_to<std::vector<std::string>>(list);
}

}  // namespace tarn::metadata
