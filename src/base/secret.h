// Texts that must not reach logs, errors or answers.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace tarn::base {

// Holds a secret text. It has no stream or format operator; Reveal marks the places that read it.
// The memory is wiped when the last owner goes.
class SecretString final {
 public:
  SecretString() = default;
  explicit SecretString(std::string value) : value_(std::move(value)) {}
  SecretString(const SecretString&) = default;
  SecretString& operator=(const SecretString&) = default;
  SecretString(SecretString&&) noexcept = default;
  SecretString& operator=(SecretString&&) noexcept = default;
  ~SecretString();

  [[nodiscard]] const std::string& Reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

 private:
  std::string value_;
};

}  // namespace tarn::base
