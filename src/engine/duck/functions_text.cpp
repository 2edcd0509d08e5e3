// Texts by character: distances, padding, codes of words.
#include <libstemmer.h>
#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <memory>
#include <vector>

#include "engine/duck/code_points.h"
#include "engine/duck/functions.h"
#include "engine/duck/row_function.h"

namespace tarn::engine {
namespace {

[[noreturn]] void Refuse(const std::string& message) { Fail("INVALID_FUNCTION_ARGUMENT", message); }

std::string Chr(std::int64_t code) {
  if (code < 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
    Refuse("Not a valid Unicode code point: " + std::to_string(code));
  std::string out;
  AppendCodePoint(out, static_cast<char32_t>(code));
  return out;
}
std::int32_t Codepoint(std::string_view text) {
  const auto points = CodePoints(text);
  if (points.size() != 1) Refuse("Input string must be a single character string");
  return static_cast<std::int32_t>(points[0]);
}

std::int64_t HammingDistance(std::string_view left, std::string_view right) {
  const auto a = CodePoints(left);
  const auto b = CodePoints(right);
  if (a.size() != b.size()) Refuse("The input strings to hamming_distance function must have the same length");
  std::int64_t distance = 0;
  for (std::size_t i = 0; i < a.size(); ++i) distance += a[i] != b[i] ? 1 : 0;
  return distance;
}

std::int64_t LevenshteinDistance(std::string_view left, std::string_view right) {
  const auto a = CodePoints(left);
  const auto b = CodePoints(right);
  if (a.size() * b.size() > 1'000'000) Refuse("The combined inputs for Levenshtein distance are too large");
  std::vector<std::int64_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<std::int64_t>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::int64_t diagonal = row[0];
    row[0] = static_cast<std::int64_t>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::int64_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

// A text is made whole in memory, outside the engine's limit, so its length is bounded.
std::size_t CheckedLength(std::int64_t length, bool empty_padding) {
  if (length < 0 || length > 1'000'000) Refuse("Target length must be in the range [0..1000000]");
  if (empty_padding) Refuse("Padding string must not be empty");
  return static_cast<std::size_t>(length);
}

template <bool left, class Text>
Text PaddedTo(Text text, std::size_t length, const Text& padding) {
  if (text.size() >= length) return text.substr(0, length);
  Text fill;
  while (fill.size() < length - text.size()) fill += padding;
  fill.resize(length - text.size());
  return left ? fill + text : text + fill;
}
template <bool left>
std::string PadText(std::string_view text, std::int64_t length, std::string_view padding) {
  const auto points = PaddedTo<left>(CodePoints(text), CheckedLength(length, padding.empty()), CodePoints(padding));
  std::string out;
  for (const char32_t point : points) AppendCodePoint(out, point);
  return out;
}
template <bool left>
Bytes PadBytes(BytesView text, std::int64_t length, BytesView padding) {
  return {PaddedTo<left>(std::string(text.value), CheckedLength(length, padding.value.empty()),
                         std::string(padding.value))};
}

bool LuhnCheck(std::string_view text) {
  if (text.empty()) return false;
  int sum = 0;
  bool twice = false;
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, twice = !twice) {
    if (*digit < '0' || *digit > '9')
      Refuse("Input contains a character that is not a digit: \"" + std::string(text.substr(0, 100)) + "\"");
    const int value = (*digit - '0') * (twice ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 == 0;
}

// American Soundex: letters with equal codes count once, also across H and W.
std::string Soundex(std::string_view text) {
  static constexpr std::string_view kCodes = "01230120022455012623010202";
  std::string out;
  char last = '0';
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80)
      Refuse("The character is not mapped: \"" + std::string(text.substr(0, 100)) + "\"");
    if (!std::isalpha(static_cast<unsigned char>(c))) continue;
    const char letter = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    const char code = kCodes[static_cast<std::size_t>(letter - 'A')];
    if (out.empty()) {
      out += letter;
      last = code;
      continue;
    }
    if (letter == 'H' || letter == 'W') continue;
    if (code != '0' && code != last && out.size() < 4) out += code;
    last = code;
  }
  if (!out.empty()) out.resize(4, '0');
  return out;
}

// An empty search stands before, between and after all characters.
std::string Replace(std::string_view text, std::string_view search, std::string_view replacement) {
  std::string out;
  if (search.empty()) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t width = std::min(WidthOf(text[at]), text.size() - at);
      out += replacement;
      out += text.substr(at, width);
      at += width;
    }
    return out += replacement;
  }
  std::size_t from = 0;
  for (std::size_t found = text.find(search); found != std::string_view::npos; found = text.find(search, from)) {
    out += text.substr(from, found - from);
    out += replacement;
    from = found + search.size();
  }
  return out += text.substr(from);
}
std::string Remove(std::string_view text, std::string_view search) { return Replace(text, search, ""); }

// Characters of `from` become those of `to` at the same place, or nothing; the first of equal ones counts.
std::string Translate(std::string_view text, std::string_view from, std::string_view to) {
  const auto sources = CodePoints(from);
  const auto targets = CodePoints(to);
  std::string out;
  for (const char32_t point : CodePoints(text)) {
    const auto found = sources.find(point);
    if (found == std::u32string::npos)
      AppendCodePoint(out, point);
    else if (found < targets.size())
      AppendCodePoint(out, targets[found]);
  }
  return out;
}

std::int64_t Strpos(std::string_view text, std::string_view part, std::int64_t instance) {
  if (instance == 0) Refuse("'instance' must not be a positive or negative number");
  if (part.empty()) return 1;
  std::size_t at = instance > 0 ? text.find(part) : text.rfind(part);
  for (std::int64_t n = instance > 0 ? instance - 1 : -(instance + 1); n > 0 && at != std::string_view::npos; --n) {
    if (instance > 0)
      at = text.find(part, at + 1);
    else
      at = at == 0 ? std::string_view::npos : text.rfind(part, at - 1);
  }
  return at == std::string_view::npos ? 0 : static_cast<std::int64_t>(CountCodePoints(text.substr(0, at))) + 1;
}
std::int64_t FirstStrpos(std::string_view text, std::string_view part) { return Strpos(text, part, 1); }

std::optional<std::string> SplitPart(std::string_view text, std::string_view delimiter, std::int64_t index) {
  if (index < 1) Refuse("Index must be greater than zero");
  if (delimiter.empty()) {
    const auto points = CodePoints(text);
    if (static_cast<std::size_t>(index) > points.size()) return std::nullopt;
    std::string out;
    AppendCodePoint(out, points[static_cast<std::size_t>(index - 1)]);
    return out;
  }
  for (std::size_t from = 0;; --index) {
    const std::size_t found = text.find(delimiter, from);
    if (index == 1) return std::string(text.substr(from, found == std::string_view::npos ? found : found - from));
    if (found == std::string_view::npos) return std::nullopt;
    from = found + delimiter.size();
  }
}

// Each word's first letter in upper case, the rest in lower case; words are divided by anything but letters and digits.
std::string TitleCase(std::string_view text) {
  std::string out;
  bool inside = false;
  for (const char32_t point : CodePoints(text)) {
    const auto value = static_cast<utf8proc_int32_t>(point);
    const auto category = utf8proc_category(value);
    const bool blank = category == UTF8PROC_CATEGORY_ZS || point == '\t' || point == '\n' || point == '\r';
    AppendCodePoint(out, static_cast<char32_t>(inside ? utf8proc_tolower(value) : utf8proc_totitle(value)));
    inside = !blank;
  }
  return out;
}

std::string WordStemIn(std::string_view word, std::string_view language) {
  static const std::map<std::string, const char*, std::less<>> kLanguages = {
      {"ca", "catalan"},    {"da", "danish"},   {"de", "german"},     {"en", "english"},   {"es", "spanish"},
      {"eu", "basque"},     {"fi", "finnish"},  {"fr", "french"},     {"hu", "hungarian"}, {"hy", "armenian"},
      {"ir", "irish"},      {"it", "italian"},  {"lt", "lithuanian"}, {"nl", "dutch"},     {"no", "norwegian"},
      {"pt", "portuguese"}, {"ro", "romanian"}, {"ru", "russian"},    {"sv", "swedish"},   {"tr", "turkish"}};
  const auto known = kLanguages.find(language);
  if (known == kLanguages.end()) Refuse("Unknown stemmer language: " + std::string(language));
  struct Closer {
    void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
  };
  thread_local std::map<std::string, std::unique_ptr<sb_stemmer, Closer>, std::less<>> stemmers;
  auto& stemmer = stemmers[known->first];
  if (!stemmer) stemmer.reset(sb_stemmer_new(known->second, nullptr));
  if (!stemmer) Fail("NOT_SUPPORTED", "Stemmer language is not supported: " + std::string(language));
  const auto* const stem =
      sb_stemmer_stem(stemmer.get(), reinterpret_cast<const sb_symbol*>(word.data()), static_cast<int>(word.size()));
  return {reinterpret_cast<const char*>(stem), static_cast<std::size_t>(sb_stemmer_length(stemmer.get()))};
}
std::string WordStem(std::string_view word) { return WordStemIn(word, "en"); }

std::string Normalize(std::string_view text, std::string_view form) {
  int options = UTF8PROC_STABLE;
  if (form == "NFC")
    options |= UTF8PROC_COMPOSE;
  else if (form == "NFD")
    options |= UTF8PROC_DECOMPOSE;
  else if (form == "NFKC")
    options |= UTF8PROC_COMPOSE | UTF8PROC_COMPAT;
  else if (form == "NFKD")
    options |= UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT;
  else
    Refuse("Normalization form must be one of [NFD, NFC, NFKD, NFKC]");
  utf8proc_uint8_t* out = nullptr;
  const auto length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &out, static_cast<utf8proc_option_t>(options));
  if (length < 0) Refuse("Text cannot be normalized");
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(out, &std::free);
  return {reinterpret_cast<const char*>(out), static_cast<std::size_t>(length)};
}

