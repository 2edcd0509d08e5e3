#include "tables/json_object.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <cstring>

namespace tarn::tables {

bool JsonObjects::ReadOnly(const Member& member) { return ReadObject(member) && AtEnd(); }

bool JsonObjects::ReadAll(const std::function<void()>& begin, const Member& member) {
  Blanks();
  if (at_ < text_.size() && text_[at_] == '{') {
    begin();
    return ReadOnly(member);
  }
  if (!Take('[')) return false;
  Blanks();
  if (Take(']')) return AtEnd();
  for (;;) {
    begin();
    if (!ReadObject(member)) return false;
    Blanks();
    if (Take(',')) continue;
    return Take(']') && AtEnd();
  }
}

bool JsonObjects::ReadObject(const Member& member) {
  Blanks();
  if (!Take('{')) return false;
  Blanks();
  if (Take('}')) return true;
  for (;;) {
    Blanks();
    if (!ReadText(name_)) return false;
    Blanks();
    if (!Take(':')) return false;
    Blanks();
    Field value;
    if (!ReadValue(value)) return false;
    member(std::string_view(name_), value);
    Blanks();
    if (Take(',')) continue;
    return Take('}');
  }
}

void JsonObjects::Blanks() {
  while (at_ < text_.size() && std::strchr(" \t\r\n", text_[at_]) != nullptr && text_[at_] != '\0') ++at_;
}

bool JsonObjects::Take(char c) {
  if (at_ >= text_.size() || text_[at_] != c) return false;
  ++at_;
  return true;
}

bool JsonObjects::AtEnd() {
  Blanks();
  return at_ == text_.size();
}

std::size_t JsonObjects::EndOfText() const {
  for (auto i = at_ + 1; i < text_.size(); ++i) {
    if (text_[i] == '\\') {
      ++i;
    } else if (text_[i] == '"') {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

bool JsonObjects::ReadText(std::string& out) {
  if (at_ >= text_.size() || text_[at_] != '"') return false;
  const auto end = EndOfText();
  if (end == std::string_view::npos) return false;
  boost::json::error_code failed;
  const auto value = boost::json::parse(boost::json::string_view(text_.data() + at_, end - at_), failed);
  if (failed || !value.is_string()) return false;
  out.assign(value.get_string().data(), value.get_string().size());
  at_ = end;
  return true;
}

bool JsonObjects::ReadValue(Field& value) {
  if (at_ >= text_.size()) return false;
  const char c = text_[at_];
  if (c == '"') return ReadTextValue(value);
  if (c == '{' || c == '[') return ReadNested(value);
  const auto begin = at_;
  while (at_ < text_.size() && std::strchr(",} \t\r\n", text_[at_]) == nullptr) ++at_;
  value.text = text_.substr(begin, at_ - begin);
  if (value.text == "null") {
    value.is_null = true;
    return true;
  }
  boost::json::error_code failed;
  const auto parsed = boost::json::parse(boost::json::string_view(value.text.data(), value.text.size()), failed);
  return !failed && (parsed.is_bool() || parsed.is_number());
}

// Without escapes the bytes stay where they are.
bool JsonObjects::ReadTextValue(Field& value) {
  const auto end = EndOfText();
  if (end == std::string_view::npos) return false;
  const auto inside = text_.substr(at_ + 1, end - at_ - 2);
  const auto is_special = [](char c) { return c == '\\' || static_cast<unsigned char>(c) < 0x20; };
  if (std::ranges::none_of(inside, is_special)) {
    value.text = inside;
    at_ = end;
    return true;
  }
  auto& copy = copies_.emplace_back(std::make_unique<std::string>());
  if (!ReadText(*copy)) return false;
  value.text = *copy;
  return true;
}

bool JsonObjects::ReadNested(Field& value) {
  const auto begin = at_;
  int depth = 0;
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == '"') {
      const auto end = EndOfText();
      if (end == std::string_view::npos) return false;
      at_ = end;
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    ++at_;
    if (depth == 0) break;
  }
  value.text = text_.substr(begin, at_ - begin);
  boost::json::error_code failed;
  static_cast<void>(boost::json::parse(boost::json::string_view(value.text.data(), value.text.size()), failed));
  return !failed;
}

}  // namespace tarn::tables
