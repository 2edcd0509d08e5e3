#include "engine/duck/json_text.h"

#include <algorithm>
#include <array>
#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "engine/encode.h"

namespace tarn::engine {
namespace {

// 0: stands for itself; 1: control character, written \u00XX; 2: starts or continues a non-ASCII
// sequence; else the letter after the backslash.
constexpr auto kEscape = [] {
  std::array<char, 256> table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = 1;
  for (std::size_t c = 0x80; c < 0x100; ++c) table[c] = 2;
  table['"'] = '"';
  table['\\'] = '\\';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  table['\b'] = 'b';
  table['\f'] = 'f';
  return table;
}();

template <class Word>
Word Load(const char* bytes) {
  Word word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

// Whether none of eight bytes needs a look: all are ASCII, printable, and neither quote nor backslash.
bool AllPlain(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHigh = 0x8080808080808080;
  const auto has_zero = [](std::uint64_t v) { return (v - kOnes) & ~v; };
  const auto below_blank = (word - kOnes * 0x20) & ~word;
  return ((word | below_blank | has_zero(word ^ (kOnes * '"')) | has_zero(word ^ (kOnes * '\\'))) & kHigh) == 0;
}

#ifdef __SSE2__
bool AllPlain(__m128i block) {
  const auto control = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1F)), block);
  const auto quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
  const auto backslash = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
  // A byte's highest bit tells: set in what was found, and in what is not ASCII.
  return _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(block, control), _mm_or_si128(quote, backslash))) == 0;
}
using Block = __m128i;
#else
using Block = std::uint64_t;
#endif

// Copies the text in words, the last of which may overlap the one before it. False at the first word that needs a
// look; what was written then is to be written again. The text has at least one word.
template <class Word>
bool CopyPlainWords(std::string_view text, char* to) {
  const auto last = text.size() - sizeof(Word);
  for (std::size_t at = 0;; at = std::min(at + sizeof(Word), last)) {
    if (!AllPlain(Load<Word>(text.data() + at))) return false;
    std::memcpy(to + at, text.data() + at, sizeof(Word));
    if (at == last) return true;
  }
}

bool CopyPlain(std::string_view text, char* to) {
  if (text.size() >= sizeof(Block)) return CopyPlainWords<Block>(text, to);
  if (text.size() >= 8) return CopyPlainWords<std::uint64_t>(text, to);
  if (text.size() >= 4) {
    const std::uint64_t first = Load<std::uint32_t>(text.data());
    const std::uint64_t last = Load<std::uint32_t>(text.data() + text.size() - 4);
    if (!AllPlain(first << 32 | last)) return false;
    std::memcpy(to, text.data(), 4);
    std::memcpy(to + text.size() - 4, text.data() + text.size() - 4, 4);
    return true;
  }
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (kEscape[static_cast<unsigned char>(text[at])] != 0) return false;
    to[at] = text[at];
  }
  return true;
}

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// The length of the well-formed UTF-8 sequence at the start of `text`, or 0 (Unicode, table 3-7).
std::size_t SequenceLength(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  const unsigned lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (second < lowest || second > highest) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if (!IsContinuation(text[i])) return 0;
  }
  return length;
}

// Writes what stands for the character at `from`, and moves `from` behind it.
char* EscapeOne(const char*& from, const char* end, char* to) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(*from);
  if (kEscape[byte] == 1) {
    std::ranges::copy(std::string_view("\\u00"), to);
    to[4] = kHex[byte >> 4];
    to[5] = kHex[byte & 15];
    ++from;
    return to + 6;
  }
  if (kEscape[byte] == 2) {
    const auto length = SequenceLength({from, static_cast<std::size_t>(end - from)});
    std::memcpy(to, length == 0 ? "\xEF\xBF\xBD" : from, length == 0 ? 3 : length);
    from += length == 0 ? 1 : length;
    return to + (length == 0 ? 3 : length);
  }
  to[0] = '\\';
  to[1] = kEscape[byte];
  ++from;
  return to + 2;
}

