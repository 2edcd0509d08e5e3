// Bodies of the area Internal Tables, with the wire's own names.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "http/json_traits.h"

namespace tarn::api {

enum class InternalColumnType { VARCHAR, BIGINT, BOOLEAN, DECIMAL, TIMESTAMP, TIME, DATE, UUID };
BOOST_DESCRIBE_ENUM(InternalColumnType, VARCHAR, BIGINT, BOOLEAN, DECIMAL, TIMESTAMP, TIME, DATE, UUID)

struct ColumnRequest {
  std::string name;
  InternalColumnType dataType = InternalColumnType::VARCHAR;
  std::optional<std::string> displayName;
  std::optional<std::string> defaultValue;
  std::optional<bool> isNotNull;
  std::optional<bool> isUnique;
  std::optional<std::string> desc;
};
BOOST_DESCRIBE_STRUCT(ColumnRequest, (), (name, dataType, displayName, defaultValue, isNotNull, isUnique, desc))

enum class ImportFileFormat { CSV, JSONL, PARQUET };
BOOST_DESCRIBE_ENUM(ImportFileFormat, CSV, JSONL, PARQUET)
enum class ImportWay { append, upsert, replace };
BOOST_DESCRIBE_ENUM(ImportWay, append, upsert, replace)

// Exactly one of the two says which value of the file is meant.
struct ImportMapping {
  std::string name;  // of the table's column
  std::optional<std::string> csvColumnName;
  std::optional<std::int64_t> csvColumnIndex;  // from 0
};
BOOST_DESCRIBE_STRUCT(ImportMapping, (), (name, csvColumnName, csvColumnIndex))

struct ImportRequestBody {
  std::vector<ImportMapping> mappings;
  std::optional<bool> containsHeader;
  std::optional<ImportFileFormat> format;
  std::optional<ImportWay> mode;
  std::optional<std::string> key;
  std::optional<std::string> delimiter;
  std::optional<std::string> quoteChar;
  std::optional<std::string> nullValue;
};
BOOST_DESCRIBE_STRUCT(ImportRequestBody, (),
                      (mappings, containsHeader, format, mode, key, delimiter, quoteChar, nullValue))

// Times in milliseconds since 1970.
struct ImportJobView {
  std::string id;
  std::string status;
  std::int64_t startTime = 0;
  std::optional<std::int64_t> endTime;
  std::int32_t progress = 0;
  boost::json::object result;
  std::optional<std::string> error;
};
BOOST_DESCRIBE_STRUCT(ImportJobView, (), (id, status, startTime, endTime, progress, result, error))

struct RowsInserted {
  std::int64_t inserted = 0;
  std::vector<std::string> ids;  // in the order of the request
};
BOOST_DESCRIBE_STRUCT(RowsInserted, (), (inserted, ids))

struct RowsUpdated {
  std::int64_t updated = 0;
};
BOOST_DESCRIBE_STRUCT(RowsUpdated, (), (updated))

struct RowsDeleted {
  std::int64_t deleted = 0;
};
BOOST_DESCRIBE_STRUCT(RowsDeleted, (), (deleted))

}  // namespace tarn::api

template <>
struct tarn::http::JsonTraits<tarn::api::ImportJobView> {
  static constexpr bool kOmitUnset = true;
};

template <>
struct tarn::http::JsonTraits<tarn::api::ImportMapping> {
  static base::Result<void> Check(const api::ImportMapping& mapping) {
    if (mapping.csvColumnName.has_value() == mapping.csvColumnIndex.has_value())
      return base::InvalidArgument("Mapping has not exactly one of csvColumnName and csvColumnIndex: \"" +
                                   mapping.name + "\"");
    if (mapping.csvColumnIndex && *mapping.csvColumnIndex < 0)
      return base::InvalidArgument("Index is negative: \"" + std::to_string(*mapping.csvColumnIndex) + "\"",
                                   "csvColumnIndex");
    return {};
  }
};
