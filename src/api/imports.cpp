// Imports of files into internal tables, how far they are, and a file to begin with.
#include "api/areas.h"
#include "api/dto_internal_table.h"
#include "api/internal_tables.h"
#include "http/error_answer.h"
#include "http/multipart.h"
#include "tables/sample.h"

namespace tarn::api {

using http::FileBody;
using http::Method;
using http::NoBody;
using http::NoContent;
using tables::Kind;

namespace {

constexpr std::int64_t kLongestRequestPart = std::int64_t{1} << 20;
constexpr std::int64_t kLongestWait = 3600;
constexpr const char* kJob = "/jobs/{jobId}";

http::OperationInfo Info(std::string id, Method method, std::string path, std::string summary) {
  return {.id = std::move(id),
          .method = method,
          .path = std::move(path),
          .area = "Data: Internal Tables",
          .summary = std::move(summary)};
}

ImportJobView Show(const tables::ImportJob& job) {
  const auto millis = [](base::SystemTime time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  };
  ImportJobView shown{.id = job.id,
                      .status = std::string(tables::ToString(job.status)),
                      .startTime = millis(job.started),
                      .endTime = job.ended ? std::optional<std::int64_t>(millis(*job.ended)) : std::nullopt,
                      .progress = job.progress,
                      .result = {},
                      .error = std::nullopt};
  if (job.status == tables::ImportStatus::kCompleted) {
    shown.result = {
        {"processed", job.outcome.processed}, {"inserted", job.outcome.inserted}, {"updated", job.outcome.updated}};
  }
  if (job.error) shown.error = http::MessageFor(*job.error);
  return shown;
}

// A mark of the CSV style, which is one character of ASCII.
base::Result<void> ReadMark(const std::optional<std::string>& given, const char* field, char& mark) {
  if (!given) return {};
  const bool fits = given->size() == 1 && static_cast<unsigned char>(given->front()) < 0x80 && given->front() != '\r' &&
                    given->front() != '\n' && given->front() != '\0';
  if (!fits) return base::InvalidArgument("Not a single character of ASCII: \"" + *given + "\"", field);
  mark = given->front();
  return {};
}

base::Result<tables::ImportRequest> ReadRequest(std::string_view text) {
  TARN_ASSIGN_OR_RETURN(const boost::json::value json, http::ParseJson(text));
  TARN_ASSIGN_OR_RETURN(const auto body, http::ReadJson<ImportRequestBody>(json));
  tables::ImportRequest request;
  switch (body.format.value_or(ImportFileFormat::CSV)) {
    case ImportFileFormat::CSV: request.format = tables::ImportFormat::kCsv; break;
    case ImportFileFormat::JSONL: request.format = tables::ImportFormat::kJsonLines; break;
    case ImportFileFormat::PARQUET: request.format = tables::ImportFormat::kParquet; break;
  }
  switch (body.mode.value_or(ImportWay::append)) {
    case ImportWay::append: request.mode = tables::ImportMode::kAppend; break;
    case ImportWay::upsert: request.mode = tables::ImportMode::kUpsert; break;
    case ImportWay::replace: request.mode = tables::ImportMode::kReplace; break;
  }
  request.key = body.key;
  const bool csv = request.format == tables::ImportFormat::kCsv;
  if (!csv && (body.containsHeader || body.delimiter || body.quoteChar || body.nullValue))
    return base::InvalidArgument("containsHeader, delimiter, quoteChar and nullValue are of CSV files only", "format");
  request.csv.has_header = body.containsHeader.value_or(true);
  request.csv.null_text = body.nullValue.value_or("");
  TARN_RETURN_IF_ERROR(ReadMark(body.delimiter, "delimiter", request.csv.delimiter));
  TARN_RETURN_IF_ERROR(ReadMark(body.quoteChar, "quoteChar", request.csv.quote));
  if (request.csv.delimiter == request.csv.quote)
    return base::InvalidArgument("Delimiter and quote are the same", "delimiter");
  for (std::size_t i = 0; i < body.mappings.size(); ++i) {
    const ImportMapping& mapping = body.mappings[i];
    if (csv && !request.csv.has_header && mapping.csvColumnName)
      return base::InvalidArgument("A file without a header has no names: \"" + *mapping.csvColumnName + "\"",
                                   fmt::format("mappings[{}].csvColumnName", i));
    request.mappings.push_back(
        {.column = mapping.name, .field = {.name = mapping.csvColumnName, .index = mapping.csvColumnIndex}});
  }
  return request;
}

base::Result<ImportJobView> Import(const Parts& parts, const ProjectCall& call, Kind kind, const FileBody& body) {
  const std::int64_t wait = call.context.QueryInteger("wait").value_or(0);
  if (wait < 0 || wait > kLongestWait)
    return base::InvalidArgument(fmt::format("Wait is not between 0 and {} seconds: \"{}\"", kLongestWait, wait),
                                 "wait");
  TARN_ASSIGN_OR_RETURN(const auto found, http::ReadParts(body.file->path(), body.content_type));
  const auto part = [&](const char* name) -> base::Result<http::Part> {
    for (const http::Part& each : found) {
      if (each.name == name) return each;
    }
    return base::InvalidArgument("The form has no such part: \"" + std::string(name) + "\"", name);
  };
  TARN_ASSIGN_OR_RETURN(const http::Part file, part("file"));
  TARN_ASSIGN_OR_RETURN(const http::Part request_part, part("request"));
  TARN_ASSIGN_OR_RETURN(const std::string text, http::ReadPart(body.file->path(), request_part, kLongestRequestPart));
  TARN_ASSIGN_OR_RETURN(const tables::ImportRequest request, ReadRequest(text));
  TARN_ASSIGN_OR_RETURN(
      const std::string id,
      parts.tables.Import(
          PlaceOf(call, kind), request,
          {.hold = body.file, .range = {.file = body.file->path(), .offset = file.offset, .size = file.size}},
          call.context.caller().user_id));
  TARN_ASSIGN_OR_RETURN(
      const tables::ImportJob job,
      parts.tables.WaitForJob(id, base::CallLimits::Within(std::chrono::seconds(wait), call.context.limits().cancel)));
  if (job.error) return std::unexpected(*job.error);
  return Show(job);
}

base::Result<http::Reply> Sample(const Parts& parts, const ProjectCall& call, Kind kind) {
  TARN_ASSIGN_OR_RETURN(const tables::TableDefinition table, parts.tables.Find(PlaceOf(call, kind)));
  return http::Reply{.content_type = "text/csv; charset=utf-8",
                     .body = tables::SampleCsv(table),
                     .headers = {{"Content-Disposition", "attachment; filename=\"sample.csv\""}}};
}

// A job is reached like its project.
base::Result<tables::ImportJob> FindJob(const Parts& parts, const http::Context& context) {
  const std::string& id = context.Path("jobId");
  auto job = parts.tables.Job(id);
  if (!job) return job;
  const auto project = FindProject(parts, context.caller(), job->project_id);
  if (!project || !context.caller().MayReach(job->project_id))
    return base::NotFound("There is no such job: \"" + id + "\"");
  return job;
}

void AddJobs(Parts& parts, OperationList& operations) {
  operations.push_back(http::MakeOperation<NoBody, ImportJobView>(
      Info("getJob", Method::kGet, kJob, "Import Job"),
      [&parts](const http::Context& context, const NoBody&) -> base::Result<ImportJobView> {
        TARN_ASSIGN_OR_RETURN(const tables::ImportJob job, FindJob(parts, context));
        return Show(job);
      }));
  operations.push_back(http::MakeOperation<NoBody, NoContent>(
      Info("cancelJob", Method::kDelete, kJob, "Cancel Import Job"),
      [&parts](const http::Context& context, const NoBody&) -> base::Result<NoContent> {
        TARN_ASSIGN_OR_RETURN(const tables::ImportJob job, FindJob(parts, context));
        TARN_RETURN_IF_ERROR(parts.tables.CancelJob(job.id));
        return NoContent{};
      }));
}

}  // namespace

void AddImports(Parts& parts, OperationList& operations) {
  for (const Kind kind : {Kind::kRows, Kind::kColumns}) {
    const bool rows = kind == Kind::kRows;
    const std::string table = InternalTablesPath(kind) + "/{tableName}";
    auto info = Info(rows ? "importCsv" : "importBiCsv", Method::kPost, table + "/import",
                     rows ? "Import File" : "Import File into BI Table");
    info.deadline = std::chrono::hours(24);  // it begins before the file is sent; the handler waits as it is asked to
    info.query.push_back({.name = "wait",
                          .type = http::QueryParameter::Type::kInteger,
                          .description = "Seconds until a job under way is answered; 0 to 3600",
                          .default_value = "60"});
    operations.push_back(ProjectOperation<FileBody, ImportJobView>(
        parts, std::move(info),
        [&parts, kind](const ProjectCall& call, const FileBody& body) { return Import(parts, call, kind, body); }));
    operations.push_back(ProjectOperation<NoBody, http::Reply>(
        parts, Info(rows ? "csvSample" : "biCsvSample", Method::kGet, table + "/sample", "Sample CSV"),
        [&parts, kind](const ProjectCall& call, const NoBody&) { return Sample(parts, call, kind); }));
  }
  AddJobs(parts, operations);
}

}  // namespace tarn::api
