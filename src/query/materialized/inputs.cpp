#include "query/materialized/inputs.h"

#include <boost/json.hpp>

#include "base/clock.h"

namespace tarn::query {

namespace json = boost::json;

namespace {

RunInput InputOf(const StatementInput& read) {
  return {.catalog = read.name.catalog,
          .schema = read.name.schema,
          .table = read.name.table,
          .served_by = std::string(ServedBy(read)),
          .as_of = read.as_of,
          .query_id = read.query_id};
}

base::Result<void> CheckComplete(const StatementInput& read, const store::CacheRepository& caches) {
  for (const auto& catalog_id : read.catalog_ids) {
    const auto cache = caches.FindByTable(catalog_id, read.table.schema, read.table.table);
    if (!cache || cache->manifest) continue;
    return base::FailedPrecondition("An input has a cache that is not complete yet: \"" + read.name.catalog + "." +
                                        read.name.schema + "." + read.name.table + "\"",
                                    "INPUT_INCOMPLETE");
  }
  return {};
}

std::string TextOf(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

}  // namespace

base::Result<std::vector<RunInput>> CheckInputs(const std::vector<StatementInput>& read,
                                                const store::CacheRepository& caches) {
  std::vector<RunInput> inputs;
  for (const auto& each : read) {
    TARN_RETURN_IF_ERROR(CheckComplete(each, caches));
    inputs.push_back(InputOf(each));
  }
  return inputs;
}

std::string WriteInputs(const std::vector<RunInput>& inputs) {
  json::array list;
  for (const auto& input : inputs) {
    json::object object{{"catalog", input.catalog},
                        {"schema", input.schema},
                        {"table", input.table},
                        {"servedBy", input.served_by},
                        {"queryId", input.query_id}};
    if (input.as_of) object["asOf"] = base::FormatTime(*input.as_of);
    list.push_back(std::move(object));
  }
  return json::serialize(list);
}

base::Result<std::vector<RunInput>> ReadInputs(std::string_view text) {
  boost::system::error_code failed;
  const auto read = json::parse(text, failed);
  if (failed || !read.is_array()) return base::Internal("The inputs of a stored result cannot be read");
  std::vector<RunInput> inputs;
  for (const auto& item : read.as_array()) {
    if (!item.is_object()) return base::Internal("The inputs of a stored result cannot be read");
    const auto& object = item.as_object();
    RunInput input{.catalog = TextOf(object, "catalog"),
                   .schema = TextOf(object, "schema"),
                   .table = TextOf(object, "table"),
                   .served_by = TextOf(object, "servedBy"),
                   .query_id = TextOf(object, "queryId")};
    if (const auto as_of = TextOf(object, "asOf"); !as_of.empty()) {
      TARN_ASSIGN_OR_RETURN(input.as_of, base::ParseTime(as_of));
    }
    inputs.push_back(std::move(input));
  }
  return inputs;
}

std::vector<std::string> QueriesRead(const store::MaterializationRepository& results, const std::string& query_id) {
  std::vector<std::string> queries;
  const auto found = results.Find(query_id);
  if (!found || !found->result) return queries;
  const auto inputs = ReadInputs(found->result->inputs);
  if (!inputs) return queries;
  for (const auto& input : *inputs) {
    if (!input.query_id.empty()) queries.push_back(input.query_id);
  }
  return queries;
}

}  // namespace tarn::query
