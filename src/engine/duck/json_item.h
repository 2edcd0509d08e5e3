// JSON values as SQL/JSON paths see them: read from text, written as compact text.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/duck/json_text.h"

namespace tarn::engine {

struct JsonItem;
using JsonItemPtr = std::shared_ptr<const JsonItem>;
using JsonSequence = std::vector<JsonItemPtr>;

enum class JsonKind { kNull, kBoolean, kInteger, kDecimal, kDouble, kString, kArray, kObject };

// Whole numbers are kInteger, numbers of a text with a fraction or an exponent kDouble; kDecimal comes from literals
// of a path alone, and keeps its digits in `text`.
struct JsonItem {
  JsonKind kind = JsonKind::kNull;
  bool boolean = false;
  std::int64_t integer = 0;
  double number = 0;
  std::string text = {};
  JsonSequence elements = {};
  std::vector<std::pair<std::string, JsonItemPtr>> members = {};  // in the order of the text; names differ

  [[nodiscard]] bool is_number() const {
    return kind == JsonKind::kInteger || kind == JsonKind::kDecimal || kind == JsonKind::kDouble;
  }
  // Precondition: is_number().
  [[nodiscard]] double as_double() const;
};

// The value of a JSON text, or nothing where it is none. Of members with one name the last counts.
// Raises NOT_SUPPORTED for whole numbers beyond a bigint.
[[nodiscard]] JsonItemPtr ReadJson(std::string_view text);

void AppendJson(const JsonItem& item, TextBuffer& out);

}  // namespace tarn::engine
