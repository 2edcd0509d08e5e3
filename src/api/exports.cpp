// Exports: rows of saved queries and tables in files, made by jobs and fetched through links.
#include <algorithm>
#include <array>
#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>

#include "api/areas.h"
#include "api/builtin_catalogs.h"
#include "api/dto_export.h"
#include "api/execute_arguments.h"
#include "api/export_link.h"
#include "api/reach.h"
#include "api/saved_query.h"

namespace tarn::api {

using http::Method;
using http::NoBody;
using http::NoContent;

namespace {

constexpr const char* kExports = "/data/projects/{projectId}/exports";
constexpr const char* kExport = "/data/projects/{projectId}/exports/{exportId}";
constexpr std::int64_t kLongestList = 200;
constexpr std::int64_t kLongestName = 100;
constexpr std::size_t kMostColumns = 10'000;
constexpr std::array<std::string_view, 6> kStatuses = {"PENDING", "RUNNING",   "SUCCEEDED",
                                                       "FAILED",  "CANCELLED", "EXPIRED"};

http::OperationInfo Info(std::string id, Method method, std::string path, std::string summary) {
  return {.id = std::move(id),
          .method = method,
          .path = std::move(path),
          .area = "Data: Exports",
          .summary = std::move(summary)};
}

http::OperationInfo StartInfo(std::string id, std::string path, std::string summary) {
  http::OperationInfo info = Info(std::move(id), Method::kPost, std::move(path), std::move(summary));
  info.success = 202;
  return info;
}

// How the file is to look, without what it is made from.
base::Result<exports::Contents> ReadContents(const Parts& parts, const ExportRequest& request) {
  exports::Contents contents;
  switch (request.format.value_or(ExportFormat::CSV)) {
    case ExportFormat::CSV: contents.format = exports::Format::kCsv; break;
    case ExportFormat::JSONL: contents.format = exports::Format::kJsonLines; break;
    case ExportFormat::PARQUET: contents.format = exports::Format::kParquet; break;
  }
  switch (request.compression.value_or(ExportCompression::NONE)) {
    case ExportCompression::NONE: contents.compression = exports::Compression::kNone; break;
    case ExportCompression::GZIP: contents.compression = exports::Compression::kGzip; break;
    case ExportCompression::ZSTD: contents.compression = exports::Compression::kZstd; break;
  }
  if (request.limit) {
    const std::int64_t most = parts.exports.most_rows();
    contents.limit = std::max<std::int64_t>(*request.limit, 1);
    if (most > 0) contents.limit = std::min(*contents.limit, most);
  }
  if (request.columns && !request.columns->empty()) {
    if (request.columns->size() > kMostColumns) return base::InvalidArgument("There are too many columns", "columns");
    contents.columns = request.columns;
  }
  if (request.csvOptions && contents.format == exports::Format::kCsv) {
    const ExportCsvOptions& options = *request.csvOptions;
    contents.csv = {.delimiter = options.delimiter.value_or(","),
                    .quote = options.quoteChar.value_or("\""),
                    .record_separator = options.recordSeparator.value_or("\n"),
                    .null_text = options.nullValue.value_or("")};
    contents.header = options.includeHeader.value_or(true);
    TARN_RETURN_IF_ERROR(engine::CsvEncoder::Check(contents.csv));
  }
  return contents;
}

// A part of a file's name that every system takes.
std::string Plain(const std::string& text) {
  std::string plain;
  for (const char c : text.substr(0, kLongestName)) {
    const bool kept =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    plain += kept ? c : '_';
  }
  return plain;
}

std::string FileName(const std::string& start, const exports::Contents& contents) {
  if (contents.format == exports::Format::kParquet) return start + ".parquet";
  std::string name = start + (contents.format == exports::Format::kCsv ? ".csv" : ".jsonl");
  if (contents.compression == exports::Compression::kGzip) name += ".gz";
  if (contents.compression == exports::Compression::kZstd) name += ".zst";
  return name;
}

std::string KeyPrefix(const Parts& parts, const security::Caller& caller) {
  for (const store::ApiKey& key : parts.keys.List(caller.project_id)) {
    if (key.id == caller.key_id) return key.prefix;
  }
  return {};
}

std::string ClientSource(const http::Context& context) {
  const std::string_view source = context.Header("X-Trino-Source");
  return std::string((source.empty() ? context.Header("User-Agent") : source).substr(0, kLongestName));
}

store::Export Asked(const Parts& parts, const ProjectCall& call, const ExportRequest& request) {
  const auto format = request.format.value_or(ExportFormat::CSV);
  const auto compression = request.compression.value_or(ExportCompression::NONE);
  store::Export row;
  row.project_id = call.project.id;
  row.user_id = call.context.caller().user_id;
  row.api_key_prefix = KeyPrefix(parts, call.context.caller());
  row.client_source = ClientSource(call.context);
  row.format = boost::describe::enum_to_string(format, "CSV");
  row.compression = boost::describe::enum_to_string(compression, "NONE");
  return row;
}

// Checks what the job would fail at before it reads a row, and starts it.
base::Result<ExportJobCreated> Begin(Parts& parts, const ProjectCall& call, store::Export row,
                                     exports::Contents contents, bool written_by_caller) {
  auto checked = contents.statement;
  checked.shape = exports::ShapeOf(contents, parts.exports.most_rows());
  checked.limits = call.context.limits();
  if (auto columns = parts.executor.Columns(checked); !columns)
    return std::unexpected(ShowStatementError(std::move(columns).error(), written_by_caller));
  contents.statement.client.source = row.client_source;
  TARN_ASSIGN_OR_RETURN(const store::Export made, parts.exports.Create(std::move(row), std::move(contents)));
  return ExportJobCreated{.id = made.id, .status = made.status};
}

query::StatementRequest StatementOf(const ProjectCall& call, std::string text) {
  return {.project_id = call.project.id,
          .text = std::move(text),
          .parameters = {},
          .session = {.catalog = {}, .schema = {}, .time_zone = "UTC", .user = call.context.caller().user_id},
          .limits = {}};
}

base::Result<ExportJobCreated> ExportQuery(Parts& parts, const ProjectCall& call, const ExportRequest& request) {
  TARN_ASSIGN_OR_RETURN(const store::SavedQuery query,
                        FindSavedQuery(parts, call.project.id, call.context.Path("queryId")));
  TARN_ASSIGN_OR_RETURN(exports::Contents contents, ReadContents(parts, request));
  contents.statement = StatementOf(call, query.input_query);
  store::Export row = Asked(parts, call, request);
  row.query_id = query.id;
  row.source = "peaka.query." + sql::QuoteIdentifier(query.name);
  row.file_name = FileName("query_" + query.id + "_" + Plain(query.name), contents);
  return NamedInBody(Begin(parts, call, std::move(row), std::move(contents), true));
}

base::Result<sql::QualifiedName> TableOf(const Parts& parts, const ProjectCall& call) {
  const std::string& id = call.context.Path("catalogId");
  sql::QualifiedName name = {.catalog = std::string(kBuiltinCatalogName),
                             .schema = call.context.Path("schemaName"),
                             .table = call.context.Path("tableName")};
  if (IsBuiltinCatalog(id)) return name;
  TARN_ASSIGN_OR_RETURN(const store::Catalog catalog, FindCatalog(parts, call.project.id, id));
  name.catalog = catalog.name;
  return name;
}

std::string Quoted(const sql::QualifiedName& name) {
  return sql::QuoteIdentifier(name.catalog) + "." + sql::QuoteIdentifier(name.schema) + "." +
         sql::QuoteIdentifier(name.table);
}

// Columns that `*` does not show are system columns: they are exported when they are asked for.
std::string SelectOf(const sql::QualifiedName& name, const std::vector<sql::ResolvedColumn>& columns, bool all) {
  std::string items;
  for (const sql::ResolvedColumn& column : columns) {
    if (column.hidden && !all) continue;
    items += (items.empty() ? "" : ", ") + sql::QuoteIdentifier(column.name);
  }
  return "SELECT " + items + " FROM " + Quoted(name);
}

base::Result<ExportJobCreated> ExportTable(Parts& parts, const ProjectCall& call, const ExportRequest& request) {
  TARN_ASSIGN_OR_RETURN(const sql::QualifiedName name, TableOf(parts, call));
  TARN_ASSIGN_OR_RETURN(exports::Contents contents, ReadContents(parts, request));
  TARN_ASSIGN_OR_RETURN(const auto columns, parts.executor.TableColumns(call.project.id, name, call.context.limits()));
  // A column that is named is asked for.
  const bool all = request.includeSystemColumns.value_or(false) || contents.columns.has_value();
  contents.statement = StatementOf(call, SelectOf(name, columns, all));
  store::Export row = Asked(parts, call, request);
  row.catalog_id = call.context.Path("catalogId");
  row.schema_name = name.schema;
  row.table_name = name.table;
  row.source = Quoted(name);
  row.file_name =
      FileName("table_" + Plain(name.catalog) + "_" + Plain(name.schema) + "_" + Plain(name.table), contents);
  return Begin(parts, call, std::move(row), std::move(contents), false);
}

std::optional<std::string> IfAny(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

ExportJobResponse Show(const Parts& parts, const security::Caller& caller, const store::Export& row) {
  const bool has_file = row.status == "SUCCEEDED";
  ExportJobResponse shown;
  shown.id = row.id;
  shown.status = row.status;
  shown.format = row.format;
  shown.compression = row.compression;
  if (has_file || row.status == "EXPIRED") {
    shown.rowCount = row.rows;
    shown.bytes = row.bytes;
  }
  if (row.ended_at)
    shown.durationMs =
        std::chrono::duration_cast<std::chrono::milliseconds>(*row.ended_at - row.started_at.value_or(*row.ended_at))
            .count();
  shown.downloadable = has_file && row.user_id == caller.user_id;
  shown.error = IfAny(row.error);
  shown.createdAt = base::FormatTime(row.created_at);
  shown.queryId = IfAny(row.query_id);
  shown.catalogId = IfAny(row.catalog_id);
  shown.schemaName = IfAny(row.schema_name);
  shown.tableName = IfAny(row.table_name);
  shown.source = row.source;
  shown.userId = row.user_id;
  shown.userName = IfAny(parts.owner_email);
  shown.apiKeyPrefix = IfAny(row.api_key_prefix);
  shown.clientSource = IfAny(row.client_source);
  return shown;
}

base::Result<ExportJobResponse> Read(const Parts& parts, const ProjectCall& call) {
  TARN_ASSIGN_OR_RETURN(const store::Export row, parts.exports.Find(call.project.id, call.context.Path("exportId")));
  ExportJobResponse shown = Show(parts, call.context.caller(), row);
  if (shown.downloadable) {
    const base::SystemTime expires = std::min(parts.clock.Now() + parts.link_time, *row.expires_at);
    shown.expiresAt = base::FormatTime(expires);
    shown.files = {{.name = row.file_name, .url = ExportLink(parts, call.context, row, expires), .bytes = row.bytes}};
  }
  return shown;
}

base::Result<store::ExportFilter> ReadFilter(const http::Context& context) {
  store::ExportFilter filter;
  filter.limit = std::clamp<std::int64_t>(context.QueryInteger("limit").value_or(kLongestList), 1, kLongestList);
  if (const auto before = context.Query("createdBefore")) {
    auto time = base::ParseTime(*before);
    if (!time)
      return base::InvalidArgument(fmt::format("Cursor is not an ISO-8601 time: \"{}\"", *before), "createdBefore");
    filter.created_before = *time;
  }
  const std::string statuses = context.Query("status").value_or("");
  if (!statuses.empty()) boost::algorithm::split(filter.statuses, statuses, boost::algorithm::is_any_of(","));
  for (const std::string& status : filter.statuses) {
    if (std::ranges::find(kStatuses, status) == kStatuses.end())
      return base::InvalidArgument(fmt::format("There is no such status: \"{}\"", status), "status");
  }
  return filter;
}

http::OperationInfo ListInfo() {
  http::OperationInfo info = Info("listExports", Method::kGet, kExports, "List Exports");
  info.query = {
      {.name = "status", .description = "Those of these statuses alone, with commas between them"},
      {.name = "limit", .type = http::QueryParameter::Type::kInteger, .description = "How many at most, from 1 to 200"},
      {.name = "createdBefore", .description = "Those before this ISO-8601 time: the last one's createdAt"}};
  return info;
}

}  // namespace

void AddExports(Parts& parts, OperationList& operations) {
  operations.push_back(ProjectOperation<ExportRequest, ExportJobCreated>(
      parts, StartInfo("exportQuery", "/data/projects/{projectId}/queries/{queryId}/exports", "Export Query"),
      [&parts](const ProjectCall& call, const ExportRequest& request) { return ExportQuery(parts, call, request); }));
  operations.push_back(ProjectOperation<ExportRequest, ExportJobCreated>(
      parts,
      StartInfo("exportTable",
                "/data/projects/{projectId}/catalogs/{catalogId}/schemas/{schemaName}/tables/{tableName}/exports",
                "Export Table"),
      [&parts](const ProjectCall& call, const ExportRequest& request) { return ExportTable(parts, call, request); }));
  operations.push_back(ProjectOperation<NoBody, std::vector<ExportJobResponse>>(
      parts, ListInfo(),
      [&parts](const ProjectCall& call, const NoBody&) -> base::Result<std::vector<ExportJobResponse>> {
        TARN_ASSIGN_OR_RETURN(const store::ExportFilter filter, ReadFilter(call.context));
        TARN_ASSIGN_OR_RETURN(const auto rows, parts.exports.List(call.project.id, filter));
        std::vector<ExportJobResponse> shown;
        for (const store::Export& row : rows) shown.push_back(Show(parts, call.context.caller(), row));
        return shown;
      }));
  operations.push_back(ProjectOperation<NoBody, ExportJobResponse>(
      parts, Info("readExport", Method::kGet, kExport, "Read Export"),
      [&parts](const ProjectCall& call, const NoBody&) { return Read(parts, call); }));
  http::OperationInfo cancel = Info("cancelExport", Method::kDelete, kExport, "Cancel Export");
  cancel.success = 204;
  operations.push_back(ProjectOperation<NoBody, NoContent>(
      parts, std::move(cancel), [&parts](const ProjectCall& call, const NoBody&) -> base::Result<NoContent> {
        TARN_RETURN_IF_ERROR(parts.exports.Cancel(call.project.id, call.context.Path("exportId")));
        return NoContent{};
      }));
}

}  // namespace tarn::api
