// Fuzzes the JSON request reader: any bytes give a value or an error that names itself, and what was read is written as
// JSON that reads back the same.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "http/json_read.h"
#include "http/json_write.h"

namespace tarn::http {

enum class FuzzKind { BASIC, NONE };
BOOST_DESCRIBE_ENUM(FuzzKind, BASIC, NONE)

struct FuzzInner {
  std::optional<FuzzKind> type;
  std::string expression;
};
BOOST_DESCRIBE_STRUCT(FuzzInner, (), (type, expression))

struct FuzzItem {
  std::string name;
  std::optional<FuzzInner> schedule;
  std::optional<std::int32_t> limit;
  std::optional<std::uint16_t> port;
  std::optional<double> ratio;
  std::optional<std::vector<std::optional<std::string>>> bindings;
  std::optional<std::map<std::string, bool>> flags;
  std::optional<boost::json::value> anything;
  Nullable<std::int64_t> note;
};
BOOST_DESCRIBE_STRUCT(FuzzItem, (), (name, schedule, limit, port, ratio, bindings, flags, anything, note))

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

void CheckError(const base::Error& error) {
  Require(error.kind == base::ErrorKind::kInvalidArgument && !error.message.empty());
}

// Whether a number with a fraction or exponent is inside: the parser reads those to within a unit in the last place,
// so that they may be written back with another last digit.
bool HasInexactNumber(const boost::json::value& value) {
  if (value.is_double()) return true;
  if (const auto* array = value.if_array()) return std::ranges::any_of(*array, HasInexactNumber);
  if (const auto* object = value.if_object()) {
    return std::ranges::any_of(*object, [](const auto& member) { return HasInexactNumber(member.value()); });
  }
  return false;
}

template <class T>
void CheckReading(const boost::json::value& value) {
  const auto read = ReadJson<T>(value);
  if (!read) return CheckError(read.error());
  std::string first;
  WriteJson(*read, first);
  const auto parsed = ParseJson(first);
  Require(parsed.has_value());
  const auto again = ReadJson<T>(*parsed);
  Require(again.has_value());
  std::string second;
  WriteJson(*again, second);
  Require(first == second || HasInexactNumber(value));
}

}  // namespace
}  // namespace tarn::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed = tarn::http::ParseJson(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!parsed) {
    tarn::http::CheckError(parsed.error());
    return 0;
  }
  tarn::http::CheckReading<tarn::http::FuzzItem>(*parsed);
  tarn::http::CheckReading<std::vector<tarn::http::FuzzItem>>(*parsed);
  tarn::http::CheckReading<boost::json::value>(*parsed);
  return 0;
}
