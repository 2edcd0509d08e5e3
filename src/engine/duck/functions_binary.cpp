// Bytes: encodings, checksums and digests.
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <bit>
#include <boost/crc.hpp>
#include <cmath>
#include <cstring>
#include <limits>

#include "engine/duck/functions.h"
#include "engine/duck/row_function.h"

namespace tarn::engine {
namespace {

[[noreturn]] void Refuse(const std::string& message) { Fail("INVALID_FUNCTION_ARGUMENT", message); }

// Digests.

std::int64_t Crc32(BytesView bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.value.data(), bytes.value.size());
  return crc.checksum();
}

Bytes Digest(const EVP_MD* how, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out;
  unsigned length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), out.data(), &length, how, nullptr) != 1)
    Fail("GENERIC_INTERNAL_ERROR", "A digest could not be made");
  return {std::string(reinterpret_cast<const char*>(out.data()), length)};
}
Bytes Sha512(BytesView bytes) { return Digest(EVP_sha512(), bytes.value); }

template <const EVP_MD* (*how)()>
Bytes Hmac(BytesView bytes, BytesView key) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out;
  unsigned length = 0;
  const auto* const data = reinterpret_cast<const unsigned char*>(bytes.value.data());
  if (key.value.empty()) Refuse("Empty key");
  if (HMAC(how(), key.value.data(), static_cast<int>(key.value.size()), data, bytes.value.size(), out.data(),
           &length) == nullptr) {
    Fail("GENERIC_INTERNAL_ERROR", "A digest could not be made");
  }
  return {std::string(reinterpret_cast<const char*>(out.data()), length)};
}

std::uint64_t Little64(const char* at) {
  std::uint64_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}
