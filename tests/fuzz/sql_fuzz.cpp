// Any bytes as a statement: parsing and translating must end in an answer or an error.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "sql/translate.h"

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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto statement = tarn::sql::Parse(text);
  if (!statement) return 0;
  FixedResolver resolver;
  const tarn::sql::SessionContext session{.catalog = "c", .schema = "s", .time_zone = "UTC", .user = "u"};
  const std::vector<std::optional<std::string>> parameters(statement->parameter_count(), "1");
  const auto translation = tarn::sql::Translate(*statement, session, resolver, parameters);
  if (translation) static_cast<void>(tarn::sql::Locate(*translation, translation->engine_sql.size()));
  return 0;
}
