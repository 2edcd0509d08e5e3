// ipaddress: casts, and the addresses of a network.
#include <string>

#include "engine/duck/expansion.h"
#include "engine/duck/functions.h"
#include "engine/duck/tagged_types.h"
#include "sql/ip_address.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;

std::string Bytes(const sql::IpAddress& address) { return {address.begin(), address.end()}; }

sql::IpAddress AddressOf(duckdb::string_t bytes) { return *sql::IpAddressOfBytes({bytes.GetData(), bytes.GetSize()}); }

// Bytes of an address from texts or bytes: f(std::string_view) -> std::optional<sql::IpAddress>.
template <class F>
duckdb::ScalarFunction Reader(std::string name, const LogicalType& from, F f) {
  duckdb::ScalarFunction function(
      std::move(name), {from}, LogicalType::BLOB,
      [f](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
        duckdb::UnaryExecutor::Execute<duckdb::string_t, duckdb::string_t>(
            in.data[0], out, in.size(), [f, &out](duckdb::string_t value) {
              return duckdb::StringVector::AddStringOrBlob(out, Bytes(f({value.GetData(), value.GetSize()})));
            });
      });
  function.SetFallible();
  return function;
}

Expr ToIpAddress(Expansion& e) {
  const auto from = e.Type(0);
  if (TagOf(from) == Tag::kIpAddress) return e.Take(0);
  if (from.id() == LogicalTypeId::SQLNULL) return e.Cast(e.Take(0), TaggedType(Tag::kIpAddress));
  if (from.id() == LogicalTypeId::BLOB) {
    auto read = Reader("trino_ipaddress_of_bytes", from, [](std::string_view bytes) {
      const auto address = sql::IpAddressOfBytes(bytes);
      if (!address) Fail("INVALID_CAST_ARGUMENT", "Invalid InetAddress binary length: " + std::to_string(bytes.size()));
      return *address;
    });
    return Pack(e, Tag::kIpAddress, e.Run(std::move(read), e.Take(0)));
  }
  if (from.id() != LogicalTypeId::VARCHAR) Fail("TYPE_MISMATCH", "Cannot cast to ipaddress");
  auto read = Reader("trino_ipaddress_of_text", from, [](std::string_view text) {
    const auto address = sql::ReadIpAddress(text);
    if (!address) Fail("INVALID_CAST_ARGUMENT", "Cannot cast value to IPADDRESS: " + std::string(text));
    return *address;
  });
  return Pack(e, Tag::kIpAddress, e.Run(std::move(read), e.Take(0)));
}

Expr Contains(Expansion& e) {
  auto contains = Binary<duckdb::string_t, duckdb::string_t, bool>(
      "trino_network_contains", LogicalType::VARCHAR, LogicalType::BLOB, LogicalType::BOOLEAN,
      [](duckdb::string_t network, duckdb::string_t address) {
        const std::string_view text(network.GetData(), network.GetSize());
        const auto read = sql::IpNetwork::Read(text);
        if (!read) Fail("INVALID_FUNCTION_ARGUMENT", "Invalid CIDR: " + std::string(text));
        return read->Contains(AddressOf(address));
      });
  auto network = e.Cast(e.Take(0), LogicalType::VARCHAR);
  auto address = e.Cast(e.Take(1), TaggedType(Tag::kIpAddress));
  return e.Run(std::move(contains), std::move(network), Unpack(e, std::move(address)));
}

}  // namespace

void RegisterIpAddresses(duckdb::ExtensionLoader& loader) {
  RegisterExpander(loader, "trino_cast_ipaddress", {1}, Expanding<ToIpAddress>);
  RegisterExpander(loader, "trino_network_contains", {2}, Expanding<Contains>);
}

}  // namespace tarn::engine
