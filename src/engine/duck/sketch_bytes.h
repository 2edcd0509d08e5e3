// The bytes that a sketch is kept in between two functions: numbers one after another, in this machine's order.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "engine/duck/expansion.h"

namespace tarn::engine {

class SketchWriter final {
 public:
  explicit SketchWriter(char kind) : bytes_(1, kind) {}
  template <class T>
  void Add(T value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void AddBytes(std::string_view bytes) { bytes_.append(bytes); }
  [[nodiscard]] std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Errors: INVALID_FUNCTION_ARGUMENT for bytes that are no sketch of this kind.
class SketchReader final {
 public:
  SketchReader(std::string_view bytes, char kind) : bytes_(bytes) {
    if (bytes.empty() || bytes[0] != kind) Refuse();
    bytes_.remove_prefix(1);
  }
  template <class T>
  [[nodiscard]] T Next() {
    T value{};
    if (bytes_.size() < sizeof value) Refuse();
    std::memcpy(&value, bytes_.data(), sizeof value);
    bytes_.remove_prefix(sizeof value);
    return value;
  }
  [[nodiscard]] std::string_view Rest() const { return bytes_; }
  [[nodiscard]] bool done() const { return bytes_.empty(); }

 private:
  [[noreturn]] static void Refuse() { Fail("INVALID_FUNCTION_ARGUMENT", "The bytes are not a sketch of this type"); }

  std::string_view bytes_;
};

}  // namespace tarn::engine
