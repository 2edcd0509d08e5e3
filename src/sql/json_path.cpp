#include "sql/json_path.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "sql/text.h"

namespace tarn::sql {
namespace {

using Kind = JsonPathKind;

constexpr int kMaxNesting = 100;
constexpr std::size_t kMaxNodes = 1000;  // the evaluator recurses along chains of accessors

struct Word {
  enum class Type { kEnd, kName, kVariable, kString, kInteger, kDecimal, kDouble, kSymbol, kBad };
  Type type = Type::kEnd;
  std::string text = {};
  std::size_t offset = 0;
};

// Symbols of two characters stand first.
constexpr auto kSymbols =
    std::to_array<std::string_view>({"..", "==", "<>", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "$", "@",
                                     ".",  "*",  "[",  "]",  "(",  ")",  ",",  "?",  "+", "-", "/", "%"});

class Scanner final {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  Word Next() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
    Word word{.offset = at_};
    if (at_ == text_.size()) return word;
    const char c = text_[at_];
    if (c == '"') return String(word);
    if (IsDigit(c) || (c == '.' && at_ + 1 < text_.size() && IsDigit(text_[at_ + 1]))) return Number(word);
    if (IsNameStart(c)) {
      word.type = Word::Type::kName;
      word.text = Name();
      return word;
    }
    if (c == '$' && at_ + 1 < text_.size() && IsNameStart(text_[at_ + 1])) {
      ++at_;
      word.type = Word::Type::kVariable;
      word.text = Name();
      return word;
    }
    for (const std::string_view symbol : kSymbols) {
      if (!text_.substr(at_).starts_with(symbol)) continue;
      at_ += symbol.size();
      word.type = Word::Type::kSymbol;
      word.text = symbol;
      return word;
    }
    word.type = Word::Type::kBad;
    word.text = c;
    return word;
  }

 private:
  static bool IsNameStart(char c) { return IsLetter(c) || c == '_'; }

  std::string Name() {
    const std::size_t start = at_;
    while (at_ < text_.size() && (IsNameStart(text_[at_]) || IsDigit(text_[at_]))) ++at_;
    return std::string(text_.substr(start, at_ - start));
  }