std::uint32_t Little32(const char* at) {
  std::uint32_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

template <class T>
Bytes BigEndian(T value) {
  std::string out(sizeof(T), '\0');
  for (std::size_t i = 0; i < sizeof(T); ++i) out[i] = static_cast<char>(value >> (8 * (sizeof(T) - 1 - i)));
  return {std::move(out)};
}

// xxHash64 with the seed 0, after its specification.
constexpr std::uint64_t kPrime1 = 0x9E3779B185EBCA87, kPrime2 = 0xC2B2AE3D27D4EB4F, kPrime3 = 0x165667B19E3779F9,
                        kPrime4 = 0x85EBCA77C2B2AE63, kPrime5 = 0x27D4EB2F165667C5;
std::uint64_t XxRound(std::uint64_t lane, std::uint64_t input) {
  return std::rotl(lane + input * kPrime2, 31) * kPrime1;
}
std::uint64_t XxHash64(std::string_view bytes) {
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t hash = kPrime5;
  if (left >= 32) {
    std::array<std::uint64_t, 4> lanes = {kPrime1 + kPrime2, kPrime2, 0, 0 - kPrime1};
    for (; left >= 32; left -= 32) {
      for (auto& lane : lanes) {
        lane = XxRound(lane, Little64(at));
        at += 8;
      }
    }
    hash = std::rotl(lanes[0], 1) + std::rotl(lanes[1], 7) + std::rotl(lanes[2], 12) + std::rotl(lanes[3], 18);
    for (const auto lane : lanes) hash = (hash ^ XxRound(0, lane)) * kPrime1 + kPrime4;
  }
  hash += bytes.size();
  for (; left >= 8; left -= 8, at += 8) hash = std::rotl(hash ^ XxRound(0, Little64(at)), 27) * kPrime1 + kPrime4;
  if (left >= 4) {
    hash = std::rotl(hash ^ (Little32(at) * kPrime1), 23) * kPrime2 + kPrime3;
    at += 4;
    left -= 4;
  }
  for (; left > 0; --left, ++at) hash = std::rotl(hash ^ (static_cast<unsigned char>(*at) * kPrime5), 11) * kPrime1;
  hash = (hash ^ (hash >> 33)) * kPrime2;
  hash = (hash ^ (hash >> 29)) * kPrime3;
  return hash ^ (hash >> 32);
}
Bytes XxHash(BytesView bytes) { return BigEndian(XxHash64(bytes.value)); }

// What a value adds to Trino's checksum, modulo 2^64; a NULL adds the prime alone.
std::int64_t ChecksumOf(std::string_view bytes) { return static_cast<std::int64_t>(XxHash64(bytes) * kPrime1); }
std::int64_t ChecksumOfInteger(std::int64_t value) {
  return ChecksumOf({reinterpret_cast<const char*>(&value), sizeof value});
}
std::int64_t ChecksumOfDouble(double value) {
  if (value == 0) return ChecksumOfInteger(0);
  if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
  return ChecksumOfInteger(std::bit_cast<std::int64_t>(value));
}
std::int64_t ChecksumOfBytes(BytesView bytes) { return ChecksumOf(bytes.value); }

void ChecksumBytes(duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
  duckdb::UnaryExecutor::Execute<duckdb::hugeint_t, duckdb::string_t>(
      in.data[0], out, in.size(), [&](duckdb::hugeint_t sum) {
        return duckdb::StringVector::AddStringOrBlob(out, reinterpret_cast<const char*>(&sum.lower), sizeof sum.lower);
      });
}

// A row function that sees NULL, too.
template <class Argument>
duckdb::ScalarFunction ChecksumTerm(std::int64_t (*term)(Argument)) {
  duckdb::ScalarFunction function("trino_checksum_term", {RowType<Argument>::Type()}, duckdb::LogicalType::BIGINT,
                                  [term](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
                                    duckdb::UnifiedVectorFormat format;
                                    in.data[0].ToUnifiedFormat(in.size(), format);
                                    out.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
                                    auto* const data = duckdb::FlatVector::GetData<std::int64_t>(out);
                                    for (duckdb::idx_t row = 0; row < in.size(); ++row) {
                                      const auto at = format.sel->get_index(row);
                                      data[row] = format.validity.RowIsValid(at)
                                                      ? term(row_function::Argument<Argument>(format, at))
                                                      : static_cast<std::int64_t>(kPrime1);
                                    }
                                    if (in.AllConstant()) out.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
                                  });
  function.SetNullHandling(duckdb::FunctionNullHandling::SPECIAL_HANDLING);
  return function;
}

// MurmurHash3, 128 bits for 64-bit machines, seed 0. The result's halves are little-endian.
std::uint64_t MurmurMix(std::uint64_t k) {
  k = (k ^ (k >> 33)) * 0xFF51AFD7ED558CCD;
  k = (k ^ (k >> 33)) * 0xC4CEB9FE1A85EC53;
  return k ^ (k >> 33);
}
Bytes Murmur3(BytesView input) {
  constexpr std::uint64_t kC1 = 0x87C37B91114253D5, kC2 = 0x4CF5AD432745937F;
  const std::string_view bytes = input.value;
  std::uint64_t h1 = 0, h2 = 0;
  const auto mix1 = [&](std::uint64_t k) { return std::rotl(k * kC1, 31) * kC2; };
  const auto mix2 = [&](std::uint64_t k) { return std::rotl(k * kC2, 33) * kC1; };
  std::size_t at = 0;
  for (; at + 16 <= bytes.size(); at += 16) {
    h1 = (std::rotl(h1 ^ mix1(Little64(bytes.data() + at)), 27) + h2) * 5 + 0x52DCE729;
    h2 = (std::rotl(h2 ^ mix2(Little64(bytes.data() + at + 8)), 31) + h1) * 5 + 0x38495AB5;
  }
  std::array<char, 16> tail{};
  std::memcpy(tail.data(), bytes.data() + at, bytes.size() - at);
  if (bytes.size() - at > 8) h2 ^= mix2(Little64(tail.data() + 8));
  if (bytes.size() - at > 0) h1 ^= mix1(Little64(tail.data()));
  h1 ^= bytes.size();
  h2 ^= bytes.size();
  h1 += h2;
  h2 += h1;
  h1 = MurmurMix(h1);
  h2 = MurmurMix(h2);
  h1 += h2;
  h2 += h1;
  std::string out(16, '\0');
  std::memcpy(out.data(), &h1, 8);
  std::memcpy(out.data() + 8, &h2, 8);
  return {std::move(out)};
}

// Encodings of `bits` bits a character.
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string Encode(std::string_view bytes, std::string_view alphabet, int bits, std::size_t group) {
  std::string out;
  unsigned held = 0;
  int count = 0;
  for (const char c : bytes) {
    held = (held << 8 | static_cast<unsigned char>(c)) & 0xFFFFF;
    for (count += 8; count >= bits; count -= bits) out += alphabet[(held >> (count - bits)) & ((1U << bits) - 1)];
  }
  if (count > 0) out += alphabet[(held << (bits - count)) & ((1U << bits) - 1)];
  while (out.size() % group != 0) out += '=';
  return out;
}

Bytes Decode(std::string_view text, std::string_view alphabet, int bits, std::size_t group) {
  const auto whole = text;
  std::size_t padding = 0;
  while (text.ends_with('=') && padding < group) {
    text.remove_suffix(1);
    ++padding;
  }
  const auto refuse = [&] {
    Refuse("Text is not in base " + std::to_string(1 << bits) + ": \"" + std::string(whole.substr(0, 100)) + "\"");
  };
  if (padding > 0 && whole.size() % group != 0) refuse();
  const std::size_t last = text.size() % group;
  if (bits == 6 ? last == 1 : last == 1 || last == 3 || last == 6) refuse();
  std::string out;
  unsigned held = 0;
  int count = 0;
  for (const char c : text) {
    const auto digit = alphabet.find(c);
    if (digit == std::string_view::npos) refuse();
    held = (held << bits | static_cast<unsigned>(digit)) & 0xFFFFF;
    count += bits;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(held >> count);
    }
  }
  return {std::move(out)};
}

