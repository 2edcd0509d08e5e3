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
#include "engine/duck/jenkins_hash.h"
#include "engine/duck/murmur_hash.h"
#include "engine/duck/row_function.h"
#include "engine/duck/spooky_hash.h"
#include "engine/duck/xx_hash.h"

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

template <class T>
Bytes BigEndian(T value) {
  std::string out(sizeof(T), '\0');
  for (std::size_t i = 0; i < sizeof(T); ++i) out[i] = static_cast<char>(value >> (8 * (sizeof(T) - 1 - i)));
  return {std::move(out)};
}

Bytes XxHash(BytesView bytes) { return BigEndian(XxHash64(bytes.value)); }

Bytes Spooky64(BytesView bytes) { return BigEndian(SpookyHash64(bytes.value)); }
Bytes Spooky32(BytesView bytes) { return BigEndian(static_cast<std::uint32_t>(SpookyHash64(bytes.value))); }

// The result's halves are little-endian.
Bytes Murmur3(BytesView input) {
  const auto [high, low] = MurmurHash128(input.value);
  std::string out(16, '\0');
  std::memcpy(out.data(), &high, 8);
  std::memcpy(out.data() + 8, &low, 8);
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

std::int64_t HashText(std::string_view text, std::int64_t seed) { return JenkinsHash(text, seed); }
std::int64_t HashInteger(std::int64_t value, std::int64_t seed) { return JenkinsHash(value, seed); }
std::int64_t HashDouble(double value, std::int64_t seed) { return JenkinsHash(value, seed); }

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
  RegisterRow(loader, "trino_spooky32", Spooky32);
  RegisterRow(loader, "trino_spooky64", Spooky64);
  RegisterRow(loader, "trino_to_base32", ToBase32);
  RegisterRow(loader, "trino_to_base64url", ToBase64Url);
  RegisterAll(loader, "tarn_postgres_hash", RowFunction("tarn_postgres_hash", HashText),
              RowFunction("tarn_postgres_hash", HashInteger), RowFunction("tarn_postgres_hash", HashDouble));
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
