#include "trino/error_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

namespace tarn::trino {
namespace {

constexpr std::string_view kUser = "USER_ERROR";
constexpr std::string_view kInternal = "INTERNAL_ERROR";
constexpr std::string_view kResources = "INSUFFICIENT_RESOURCES";
constexpr std::string_view kExternal = "EXTERNAL";

// User errors count from 0, the others from the base of their type; Trino's names in Trino's order.
constexpr std::array<std::string_view, 129> kUserErrors = {"GENERIC_USER_ERROR",
                                                           "SYNTAX_ERROR",
                                                           "ABANDONED_QUERY",
                                                           "USER_CANCELED",
                                                           "PERMISSION_DENIED",
                                                           "NOT_FOUND",
                                                           "FUNCTION_NOT_FOUND",
                                                           "INVALID_FUNCTION_ARGUMENT",
                                                           "DIVISION_BY_ZERO",
                                                           "INVALID_CAST_ARGUMENT",
                                                           "OPERATOR_NOT_FOUND",
                                                           "INVALID_VIEW",
                                                           "ALREADY_EXISTS",
                                                           "NOT_SUPPORTED",
                                                           "INVALID_SESSION_PROPERTY",
                                                           "INVALID_WINDOW_FRAME",
                                                           "CONSTRAINT_VIOLATION",
                                                           "TRANSACTION_CONFLICT",
                                                           "INVALID_TABLE_PROPERTY",
                                                           "NUMERIC_VALUE_OUT_OF_RANGE",
                                                           "UNKNOWN_TRANSACTION",
                                                           "NOT_IN_TRANSACTION",
                                                           "TRANSACTION_ALREADY_ABORTED",
                                                           "READ_ONLY_VIOLATION",
                                                           "MULTI_CATALOG_WRITE_CONFLICT",
                                                           "AUTOCOMMIT_WRITE_CONFLICT",
                                                           "UNSUPPORTED_ISOLATION_LEVEL",
                                                           "INCOMPATIBLE_CLIENT",
                                                           "SUBQUERY_MULTIPLE_ROWS",
                                                           "PROCEDURE_NOT_FOUND",
                                                           "INVALID_PROCEDURE_ARGUMENT",
                                                           "QUERY_REJECTED",
                                                           "AMBIGUOUS_FUNCTION_CALL",
                                                           "INVALID_SCHEMA_PROPERTY",
                                                           "SCHEMA_NOT_EMPTY",
                                                           "QUERY_TEXT_TOO_LARGE",
                                                           "UNSUPPORTED_SUBQUERY",
                                                           "EXCEEDED_FUNCTION_MEMORY_LIMIT",
                                                           "ADMINISTRATIVELY_KILLED",
                                                           "INVALID_COLUMN_PROPERTY",
                                                           "QUERY_HAS_TOO_MANY_STAGES",
                                                           "INVALID_SPATIAL_PARTITIONING",
                                                           "INVALID_ANALYZE_PROPERTY",
                                                           "TYPE_NOT_FOUND",
                                                           "CATALOG_NOT_FOUND",
                                                           "SCHEMA_NOT_FOUND",
                                                           "TABLE_NOT_FOUND",
                                                           "COLUMN_NOT_FOUND",
                                                           "ROLE_NOT_FOUND",
                                                           "SCHEMA_ALREADY_EXISTS",
                                                           "TABLE_ALREADY_EXISTS",
                                                           "COLUMN_ALREADY_EXISTS",
                                                           "ROLE_ALREADY_EXISTS",
                                                           "DUPLICATE_NAMED_QUERY",
                                                           "DUPLICATE_COLUMN_NAME",
                                                           "MISSING_COLUMN_NAME",
                                                           "MISSING_CATALOG_NAME",
                                                           "MISSING_SCHEMA_NAME",
                                                           "TYPE_MISMATCH",
                                                           "INVALID_LITERAL",
                                                           "COLUMN_TYPE_UNKNOWN",
                                                           "MISMATCHED_COLUMN_ALIASES",
                                                           "AMBIGUOUS_NAME",
                                                           "INVALID_COLUMN_REFERENCE",
                                                           "MISSING_GROUP_BY",
                                                           "MISSING_ORDER_BY",
                                                           "MISSING_OVER",
                                                           "NESTED_AGGREGATION",
                                                           "NESTED_WINDOW",
                                                           "EXPRESSION_NOT_IN_DISTINCT",
                                                           "TOO_MANY_GROUPING_SETS",
                                                           "FUNCTION_NOT_WINDOW",
                                                           "FUNCTION_NOT_AGGREGATE",
                                                           "EXPRESSION_NOT_AGGREGATE",
                                                           "EXPRESSION_NOT_SCALAR",
                                                           "EXPRESSION_NOT_CONSTANT",
                                                           "INVALID_ARGUMENTS",
                                                           "TOO_MANY_ARGUMENTS",
                                                           "INVALID_PRIVILEGE",
                                                           "DUPLICATE_PROPERTY",
                                                           "INVALID_PARAMETER_USAGE",
                                                           "VIEW_IS_STALE",
                                                           "VIEW_IS_RECURSIVE",
                                                           "NULL_TREATMENT_NOT_ALLOWED",
                                                           "INVALID_ROW_FILTER",
                                                           "INVALID_COLUMN_MASK",
                                                           "MISSING_TABLE",
                                                           "INVALID_RECURSIVE_REFERENCE",
                                                           "MISSING_COLUMN_ALIASES",
                                                           "NESTED_RECURSIVE",
                                                           "INVALID_LIMIT_CLAUSE",
                                                           "INVALID_ORDER_BY",
                                                           "DUPLICATE_WINDOW_NAME",
                                                           "INVALID_WINDOW_REFERENCE",
                                                           "INVALID_PARTITION_BY",
                                                           "INVALID_MATERIALIZED_VIEW_PROPERTY",
                                                           "INVALID_LABEL",
                                                           "INVALID_PROCESSING_MODE",
                                                           "INVALID_NAVIGATION_NESTING",
                                                           "INVALID_ROW_PATTERN",
                                                           "NESTED_ROW_PATTERN_RECOGNITION",
                                                           "TABLE_HAS_NO_COLUMNS",
                                                           "INVALID_RANGE",
                                                           "INVALID_PATTERN_RECOGNITION_FUNCTION",
                                                           "TABLE_REDIRECTION_ERROR",
                                                           "MISSING_VARIABLE_DEFINITIONS",
                                                           "MISSING_ROW_PATTERN",
                                                           "INVALID_WINDOW_MEASURE",
                                                           "STACK_OVERFLOW",
                                                           "MISSING_RETURN_TYPE",
                                                           "AMBIGUOUS_RETURN_TYPE",
                                                           "MISSING_ARGUMENT",
                                                           "DUPLICATE_PARAMETER_NAME",
                                                           "INVALID_PATH",
                                                           "JSON_INPUT_CONVERSION_ERROR",
                                                           "JSON_OUTPUT_CONVERSION_ERROR",
                                                           "PATH_EVALUATION_ERROR",
                                                           "INVALID_JSON_LITERAL",
                                                           "JSON_VALUE_RESULT_ERROR",
                                                           "MERGE_TARGET_ROW_MULTIPLE_MATCHES",
                                                           "INVALID_COPARTITIONING",
                                                           "INVALID_TABLE_FUNCTION_INVOCATION",
                                                           "DUPLICATE_RANGE_VARIABLE",
                                                           "INVALID_CHECK_CONSTRAINT",
                                                           "INVALID_CATALOG_PROPERTY",
                                                           "CATALOG_UNAVAILABLE",
                                                           "MISSING_RETURN",
                                                           "DUPLICATE_COLUMN_OR_PATH_NAME",
                                                           "MISSING_PATH_NAME"};

constexpr std::array kOtherErrors = {
    ErrorName{"GENERIC_INTERNAL_ERROR", 65536, kInternal},
    ErrorName{"NO_NODES_AVAILABLE", 65541, kInternal},
    ErrorName{"SERVER_SHUTTING_DOWN", 65545, kInternal},
    ErrorName{"FUNCTION_IMPLEMENTATION_MISSING", 65546, kInternal},
    ErrorName{"SERVER_STARTING_UP", 65548, kInternal},
    ErrorName{"GENERIC_INSUFFICIENT_RESOURCES", 131072, kResources},
    ErrorName{"EXCEEDED_GLOBAL_MEMORY_LIMIT", 131073, kResources},
    ErrorName{"QUERY_QUEUE_FULL", 131074, kResources},
    ErrorName{"EXCEEDED_TIME_LIMIT", 131075, kResources},
    ErrorName{"CLUSTER_OUT_OF_MEMORY", 131076, kResources},
    ErrorName{"EXCEEDED_CPU_LIMIT", 131077, kResources},
    ErrorName{"EXCEEDED_SPILL_LIMIT", 131078, kResources},
    ErrorName{"EXCEEDED_LOCAL_MEMORY_LIMIT", 131079, kResources},
    ErrorName{"EXCEEDED_SCAN_LIMIT", 131081, kResources},
    ErrorName{"EXCEEDED_WRITE_LIMIT", 131083, kResources},
    ErrorName{"JDBC_ERROR", 0x0400'0000, kExternal},  // what Trino's connectors to databases answer for theirs
    // Names of our own for things that Trino names otherwise.
    ErrorName{"INSUFFICIENT_RESOURCES", 131072, kResources},
};

// Met while rows are computed; the analysis of a text never gives them.
constexpr std::array<std::string_view, 8> kWithoutPlace = {"DIVISION_BY_ZERO",
                                                           "INVALID_CAST_ARGUMENT",
                                                           "SUBQUERY_MULTIPLE_ROWS",
                                                           "JSON_INPUT_CONVERSION_ERROR",
                                                           "JSON_OUTPUT_CONVERSION_ERROR",
                                                           "JSON_VALUE_RESULT_ERROR",
                                                           "PATH_EVALUATION_ERROR",
                                                           "TYPE_NOT_FOUND"};

ErrorName User(std::string_view name) {
  const auto* const found = std::ranges::find(kUserErrors, name);
  return {.name = *found, .code = static_cast<std::int32_t>(found - kUserErrors.begin()), .type = kUser};
}

ErrorName Other(std::string_view name) { return *std::ranges::find(kOtherErrors, name, &ErrorName::name); }

ErrorName NameOfKind(const base::Error& error) {
  switch (error.kind) {
    case base::ErrorKind::kInvalidArgument:
    case base::ErrorKind::kFailedPrecondition: return User("GENERIC_USER_ERROR");
    case base::ErrorKind::kNotFound: return User("NOT_FOUND");
    case base::ErrorKind::kAlreadyExists: return User("ALREADY_EXISTS");
    case base::ErrorKind::kUnauthenticated:
    case base::ErrorKind::kPermissionDenied: return User("PERMISSION_DENIED");
    case base::ErrorKind::kCancelled: return User("USER_CANCELED");
    case base::ErrorKind::kNotSupported: return User("NOT_SUPPORTED");
    case base::ErrorKind::kResourceExhausted: return Other("GENERIC_INSUFFICIENT_RESOURCES");
    case base::ErrorKind::kDeadlineExceeded: return Other("EXCEEDED_TIME_LIMIT");
    case base::ErrorKind::kUnavailable:
      return Other(error.fault == base::Fault::kSource ? "JDBC_ERROR" : "SERVER_STARTING_UP");
    case base::ErrorKind::kInternal: return Other("GENERIC_INTERNAL_ERROR");
  }
  return Other("GENERIC_INTERNAL_ERROR");
}

}  // namespace

ErrorName NameOf(const base::Error& error) {
  if (std::ranges::find(kUserErrors, error.code) != kUserErrors.end()) return User(error.code);
  if (const auto* const found = std::ranges::find(kOtherErrors, error.code, &ErrorName::name);
      found != kOtherErrors.end()) {
    if (error.code == "INSUFFICIENT_RESOURCES") return Other("GENERIC_INSUFFICIENT_RESOURCES");
    return *found;
  }
  return NameOfKind(error);
}

bool HasPlace(const base::Error& error) {
  return error.position.has_value() && std::ranges::find(kWithoutPlace, NameOf(error).name) == kWithoutPlace.end();
}

std::string ShownMessage(const base::Error& error) {
  if (error.kind == base::ErrorKind::kInternal)
    return "Something went wrong inside Tarn; its log tells more under the query id";
  if (!HasPlace(error) || error.message.starts_with("line ")) return error.message;
  return fmt::format("line {}:{}: {}", error.position->line, error.position->column, error.message);
}

}  // namespace tarn::trino
