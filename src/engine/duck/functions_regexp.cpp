// Regular expressions, as RE2 reads them, and texts cut into pieces. What Trino's engine can say and RE2 cannot
// (looking around, back references) is refused.
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <vector>

#include "engine/duck/code_points.h"
#include "engine/duck/functions.h"
#include "engine/duck/row_function.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalType;

[[noreturn]] void Refuse(const std::string& message) { Fail("INVALID_FUNCTION_ARGUMENT", message); }

// Java's (?<name>) in RE2's spelling.
std::string EnginePattern(std::string_view pattern) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    out += pattern[i];
    if (pattern[i] == '\\' && i + 1 < pattern.size()) {
      out += pattern[++i];
    } else if (pattern.substr(i, 3) == "(?<" && i + 3 < pattern.size() && pattern[i + 3] != '=' &&
               pattern[i + 3] != '!') {
      out += "?P<";
      i += 2;
    }
  }
  return out;
}

bool SaysMore(std::string_view pattern) {
  static constexpr auto kForms =
      std::to_array<std::string_view>({"(?=", "(?!", "(?<=", "(?<!", "(?>", "*+", "++", "?+", "}+"});
  return std::ranges::any_of(kForms,
                             [&](std::string_view form) { return pattern.find(form) != std::string_view::npos; });
}

// The compiled pattern; the last ones of this thread are kept.
const RE2& Compiled(std::string_view pattern) {
  thread_local std::map<std::string, std::unique_ptr<RE2>, std::less<>> patterns;
  const auto known = patterns.find(pattern);
  if (known != patterns.end()) return *known->second;
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(16 << 20);
  auto made = std::make_unique<RE2>(EnginePattern(pattern), options);
  if (!made->ok()) {
    const bool back_reference = made->error_code() == RE2::ErrorBadEscape;
    if (SaysMore(pattern) || back_reference)
      Fail("NOT_SUPPORTED", "Regular expression is not supported: \"" + std::string(pattern.substr(0, 200)) + "\"");
    Refuse("Regular expression is not valid: \"" + std::string(pattern.substr(0, 200)) + "\"");
  }
  if (patterns.size() >= 64) patterns.clear();
  return *patterns.emplace(std::string(pattern), std::move(made)).first->second;
}

using Groups = std::vector<re2::StringPiece>;

// Calls `take` with the groups of each match, in order, until it gives false. After an empty match the search goes on
// one character later.
template <class Take>
void EachMatch(const RE2& pattern, std::string_view text, Take take, std::size_t from = 0) {
  Groups groups(static_cast<std::size_t>(pattern.NumberOfCapturingGroups()) + 1);
  const re2::StringPiece whole(text.data(), text.size());
  while (from <= text.size() &&
         pattern.Match(whole, from, text.size(), RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size()))) {
    if (!take(groups)) return;
    const auto end = static_cast<std::size_t>(groups[0].data() - text.data()) + groups[0].size();
    if (!groups[0].empty())
      from = end;
    else
      from = end < text.size() ? end + WidthOf(text[end]) : end + 1;
  }
}

std::optional<std::string> TextOf(const re2::StringPiece& group) {
  if (group.data() == nullptr) return std::nullopt;
  return std::string(group.data(), group.size());
}

std::size_t CheckedGroup(const RE2& pattern, std::int64_t group) {
  if (group < 0) Refuse("Group cannot be negative");
  if (group > pattern.NumberOfCapturingGroups()) {
    Refuse("Pattern has " + std::to_string(pattern.NumberOfCapturingGroups()) + " groups. Cannot access group " +
           std::to_string(group));
  }
  return static_cast<std::size_t>(group);
}

bool Like(std::string_view text, std::string_view pattern) {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), Compiled(pattern));
}

std::optional<std::string> ExtractGroup(std::string_view text, std::string_view pattern, std::int64_t group) {
  const RE2& compiled = Compiled(pattern);
  const auto at = CheckedGroup(compiled, group);
  std::optional<std::string> found;
  EachMatch(compiled, text, [&](const Groups& groups) {
    found = TextOf(groups[at]);
    return false;
  });
  return found;
}
std::optional<std::string> Extract(std::string_view text, std::string_view pattern) {
  return ExtractGroup(text, pattern, 0);
}

std::int64_t Count(std::string_view text, std::string_view pattern) {
  std::int64_t count = 0;
  EachMatch(Compiled(pattern), text, [&](const Groups&) { return ++count > 0; });
  return count;
}

