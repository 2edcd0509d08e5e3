#include "engine/type_text.h"

#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <string>

#include "sql/text.h"

namespace tarn::engine {
namespace {

constexpr int kDeepest = 200;

class TypeTextReader {
 public:
  explicit TypeTextReader(std::string_view text) : text_(text) {}

  std::optional<sql::Type> ReadWhole() {
    auto type = ReadType(0);
    SkipBlanks();
    if (!type || at_ != text_.size()) return std::nullopt;
    return type;
  }

 private:
  void SkipBlanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool Next(char wanted) {
    SkipBlanks();
    return at_ < text_.size() && text_[at_] == wanted;
  }
  bool Take(char wanted) {
    if (!Next(wanted)) return false;
    ++at_;
    return true;
  }

  // The next bare word, without taking it; empty where there is none.
  std::string_view PeekWord() {
    SkipBlanks();
    auto end = at_;
    while (end < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[end])) || text_[end] == '_' || text_[end] == '$' ||
            text_[end] == '@' || static_cast<unsigned char>(text_[end]) >= 0x80)) {
      ++end;
    }
    return text_.substr(at_, end - at_);
  }
  std::string_view TakeWord() {
    const auto word = PeekWord();
    at_ += word.size();
    return word;
  }
  bool NextWordIs(std::string_view wanted) { return sql::ToLower(PeekWord()) == wanted; }
  bool TakeWords(std::initializer_list<std::string_view> wanted) {
    const auto start = at_;
    for (const auto word : wanted) {
      if (!NextWordIs(word)) {
        at_ = start;
        return false;
      }
      TakeWord();
    }
    return true;
  }

  std::optional<sql::Type> ReadType(int depth) {
    const auto word = TakeWord();
    if (word.empty() || depth > kDeepest) return std::nullopt;
    sql::Type type{.name = std::string(word)};
    const auto lower = sql::ToLower(word);
    if (lower == "interval") {
      if (TakeWords({"day", "to", "second"})) return sql::Type{.name = "interval day to second"};
      if (TakeWords({"year", "to", "month"})) return sql::Type{.name = "interval year to month"};
      return std::nullopt;
    }
    if (Take('(')) {
      do {
        if (!ReadArgument(type, lower == "row", depth)) return std::nullopt;
      } while (Take(','));
      if (!Take(')')) return std::nullopt;
    }
    if ((lower == "time" || lower == "timestamp") && TakeWords({"with", "time", "zone"}))
      type.name = lower + " with time zone";
    return type;
  }

  bool ReadArgument(sql::Type& type, bool is_row, int depth) {
    SkipBlanks();
    if (!is_row && at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_]))) {
      std::int64_t number = 0;
      const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), number);
      at_ = static_cast<std::size_t>(end - text_.data());
      type.numbers.push_back(number);
      return error == std::errc();
    }
    if (is_row) type.field_names.push_back(ReadFieldName());
    auto child = ReadType(depth + 1);
    if (!child) return false;
    type.children.push_back(*std::move(child));
    return true;
  }

  // The name in front of a field's type; empty where the field has none.
  std::string ReadFieldName() {
    if (Next('"')) return ReadQuoted();
    const auto start = at_;
    const auto word = TakeWord();
    const auto next = sql::ToLower(PeekWord());
    const bool goes_on = next == "with" || next == "day" || next == "year";
    if ((!next.empty() && !goes_on) || Next('"')) return std::string(word);
    at_ = start;
    return {};
  }

  std::string ReadQuoted() {
    std::string name;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        ++at_;
        if (at_ == text_.size() || text_[at_] != '"') break;
      }
      name += text_[at_];
    }
    return name;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

sql::Type ReadTypeText(std::string_view text) {
  if (auto type = TypeTextReader(text).ReadWhole()) return *std::move(type);
  return {.name = std::string(text)};
}

}  // namespace tarn::engine
