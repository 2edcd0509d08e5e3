#include "trino/answer_json.h"

#include <fmt/format.h>

#include "base/clock.h"
#include "engine/encode.h"
#include "engine/type_text.h"
#include "trino/error_table.h"
#include "trino/type_display.h"

namespace tarn::trino {
namespace {

constexpr std::string_view kParsingFailure = "io.trino.sql.parser.ParsingException";
constexpr std::string_view kFailure = "io.trino.spi.TrinoException";

// As Java's URLEncoder, which is what clients decode.
std::string UrlEncoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                       c == '_' || c == '.' || c == '*';
    if (plain) {
      out += c;
    } else if (c == ' ') {
      out += '+';
    } else {
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return out;
}

void AppendPlace(const base::Error& error, std::string& out) {
  if (!HasPlace(error)) return;
  out += fmt::format(R"(,"errorLocation":{{"lineNumber":{},"columnNumber":{}}})", error.position->line,
                     error.position->column);
}

}  // namespace

void AppendStatistics(const Statistics& statistics, std::string& out) {
  const bool running = statistics.state == "RUNNING";
  const bool finished = statistics.state == "FINISHED";
  const auto elapsed = statistics.elapsed.count();
  out += fmt::format(
      R"({{"state":"{}","queued":{},"scheduled":{},"progressPercentage":{},"runningPercentage":{},"nodes":1,"totalSplits":1,)"
      R"("queuedSplits":{},"runningSplits":{},"completedSplits":{},"planningTimeMillis":0,"analysisTimeMillis":0,"cpuTimeMillis":{},)"
      R"("wallTimeMillis":{},"queuedTimeMillis":{},"elapsedTimeMillis":{},"finishingTimeMillis":0,"physicalInputTimeMillis":0,)"
      R"("processedRows":{},"processedBytes":{},"physicalInputBytes":{},"physicalWrittenBytes":0,"internalNetworkInputBytes":0,)"
      R"("peakMemoryBytes":0,"spilledBytes":0}})",
      statistics.state, statistics.state == "QUEUED", statistics.state != "QUEUED", finished ? 100 : 0,
      running ? 100 : 0, statistics.state == "QUEUED" ? 1 : 0, running ? 1 : 0, finished ? 1 : 0,
      elapsed - statistics.queued.count(), elapsed - statistics.queued.count(), statistics.queued.count(), elapsed,
      statistics.rows, statistics.bytes, statistics.bytes);
}

void AppendColumns(const std::vector<engine::Column>& columns, bool knows_precision, std::string& out) {
  out += '[';
  for (const auto& column : columns) {
    auto type = engine::ReadTypeText(column.type);
    if (!knows_precision) type = WithoutPrecision(std::move(type));
    if (out.back() != '[') out += ',';
    out += "{\"name\":";
    engine::AppendJsonString(column.name, out);
    out += ",\"type\":";
    engine::AppendJsonString(TypeText(type), out);
    out += ",\"typeSignature\":";
    AppendTypeSignature(type, out);
    out += '}';
  }
  out += ']';
}

void AppendFailure(const base::Error& error, std::string& out) {
  const auto name = NameOf(error);
  out += "{\"type\":";
  engine::AppendJsonString(name.name == "SYNTAX_ERROR" ? kParsingFailure : kFailure, out);
  out += ",\"message\":";
  engine::AppendJsonString(ShownMessage(error), out);
  out += R"(,"suppressed":[],"stack":[])";
  AppendPlace(error, out);
  out += fmt::format(R"(,"errorInfo":{{"code":{},"name":"{}","type":"{}"}}}})", name.code, name.name, name.type);
}

void AppendError(const base::Error& error, std::string& out) {
  const auto name = NameOf(error);
  out += "{\"message\":";
  engine::AppendJsonString(ShownMessage(error), out);
  out += fmt::format(R"(,"errorCode":{},"errorName":"{}","errorType":"{}")", name.code, name.name, name.type);
  AppendPlace(error, out);
  out += ",\"failureInfo\":";
  AppendFailure(error, out);
  out += '}';
}

std::string TablesReadText(std::span<const query::StatementInput> inputs) {
  constexpr std::size_t kLongest = 4'000;
  const auto part = [](const std::string& name) {
    auto text = UrlEncoded(name);
    for (auto at = text.find('.'); at != std::string::npos; at = text.find('.', at + 3)) text.replace(at, 1, "%2E");
    return text;
  };
  std::string list;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto& input = inputs[i];
    const auto item = fmt::format("{}{}.{}.{};served-by={};as-of={}", i == 0 ? "" : ", ", part(input.name.catalog),
                                  part(input.name.schema), part(input.name.table), query::ServedBy(input),
                                  base::FormatTime(input.as_of));
    if (list.size() + item.size() > kLongest) {
      return list + fmt::format("{}*;omitted={}", i == 0 ? "" : ", ", inputs.size() - i);
    }
    list += item;
  }
  return list;
}

http::Headers ChangeHeaders(const query::SessionChanges& changes, const std::string& family) {
  http::Headers headers;
  const auto add = [&](std::string_view name, std::string value) {
    headers.emplace_back(family + std::string(name), std::move(value));
  };
  if (changes.catalog) add("Set-Catalog", *changes.catalog);
  if (changes.schema) add("Set-Schema", *changes.schema);
  if (changes.path) add("Set-Path", *changes.path);
  if (changes.time_zone) add("Set-Session", "time_zone_id=" + UrlEncoded(*changes.time_zone));
  for (const auto& [name, value] : changes.set_properties) add("Set-Session", name + "=" + UrlEncoded(value));
  for (const auto& name : changes.reset_properties) add("Clear-Session", name);
  for (const auto& [catalog, role] : changes.set_roles) add("Set-Role", catalog + "=" + UrlEncoded(role));
  for (const auto& [name, text] : changes.added_prepared)
    add("Added-Prepare", UrlEncoded(name) + "=" + UrlEncoded(text));
  for (const auto& name : changes.deallocated_prepared) add("Deallocated-Prepare", UrlEncoded(name));
  if (changes.authorization_user) add("Set-Authorization-User", *changes.authorization_user);
  if (changes.reset_authorization_user) add("Reset-Authorization-User", "true");
  if (changes.started_transaction_id) add("Started-Transaction-Id", *changes.started_transaction_id);
  if (changes.transaction_ended) add("Clear-Transaction-Id", "true");
  return headers;
}

}  // namespace tarn::trino
