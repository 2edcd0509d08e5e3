#include "engine/duck/json_reader.h"

#include <algorithm>
#include <cctype>
#include <map>

#include "engine/duck/code_points.h"
#include "engine/duck/expansion.h"
#include "engine/duck/json_text.h"

namespace tarn::engine {
namespace {

constexpr int kDeepest = 1000;

// Walks over a text that may be no JSON at all.
class Walker final {
 public:
  explicit Walker(std::string_view text) : text_(text) {}

  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void Blanks() {
    while (at_ < text_.size() && std::string_view(" \t\n\r").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  bool Take(char c) {
    Blanks();
    if (Peek() != c) return false;
    ++at_;
    return true;
  }
  bool String() {
    if (Peek() != '"') return false;
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c != '\\') continue;
      ++at_;
      if (Peek() == 'u') {
        for (int i = 0; i < 4; ++i) {
          ++at_;
          if (!std::isxdigit(static_cast<unsigned char>(Peek()))) return false;
        }
      } else if (Peek() == '\0' || std::string_view("\"\\/bfnrt").find(Peek()) == std::string_view::npos) {
        return false;
      }
    }
    return false;
  }
  bool Number() {
    if (Peek() == '-') ++at_;
    if (Peek() == '0')
      ++at_;
    else if (!Digits())
      return false;
    if (Peek() == '.') {
      ++at_;
      if (!Digits()) return false;
    }
    if (Peek() == 'e' || Peek() == 'E') {
      ++at_;
      if (Peek() == '+' || Peek() == '-') ++at_;
      return Digits();
    }
    return true;
  }
  // One value. `member` is told each child of this value, with the quoted name in objects.
  bool Value(int depth, const std::function<void(std::string_view, std::string_view)>* member = nullptr) {
    Blanks();
    const char c = Peek();
    if (depth > kDeepest) return false;
    if (c == '"') return String();
    if (c == '-' || std::isdigit(static_cast<unsigned char>(c))) return Number();
    if (c == '{' || c == '[') return Container(c == '{', depth, member);
    for (const std::string_view word : {"true", "false", "null"}) {
      if (text_.substr(at_, word.size()) == word) {
        at_ += word.size();
        return true;
      }
    }
    return false;
  }