std::int32_t PositionOf(std::string_view text, std::string_view pattern, std::int32_t start, std::int32_t occurrence) {
  if (start < 1) Refuse("start position cannot be smaller than 1");
  if (occurrence < 1) Refuse("occurrence cannot be smaller than 1");
  std::size_t from = 0;
  for (std::int32_t i = 1; i < start; ++i) {
    if (from >= text.size()) return -1;
    from += WidthOf(text[from]);
  }
  std::int32_t position = -1;
  EachMatch(
      Compiled(pattern), text,
      [&](const Groups& groups) {
        if (--occurrence > 0) return true;
        position = static_cast<std::int32_t>(
                       CountCodePoints(text.substr(0, static_cast<std::size_t>(groups[0].data() - text.data())))) +
                   1;
        return false;
      },
      from);
  return position;
}
std::int32_t PositionFrom(std::string_view text, std::string_view pattern, std::int32_t start) {
  return PositionOf(text, pattern, start, 1);
}
std::int32_t Position(std::string_view text, std::string_view pattern) { return PositionOf(text, pattern, 1, 1); }

// A replacement as literal pieces and groups: \c is c, $1 and ${name} are groups.
struct Piece {
  std::string text = {};
  std::size_t group = 0;
  bool is_group = false;
};
std::vector<Piece> Pieces(const RE2& pattern, std::string_view text) {
  std::vector<Piece> pieces;
  std::string literal;
  const auto add_group = [&](std::size_t group) {
    if (!literal.empty()) pieces.push_back({.text = std::exchange(literal, {})});
    pieces.push_back({.group = group, .is_group = true});
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      if (++i == text.size()) Refuse("Illegal replacement sequence: " + std::string(text));
      literal += text[i];
    } else if (text[i] != '$') {
      literal += text[i];
    } else if (i + 1 < text.size() && text[i + 1] == '{') {
      const auto end = text.find('}', i);
      if (end == std::string_view::npos) Refuse("Illegal replacement sequence: " + std::string(text));
      const std::string name(text.substr(i + 2, end - i - 2));
      const auto group = pattern.NamedCapturingGroups().find(name);
      if (group == pattern.NamedCapturingGroups().end())
        Refuse("Illegal replacement sequence: unknown group { " + name + " }");
      add_group(static_cast<std::size_t>(group->second));
      i = end;
    } else {
      std::size_t group = 0;
      std::size_t digits = 0;
      const auto top = static_cast<std::size_t>(pattern.NumberOfCapturingGroups());
      while (i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9') {
        const std::size_t longer = group * 10 + static_cast<std::size_t>(text[i + 1] - '0');
        if (digits > 0 && longer > top) break;  // further digits are plain text
        group = longer;
        ++digits;
        ++i;
      }
      if (digits == 0) Refuse("Illegal replacement sequence: " + std::string(text));
      if (group > top) Refuse("Illegal replacement sequence: unknown group " + std::to_string(group));
      add_group(group);
    }
  }
  if (!literal.empty()) pieces.push_back({.text = std::move(literal)});
  return pieces;
}

std::string ReplaceWith(std::string_view text, std::string_view pattern, std::string_view replacement) {
  const RE2& compiled = Compiled(pattern);
  const auto pieces = Pieces(compiled, replacement);
  std::string out;
  std::size_t done = 0;
  EachMatch(compiled, text, [&](const Groups& groups) {
    const auto at = static_cast<std::size_t>(groups[0].data() - text.data());
    out += text.substr(done, at - done);
    for (const Piece& piece : pieces) {
      if (!piece.is_group)
        out += piece.text;
      else if (groups[piece.group].data() != nullptr)
        out.append(groups[piece.group].data(), groups[piece.group].size());
    }
    done = at + groups[0].size();
    return true;
  });
  return out += text.substr(done);
}
std::string ReplaceAll(std::string_view text, std::string_view pattern) { return ReplaceWith(text, pattern, ""); }

// Lists of texts.
using Texts = std::vector<std::optional<std::string>>;

duckdb::Value ListOf(const Texts& texts) {
  duckdb::vector<duckdb::Value> values;
  for (const auto& text : texts) values.push_back(text ? duckdb::Value(*text) : duckdb::Value(LogicalType::VARCHAR));
  return duckdb::Value::LIST(LogicalType::VARCHAR, std::move(values));
}

Texts ExtractAllOf(std::string_view text, std::string_view pattern, std::int64_t group) {
  const RE2& compiled = Compiled(pattern);
  const auto at = CheckedGroup(compiled, group);
  Texts found;
  EachMatch(compiled, text, [&](const Groups& groups) {
    found.push_back(TextOf(groups[at]));
    return true;
  });
  return found;
}

