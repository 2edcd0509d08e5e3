#include "http/json_read.h"

#include <fmt/format.h>

namespace tarn::http {

namespace {

constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxQuoted = 100;

std::string_view NameOfKind(const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::null: return "null";
    case boost::json::kind::bool_: return "true or false";
    case boost::json::kind::int64:
    case boost::json::kind::uint64:
    case boost::json::kind::double_: return "a number";
    case boost::json::kind::string: return "a text";
    case boost::json::kind::array: return "an array";
    case boost::json::kind::object: return "an object";
  }
  return "something else";
}

// Cuts a quoted value at a character, so that messages stay short and valid UTF-8.
std::string Shortened(std::string_view text) {
  if (text.size() <= kMaxQuoted) return std::string(text);
  std::size_t end = kMaxQuoted;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

base::Error Invalid(std::string message, const JsonPath& path) {
  return base::InvalidArgument(std::move(message), path.Text()).error();
}

std::unexpected<base::Error> Malformed(std::string_view text, std::size_t offset, const boost::json::error_code& why) {
  const std::string_view before = text.substr(0, offset);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto last_break = before.rfind('\n');
  const std::string_view in_line = last_break == std::string_view::npos ? before : before.substr(last_break + 1);
  const auto column =
      1 + std::count_if(in_line.begin(), in_line.end(), [](char byte) { return (byte & 0xC0) != 0x80; });
  return base::InvalidArgument(
      fmt::format("Request body is not valid JSON: {} at line {}, column {}", why.message(), line, column));
}

}  // namespace

base::Result<boost::json::value> ParseJson(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return base::InvalidArgument("Request body is missing");
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::json::parser parser({}, options);
  boost::json::error_code error;
  const std::size_t taken = parser.write_some(text, error);
  if (error) return Malformed(text, taken, error);
  if (taken < text.size()) return Malformed(text, taken, make_error_code(boost::json::error::extra_data));
  return parser.release();
}

std::string JsonPath::Text() const {
  if (parent == nullptr) return {};
  std::string text = parent->Text();
  if (name.data() == nullptr) return text + fmt::format("[{}]", index);
  const bool plain = !name.empty() && name.find_first_of(".[]\" ") == std::string_view::npos;
  if (parent->parent == nullptr) return std::string(Shortened(name));
  return plain ? text + (text.empty() ? "" : ".") + Shortened(name) : text + "[\"" + Shortened(name) + "\"]";
}

std::unexpected<base::Error> WrongType(std::string_view expected, const boost::json::value& found,
                                       const JsonPath& path) {
  return std::unexpected(Invalid(fmt::format("Expected {} but found {}", expected, NameOfKind(found)), path));
}

std::unexpected<base::Error> MissingField(const JsonPath& path) {
  return std::unexpected(Invalid("Field is required", path));
}

std::unexpected<base::Error> UnknownValue(std::string_view found, const std::vector<std::string_view>& known,
                                          const JsonPath& path) {
  return std::unexpected(
      Invalid(fmt::format("Value is none of {}: \"{}\"", fmt::join(known, ", "), Shortened(found)), path));
}

std::unexpected<base::Error> OutOfRange(const boost::json::value& found, const JsonPath& path) {
  return std::unexpected(Invalid(fmt::format("Number is out of range: {}", boost::json::serialize(found)), path));
}

std::unexpected<base::Error> AtPath(base::Error error, const JsonPath& path) {
  std::string field = path.Text();
  if (!field.empty() && !error.field.empty() && error.field.front() != '[') field += '.';
  error.field = field + error.field;
  return std::unexpected(std::move(error));
}

base::Result<void> CheckItemCount(const boost::json::value& value, std::size_t most) {
  if (most == 0 || !value.is_array() || value.get_array().size() <= most) return {};
  return base::InvalidArgument(
      fmt::format("Array has too many items: {}, where at most {} are allowed", value.get_array().size(), most));
}

}  // namespace tarn::http
