// Any bytes as a statement: parsing and translating must end in an answer or an error, and what was parsed must be
// the same after it was printed and parsed again.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sql/parser_limits.h"
#include "sql/printer.h"
#include "sql/translate.h"
#include "sql/translate_query.h"

namespace {

// Two tables and a view, whatever the catalog and schema.
class FixedResolver final : public tarn::sql::TableResolver {
 public:
  tarn::base::Result<tarn::sql::ResolvedTable> Resolve(const tarn::sql::QualifiedName& name) override {
    tarn::sql::ResolvedTable table{.name = name, .columns = {}, .engine_sql = "\"t\"", .view_text = std::nullopt};
    table.columns = {{"a", "bigint"},
                     {"b", "varchar(3)"},
                     {"m", "map(varchar,array(integer))"},
                     {"h", "row(x integer, y double)", true}};
    if (name.table == "t" || name.table == "u") return table;
    if (name.table != "v") return tarn::base::NotFound("Table '" + name.table + "' does not exist", "TABLE_NOT_FOUND");
    table.view_text = "SELECT a, b FROM t UNION ALL SELECT * FROM v";
    return table;
  }
};

// The query inside of a statement; null where there is none.
const tarn::sql::Query* QueryOf(const tarn::sql::Statement& statement) {
  if (statement.query) return statement.query.get();
  return std::visit(
      [](const auto& body) -> const tarn::sql::Query* {
        if constexpr (requires { body.query.get(); }) return body.query.get();
        if constexpr (requires { body.statement.get(); }) return body.statement ? QueryOf(*body.statement) : nullptr;
        return nullptr;
      },
      statement.body);
}

void CheckPrint(const tarn::sql::ParsedStatement& statement) {
  const std::string print = ToSql(statement.statement());
  // Parentheses that the print adds may pass the bounds of what is parsed; a printed tree has no other reason to fail.
  const auto again = tarn::sql::Parse(print);
  if (!again && again.error().message.starts_with("statement is too large")) return;
  if (again && ToSql(again->statement()) == print && again->kind() == statement.kind()) return;
  std::fprintf(stderr, "the print parses to something else: %s\n%s\n", print.c_str(),
               again ? ToSql(again->statement()).c_str() : again.error().message.c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto statement = tarn::sql::Parse(text);
  if (!statement) return 0;
  FixedResolver resolver;
  const tarn::sql::SessionContext session{.catalog = "c", .schema = "s", .time_zone = "UTC", .user = "u"};
  const std::vector<std::optional<std::string>> parameters(statement->parameter_count(), "1");
  CheckPrint(*statement);
  const tarn::sql::Query* query = QueryOf(statement->statement());
  if (query == nullptr) return 0;
  const auto translation = tarn::sql::TranslateQuery(*query, session, resolver, {.texts = parameters});
  if (translation) static_cast<void>(tarn::sql::Locate(*translation, translation->engine_sql.size()));
  return 0;
}
