#include "cache/refresh_json.h"

#include <boost/json.hpp>

namespace tarn::cache {
namespace {

namespace json = boost::json;

std::string Text(const json::object& object, std::string_view name) { return std::string(object.at(name).as_string()); }
std::int64_t Number(const json::object& object, std::string_view name) {
  return object.at(name).to_number<std::int64_t>();
}

// Unwraps a result inside code that reports by exception.
template <class T>
T OrThrow(base::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return *std::move(result);
}

json::object WriteSource(const SourceRecipe& source) {
  json::array roots;
  for (const auto& root : source.settings.file_roots) roots.emplace_back(root.string());
  return {{"type", source.type},
          {"credential", source.credential.Reveal()},
          {"options", source.options},
          {"fileRoots", std::move(roots)},
          {"samples", source.settings.samples.string()}};
}

SourceRecipe ReadSource(const json::object& object) {
  SourceRecipe source;
  source.type = Text(object, "type");
  source.credential = base::SecretString(Text(object, "credential"));
  source.options = Text(object, "options");
  for (const auto& root : object.at("fileRoots").as_array())
    source.settings.file_roots.emplace_back(root.as_string().c_str());
  source.settings.samples = Text(object, "samples");
  return source;
}

json::value WritePrevious(const std::optional<PreviousCopy>& previous) {
  if (!previous) return nullptr;
  return json::object{{"file", previous->file.string()},
                      {"version", WriteTableVersion(previous->version)},
                      {"position", WritePosition(previous->position)},
                      {"rowCount", previous->row_count},
                      {"deletedRows", previous->deleted_rows},
                      {"loadedAt", previous->loaded_at.time_since_epoch().count()}};
}

std::optional<PreviousCopy> ReadPrevious(const json::value& value) {
  if (value.is_null()) return std::nullopt;
  const auto& object = value.as_object();
  return PreviousCopy{.file = Text(object, "file"),
                      .version = OrThrow(ReadTableVersion(Text(object, "version"))),
                      .position = OrThrow(ReadPosition(Text(object, "position"))),
                      .row_count = Number(object, "rowCount"),
                      .deleted_rows = Number(object, "deletedRows"),
                      .loaded_at = base::SystemTime(std::chrono::microseconds(Number(object, "loadedAt")))};
}

json::object WriteOutcome(const RefreshOutcome& outcome) {
  return {{"changed", outcome.changed},
          {"file", outcome.file},
          {"fileBytes", outcome.file_bytes},
          {"checksum", outcome.checksum},
          {"rowCount", outcome.row_count},
          {"deletedRows", outcome.deleted_rows},
          {"version", WriteTableVersion(outcome.version)},
          {"position", WritePosition(outcome.position)},
          {"loadedAt", outcome.loaded_at.time_since_epoch().count()},
          {"cached", outcome.counts.cached},
          {"inserted", outcome.counts.inserted},
          {"updated", outcome.counts.updated},
          {"deleted", outcome.counts.deleted},
          {"compacted", outcome.compacted},
          {"audited", outcome.audited},
          {"note", outcome.note}};
}

RefreshOutcome ReadOutcome(const json::object& object) {
  return {.changed = object.at("changed").as_bool(),
          .file = Text(object, "file"),
          .file_bytes = Number(object, "fileBytes"),
          .checksum = Text(object, "checksum"),
          .row_count = Number(object, "rowCount"),
          .deleted_rows = Number(object, "deletedRows"),
          .version = OrThrow(ReadTableVersion(Text(object, "version"))),
          .position = OrThrow(ReadPosition(Text(object, "position"))),
          .loaded_at = base::SystemTime(std::chrono::microseconds(Number(object, "loadedAt"))),
          .counts = {.cached = Number(object, "cached"),
                     .inserted = Number(object, "inserted"),
                     .updated = Number(object, "updated"),
                     .deleted = Number(object, "deleted")},
          .compacted = object.at("compacted").as_bool(),
          .audited = object.at("audited").as_bool(),
          .note = Text(object, "note")};
}

json::object WriteError(const base::Error& error) {
  return {{"kind", static_cast<int>(error.kind)},
          {"message", error.message},
          {"code", error.code},
          {"fault", static_cast<int>(error.fault)},
          {"retryable", error.retryable}};
}

base::Error ReadError(const json::object& object) {
  return {.kind = static_cast<base::ErrorKind>(Number(object, "kind")),
          .message = Text(object, "message"),
          .code = Text(object, "code"),
          .fault = static_cast<base::Fault>(Number(object, "fault")),
          .retryable = object.at("retryable").as_bool()};
}

}  // namespace

base::SecretString WriteInput(const WorkerInput& input) {
  const auto& spec = input.spec;
  return base::SecretString(json::serialize(json::object{{"source", WriteSource(input.source)},
                                                         {"full", spec.mode == store::RefreshMode::kFull},
                                                         {"scheduled", spec.scheduled},
                                                         {"audits", spec.audits},
                                                         {"schema", spec.table.schema},
                                                         {"table", spec.table.table},
                                                         {"options", WriteRefreshOptions(spec.options)},
                                                         {"logName", spec.log_name},
                                                         {"folder", spec.folder.string()},
                                                         {"generation", spec.generation},
                                                         {"previous", WritePrevious(spec.previous)},
                                                         {"memoryBytes", spec.memory_bytes},
                                                         {"threads", spec.threads},
                                                         {"fileBudgetBytes", spec.file_budget_bytes},
                                                         {"freeSpaceFloorBytes", spec.free_space_floor_bytes}}));
}

base::Result<WorkerInput> ReadInput(std::string_view text) {
  try {
    const json::value parsed = json::parse(json::string_view(text.data(), text.size()));
    const auto& object = parsed.as_object();
    WorkerInput input;
    input.source = ReadSource(object.at("source").as_object());
    input.spec = {.mode = object.at("full").as_bool() ? store::RefreshMode::kFull : store::RefreshMode::kIncremental,
                  .scheduled = object.at("scheduled").as_bool(),
                  .audits = object.at("audits").as_bool(),
                  .table = {.schema = Text(object, "schema"), .table = Text(object, "table")},
                  .options = OrThrow(ReadRefreshOptions(Text(object, "options"))),
                  .log_name = Text(object, "logName"),
                  .folder = Text(object, "folder"),
                  .generation = Text(object, "generation"),
                  .previous = ReadPrevious(object.at("previous")),
                  .memory_bytes = Number(object, "memoryBytes"),
                  .threads = static_cast<int>(Number(object, "threads")),
                  .file_budget_bytes = Number(object, "fileBudgetBytes"),
                  .free_space_floor_bytes = Number(object, "freeSpaceFloorBytes")};
    return input;
  } catch (const std::exception&) {
    return base::Internal("The worker's input cannot be read");
  }
}

std::string WriteMessage(const WorkerMessage& message) {
  if (const auto* progress = std::get_if<RefreshProgress>(&message)) {
    return json::serialize(
        json::object{{"rows", progress->rows}, {"bytes", progress->bytes}, {"expectedRows", progress->expected_rows}});
  }
  if (const auto* outcome = std::get_if<RefreshOutcome>(&message)) {
    return json::serialize(json::object{{"outcome", WriteOutcome(*outcome)}});
  }
  return json::serialize(json::object{{"error", WriteError(std::get<base::Error>(message))}});
}

base::Result<WorkerMessage> ReadMessage(std::string_view text) {
  try {
    const json::value parsed = json::parse(json::string_view(text.data(), text.size()));
    const auto& object = parsed.as_object();
    if (const auto* outcome = object.if_contains("outcome")) return WorkerMessage(ReadOutcome(outcome->as_object()));
    if (const auto* error = object.if_contains("error")) return WorkerMessage(ReadError(error->as_object()));
    return WorkerMessage(RefreshProgress{.rows = Number(object, "rows"),
                                         .bytes = Number(object, "bytes"),
                                         .expected_rows = Number(object, "expectedRows")});
  } catch (const std::exception&) {
    return base::Internal("A message of the worker cannot be read");
  }
}

}  // namespace tarn::cache
