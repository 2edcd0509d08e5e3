// Bodies of the area Exports, with the wire's own names.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "http/json_traits.h"

namespace tarn::api {

// PARQUET and ZSTD are Tarn's.
enum class ExportFormat { CSV, JSONL, PARQUET };
BOOST_DESCRIBE_ENUM(ExportFormat, CSV, JSONL, PARQUET)

enum class ExportCompression { NONE, GZIP, ZSTD };
BOOST_DESCRIBE_ENUM(ExportCompression, NONE, GZIP, ZSTD)

struct ExportCsvOptions {
  std::optional<std::string> delimiter;
  std::optional<std::string> quoteChar;
  std::optional<std::string> recordSeparator;
  std::optional<bool> includeHeader;
  std::optional<std::string> nullValue;
};
BOOST_DESCRIBE_STRUCT(ExportCsvOptions, (), (delimiter, quoteChar, recordSeparator, includeHeader, nullValue))

struct ExportRequest {
  std::optional<ExportFormat> format;
  std::optional<std::int64_t> limit;
  std::optional<std::vector<std::string>> columns;
  std::optional<bool> includeSystemColumns;
  std::optional<ExportCompression> compression;
  std::optional<ExportCsvOptions> csvOptions;
};
BOOST_DESCRIBE_STRUCT(ExportRequest, (), (format, limit, columns, includeSystemColumns, compression, csvOptions))

struct ExportJobCreated {
  std::string id;
  std::string status;
};
BOOST_DESCRIBE_STRUCT(ExportJobCreated, (), (id, status))

struct ExportFile {
  std::string name;
  std::string url;
  std::int64_t bytes = 0;
};
BOOST_DESCRIBE_STRUCT(ExportFile, (), (name, url, bytes))

struct ExportJobResponse {
  std::string id;
  std::string status;
  std::string format;
  std::string compression;
  std::optional<std::int64_t> rowCount;
  std::optional<std::int64_t> bytes;
  std::optional<std::int64_t> durationMs;
  std::optional<std::vector<ExportFile>> files;
  std::optional<std::string> expiresAt;
  bool downloadable = false;
  std::optional<std::string> error;
  std::string createdAt;
  std::optional<std::string> queryId;
  std::optional<std::string> catalogId;
  std::optional<std::string> schemaName;
  std::optional<std::string> tableName;
  std::string source;
  std::string userId;
  std::optional<std::string> userName;
  std::optional<std::string> apiKeyPrefix;
  std::optional<std::string> clientSource;
};
BOOST_DESCRIBE_STRUCT(ExportJobResponse, (),
                      (id, status, format, compression, rowCount, bytes, durationMs, files, expiresAt, downloadable,
                       error, createdAt, queryId, catalogId, schemaName, tableName, source, userId, userName,
                       apiKeyPrefix, clientSource))

}  // namespace tarn::api

template <>
struct tarn::http::JsonTraits<tarn::api::ExportJobResponse> {
  static constexpr std::string_view kOmitted[] = {"files",      "expiresAt", "queryId", "catalogId",
                                                  "schemaName", "tableName", "userName"};
};