// Bytes as text; each byte that is not UTF-8 becomes the replacement.
std::string FromUtf8(std::string_view bytes, std::string_view replacement) {
  std::string text;
  while (!bytes.empty()) {
    std::size_t length = 1;
    while (length < 4 && length <= bytes.size() && !duckdb::Value::StringIsValid(bytes.data(), length)) ++length;
    const bool valid = length <= 4 && length <= bytes.size() && duckdb::Value::StringIsValid(bytes.data(), length);
    text += valid ? bytes.substr(0, length) : replacement;
    bytes.remove_prefix(valid ? length : 1);
  }
  return text;
}
std::string FromUtf8Plain(BytesView bytes) { return FromUtf8(bytes.value, "\xEF\xBF\xBD"); }
std::string FromUtf8Text(BytesView bytes, std::string_view replacement) {
  if (CountCodePoints(replacement) > 1) Refuse("Replacement character string must empty or a single character");
  return FromUtf8(bytes.value, replacement);
}
std::string FromUtf8Code(BytesView bytes, std::int64_t replacement) {
  if (replacement < 0 || replacement > 0x10FFFF || (replacement >= 0xD800 && replacement < 0xE000))
    Refuse("Invalid replacement character");
  return FromUtf8(bytes.value, Chr(replacement));
}

