// TPC-H with the column names and types of Trino's `tpch` catalog.
#include <array>

#include "connector/sample/sample_set.h"

namespace tarn::connector::sample {
namespace {

constexpr auto kCustomer = std::to_array<SampleColumn>({
    {"custkey", "c_custkey", "bigint"},
    {"name", "c_name", "varchar(25)"},
    {"address", "c_address", "varchar(40)"},
    {"nationkey", "c_nationkey", "bigint"},
    {"phone", "c_phone", "varchar(15)"},
    {"acctbal", "c_acctbal", "double"},
    {"mktsegment", "c_mktsegment", "varchar(10)"},
    {"comment", "c_comment", "varchar(117)"},
});
constexpr auto kLineitem = std::to_array<SampleColumn>({
    {"orderkey", "l_orderkey", "bigint"},
    {"partkey", "l_partkey", "bigint"},
    {"suppkey", "l_suppkey", "bigint"},
    {"linenumber", "l_linenumber", "integer"},
    {"quantity", "l_quantity", "double"},
    {"extendedprice", "l_extendedprice", "double"},
    {"discount", "l_discount", "double"},
    {"tax", "l_tax", "double"},
    {"returnflag", "l_returnflag", "varchar(1)"},
    {"linestatus", "l_linestatus", "varchar(1)"},
    {"shipdate", "l_shipdate", "date"},
    {"commitdate", "l_commitdate", "date"},
    {"receiptdate", "l_receiptdate", "date"},
    {"shipinstruct", "l_shipinstruct", "varchar(25)"},
    {"shipmode", "l_shipmode", "varchar(10)"},
    {"comment", "l_comment", "varchar(44)"},
});
constexpr auto kNation = std::to_array<SampleColumn>({
    {"nationkey", "n_nationkey", "bigint"},
    {"name", "n_name", "varchar(25)"},
    {"regionkey", "n_regionkey", "bigint"},
    {"comment", "n_comment", "varchar(152)"},
});
constexpr auto kOrders = std::to_array<SampleColumn>({
    {"orderkey", "o_orderkey", "bigint"},
    {"custkey", "o_custkey", "bigint"},
    {"orderstatus", "o_orderstatus", "varchar(1)"},
    {"totalprice", "o_totalprice", "double"},
    {"orderdate", "o_orderdate", "date"},
    {"orderpriority", "o_orderpriority", "varchar(15)"},
    {"clerk", "o_clerk", "varchar(15)"},
    {"shippriority", "o_shippriority", "integer"},
    {"comment", "o_comment", "varchar(79)"},
});
constexpr auto kPart = std::to_array<SampleColumn>({
    {"partkey", "p_partkey", "bigint"},
    {"name", "p_name", "varchar(55)"},
    {"mfgr", "p_mfgr", "varchar(25)"},
    {"brand", "p_brand", "varchar(10)"},
    {"type", "p_type", "varchar(25)"},
    {"size", "p_size", "integer"},
    {"container", "p_container", "varchar(10)"},
    {"retailprice", "p_retailprice", "double"},
    {"comment", "p_comment", "varchar(23)"},
});
constexpr auto kPartsupp = std::to_array<SampleColumn>({
    {"partkey", "ps_partkey", "bigint"},
    {"suppkey", "ps_suppkey", "bigint"},
    {"availqty", "ps_availqty", "integer"},
    {"supplycost", "ps_supplycost", "double"},
    {"comment", "ps_comment", "varchar(199)"},
});
constexpr auto kRegion = std::to_array<SampleColumn>({
    {"regionkey", "r_regionkey", "bigint"},
    {"name", "r_name", "varchar(25)"},
    {"comment", "r_comment", "varchar(152)"},
});
constexpr auto kSupplier = std::to_array<SampleColumn>({
    {"suppkey", "s_suppkey", "bigint"},
    {"name", "s_name", "varchar(25)"},
    {"address", "s_address", "varchar(40)"},
    {"nationkey", "s_nationkey", "bigint"},
    {"phone", "s_phone", "varchar(15)"},
    {"acctbal", "s_acctbal", "double"},
    {"comment", "s_comment", "varchar(101)"},
});

constexpr auto kTables = std::to_array<SampleTable>({
    {"customer", 150000, false, kCustomer},
    {"lineitem", 6001215, false, kLineitem},
    {"nation", 25, true, kNation},
    {"orders", 1500000, false, kOrders},
    {"part", 200000, false, kPart},
    {"partsupp", 800000, false, kPartsupp},
    {"region", 5, true, kRegion},
    {"supplier", 10000, false, kSupplier},
});

constexpr auto kSchemas = std::to_array<std::string_view>(
    {"sf1", "sf100", "sf1000", "sf10000", "sf100000", "sf300", "sf3000", "sf30000", "tiny"});

constexpr SampleSet kTpch = {
    .name = "tpch", .generator = "dbgen", .not_null = true, .schemas = kSchemas, .tables = kTables};

}  // namespace

const SampleSet& TpchSet() { return kTpch; }

}  // namespace tarn::connector::sample