 private:
  bool Digits() {
    const std::size_t start = at_;
    while (std::isdigit(static_cast<unsigned char>(Peek()))) ++at_;
    return at_ > start;
  }
  bool Container(bool object, int depth, const std::function<void(std::string_view, std::string_view)>* member) {
    ++at_;
    const char close = object ? '}' : ']';
    if (Take(close)) return true;
    for (;;) {
      std::string_view name;
      if (object) {
        Blanks();
        const std::size_t start = at_;
        if (!String()) return false;
        name = text_.substr(start, at_ - start);
        if (!Take(':')) return false;
      }
      Blanks();
      const std::size_t start = at_;
      if (!Value(depth + 1)) return false;
      if (member != nullptr) (*member)(name, text_.substr(start, at_ - start));
      if (Take(close)) return true;
      if (!Take(',')) return false;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

void EachChild(std::string_view value, const std::function<void(std::string_view, std::string_view)>& take) {
  Walker walker(value);
  (void)walker.Value(0, &take);  // the value is valid
}

// A number with a fraction or an exponent as a decimal number's text in Java: 1e2 is 1E+2, 0.00 is 0.00.
std::string CanonicalNumber(std::string_view text) {
  if (text.find_first_of(".eE") == std::string_view::npos) return std::string(text == "-0" ? "0" : text);
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto e = text.find_first_of("eE");
  const auto mantissa = text.substr(0, e);
  long long exponent = 0;
  if (e != std::string_view::npos) exponent = std::strtoll(std::string(text.substr(e + 1)).c_str(), nullptr, 10);
  const auto dot = mantissa.find('.');
  std::string digits;
  for (const char c : mantissa) {
    if (c != '.') digits += c;
  }
  long long scale = (dot == std::string_view::npos ? 0 : static_cast<long long>(mantissa.size() - dot - 1)) - exponent;
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  const auto adjusted = static_cast<long long>(digits.size()) - 1 - scale;
  std::string out = negative && digits != "0" ? "-" : "";
  if (scale >= 0 && adjusted >= -6) {
    if (scale == 0) return out + digits;
    const auto places = static_cast<std::size_t>(scale);
    if (digits.size() <= places) digits.insert(0, places - digits.size() + 1, '0');
    return out + digits.substr(0, digits.size() - places) + "." + digits.substr(digits.size() - places);
  }
  out += digits[0];
  if (digits.size() > 1) out += "." + digits.substr(1);
  return out + "E" + (adjusted >= 0 ? "+" : "") + std::to_string(adjusted);
}

std::string QuotedJson(std::string_view text) {
  TextBuffer buffer;
  AppendTrinoJsonString(text, buffer);
  return std::string(buffer.text());
}

void AppendCanonical(std::string_view value, std::string& out) {
  if (value[0] == '"') {
    out += QuotedJson(JsonStringText(value));
  } else if (value[0] == '[') {
    out += '[';
    bool first = true;
    EachChild(value, [&](std::string_view, std::string_view child) {
      if (!std::exchange(first, false)) out += ',';
      AppendCanonical(child, out);
    });
    out += ']';
  } else if (value[0] == '{') {
    std::map<std::string, std::string_view> members;
    EachChild(value, [&](std::string_view name, std::string_view child) { members[JsonStringText(name)] = child; });
    out += '{';
    for (bool first = true; const auto& [name, child] : members) {
      if (!std::exchange(first, false)) out += ',';
      out += QuotedJson(name) + ":";
      AppendCanonical(child, out);
    }
    out += '}';
  } else if (value[0] == '-' || std::isdigit(static_cast<unsigned char>(value[0]))) {
    out += CanonicalNumber(value);
  } else {
    out += value;
  }
}

[[noreturn]] void RefusePath(std::string_view path) {
  Fail("INVALID_FUNCTION_ARGUMENT", "Invalid JSON path: '" + std::string(path) + "'");
}

}  // namespace

JsonPath ParseJsonPath(std::string_view path) {
  if (!path.starts_with('$')) RefusePath(path);
  const auto is_name = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
  };
  JsonPath steps;
  for (std::size_t at = 1; at < path.size();) {
    const bool bracket = path[at] == '[';
    if (!bracket && path[at] != '.') RefusePath(path);
    ++at;
    std::string name;
    bool quoted = false;
    if (bracket && at < path.size() && path[at] == '"') {
      quoted = true;
      for (++at; at < path.size() && path[at] != '"'; ++at) {
        if (path[at] == '\\' && at + 1 < path.size() && (path[at + 1] == '"' || path[at + 1] == '\\')) ++at;
        name += path[at];
      }
      if (at == path.size()) RefusePath(path);
      ++at;
    } else {
      while (at < path.size() && (is_name(path[at]) || (!bracket && path[at] == ':'))) name += path[at++];
    }
    if (bracket) {
      if (at >= path.size() || path[at] != ']') RefusePath(path);
      ++at;
    }
    if (name.empty() && !quoted) RefusePath(path);
    steps.push_back(std::move(name));
  }
  return steps;
}

std::optional<std::string_view> JsonValue(std::string_view text) {
  Walker walker(text);
  walker.Blanks();
  const std::size_t start = walker.at();
  if (!walker.Value(0)) return std::nullopt;
  const std::size_t end = walker.at();
  walker.Blanks();
  if (walker.at() != text.size()) return std::nullopt;
  return text.substr(start, end - start);
}

std::optional<std::string_view> JsonAt(std::string_view value, const JsonPath& path) {
  for (const std::string& step : path) {
    std::optional<std::string_view> found;
    if (value[0] == '{') {
      EachChild(value, [&](std::string_view name, std::string_view child) {
        if (!found && JsonStringText(name) == step) found = child;
      });
    } else if (value[0] == '[') {
      const bool index =
          !step.empty() && step.size() < 10 && std::ranges::all_of(step, [](char c) { return c >= '0' && c <= '9'; });
      std::int64_t left = index ? std::stoll(step) : -1;
      EachChild(value, [&](std::string_view, std::string_view child) {
        if (left-- == 0) found = child;
      });
    }
    if (!found) return std::nullopt;
    value = *found;
  }
  return value;
}

std::optional<std::vector<std::string_view>> JsonChildren(std::string_view value) {
  if (IsJsonScalar(value)) return std::nullopt;
  std::vector<std::string_view> children;
  EachChild(value, [&](std::string_view, std::string_view child) { children.push_back(child); });
  return children;
}

std::optional<std::vector<std::pair<std::string, std::string_view>>> JsonMembers(std::string_view value) {
  if (!value.starts_with('{')) return std::nullopt;
  std::vector<std::pair<std::string, std::string_view>> members;
  EachChild(value,
            [&](std::string_view name, std::string_view child) { members.emplace_back(JsonStringText(name), child); });
  return members;
}

std::string JsonStringText(std::string_view quoted) {
  std::string out;
  const auto unit = [&](std::size_t at) {
    return static_cast<char32_t>(std::strtoul(std::string(quoted.substr(at, 4)).c_str(), nullptr, 16));
  };
  for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
    if (quoted[i] != '\\') {
      out += quoted[i];
      continue;
    }
    static constexpr std::string_view kLetters = "bfnrt", kMeanings = "\b\f\n\r\t";
    const char c = quoted[++i];
    if (const auto letter = kLetters.find(c); letter != std::string_view::npos) {
      out += kMeanings[letter];
    } else if (c != 'u') {
      out += c;
    } else {
      char32_t point = unit(i + 1);
      i += 4;
      if (point >= 0xD800 && point < 0xDC00 && quoted.substr(i + 1, 2) == "\\u") {
        const char32_t low = unit(i + 3);
        if (low >= 0xDC00 && low < 0xE000) {
          point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
          i += 6;
        }
      }
      AppendCodePoint(out, point >= 0xD800 && point < 0xE000 ? U'?' : point);
    }
  }
  return out;
}

std::string CanonicalJson(std::string_view value) {
  std::string out;
  AppendCanonical(value, out);
  return out;
}

}  // namespace tarn::engine
