#include "engine/types.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

namespace tarn::engine {
namespace {

// "MAP(VARCHAR, INTEGER[])" as a tree. A field's name stands before its type: STRUCT(a INTEGER), row("a b" integer).
struct TypeTree {
  std::string name = {};    // lower case words, as in "timestamp with time zone"; empty for a bare number
  std::string number = {};  // of a bare number
  std::string field = {};   // the name under which this type stands in its parent
  bool has_field = false;
  std::vector<TypeTree> arguments = {};
};

// Reads both languages: they share words, parentheses, commas and quoted names; [] is the engine's only.
class TypeReader {
 public:
  explicit TypeReader(std::string_view text) : text_(text) {}

  std::optional<TypeTree> ReadWhole() {
    auto type = ReadType();
    SkipBlanks();
    if (!type || at_ != text_.size()) return std::nullopt;
    return type;
  }

 private:
  struct Word {
    std::string text = {};
    bool quoted = false;
  };

  void SkipBlanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }
  bool Take(char wanted) {
    SkipBlanks();
    if (at_ == text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  std::optional<Word> TakeWord() {
    SkipBlanks();
    if (at_ == text_.size()) return std::nullopt;
    if (text_[at_] == '"' || text_[at_] == '\'') return TakeQuoted(text_[at_]);
    const auto start = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_' ||
                                  static_cast<unsigned char>(text_[at_]) >= 0x80)) {
      ++at_;
    }
    if (start == at_) return std::nullopt;
    return Word{.text = std::string(text_.substr(start, at_ - start))};
  }