// Writes the text from `from` up to `until` or a few bytes further, never beyond `end`; moves `from` to where it
// stopped.
char* EscapeUntil(const char*& from, const char* until, const char* end, char* to) {
  while (from < until) {
    if (end - from >= 8 && AllPlain(Load<std::uint64_t>(from))) {
      std::memcpy(to, from, 8);
      from += 8;
      to += 8;
    } else if (kEscape[static_cast<unsigned char>(*from)] == 0) {
      *to++ = *from++;
    } else {
      to = EscapeOne(from, end, to);
    }
  }
  return to;
}

}  // namespace

char* WriteEscaped(char* to, std::string_view text) {
  if (CopyPlain(text, to)) return to + text.size();
  const char* from = text.data();
  return EscapeUntil(from, from + text.size(), from + text.size(), to);
}

void TextBuffer::Grow(std::size_t bytes) {
  const auto capacity = std::max({capacity_ * 2, size_ + bytes, std::size_t{4096}});
  auto larger = std::make_unique_for_overwrite<char[]>(capacity);
  if (size_ > 0) std::memcpy(larger.get(), data_.get(), size_);
  data_ = std::move(larger);
  capacity_ = capacity;
}

void AppendEscaped(std::string_view text, TextBuffer& out) {
  // Room for the worst case of a block, six bytes for one and some more for what crosses its end, so
  // that the inner loop needs no checks.
  constexpr std::ptrdiff_t kBlock = 16'384;
  const char* from = text.data();
  const char* const end = from + text.size();
  while (from < end) {
    const char* const block_end = from + std::min(end - from, kBlock);
    char* const to = out.Room(static_cast<std::size_t>(block_end - from) * 6 + 8);
    out.AdvanceTo(EscapeUntil(from, block_end, end, to));
  }
}

void AppendJsonString(std::string_view text, TextBuffer& out) {
  out.Append('"');
  AppendEscaped(text, out);
  out.Append('"');
}

void AppendTrinoJsonString(std::string_view text, TextBuffer& out) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto escape = [&out](unsigned unit) {
    out.Append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) out.Append(kHex[unit >> shift & 15]);
  };
  const auto is_special = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return kEscape[byte] == 1 || byte >= 0xF0;
  };
  out.Append('"');
  while (!text.empty()) {
    const auto special = std::ranges::find_if(text, is_special);
    const auto plain = static_cast<std::size_t>(special - text.begin());
    AppendEscaped(text.substr(0, plain), out);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const auto byte = static_cast<unsigned char>(text[0]);
    std::size_t length = 1;
    if (kEscape[byte] == 1) {
      escape(byte);
    } else if (length = SequenceLength(text); length == 0) {
      AppendEscaped(text.substr(0, 1), out);
      length = 1;
    } else {
      const auto low = [&](std::size_t i) { return static_cast<unsigned>(text[i]) & 0x3FU; };
      const unsigned point = ((byte & 7U) << 18 | low(1) << 12 | low(2) << 6 | low(3)) - 0x10000;
      escape(0xD800 + (point >> 10));
      escape(0xDC00 + (point & 0x3FF));
    }
    text.remove_prefix(length);
  }
  out.Append('"');
}

void AppendJsonString(std::string_view text, std::string& out) {
  TextBuffer buffer;
  AppendJsonString(text, buffer);
  out += buffer.text();
}

void AppendBase64(std::string_view bytes, TextBuffer& out) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  char* to = out.Room((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto left = std::min<std::size_t>(bytes.size() - at, 3);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i)
      group = group << 8 | (i < left ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i) *to++ = i > left ? '=' : kAlphabet[group >> (18 - 6 * i) & 63];
  }
  out.AdvanceTo(to);
}

}  // namespace tarn::engine