  // "text", a quote inside doubled.
  Word String(Word word) {
    word.type = Word::Type::kString;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        if (at_ + 1 == text_.size() || text_[at_ + 1] != '"') {
          ++at_;
          return word;
        }
        ++at_;
      }
      word.text += text_[at_];
    }
    word.type = Word::Type::kBad;
    return word;
  }

  Word Number(Word word) {
    const std::size_t start = at_;
    const auto digits = [this] {
      while (at_ < text_.size() && IsDigit(text_[at_])) ++at_;
    };
    word.type = Word::Type::kInteger;
    digits();
    if (at_ + 1 < text_.size() && text_[at_] == '.' && IsDigit(text_[at_ + 1])) {
      word.type = Word::Type::kDecimal;
      ++at_;
      digits();
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      word.type = Word::Type::kDouble;
      ++at_;
      if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      if (at_ == text_.size() || !IsDigit(text_[at_])) word.type = Word::Type::kBad;
      digits();
    }
    if (at_ < text_.size() && IsNameStart(text_[at_])) word.type = Word::Type::kBad;
    word.text = text_.substr(start, at_ - start);
    return word;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// As in the SQL parser, the first error sticks and the cursor jumps to the end.
class PathParser final {
 public:
  explicit PathParser(std::string_view text) {
    Scanner scanner(text);
    do {
      words_.push_back(scanner.Next());
    } while (words_.back().type != Word::Type::kEnd && words_.back().type != Word::Type::kBad);
    if (words_.back().type == Word::Type::kBad) words_.push_back({.offset = text.size()});
  }

  std::expected<JsonPath, JsonPathError> Parse() {
    JsonPath path;
    path.strict = NextName("strict");
    if (!path.strict && !NextName("lax")) Fail("Path mode expected");
    Advance();
    path.root = ParseSum();
    if (Current().type != Word::Type::kEnd) Fail("Unexpected text after the path");
    if (error_) return std::unexpected(*std::move(error_));
    return path;
  }

 private:
  [[nodiscard]] const Word& Current() const { return words_[cursor_]; }
  [[nodiscard]] const Word& Ahead(std::size_t count) const {
    return words_[std::min(cursor_ + count, words_.size() - 1)];
  }
  void Advance() { cursor_ = std::min(cursor_ + 1, words_.size() - 1); }
  [[nodiscard]] bool NextName(std::string_view name, std::size_t ahead = 0) const {
    return Ahead(ahead).type == Word::Type::kName && Ahead(ahead).text == name;
  }
  [[nodiscard]] bool NextSymbol(std::string_view symbol, std::size_t ahead = 0) const {
    return Ahead(ahead).type == Word::Type::kSymbol && Ahead(ahead).text == symbol;
  }
  bool AcceptSymbol(std::string_view symbol) {
    if (!NextSymbol(symbol)) return false;
    Advance();
    return true;
  }
  bool AcceptName(std::string_view name) {
    if (!NextName(name)) return false;
    Advance();
    return true;
  }
  void ExpectSymbol(std::string_view symbol) {
    if (!AcceptSymbol(symbol)) Fail("Expected '" + std::string(symbol) + "'");
  }
  void Fail(std::string message, bool refused = false) {
    if (error_) return;
    error_ = JsonPathError{.offset = Current().offset, .message = std::move(message), .refused = refused};
    cursor_ = words_.size() - 1;
  }

  JsonPathNodePtr Make(JsonPathNode node) {
    if (++nodes_ > kMaxNodes) Fail("The path is too long", true);
    return std::make_unique<const JsonPathNode>(std::move(node));
  }

  bool Enter() {
    if (++nesting_ <= kMaxNesting) return true;
    Fail("The path is nested too deeply", true);
    return false;
  }

  JsonPathNodePtr ParseSum() {
    JsonPathNodePtr left = ParseProduct();
    while (NextSymbol("+") || NextSymbol("-")) {
      const Kind kind = NextSymbol("+") ? Kind::kAdd : Kind::kSubtract;
      Advance();
      JsonPathNodePtr right = ParseProduct();
      left = Make({.kind = kind, .left = std::move(left), .right = std::move(right)});
    }
    return left;
  }

  JsonPathNodePtr ParseProduct() {
    JsonPathNodePtr left = ParseSigned();
    while (NextSymbol("*") || NextSymbol("/") || NextSymbol("%")) {
      const Kind kind = NextSymbol("*") ? Kind::kMultiply : NextSymbol("/") ? Kind::kDivide : Kind::kModulus;
      Advance();
      JsonPathNodePtr right = ParseSigned();
      left = Make({.kind = kind, .left = std::move(left), .right = std::move(right)});
    }
    return left;
  }

  JsonPathNodePtr ParseSigned() {
    if (!NextSymbol("+") && !NextSymbol("-")) return ParseAccessors();
    const Kind kind = NextSymbol("-") ? Kind::kNegate : Kind::kPlus;
    Advance();
    if (!Enter()) return Make({});
    JsonPathNodePtr operand = ParseSigned();
    --nesting_;
    return Make({.kind = kind, .left = std::move(operand)});
  }

  JsonPathNodePtr ParseAccessors() {
    JsonPathNodePtr base = ParsePrimary();
    while (!error_) {
      if (AcceptSymbol("..")) {
        const std::string name = ParseMemberName();
        base = Make({.kind = Kind::kDescendant, .text = name, .left = std::move(base)});
      } else if (AcceptSymbol(".")) {
        base = ParseDot(std::move(base));
      } else if (AcceptSymbol("[")) {
        base = ParseSubscripts(std::move(base));
      } else if (AcceptSymbol("?")) {
        ExpectSymbol("(");
        JsonPathNodePtr predicate = ParsePredicate();
        ExpectSymbol(")");
        base = Make({.kind = Kind::kFilter, .left = std::move(base), .right = std::move(predicate)});
      } else {
        break;
      }
    }
    return base;
  }

  std::string ParseMemberName() {
    const std::string name = Current().text;
    if (Current().type != Word::Type::kName && Current().type != Word::Type::kString) Fail("Expected a member's name");
    Advance();
    return name;
  }

  JsonPathNodePtr ParseDot(JsonPathNodePtr base) {
    if (AcceptSymbol("*")) return Make({.kind = Kind::kAnyMember, .left = std::move(base)});
    if (Current().type != Word::Type::kName || !NextSymbol("(", 1)) {
      const std::string name = ParseMemberName();
      return Make({.kind = Kind::kMember, .text = name, .left = std::move(base)});
    }
    static constexpr auto kMethods =
        std::to_array<std::string_view>({"abs", "ceiling", "double", "floor", "keyvalue", "size", "type"});
    const std::string method = Current().text;
    if (method == "datetime") Fail("The method datetime() in a JSON path is not supported", true);
    if (std::ranges::find(kMethods, method) == kMethods.end()) Fail("There is no method '" + method + "'");
    Advance();
    ExpectSymbol("(");
    ExpectSymbol(")");
    return Make({.kind = Kind::kMethod, .text = method, .left = std::move(base)});
  }

  JsonPathNodePtr ParseSubscripts(JsonPathNodePtr base) {
    if (NextSymbol("*") && NextSymbol("]", 1)) {
      Advance();
      Advance();
      return Make({.kind = Kind::kAnyElement, .left = std::move(base)});
    }
    JsonPathNode node{.kind = Kind::kElements, .left = std::move(base)};
    if (!Enter()) return Make({});
    do {
      JsonPathNode::Subscript subscript{.from = ParseSum(), .to = {}};
      if (AcceptName("to")) subscript.to = ParseSum();
      node.subscripts.push_back(std::move(subscript));
    } while (AcceptSymbol(","));
    --nesting_;
    ExpectSymbol("]");
    return Make(std::move(node));
  }

  JsonPathNodePtr ParsePrimary() {
    const Word word = Current();
    switch (word.type) {
      case Word::Type::kVariable: Advance(); return Make({.kind = Kind::kVariable, .text = word.text});
      case Word::Type::kString: Advance(); return Make({.kind = Kind::kString, .text = word.text});
      case Word::Type::kDecimal: Advance(); return Make({.kind = Kind::kDecimal, .text = word.text});
      case Word::Type::kDouble: Advance(); return Make({.kind = Kind::kDouble, .text = word.text});
      case Word::Type::kInteger: {
        std::int64_t value = 0;
        if (std::from_chars(word.text.data(), word.text.data() + word.text.size(), value).ec != std::errc{})
          Fail("Invalid numeric literal: " + word.text);
        Advance();
        return Make({.kind = Kind::kInteger, .text = word.text});
      }
      default: break;
    }
    if (AcceptSymbol("$")) return Make({.kind = Kind::kContext});
    if (AcceptSymbol("@")) return Make({.kind = Kind::kCurrentItem});
    if (AcceptName("last")) return Make({.kind = Kind::kLast});
    if (AcceptName("null")) return Make({.kind = Kind::kNull});
    if (NextName("true") || NextName("false")) {
      Advance();
      return Make({.kind = Kind::kBoolean, .text = word.text});
    }
    if (AcceptSymbol("(")) {
      if (!Enter()) return Make({});
      JsonPathNodePtr inner = ParseSum();
      --nesting_;
      ExpectSymbol(")");
      return inner;
    }
    Fail("Expected a path");
    return Make({});
  }

  JsonPathNodePtr ParsePredicate() {
    if (!Enter()) return Make({});
    JsonPathNodePtr left = ParseConjunction();
    while (AcceptSymbol("||")) {
      JsonPathNodePtr right = ParseConjunction();
      left = Make({.kind = Kind::kOr, .left = std::move(left), .right = std::move(right)});
    }
    --nesting_;
    return left;
  }

  JsonPathNodePtr ParseConjunction() {
    JsonPathNodePtr left = ParseTerm();
    while (AcceptSymbol("&&")) {
      JsonPathNodePtr right = ParseTerm();
      left = Make({.kind = Kind::kAnd, .left = std::move(left), .right = std::move(right)});
    }
    return left;
  }

  JsonPathNodePtr ParseTerm() {
    if (AcceptSymbol("!")) {
      if (!NextSymbol("(") && !NextName("exists")) Fail("Expected '('");
      return Make({.kind = Kind::kNot, .left = ParseDelimited()});
    }
    if ((NextName("exists") && NextSymbol("(", 1)) || (NextSymbol("(") && IsPredicateAhead())) {
      JsonPathNodePtr term = ParseDelimited();
      if (NextName("is") && NextName("unknown", 1)) {
        Advance();
        Advance();
        term = Make({.kind = Kind::kIsUnknown, .left = std::move(term)});
      }
      return term;
    }
    return ParseComparison();
  }

  JsonPathNodePtr ParseDelimited() {
    if (AcceptName("exists")) {
      ExpectSymbol("(");
      JsonPathNodePtr path = ParseSum();
      ExpectSymbol(")");
      return Make({.kind = Kind::kExists, .left = std::move(path)});
    }
    ExpectSymbol("(");
    JsonPathNodePtr inner = ParsePredicate();
    ExpectSymbol(")");
    return inner;
  }

  // Whether the "(" here encloses a predicate rather than a path: a predicate has an operator at its own level.
  [[nodiscard]] bool IsPredicateAhead() const {
    static constexpr auto kOperators =
        std::to_array<std::string_view>({"==", "<>", "!=", "<", ">", "<=", ">=", "&&", "||", "!"});
    int depth = 0;
    for (std::size_t i = cursor_; i < words_.size(); ++i) {
      const Word& word = words_[i];
      if (word.type == Word::Type::kName && depth > 0 && PredicateBegins(i)) return true;
      if (word.type != Word::Type::kSymbol) continue;
      if (word.text == "?") {
        i = EndOfFilter(i);
      } else if (word.text == "(" || word.text == "[") {
        ++depth;
      } else if (word.text == ")" || word.text == "]") {
        if (--depth == 0) return false;
      } else if (std::ranges::find(kOperators, word.text) != kOperators.end()) {
        return true;
      }
    }
    return false;
  }

  [[nodiscard]] bool PredicateBegins(std::size_t i) const {
    if (i > 0 && words_[i - 1].type == Word::Type::kSymbol && words_[i - 1].text.starts_with('.'))
      return false;  // a member's name
    const std::string& text = words_[i].text;
    return text == "exists" || text == "starts" || text == "like_regex";
  }

  // The ")" of the filter whose "?" stands at i.
  [[nodiscard]] std::size_t EndOfFilter(std::size_t i) const {
    int depth = 0;
    for (++i; i < words_.size(); ++i) {
      if (words_[i].type != Word::Type::kSymbol) continue;
      if (words_[i].text == "(") ++depth;
      if (words_[i].text == ")" && --depth == 0) return i;
    }
    return words_.size();
  }

  JsonPathNodePtr ParseComparison() {
    JsonPathNodePtr left = ParseSum();
    if (NextName("starts") && NextName("with", 1)) {
      Advance();
      Advance();
      if (Current().type != Word::Type::kString && Current().type != Word::Type::kVariable)
        Fail("Expected a text or a variable");
      JsonPathNodePtr prefix = ParsePrimary();
      return Make({.kind = Kind::kStartsWith, .left = std::move(left), .right = std::move(prefix)});
    }
    if (AcceptName("like_regex")) {
      const std::string pattern = Current().text;
      if (Current().type != Word::Type::kString) Fail("Expected a regular expression");
      Advance();
      if (NextName("flag")) Fail("A flag of like_regex is not supported", true);
      return Make({.kind = Kind::kLikeRegex, .text = pattern, .left = std::move(left)});
    }
    static constexpr auto kComparisons =
        std::to_array<std::pair<std::string_view, Kind>>({{"==", Kind::kEqual},
                                                          {"<>", Kind::kNotEqual},
                                                          {"!=", Kind::kNotEqual},
                                                          {"<", Kind::kLess},
                                                          {"<=", Kind::kLessOrEqual},
                                                          {">", Kind::kGreater},
                                                          {">=", Kind::kGreaterOrEqual}});
    for (const auto& [symbol, kind] : kComparisons) {
      if (!AcceptSymbol(symbol)) continue;
      JsonPathNodePtr right = ParseSum();
      return Make({.kind = kind, .left = std::move(left), .right = std::move(right)});
    }
    Fail("Expected a comparison");
    return left;
  }

  std::vector<Word> words_;
  std::size_t cursor_ = 0;
  std::size_t nodes_ = 0;
  int nesting_ = 0;
  std::optional<JsonPathError> error_;
};

}  // namespace

std::expected<JsonPath, JsonPathError> ParseJsonPath(std::string_view text) { return PathParser(text).Parse(); }

}  // namespace tarn::sql