  std::optional<Word> TakeQuoted(char quote) {
    Word word{.quoted = true};
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == quote) {
        if (at_ + 1 == text_.size() || text_[at_ + 1] != quote) {
          ++at_;
          return word;
        }
        ++at_;
      }
      word.text += text_[at_];
    }
    return std::nullopt;
  }

  static bool IsFirstOf(std::string_view word, std::initializer_list<std::string_view> names) {
    return std::ranges::find(names, word) != names.end();
  }

  static std::string Lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
  }

  std::optional<TypeTree> ReadType() {
    if (++depth_ > 100) return std::nullopt;
    const auto first = TakeWord();
    if (!first || first->quoted) return std::nullopt;
    TypeTree type{.name = Lower(first->text)};
    if (!ReadArguments(type) || !ReadSuffixWords(type)) return std::nullopt;
    while (Take('[')) {
      while (at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_]))) ++at_;
      if (!Take(']')) return std::nullopt;
      TypeTree list{.name = "array"};
      list.arguments.push_back(std::move(type));
      type = std::move(list);
    }
    --depth_;
    return type;
  }

  bool ReadArguments(TypeTree& type) {
    if (!Take('(')) return true;
    do {
      auto argument = ReadArgument(type.name);
      if (!argument) return false;
      type.arguments.push_back(*std::move(argument));
    } while (Take(','));
    return Take(')');
  }

  std::optional<TypeTree> ReadArgument(const std::string& parent) {
    SkipBlanks();
    if (at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_]))) {
      return TypeTree{.number = TakeWord()->text};
    }
    if (parent == "enum") {
      if (!TakeWord()) return std::nullopt;
      return TypeTree{.number = "0"};
    }
    if (IsFirstOf(parent, {"row", "struct", "union"})) {
      const auto start = at_;
      if (auto name = TakeWord()) {
        if (auto type = ReadType()) {
          type->field = name->text;
          type->has_field = true;
          SkipBlanks();
          const bool ends = at_ < text_.size() && (text_[at_] == ',' || text_[at_] == ')');
          if (ends && !IsSuffix(type->name.substr(0, type->name.find(' ')))) return type;
        }
      }
      at_ = start;
    }
    return ReadType();
  }

  // A type's name may go on: "time with time zone", "interval day to second". Its first word is none of these,
  // except "time", which is a type by itself.
  static bool IsSuffix(std::string_view word) {
    return IsFirstOf(word, {"with", "without", "zone", "precision", "varying", "year", "month", "day", "second", "to"});
  }

  bool ReadSuffixWords(TypeTree& type) {
    for (;;) {
      const auto start = at_;
      const auto word = TakeWord();
      if (!word) {
        at_ = start;
        return true;
      }
      const auto lower = Lower(word->text);
      if (word->quoted || !(IsSuffix(lower) || (lower == "time" && type.name.find("with") != std::string::npos))) {
        at_ = start;
        return true;
      }
      type.name += ' ' + lower;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

using NamePair = std::pair<std::string_view, std::string_view>;

constexpr std::array<NamePair, 39> kToTrino = {{
    {"boolean", "boolean"},
    {"bool", "boolean"},
    {"logical", "boolean"},
    {"tinyint", "tinyint"},
    {"int1", "tinyint"},
    {"smallint", "smallint"},
    {"int2", "smallint"},
    {"integer", "integer"},
    {"int", "integer"},
    {"int4", "integer"},
    {"bigint", "bigint"},
    {"int8", "bigint"},
    {"hugeint", "decimal(38,0)"},
    {"uhugeint", "decimal(38,0)"},
    {"utinyint", "smallint"},
    {"usmallint", "integer"},
    {"uinteger", "bigint"},
    {"ubigint", "decimal(20,0)"},
    {"float", "real"},
    {"real", "real"},
    {"float4", "real"},
    {"double", "double"},
    {"float8", "double"},
    {"blob", "varbinary"},
    {"bytea", "varbinary"},
    {"varbinary", "varbinary"},
    {"date", "date"},
    {"time", "time(6)"},
    {"time_ns", "time(9)"},
    {"time with time zone", "time(6) with time zone"},
    {"timestamp", "timestamp(6)"},
    {"timestamp_s", "timestamp(0)"},
    {"timestamp_ms", "timestamp(3)"},
    {"timestamp_ns", "timestamp(9)"},
    {"timestamp with time zone", "timestamp(6) with time zone"},
    {"interval", "interval day to second"},
    {"uuid", "uuid"},
    {"json", "json"},
    {"\"null\"", "unknown"},
}};

std::string QuotedField(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string ToTrino(const TypeTree& type) {
  if (type.name == "array" && type.arguments.size() == 1) return "array(" + ToTrino(type.arguments[0]) + ")";
  if (type.name == "map" && type.arguments.size() == 2) {
    return "map(" + ToTrino(type.arguments[0]) + "," + ToTrino(type.arguments[1]) + ")";
  }
  if (type.name == "struct" || type.name == "row") {
    std::string text = "row(";
    for (const auto& field : type.arguments) {
      if (text.back() != '(') text += ',';
      if (field.has_field) text += QuotedField(field.field) + ' ';
      text += ToTrino(field);
    }
    return text + ")";
  }
  if (type.name == "decimal" || type.name == "numeric") {
    if (type.arguments.size() == 2) return "decimal(" + type.arguments[0].number + "," + type.arguments[1].number + ")";
    if (type.arguments.size() == 1) return "decimal(" + type.arguments[0].number + ",0)";
    return "decimal(18,3)";
  }
  if (type.name == "null") return "unknown";
  const auto* found = std::ranges::find(kToTrino, type.name, &NamePair::first);
  return found == kToTrino.end() ? "varchar" : std::string(found->second);
}

constexpr std::array<NamePair, 27> kToEngine = {{
    {"boolean", "BOOLEAN"},
    {"tinyint", "TINYINT"},
    {"smallint", "SMALLINT"},
    {"integer", "INTEGER"},
    {"int", "INTEGER"},
    {"bigint", "BIGINT"},
    {"real", "FLOAT"},
    {"double", "DOUBLE"},
    {"double precision", "DOUBLE"},
    {"varchar", "VARCHAR"},
    {"char", "VARCHAR"},
    {"character varying", "VARCHAR"},
    {"varbinary", "BLOB"},
    {"date", "DATE"},
    {"time", "TIME"},
    {"time without time zone", "TIME"},
    {"time with time zone", "TIME WITH TIME ZONE"},
    {"timestamp without time zone", "TIMESTAMP"},
    {"timestamp with time zone", "TIMESTAMP WITH TIME ZONE"},
    {"interval", "INTERVAL"},
    {"interval day to second", "INTERVAL"},
    {"interval year to month", "INTERVAL"},
    {"uuid", "UUID"},
    {"json", "JSON"},
    {"unknown", "\"NULL\""},
    {"ipaddress", "VARCHAR"},
    {"number", "DECIMAL(38,10)"},
}};

constexpr std::array<std::string_view, 9> kForeign = {
    "hyperloglog", "p4hyperloglog",      "qdigest",  "tdigest", "setdigest",
    "geometry",    "sphericalgeography", "bingtile", "color"};

std::optional<int> NumberOf(const TypeTree& type) {
  int value = 0;
  const auto& digits = type.number;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || failure != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::unexpected<base::Error> UnknownType(std::string_view type) {
  auto failed = base::InvalidArgument("Unknown type: \"" + std::string(type) + "\"");
  failed.error().code = "TYPE_NOT_FOUND";
  return failed;
}

base::Result<std::string> ToEngine(const TypeTree& type);

base::Result<std::string> DecimalToEngine(const TypeTree& type) {
  const auto& arguments = type.arguments;
  const auto precision = arguments.empty() ? std::optional(38) : NumberOf(arguments[0]);
  const auto scale = arguments.size() < 2 ? std::optional(0) : NumberOf(arguments[1]);
  if (arguments.size() > 2 || !precision || !scale || *precision < 1 || *precision > 38 || *scale > *precision) {
    return UnknownType("decimal");
  }
  return "DECIMAL(" + std::to_string(*precision) + "," + std::to_string(*scale) + ")";
}

base::Result<std::string> RowToEngine(const TypeTree& type) {
  std::string text = "STRUCT(";
  int position = 0;
  for (const auto& field : type.arguments) {
    TARN_ASSIGN_OR_RETURN(const auto inner, ToEngine(field));
    if (++position > 1) text += ", ";
    // The engine's structs name every field; unnamed ones get their position.
    text += QuotedField(field.has_field ? field.field : "field" + std::to_string(position - 1)) + ' ' + inner;
  }
  if (position == 0) return UnknownType("row");
  return text + ")";
}

base::Result<std::string> ToEngine(const TypeTree& type) {
  const auto& arguments = type.arguments;
  if (type.name == "decimal") return DecimalToEngine(type);
  if (type.name == "row") return RowToEngine(type);
  if (type.name == "array" && arguments.size() == 1) {
    TARN_ASSIGN_OR_RETURN(const auto inner, ToEngine(arguments[0]));
    return inner + "[]";
  }
  if (type.name == "map" && arguments.size() == 2) {
    TARN_ASSIGN_OR_RETURN(const auto key, ToEngine(arguments[0]));
    TARN_ASSIGN_OR_RETURN(const auto value, ToEngine(arguments[1]));
    return "MAP(" + key + ", " + value + ")";
  }
  const auto precision = arguments.empty() ? std::optional(0) : NumberOf(arguments[0]);
  if (arguments.size() > 1 || !precision) return UnknownType(type.name);
  if (type.name == "timestamp") return *precision > 6 ? "TIMESTAMP_NS" : "TIMESTAMP";
  if (type.name == "time" && *precision > 6) return "TIME_NS";
  const auto* found = std::ranges::find(kToEngine, type.name, &NamePair::first);
  if (found != kToEngine.end()) return std::string(found->second);
  if (std::ranges::find(kForeign, type.name) != kForeign.end()) {
    return base::NotSupported("Type is not supported: \"" + type.name + "\"");
  }
  return UnknownType(type.name);
}

}  // namespace

std::string TrinoTypeOf(std::string_view engine_type) {
  if (engine_type == "\"NULL\"") return "unknown";
  const auto type = TypeReader(engine_type).ReadWhole();
  return type ? ToTrino(*type) : "varchar";
}

base::Result<std::string> EngineTypeOf(std::string_view trino_type) {
  const auto type = TypeReader(trino_type).ReadWhole();
  if (!type) return UnknownType(trino_type);
  return ToEngine(*type);
}

}  // namespace tarn::engine