// The part in place of `length` characters from `start` on.
std::string OverlayFor(std::string_view text, std::string_view part, std::int64_t start, std::int64_t length) {
  if (start < 1) Fail("INVALID_FUNCTION_ARGUMENT", "Start of overlay is not in the text: " + std::to_string(start));
  if (length < 0) Fail("INVALID_FUNCTION_ARGUMENT", "Length of overlay is negative: " + std::to_string(length));
  const auto skip = [&](std::size_t at, std::int64_t characters) {
    for (; characters > 0 && at < text.size(); --characters) at += WidthOf(text[at]);
    return std::min(at, text.size());
  };
  const std::size_t from = skip(0, start - 1);
  const std::size_t to = skip(from, length);
  return std::string(text.substr(0, from)) + std::string(part) + std::string(text.substr(to));
}
std::string Overlay(std::string_view text, std::string_view part, std::int64_t start) {
  return OverlayFor(text, part, start, static_cast<std::int64_t>(CountCodePoints(part)));
}

}  // namespace

void RegisterTexts(duckdb::ExtensionLoader& loader) {
  RegisterRow(loader, "trino_chr", Chr);
  RegisterRow(loader, "trino_codepoint", Codepoint);
  RegisterRow(loader, "trino_hamming_distance", HammingDistance);
  RegisterRow(loader, "trino_levenshtein_distance", LevenshteinDistance);
  RegisterAll(loader, "trino_lpad", RowFunction("trino_lpad", PadText<true>),
              RowFunction("trino_lpad", PadBytes<true>));
  RegisterAll(loader, "trino_rpad", RowFunction("trino_rpad", PadText<false>),
              RowFunction("trino_rpad", PadBytes<false>));
  RegisterRow(loader, "trino_luhn_check", LuhnCheck);
  RegisterRow(loader, "trino_soundex", Soundex);
  RegisterAll(loader, "trino_replace", RowFunction("trino_replace", Remove), RowFunction("trino_replace", Replace));
  RegisterRow(loader, "trino_translate", Translate);
  RegisterAll(loader, "trino_overlay", RowFunction("trino_overlay", Overlay), RowFunction("trino_overlay", OverlayFor));
  RegisterAll(loader, "trino_strpos", RowFunction("trino_strpos", FirstStrpos), RowFunction("trino_strpos", Strpos));
  RegisterRow(loader, "trino_split_part", SplitPart);
  RegisterRow(loader, "trino_title_case", TitleCase);
  RegisterAll(loader, "trino_word_stem", RowFunction("trino_word_stem", WordStem),
              RowFunction("trino_word_stem", WordStemIn));
  RegisterRow(loader, "trino_normalize", Normalize);
  RegisterAll(loader, "trino_from_utf8", RowFunction("trino_from_utf8", FromUtf8Plain),
              RowFunction("trino_from_utf8", FromUtf8Text), RowFunction("trino_from_utf8", FromUtf8Code));
}

}  // namespace tarn::engine
