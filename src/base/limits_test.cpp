#include "base/limits.h"

#include <gtest/gtest.h>

#include "base/secret.h"

namespace tarn::base {
namespace {

using namespace std::chrono_literals;

TEST(CallLimits, WithoutADeadlineNeverRunOut) {
  const CallLimits limits;
  EXPECT_EQ(limits.Left(), std::chrono::milliseconds::max());
  EXPECT_TRUE(limits.Check().has_value());
}

TEST(CallLimits, SayWhenTimeIsOver) {
  const auto limits = CallLimits::Within(0ms);
  EXPECT_EQ(limits.Left(), 0ms);
  EXPECT_EQ(limits.Check().error().kind, ErrorKind::kDeadlineExceeded);
  EXPECT_GT(CallLimits::Within(1h).Left(), 59min);
}

TEST(CallLimits, SayWhenCancelled) {
  std::stop_source source;
  const auto limits = CallLimits::Within(1h, source.get_token());
  EXPECT_TRUE(limits.Check().has_value());
  source.request_stop();
  EXPECT_EQ(limits.Check().error().kind, ErrorKind::kCancelled);
}

Result<int> Half(int number) {
  if (number % 2 != 0) return InvalidArgument("Number is odd", "number");
  return number / 2;
}

Result<int> Quarter(int number) {
  TARN_ASSIGN_OR_RETURN(const int half, Half(number));
  return Half(half);
}

TEST(Result, PassesErrorsOn) {
  EXPECT_EQ(Quarter(12).value(), 3);
  EXPECT_EQ(Quarter(6).error().field, "number");
  EXPECT_EQ(Quarter(6).error().fault, Fault::kCaller);
  EXPECT_TRUE(Unavailable("Source does not answer").error().retryable);
  EXPECT_EQ(ToString(ErrorKind::kNotSupported), "not_supported");
}

TEST(SecretString, KeepsItsTextWhenMoved) {
  SecretString secret(std::string(100, 's'));
  const SecretString moved = std::move(secret);
  EXPECT_EQ(moved.Reveal(), std::string(100, 's'));
  EXPECT_TRUE(SecretString().empty());
}

}  // namespace
}  // namespace tarn::base
