#include "sql/fixture_test.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace tarn::sql {

FixedResolver::FixedResolver() {
  AddTable(
      "region",
      {{"r_regionkey", "bigint"}, {"r_name", "varchar(25)"}, {"r_comment", "varchar(152)"}, {"$row", "varchar", true}});
  AddTable(
      "nation",
      {{"n_nationkey", "bigint"}, {"n_name", "varchar(25)"}, {"n_regionkey", "bigint"}, {"n_comment", "varchar(152)"}});
  AddTable("supplier", {{"s_suppkey", "bigint"},
                        {"s_name", "varchar(25)"},
                        {"s_address", "varchar(40)"},
                        {"s_nationkey", "bigint"},
                        {"s_phone", "varchar(15)"},
                        {"s_acctbal", "decimal(12,2)"},
                        {"s_comment", "varchar(101)"}});
  AddTable("customer", {{"c_custkey", "bigint"},
                        {"c_name", "varchar(25)"},
                        {"c_address", "varchar(40)"},
                        {"c_nationkey", "bigint"},
                        {"c_phone", "varchar(15)"},
                        {"c_acctbal", "decimal(12,2)"},
                        {"c_mktsegment", "varchar(10)"},
                        {"c_comment", "varchar(117)"}});
  AddTable("part", {{"p_partkey", "bigint"},
                    {"p_name", "varchar(55)"},
                    {"p_mfgr", "varchar(25)"},
                    {"p_brand", "varchar(10)"},
                    {"p_type", "varchar(25)"},
                    {"p_size", "integer"},
                    {"p_container", "varchar(10)"},
                    {"p_retailprice", "decimal(12,2)"},
                    {"p_comment", "varchar(23)"}});
  AddTable("partsupp", {{"ps_partkey", "bigint"},
                        {"ps_suppkey", "bigint"},
                        {"ps_availqty", "integer"},
                        {"ps_supplycost", "decimal(12,2)"},
                        {"ps_comment", "varchar(199)"}});
  AddTable("orders", {{"o_orderkey", "bigint"},
                      {"o_custkey", "bigint"},
                      {"o_orderstatus", "varchar(1)"},
                      {"o_totalprice", "decimal(12,2)"},
                      {"o_orderdate", "date"},
                      {"o_orderpriority", "varchar(15)"},
                      {"o_clerk", "varchar(15)"},
                      {"o_shippriority", "integer"},
                      {"o_comment", "varchar(79)"}});
  AddTable("lineitem", {{"l_orderkey", "bigint"},
                        {"l_partkey", "bigint"},
                        {"l_suppkey", "bigint"},
                        {"l_linenumber", "integer"},
                        {"l_quantity", "decimal(12,2)"},
                        {"l_extendedprice", "decimal(12,2)"},
                        {"l_discount", "decimal(12,2)"},
                        {"l_tax", "decimal(12,2)"},
                        {"l_returnflag", "varchar(1)"},
                        {"l_linestatus", "varchar(1)"},
                        {"l_shipdate", "date"},
                        {"l_commitdate", "date"},
                        {"l_receiptdate", "date"},
                        {"l_shipinstruct", "varchar(25)"},
                        {"l_shipmode", "varchar(10)"},
                        {"l_comment", "varchar(44)"}});
  AddView("big_nations",
          "SELECT n_name AS name, count(*) AS suppliers FROM nation JOIN supplier ON s_nationkey = n_nationkey GROUP "
          "BY n_name");
  AddView("loop", "SELECT * FROM loop");
  AddView("broken", "SELECT nope FROM nation");
}

void FixedResolver::AddTable(const std::string& name, const std::vector<ResolvedColumn>& columns) {
  tables_[name] = {.name = {"tpch", "sf1", name},
                   .columns = columns,
                   .engine_sql = "\"db\".\"main\".\"" + name + "\"",
                   .view_text = std::nullopt};
}

void FixedResolver::AddView(const std::string& name, const std::string& text) {
  tables_[name] = {.name = {"tpch", "sf1", name}, .columns = {}, .engine_sql = "", .view_text = text};
}

base::Result<ResolvedTable> FixedResolver::Resolve(const QualifiedName& name) {
  if (name.catalog != "tpch") return base::NotFound("Catalog '" + name.catalog + "' not found", "CATALOG_NOT_FOUND");
  if (name.schema != "sf1") return base::NotFound("Schema '" + name.schema + "' does not exist", "SCHEMA_NOT_FOUND");
  const auto table = tables_.find(name.table);
  if (table == tables_.end())
    return base::NotFound("Table '" + name.catalog + "." + name.schema + "." + name.table + "' does not exist",
                          "TABLE_NOT_FOUND");
  return table->second;
}

base::Result<Translation> TranslateText(const std::string& text,
                                        const std::vector<std::optional<std::string>>& parameters) {
  TARN_ASSIGN_OR_RETURN(const ParsedStatement statement, Parse(text));
  FixedResolver resolver;
  const SessionContext session{.catalog = "tpch", .schema = "sf1", .time_zone = "UTC", .user = "ann"};
  return Translate(statement, session, resolver, parameters);
}

std::string ReadText(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> ReadBlocks(const std::filesystem::path& path) {
  std::vector<std::string> blocks;
  const std::string text = ReadText(path);
  static const std::string kSeparator = "\n---\n";
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find(kSeparator, start), text.size());
    blocks.push_back(text.substr(start, end - start));
    start = end + kSeparator.size();
  }
  return blocks;
}

std::filesystem::path SourceFolder() { return TARN_SQL_FOLDER; }

}  // namespace tarn::sql
