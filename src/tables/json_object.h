// JSON objects as names and values, with all digits of numbers, which JSON libraries make doubles of.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tables/record_reader.h"

namespace tarn::tables {

// Reads one text from its beginning. Values are the text's own bytes, or copies that live as long as the reader.
class JsonObjects final {
 public:
  explicit JsonObjects(std::string_view text) : text_(text) {}

  // Numbers and nested values are given as their text; null is Field::is_null.
  using Member = std::function<void(std::string_view name, const Field& value)>;
  // The whole text is one object. False where it is not.
  [[nodiscard]] bool ReadOnly(const Member& member);
  // The text is an array of objects, or a single one; `begin` is called before each object's members.
  [[nodiscard]] bool ReadAll(const std::function<void()>& begin, const Member& member);

 private:
  [[nodiscard]] bool ReadObject(const Member& member);
  void Blanks();
  bool Take(char c);
  bool AtEnd();
  // The end of the text literal that begins at `at_`, behind its quote.
  [[nodiscard]] std::size_t EndOfText() const;
  bool ReadText(std::string& out);
  bool ReadValue(Field& value);
  bool ReadTextValue(Field& value);
  bool ReadNested(Field& value);

  std::string_view text_;
  std::size_t at_ = 0;
  std::string name_;
  std::vector<std::unique_ptr<std::string>> copies_;
};

}  // namespace tarn::tables
