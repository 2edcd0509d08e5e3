// Structured logs: one line per event, with named values.
//
//   log::Info("refresh completed", {{"cache", id}, {"rows", rows}});
//
// Events are fixed lower-case phrases; what varies goes into fields. A SecretString cannot be a field.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <string>
#include <string_view>
#include <variant>

#include "base/error.h"
#include "base/secret.h"

namespace tarn::base::log {

class Value final {
 public:
  Value(std::string_view text) : value_(std::string(text)) {}
  Value(const std::string& text) : value_(text) {}
  Value(const char* text) : value_(std::string(text)) {}
  Value(bool truth) : value_(truth) {}
  template <std::integral Number>
  requires(!std::same_as<Number, bool>) Value(Number number) : value_(static_cast<std::int64_t>(number)) {}
  Value(double number) : value_(number) {}
  // In milliseconds.
  template <class Count, class Period>
  Value(std::chrono::duration<Count, Period> length)
      : value_(std::chrono::duration<double, std::milli>(length).count()) {}
  Value(const SecretString&) = delete;

  using Content = std::variant<std::string, std::int64_t, double, bool>;
  [[nodiscard]] const Content& content() const { return value_; }

 private:
  Content value_;
};

struct Field {
  std::string_view name;
  Value value;
};
using Fields = std::initializer_list<Field>;

enum class Level { kDebug, kInfo, kWarning, kError };
enum class Format { kText, kJson };

struct Settings {
  Level level = Level::kInfo;
  Format format = Format::kText;
  std::ostream* output = nullptr;  // outlives the logging; nullptr: the standard error stream
};

// Takes effect at once and for the whole process. Without it: text of level info to the standard error stream.
void Configure(const Settings& settings);

// Thread-safe. A line is written whole, and control characters in it are escaped.
void Debug(std::string_view event, Fields fields = {});
void Info(std::string_view event, Fields fields = {});
void Warning(std::string_view event, Fields fields = {});
void Error(std::string_view event, Fields fields = {});

// Errors: InvalidArgument for anything but "debug", "info", "warning" and "error".
[[nodiscard]] Result<Level> ParseLevel(std::string_view text);

}  // namespace tarn::base::log
