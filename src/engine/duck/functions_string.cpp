// Texts and bytes.
#include <algorithm>
#include <duckdb/common/vector_operations/ternary_executor.hpp>
#include <limits>

#include "engine/duck/code_points.h"
#include "engine/duck/expansion.h"
#include "engine/duck/functions.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::string_t;

bool IsList(const LogicalType& type) { return type.id() == LogicalTypeId::LIST; }

Expr Length(Expansion& e) {
  if (e.Id(0) == LogicalTypeId::BLOB) return e.Call("octet_length", e.Take(0));
  return e.Call("length", e.Cast(e.Take(0), LogicalType::VARCHAR));
}

// By characters: the engine keeps an accent behind its letter.
std::string ReverseText(std::string_view text) {
  std::string reversed(text.size(), '\0');
  for (std::size_t at = 0; at < text.size();) {
    const auto width = std::min(WidthOf(text[at]), text.size() - at);
    text.copy(reversed.data() + text.size() - at - width, width, at);
    at += width;
  }
  return reversed;
}

Expr Reverse(Expansion& e) {
  if (IsList(e.Type(0))) {
    e.NeedCopyable(0);
    // The engine does not select from a literal without elements.
    if (const auto value = e.Constant(0); value && duckdb::ListValue::GetChildren(*value).empty()) return e.Take(0);
    auto positions = e.Call("generate_series", e.Cast(e.Call("len", e.Copy(0)), LogicalType::BIGINT),
                            e.Literal(duckdb::Value::BIGINT(1)), e.Literal(duckdb::Value::BIGINT(-1)));
    return e.Call("list_select", e.Take(0), std::move(positions));
  }
  if (e.Id(0) == LogicalTypeId::BLOB) {
    auto reversed = TextToText("trino_reverse_bytes",
                               [](std::string_view bytes) { return std::string(bytes.rbegin(), bytes.rend()); });
    reversed.arguments = {LogicalType::BLOB};
    reversed.SetReturnType(LogicalType::BLOB);
    return e.Run(std::move(reversed), e.Take(0));
  }
  return e.Run(TextToText("trino_reverse_text", ReverseText), e.Cast(e.Take(0), LogicalType::VARCHAR));
}

// Text, bytes, arrays; an element joins an array at either end. NULL with anything is NULL.
Expr Concat(Expansion& e) {
  const bool left_list = IsList(e.Type(0));
  const bool right_list = IsList(e.Type(1));
  const auto left_type = e.Type(0);
  const auto right_type = e.Type(1);
  auto left = e.Take(0);
  auto right = e.Take(1);
  if (left_type.id() == LogicalTypeId::SQLNULL) return e.Cast(std::move(left), right_type);
  if (right_type.id() == LogicalTypeId::SQLNULL) return e.Cast(std::move(right), left_type);
  if (left_list && !right_list) right = e.Call("list_value", std::move(right));
  if (right_list && !left_list) left = e.Call("list_value", std::move(left));
  return e.Operator("||", std::move(left), std::move(right));
}

// Where the range [start, start + count) of a text of `length` characters begins and ends, 0-based; Trino counts
// from 1, and from the end for a negative start. Start 0 and starts outside give nothing.
std::pair<std::int64_t, std::int64_t> RangeOf(std::int64_t start, std::int64_t count, std::int64_t length) {
  if (start == 0 || count <= 0 || start > length || start < -length) return {0, 0};
  const auto first = start > 0 ? start - 1 : length + start;
  return {first, count > length - first ? length : first + count};
}

// Byte offset of a character.
std::size_t OffsetOf(std::string_view text, std::int64_t character) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80 && character-- == 0) break;
  }
  return at;
}

std::string_view Part(std::string_view text, std::int64_t start, std::int64_t count, bool bytes) {
  const bool narrow = bytes || std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (narrow) {
    const auto [first, last] = RangeOf(start, count, static_cast<std::int64_t>(text.size()));
    return text.substr(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first));
  }
  const auto length =
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  const auto [first, last] = RangeOf(start, count, length);
  const auto begin = OffsetOf(text, first);
  return text.substr(begin, OffsetOf(text, last) - begin);
}

Expr Substr(Expansion& e) {
  const bool bytes = e.Id(0) == LogicalTypeId::BLOB;
  const auto type = bytes ? LogicalType(LogicalType::BLOB) : LogicalType(LogicalType::VARCHAR);
  duckdb::ScalarFunction function(bytes ? "trino_part_of_bytes" : "trino_part_of_text",
                                  {type, LogicalType::BIGINT, LogicalType::BIGINT}, type,
                                  [bytes](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
                                    duckdb::TernaryExecutor::Execute<string_t, std::int64_t, std::int64_t, string_t>(
                                        in.data[0], in.data[1], in.data[2], out, in.size(),
                                        [&](string_t text, std::int64_t start, std::int64_t count) {
                                          const auto part = Part(View(text), start, count, bytes);
                                          return duckdb::StringVector::AddStringOrBlob(out, part.data(), part.size());
                                        });
                                  });
  auto count = e.size() == 3 ? e.Cast(e.Take(2), LogicalType::BIGINT)
                             : e.Literal(duckdb::Value::BIGINT(std::numeric_limits<std::int64_t>::max()));
  auto text = e.Cast(e.Take(0), type);
  return e.Run(std::move(function), std::move(text), e.Cast(e.Take(1), LogicalType::BIGINT), std::move(count));
}

Expr ConcatWs(Expansion& e) {
  if (e.size() == 2 && IsList(e.Type(1))) {
    auto separator = e.Take(0);
    return e.Call("list_aggregate", e.Take(1), e.Literal(duckdb::Value("string_agg")), std::move(separator));
  }
  duckdb::vector<Expr> arguments;
  for (std::size_t i = 0; i < e.size(); ++i) arguments.push_back(e.Take(i));
  return e.Bind("concat_ws", std::move(arguments), false);
}

}  // namespace

void RegisterStrings(duckdb::ExtensionLoader& loader) {
  RegisterExpander(loader, "trino_length", {1}, Expanding<Length>);
  RegisterExpander(loader, "trino_reverse", {1}, Expanding<Reverse>);
  RegisterExpander(loader, "trino_concat", {2}, Expanding<Concat>);
  RegisterExpander(loader, "trino_substr", {2, 3}, Expanding<Substr>);
  RegisterVariadicExpander(loader, "trino_concat_ws", Expanding<ConcatWs>);
}

}  // namespace tarn::engine
