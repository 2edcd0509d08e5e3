#include "trino/query_json.h"

#include <fmt/format.h>
#include <unistd.h>

#include "base/clock.h"
#include "engine/encode.h"
#include "trino/answer_json.h"
#include "trino/error_table.h"

namespace tarn::trino {
namespace {

void AppendMember(std::string_view name, std::string_view value, std::string& out) {
  out.append(",\"").append(name).append("\":");
  engine::AppendJsonString(value, out);
}

void AppendSession(const QueryInfo& query, std::string& out) {
  out += "\"session\":{\"queryId\":";
  engine::AppendJsonString(query.id, out);
  AppendMember("user", query.user, out);
  AppendMember("principal", query.user, out);
  if (!query.source.empty()) AppendMember("source", query.source, out);
  if (!query.catalog.empty()) AppendMember("catalog", query.catalog, out);
  if (!query.schema.empty()) AppendMember("schema", query.schema, out);
  out += '}';
}

void AppendQueryStatistics(const QueryInfo& query, std::string& out) {
  const bool done = query.ended.has_value();
  out += ",\"queryStats\":{\"createTime\":";
  engine::AppendJsonString(base::FormatTime(query.created), out);
  if (done) AppendMember("endTime", base::FormatTime(*query.ended), out);
  AppendMember("queuedTime", DurationText(query.queued), out);
  AppendMember("elapsedTime", DurationText(query.elapsed), out);
  AppendMember("executionTime", DurationText(query.elapsed - query.queued), out);
  out += fmt::format(
      R"(,"totalDrivers":1,"queuedDrivers":{},"runningDrivers":{},"completedDrivers":{},"failedTasks":0,)"
      R"("outputPositions":{},"rawInputPositions":{},"outputDataSize":"{}B","rawInputDataSize":"{}B",)"
      R"("cumulativeUserMemory":0.0,"userMemoryReservation":"0B","peakUserMemoryReservation":"0B","fullyBlocked":false,)"
      R"("blockedReasons":[],"progressPercentage":{}}})",
      query.state == QueryState::kQueued ? 1 : 0, query.state == QueryState::kRunning ? 1 : 0, done ? 1 : 0, query.rows,
      query.rows, query.bytes, query.bytes, done ? 100 : 0);
}

std::string NodeVersion(std::string_view version) {
  std::string text;
  engine::AppendJsonString(version, text);
  return "{\"version\":" + text + "}";
}

}  // namespace

std::string DurationText(std::chrono::milliseconds time) {
  const auto count = static_cast<double>(time.count());
  if (count < 1000) return fmt::format("{:.2f}ms", count);
  if (count < 60'000) return fmt::format("{:.2f}s", count / 1000);
  if (count < 3'600'000) return fmt::format("{:.2f}m", count / 60'000);
  if (count < 86'400'000) return fmt::format("{:.2f}h", count / 3'600'000);
  return fmt::format("{:.2f}d", count / 86'400'000);
}

void AppendQuery(const QueryInfo& query, std::string_view base_url, bool whole, std::string& out) {
  out += "{\"queryId\":";
  engine::AppendJsonString(query.id, out);
  out += ',';
  AppendSession(query, out);
  out += fmt::format(R"(,"resourceGroupId":["global"],"state":"{}","scheduled":{})", NameOf(query.state),
                     query.state != QueryState::kQueued);
  AppendMember("self", fmt::format("{}/v1/query/{}", base_url, query.id), out);
  AppendMember("query", query.text, out);
  if (!query.update_type.empty()) AppendMember("updateType", query.update_type, out);
  AppendQueryStatistics(query, out);
  if (query.error) {
    const auto name = NameOf(*query.error);
    out += fmt::format(R"(,"errorType":"{}","errorCode":{{"code":{},"name":"{}","type":"{}"}})", name.type, name.code,
                       name.name, name.type);
    if (whole) {
      out += ",\"failureInfo\":";
      AppendFailure(*query.error, out);
    }
  }
  out += '}';
}

std::string QueryListText(const std::vector<QueryInfo>& queries, std::string_view base_url) {
  std::string text = "[";
  for (const auto& query : queries) {
    if (text.size() > 1) text += ',';
    AppendQuery(query, base_url, false, text);
  }
  return text + "]";
}

std::string QueryPage(std::string_view id) {
  std::string shown;
  for (const char c : id) {
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_') shown += c;
  }
  return "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Query " + shown + "</title><h1>Query " +
         shown + "</h1><p>Its state is at /v1/query/" + shown + ", with the key of its project.</p></html>\n";
}

std::string NodeInfoText(std::string_view version, std::chrono::seconds uptime) {
  return fmt::format(
      R"({{"nodeVersion":{},"environment":"production","coordinator":true,"starting":false,"uptime":"{}"}})",
      NodeVersion(version), DurationText(uptime));
}

std::string NodeStatusText(std::string_view version, std::chrono::seconds uptime) {
  return fmt::format(
      R"({{"nodeId":"tarn","nodeVersion":{},"environment":"production","coordinator":true,"uptime":"{}",)"
      R"("externalAddress":"","internalAddress":"","processors":{},"processCpuLoad":0.0,"systemCpuLoad":0.0,)"
      R"("heapUsed":0,"heapAvailable":0,"nonHeapUsed":0}})",
      NodeVersion(version), DurationText(uptime), ::sysconf(_SC_NPROCESSORS_ONLN));
}

std::string NodeListText(std::string_view base_url, std::chrono::seconds uptime) {
  std::string text = "[{\"uri\":";
  engine::AppendJsonString(base_url, text);
  return text +
         fmt::format(
             R"(,"recentRequests":0.0,"recentFailures":0.0,"recentSuccesses":0.0,"recentFailureRatio":0.0,"age":"{}"}}])",
             DurationText(uptime));
}

std::string ClusterText(std::size_t queued, std::size_t running) {
  return fmt::format(
      R"({{"runningQueries":{},"blockedQueries":0,"queuedQueries":{},"activeCoordinators":1,"activeWorkers":1,)"
      R"("runningDrivers":{},"totalAvailableProcessors":{},"reservedMemory":0.0,"totalInputRows":0,"totalInputBytes":0,"totalCpuTimeSecs":0}})",
      running, queued, running, ::sysconf(_SC_NPROCESSORS_ONLN));
}

}  // namespace tarn::trino
