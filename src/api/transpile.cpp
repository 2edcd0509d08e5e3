// Transpile: a query of Trino in the words of another database.
#include "api/areas.h"
#include "api/dto_query.h"
#include "sql/dialect.h"

namespace tarn::api {

void AddTranspile(OperationList& operations) {
  operations.push_back(http::MakeOperation<SQLTranspileQueryRequest, TranspileResult>(
      {.id = "transpileSQL",
       .method = http::Method::kPost,
       .path = "/sql/transpile/{dialect}",
       .area = "Data: SQL",
       .summary = "Transpile SQL",
       .keys = http::KeyKind::kAny},
      [](const http::Context& context, const SQLTranspileQueryRequest& request) -> base::Result<TranspileResult> {
        const auto dialect = sql::FindDialect(context.Path("dialect"));
        if (!dialect)
          return base::InvalidArgument(
              fmt::format("Dialect is not one of trino, postgres, mysql, bigquery, snowflake, "
                          "tsql, duckdb, sqlite and clickhouse: \"{}\"",
                          context.Path("dialect")));
        TARN_ASSIGN_OR_RETURN(const auto parsed, sql::Parse(request.query));
        TARN_ASSIGN_OR_RETURN(std::string text, sql::WriteDialect(parsed, *dialect));
        return TranspileResult{.query = text, .result = text};
      }));
}

}  // namespace tarn::api
