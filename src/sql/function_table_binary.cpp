// Bytes: encodings, checksums, digests.
#include <algorithm>
#include <array>

#include "sql/function_table.h"

namespace tarn::sql {
namespace {

// clang-format off
constexpr auto kFunctions = std::to_array<ScalarFunction>({
    {"crc32", "bigint", "varbinary", "trino_crc32"},
    {"from_base32", "varbinary", "varbinary", "trino_from_base32"},
    {"from_base32", "varbinary", "varchar(x)", "trino_from_base32"},
    {"from_base64", "varbinary", "varbinary", "trino_from_base64"},
    {"from_base64", "varbinary", "varchar(x)", "trino_from_base64"},
    {"from_base64url", "varbinary", "varbinary", "trino_from_base64url"},
    {"from_base64url", "varbinary", "varchar(x)", "trino_from_base64url"},
    {"from_big_endian_32", "integer", "varbinary", "trino_from_big_endian_32"},
    {"from_big_endian_64", "bigint", "varbinary", "trino_from_big_endian_64"},
    {"from_hex", "varbinary", "varbinary", "trino_from_hex"},
    {"from_hex", "varbinary", "varchar(x)", "trino_from_hex"},
    {"from_ieee754_32", "real", "varbinary", "trino_from_ieee754_32"},
    {"from_ieee754_64", "double", "varbinary", "trino_from_ieee754_64"},
    {"hmac_md5", "varbinary", "varbinary, varbinary", "trino_hmac_md5"},
    {"hmac_sha1", "varbinary", "varbinary, varbinary", "trino_hmac_sha1"},
    {"hmac_sha256", "varbinary", "varbinary, varbinary", "trino_hmac_sha256"},
    {"hmac_sha512", "varbinary", "varbinary, varbinary", "trino_hmac_sha512"},
    {"md5", "varbinary", "varbinary", "unhex(md5($1))"},
    {"murmur3", "varbinary", "varbinary", "trino_murmur3"},
    {"sha1", "varbinary", "varbinary", "unhex(sha1($1))"},
    {"sha256", "varbinary", "varbinary", "unhex(sha256($1))"},
    {"sha512", "varbinary", "varbinary", "trino_sha512"},
    {"spooky_hash_v2_32", "varbinary", "varbinary", "trino_spooky32"},
    {"spooky_hash_v2_64", "varbinary", "varbinary", "trino_spooky64"},
    {"to_base32", "varchar", "varbinary", "trino_to_base32"},
    {"to_base64", "varchar", "varbinary", "to_base64"},
    {"to_base64url", "varchar", "varbinary", "trino_to_base64url"},
    {"to_big_endian_32", "varbinary", "integer", "trino_to_big_endian_32"},
    {"to_big_endian_64", "varbinary", "bigint", "trino_to_big_endian_64"},
    {"to_hex", "varchar", "varbinary", "hex"},
    {"to_ieee754_32", "varbinary", "real", "trino_to_ieee754_32"},
    {"to_ieee754_64", "varbinary", "double", "trino_to_ieee754_64"},
    {"xxhash64", "varbinary", "varbinary", "trino_xxhash64"},
});
// clang-format on

static_assert(std::ranges::is_sorted(kFunctions, {}, &ScalarFunction::name));

}  // namespace

std::span<const ScalarFunction> BinaryFunctions() { return kFunctions; }

}  // namespace tarn::sql