Texts SplitByPattern(std::string_view text, std::string_view pattern) {
  Texts parts;
  std::size_t done = 0;
  EachMatch(Compiled(pattern), text, [&](const Groups& groups) {
    const auto at = static_cast<std::size_t>(groups[0].data() - text.data());
    parts.emplace_back(std::string(text.substr(done, at - done)));
    done = at + groups[0].size();
    return true;
  });
  parts.emplace_back(std::string(text.substr(done)));
  return parts;
}

// The last part keeps the rest.
Texts Split(std::string_view text, std::string_view delimiter, std::int64_t limit) {
  if (limit <= 0) Refuse("Limit must be positive");
  if (limit > INT32_MAX) Refuse("Limit is too large");
  if (delimiter.empty()) Refuse("The delimiter may not be the empty string");
  Texts parts;
  std::size_t from = 0;
  for (auto found = text.find(delimiter);
       found != std::string_view::npos && static_cast<std::int64_t>(parts.size()) + 1 < limit;
       found = text.find(delimiter, from)) {
    parts.emplace_back(std::string(text.substr(from, found - from)));
    from = found + delimiter.size();
  }
  parts.emplace_back(std::string(text.substr(from)));
  return parts;
}

// Pairs of a text such as a=1,b=2, in order. An entry without the pair's delimiter is an error.
std::vector<std::pair<std::string, std::string>> Pairs(std::string_view text, std::string_view entry_delimiter,
                                                       std::string_view key_delimiter) {
  if (entry_delimiter.empty()) Refuse("entryDelimiter is empty");
  if (key_delimiter.empty()) Refuse("keyValueDelimiter is empty");
  if (entry_delimiter == key_delimiter) Refuse("entryDelimiter and keyValueDelimiter must not be the same");
  std::vector<std::pair<std::string, std::string>> pairs;
  std::size_t from = 0;
  while (from < text.size()) {
    const auto end = std::min(text.find(entry_delimiter, from), text.size());
    const auto entry = text.substr(from, end - from);
    const auto at = entry.find(key_delimiter);
    if (at == std::string_view::npos)
      Refuse("Key-value delimiter must appear exactly once in each entry. Bad input: '" + std::string(entry) + "'");
    const auto value = entry.substr(at + key_delimiter.size());
    if (value.find(key_delimiter) != std::string_view::npos)
      Refuse("Key-value delimiter must appear exactly once in each entry. Bad input: '" + std::string(entry) + "'");
    pairs.emplace_back(entry.substr(0, at), value);
    from = end + entry_delimiter.size();
  }
  return pairs;
}

duckdb::Value SplitToMap(std::string_view text, std::string_view entry_delimiter, std::string_view key_delimiter) {
  duckdb::vector<duckdb::Value> keys, values;
  for (auto& [key, value] : Pairs(text, entry_delimiter, key_delimiter)) {
    if (std::ranges::find(keys, duckdb::Value(key)) != keys.end())
      Refuse("Duplicate keys (" + key + ") are not allowed");
    keys.emplace_back(key);
    values.emplace_back(value);
  }
  return duckdb::Value::MAP(LogicalType::VARCHAR, LogicalType::VARCHAR, std::move(keys), std::move(values));
}

duckdb::Value SplitToMultimap(std::string_view text, std::string_view entry_delimiter, std::string_view key_delimiter) {
  std::vector<std::pair<std::string, duckdb::vector<duckdb::Value>>> groups;
  for (auto& [key, value] : Pairs(text, entry_delimiter, key_delimiter)) {
    auto group = std::ranges::find(groups, key, &std::pair<std::string, duckdb::vector<duckdb::Value>>::first);
    if (group == groups.end()) group = groups.insert(groups.end(), {key, {}});
    group->second.emplace_back(value);
  }
  duckdb::vector<duckdb::Value> keys, values;
  for (auto& [key, list] : groups) {
    keys.emplace_back(key);
    values.push_back(duckdb::Value::LIST(LogicalType::VARCHAR, std::move(list)));
  }
  return duckdb::Value::MAP(LogicalType::VARCHAR, LogicalType::LIST(LogicalType::VARCHAR), std::move(keys),
                            std::move(values));
}

