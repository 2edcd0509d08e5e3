#include "http/json_write.h"

#include <algorithm>
#include <charconv>

#include "base/utf8.h"

namespace tarn::http {

namespace {

void AppendEscaped(char character, std::string& out) {
  switch (character) {
    case '"': out.append("\\\""); return;
    case '\\': out.append("\\\\"); return;
    case '\n': out.append("\\n"); return;
    case '\r': out.append("\\r"); return;
    case '\t': out.append("\\t"); return;
    default: break;
  }
  constexpr char kHex[] = "0123456789abcdef";
  out.append("\\u00");
  out.push_back(kHex[static_cast<unsigned char>(character) >> 4]);
  out.push_back(kHex[character & 0x0F]);
}

}  // namespace

void AppendJsonText(std::string_view text, std::string& out) {
  out.push_back('"');
  std::size_t start = 0;  // of the run that can be copied as it is
  std::size_t i = 0;
  while (i < text.size()) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\') {
      ++i;
      continue;
    }
    if (byte >= 0x80) {
      if (const std::size_t length = base::Utf8SequenceLength(text.substr(i)); length != 0) {
        i += length;
        continue;
      }
    }
    out.append(text.substr(start, i - start));
    if (byte >= 0x80) {
      out.append("\xEF\xBF\xBD");
    } else {
      AppendEscaped(text[i], out);
    }
    start = ++i;
  }
  out.append(text.substr(start));
  out.push_back('"');
}

void AppendJsonInteger(std::int64_t number, std::string& out) {
  char buffer[24];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
  out.append(buffer, end);
}

void AppendJsonNumber(double number, std::string& out) {
  if (!std::isfinite(number)) {
    out.append("null");
    return;
  }
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
  out.append(buffer, end);
  // A reader would take digits alone for an integer, and minus zero for zero.
  if (std::find_if(buffer, end, [](char c) { return c == '.' || c == 'e'; }) == end) out.append(".0");
}

void AppendJsonValue(const boost::json::value& value, std::string& out) {
  switch (value.kind()) {
    case boost::json::kind::null: out.append("null"); return;
    case boost::json::kind::bool_: out.append(value.get_bool() ? "true" : "false"); return;
    case boost::json::kind::int64: AppendJsonInteger(value.get_int64(), out); return;
    case boost::json::kind::uint64: out.append(std::to_string(value.get_uint64())); return;
    case boost::json::kind::double_: AppendJsonNumber(value.get_double(), out); return;
    case boost::json::kind::string: AppendJsonText(value.get_string(), out); return;
    case boost::json::kind::array: {
      out.push_back('[');
      bool first = true;
      for (const auto& item : value.get_array()) {
        if (!first) out.push_back(',');
        first = false;
        AppendJsonValue(item, out);
      }
      out.push_back(']');
      return;
    }
    case boost::json::kind::object: {
      out.push_back('{');
      bool first = true;
      for (const auto& [name, item] : value.get_object()) {
        if (!first) out.push_back(',');
        first = false;
        AppendJsonText(name, out);
        out.push_back(':');
        AppendJsonValue(item, out);
      }
      out.push_back('}');
      return;
    }
  }
}

}  // namespace tarn::http
