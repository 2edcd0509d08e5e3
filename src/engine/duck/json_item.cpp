#include "engine/duck/json_item.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "engine/duck/expansion.h"
#include "engine/duck/value_text.h"
#include "sql/text.h"

namespace tarn::engine {
namespace {

constexpr int kMaxDepth = 1000;
constexpr std::size_t kSearchedMembers = 16;  // more are looked up through a table

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Strict JSON. Every Read… gives false where the text is not JSON.
class Reader final {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  JsonItemPtr ReadAll() {
    auto item = std::make_shared<JsonItem>();
    if (!ReadValue(*item)) return nullptr;
    SkipBlanks();
    return at_ == text_.size() ? item : nullptr;
  }

 private:
  void SkipBlanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
  }
  bool Accept(char c) {
    SkipBlanks();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool AcceptWord(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  bool ReadValue(JsonItem& item) {
    SkipBlanks();
    if (at_ == text_.size()) return false;
    switch (text_[at_]) {
      case '{': return ReadObject(item);
      case '[': return ReadArray(item);
      case '"': item.kind = JsonKind::kString; return ReadString(item.text);
      case 'n': return AcceptWord("null");
      case 't':
        item.kind = JsonKind::kBoolean;
        item.boolean = true;
        return AcceptWord("true");
      case 'f': item.kind = JsonKind::kBoolean; return AcceptWord("false");
      default: return ReadNumber(item);
    }
  }

  bool ReadArray(JsonItem& item) {
    item.kind = JsonKind::kArray;
    if (++depth_ > kMaxDepth) return false;
    ++at_;
    if (!Accept(']')) {
      do {
        auto element = std::make_shared<JsonItem>();
        if (!ReadValue(*element)) return false;
        item.elements.push_back(std::move(element));
      } while (Accept(','));
      if (!Accept(']')) return false;
    }
    --depth_;
    return true;
  }

  bool ReadObject(JsonItem& item) {
    item.kind = JsonKind::kObject;
    if (++depth_ > kMaxDepth) return false;
    ++at_;
    if (!Accept('}')) {
      std::unordered_map<std::string, std::size_t> places;
      do {
        SkipBlanks();
        std::string name;
        if (at_ == text_.size() || text_[at_] != '"' || !ReadString(name) || !Accept(':')) return false;
        auto value = std::make_shared<JsonItem>();
        if (!ReadValue(*value)) return false;
        Put(item, std::move(name), std::move(value), places);
      } while (Accept(','));
      if (!Accept('}')) return false;
    }
    --depth_;
    return true;
  }

  static void Put(JsonItem& item, std::string name, JsonItemPtr value,
                  std::unordered_map<std::string, std::size_t>& places) {
    auto& members = item.members;
    auto known = members.end();
    if (members.size() < kSearchedMembers) {
      known = std::ranges::find(members, name, &std::pair<std::string, JsonItemPtr>::first);
    } else {
      for (auto i = places.size(); i < members.size(); ++i) places.emplace(members[i].first, i);
      if (const auto place = places.find(name); place != places.end())
        known = members.begin() + static_cast<std::ptrdiff_t>(place->second);
    }
    if (known != members.end()) {
      known->second = std::move(value);
    } else {
      members.emplace_back(std::move(name), std::move(value));
    }
  }

  bool ReadNumber(JsonItem& item) {
    const auto start = at_;
    if (text_[at_] == '-') ++at_;
    const auto digits = [this] {
      const auto first = at_;
      while (at_ < text_.size() && IsDigit(text_[at_])) ++at_;
      return at_ - first;
    };
    const auto leading = at_;
    const auto whole_digits = digits();
    if (whole_digits == 0 || (whole_digits > 1 && text_[leading] == '0')) return false;
    bool whole = true;
    if (at_ < text_.size() && text_[at_] == '.') {
      whole = false;
      ++at_;
      if (digits() == 0) return false;
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      whole = false;
      ++at_;
      if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      if (digits() == 0) return false;
    }
    const char* const first = text_.data() + start;
    const char* const last = text_.data() + at_;
    item.kind = whole ? JsonKind::kInteger : JsonKind::kDouble;
    if (whole) {
      if (std::from_chars(first, last, item.integer).ec != std::errc{}) {
        Fail("NOT_SUPPORTED",
             "A whole number beyond bigint in a JSON text is not supported: \"" + std::string(first, last) + "\"");
      }
      return true;
    }
    if (std::from_chars(first, last, item.number).ec != std::errc{}) {
      Fail("NOT_SUPPORTED",
           "A number beyond double in a JSON text is not supported: \"" + std::string(first, last) + "\"");
    }
    return true;
  }

  std::optional<std::uint32_t> ReadHex() {
    std::uint32_t value = 0;
    if (at_ + 4 > text_.size()) return std::nullopt;
    const char* const first = text_.data() + at_;
    const auto [end, error] = std::from_chars(first, first + 4, value, 16);
    if (error != std::errc{} || end != first + 4) return std::nullopt;
    at_ += 4;
    return value;
  }

  bool ReadEscape(std::string& text) {
    static constexpr std::string_view kLetters = "\"\\/bfnrt";
    static constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    if (at_ == text_.size()) return false;
    const char c = text_[at_++];
    if (const auto known = kLetters.find(c); known != std::string_view::npos) {
      text += kMeanings[known];
      return true;
    }
    if (c != 'u') return false;
    auto code_point = ReadHex();
    if (!code_point) return false;
    const bool high = *code_point >= 0xD800 && *code_point < 0xDC00;
    if (high && text_.substr(at_).starts_with("\\u")) {
      const auto mark = at_;
      at_ += 2;
      const auto low = ReadHex();
      if (low && *low >= 0xDC00 && *low < 0xE000)
        code_point = 0x10000 + ((*code_point - 0xD800) << 10U) + (*low - 0xDC00);
      else
        at_ = mark;
    }
    if (*code_point >= 0xD800 && *code_point < 0xE000) code_point = 0xFFFD;
    sql::AppendUtf8(text, *code_point);
    return true;
  }

  bool ReadString(std::string& text) {
    for (++at_; at_ < text_.size();) {
      const char c = text_[at_++];
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c != '\\')
        text += c;
      else if (!ReadEscape(text))
        return false;
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

double JsonItem::as_double() const {
  if (kind == JsonKind::kInteger) return static_cast<double>(integer);
  return number;
}

JsonItemPtr ReadJson(std::string_view text) { return Reader(text).ReadAll(); }

void AppendJson(const JsonItem& item, TextBuffer& out) {
  switch (item.kind) {
    case JsonKind::kNull: out.Append("null"); break;
    case JsonKind::kBoolean: out.Append(item.boolean ? "true" : "false"); break;
    case JsonKind::kInteger: out.AdvanceTo(WriteInteger(out.Room(kLongestValue), item.integer)); break;
    case JsonKind::kDecimal: out.Append(item.text); break;
    case JsonKind::kDouble: out.AdvanceTo(WriteDouble(out.Room(kLongestValue), item.number)); break;
    case JsonKind::kString: AppendTrinoJsonString(item.text, out); break;
    case JsonKind::kArray:
      out.Append('[');
      for (std::size_t i = 0; i < item.elements.size(); ++i) {
        if (i > 0) out.Append(',');
        AppendJson(*item.elements[i], out);
      }
      out.Append(']');
      break;
    case JsonKind::kObject:
      out.Append('{');
      for (std::size_t i = 0; i < item.members.size(); ++i) {
        if (i > 0) out.Append(',');
        AppendTrinoJsonString(item.members[i].first, out);
        out.Append(':');
        AppendJson(*item.members[i].second, out);
      }
      out.Append('}');
      break;
  }
}

}  // namespace tarn::engine