// The text before each match with the match's groups, and at last the rest of the text with NULL.
duckdb::Value Parts(std::string_view text, std::string_view pattern) {
  const duckdb::child_list_t<LogicalType> fields = {{"before", LogicalType::VARCHAR},
                                                    {"groups", LogicalType::LIST(LogicalType::VARCHAR)}};
  duckdb::vector<duckdb::Value> parts;
  std::size_t done = 0;
  EachMatch(Compiled(pattern), text, [&](const Groups& groups) {
    const auto at = static_cast<std::size_t>(groups[0].data() - text.data());
    Texts texts;
    for (std::size_t i = 1; i < groups.size(); ++i) texts.push_back(TextOf(groups[i]));
    parts.push_back(duckdb::Value::STRUCT(
        {{"before", duckdb::Value(std::string(text.substr(done, at - done)))}, {"groups", ListOf(texts)}}));
    done = at + groups[0].size();
    return true;
  });
  parts.push_back(duckdb::Value::STRUCT({{"before", duckdb::Value(std::string(text.substr(done)))},
                                         {"groups", duckdb::Value(LogicalType::LIST(LogicalType::VARCHAR))}}));
  return duckdb::Value::LIST(LogicalType::STRUCT(fields), std::move(parts));
}

// A function whose result is a nested value.
template <class... Arguments, class F>
duckdb::ScalarFunction NestedFunction(const std::string& name, const LogicalType& result, F f) {
  duckdb::ScalarFunction function(
      name, {RowType<Arguments>::Type()...}, result,
      [f](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
        std::array<duckdb::UnifiedVectorFormat, sizeof...(Arguments)> formats;
        for (std::size_t i = 0; i < formats.size(); ++i) in.data[i].ToUnifiedFormat(in.size(), formats[i]);
        for (duckdb::idx_t row = 0; row < in.size(); ++row) {
          const bool valid = std::ranges::all_of(
              formats, [&](const auto& format) { return format.validity.RowIsValid(format.sel->get_index(row)); });
          if (!valid) {
            out.SetValue(row, duckdb::Value(out.GetType()));
            continue;
          }
          [&]<std::size_t... I>(std::index_sequence<I...>) {
            out.SetValue(row, f(row_function::Argument<Arguments>(formats[I], formats[I].sel->get_index(row))...));
          }
          (std::index_sequence_for<Arguments...>());
        }
        if (in.AllConstant()) out.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
      });
  function.SetFallible();
  return function;
}

}  // namespace

void RegisterRegexps(duckdb::ExtensionLoader& loader) {
  using View = std::string_view;
  const LogicalType texts = LogicalType::LIST(LogicalType::VARCHAR);
  RegisterRow(loader, "trino_regexp_like", Like);
  RegisterRow(loader, "trino_regexp_count", Count);
  RegisterAll(loader, "trino_regexp_extract", RowFunction("trino_regexp_extract", Extract),
              RowFunction("trino_regexp_extract", ExtractGroup));
  RegisterAll(loader, "trino_regexp_position", RowFunction("trino_regexp_position", Position),
              RowFunction("trino_regexp_position", PositionFrom), RowFunction("trino_regexp_position", PositionOf));
  RegisterAll(loader, "trino_regexp_replace", RowFunction("trino_regexp_replace", ReplaceAll),
              RowFunction("trino_regexp_replace", ReplaceWith));
  RegisterAll(
      loader, "trino_regexp_extract_all",
      NestedFunction<View, View>("trino_regexp_extract_all", texts,
                                 [](View text, View pattern) { return ListOf(ExtractAllOf(text, pattern, 0)); }),
      NestedFunction<View, View, std::int64_t>(
          "trino_regexp_extract_all", texts,
          [](View text, View pattern, std::int64_t group) { return ListOf(ExtractAllOf(text, pattern, group)); }));
  loader.RegisterFunction(NestedFunction<View, View>(
      "trino_regexp_split", texts, [](View text, View pattern) { return ListOf(SplitByPattern(text, pattern)); }));
  RegisterAll(
      loader, "trino_split",
      NestedFunction<View, View>("trino_split", texts,
                                 [](View text, View delimiter) { return ListOf(Split(text, delimiter, INT32_MAX)); }),
      NestedFunction<View, View, std::int64_t>("trino_split", texts, [](View text, View delimiter, std::int64_t limit) {
        return ListOf(Split(text, delimiter, limit));
      }));
  loader.RegisterFunction(NestedFunction<View, View, View>(
      "trino_split_to_map", LogicalType::MAP(LogicalType::VARCHAR, LogicalType::VARCHAR), SplitToMap));
  loader.RegisterFunction(NestedFunction<View, View, View>(
      "trino_split_to_multimap", LogicalType::MAP(LogicalType::VARCHAR, texts), SplitToMultimap));
  const auto part = LogicalType::STRUCT({{"before", LogicalType::VARCHAR}, {"groups", texts}});
  loader.RegisterFunction(NestedFunction<View, View>("trino_regexp_parts", LogicalType::LIST(part), Parts));
}

}  // namespace tarn::engine