std::string ToBase32(BytesView bytes) { return Encode(bytes.value, kBase32, 5, 8); }
std::string ToBase64Url(BytesView bytes) { return Encode(bytes.value, kBase64Url, 6, 4); }
Bytes FromBase32(std::string_view text) { return Decode(text, kBase32, 5, 8); }
Bytes FromBase64(std::string_view text) { return Decode(text, kBase64, 6, 4); }
Bytes FromBase64Url(std::string_view text) { return Decode(text, kBase64Url, 6, 4); }

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}
Bytes FromHex(std::string_view text) {
  if (text.size() % 2 != 0) Refuse("invalid input length " + std::to_string(text.size()));
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = HexDigit(text[i]);
    const int low = HexDigit(text[i + 1]);
    if (high < 0 || low < 0) Refuse("invalid hexadecimal character in \"" + std::string(text.substr(0, 100)) + "\"");
    out += static_cast<char>(high << 4 | low);
  }
  return {std::move(out)};
}

template <Bytes (*decode)(std::string_view)>
Bytes OfBytes(BytesView bytes) {
  return decode(bytes.value);
}

template <class Word>
Word FromBigEndian(std::string_view bytes) {
  if (bytes.size() != sizeof(Word))
    Refuse("expected " + std::to_string(sizeof(Word)) +
           "-byte input, but got instead: " + std::to_string(bytes.size()));
  Word value = 0;
  for (const char c : bytes) value = static_cast<Word>(value << 8 | static_cast<unsigned char>(c));
  return value;
}

Bytes ToBigEndian32(std::int32_t value) { return BigEndian(static_cast<std::uint32_t>(value)); }
Bytes ToBigEndian64(std::int64_t value) { return BigEndian(static_cast<std::uint64_t>(value)); }
Bytes ToIeee32(float value) { return BigEndian(std::bit_cast<std::uint32_t>(value)); }
Bytes ToIeee64(double value) { return BigEndian(std::bit_cast<std::uint64_t>(value)); }
std::int32_t FromBigEndian32(BytesView bytes) {
  return static_cast<std::int32_t>(FromBigEndian<std::uint32_t>(bytes.value));
}
std::int64_t FromBigEndian64(BytesView bytes) {
  return static_cast<std::int64_t>(FromBigEndian<std::uint64_t>(bytes.value));
}
float FromIeee32(BytesView bytes) { return std::bit_cast<float>(FromBigEndian<std::uint32_t>(bytes.value)); }
double FromIeee64(BytesView bytes) { return std::bit_cast<double>(FromBigEndian<std::uint64_t>(bytes.value)); }

template <Bytes (*decode)(std::string_view)>
void RegisterDecoder(duckdb::ExtensionLoader& loader, const char* name) {
  RegisterAll(loader, name, RowFunction(name, decode), RowFunction(name, OfBytes<decode>));
}

}  // namespace

void RegisterBinary(duckdb::ExtensionLoader& loader) {
  RegisterRow(loader, "trino_crc32", Crc32);
  RegisterRow(loader, "trino_sha512", Sha512);
  RegisterRow(loader, "trino_hmac_md5", Hmac<EVP_md5>);
  RegisterRow(loader, "trino_hmac_sha1", Hmac<EVP_sha1>);
  RegisterRow(loader, "trino_hmac_sha256", Hmac<EVP_sha256>);
  RegisterRow(loader, "trino_hmac_sha512", Hmac<EVP_sha512>);
  RegisterRow(loader, "trino_xxhash64", XxHash);
  RegisterRow(loader, "trino_murmur3", Murmur3);
  RegisterAll(loader, "trino_checksum_term", ChecksumTerm(ChecksumOfInteger), ChecksumTerm(ChecksumOfDouble),
              ChecksumTerm(ChecksumOf), ChecksumTerm(ChecksumOfBytes));
  loader.RegisterFunction(duckdb::ScalarFunction("trino_checksum_bytes", {duckdb::LogicalType::HUGEINT},
                                                 duckdb::LogicalType::BLOB, ChecksumBytes));
  RegisterRow(loader, "trino_to_base32", ToBase32);
  RegisterRow(loader, "trino_to_base64url", ToBase64Url);
  RegisterDecoder<FromBase32>(loader, "trino_from_base32");
  RegisterDecoder<FromBase64>(loader, "trino_from_base64");
  RegisterDecoder<FromBase64Url>(loader, "trino_from_base64url");
  RegisterDecoder<FromHex>(loader, "trino_from_hex");
  RegisterRow(loader, "trino_to_big_endian_32", ToBigEndian32);
  RegisterRow(loader, "trino_to_big_endian_64", ToBigEndian64);
  RegisterRow(loader, "trino_from_big_endian_32", FromBigEndian32);
  RegisterRow(loader, "trino_from_big_endian_64", FromBigEndian64);
  RegisterRow(loader, "trino_to_ieee754_32", ToIeee32);
  RegisterRow(loader, "trino_to_ieee754_64", ToIeee64);
  RegisterRow(loader, "trino_from_ieee754_32", FromIeee32);
  RegisterRow(loader, "trino_from_ieee754_64", FromIeee64);
}

}  // namespace tarn::engine
