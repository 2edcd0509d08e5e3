#include "http/client.h"

#include <gtest/gtest.h>

namespace tarn::http {
namespace {

TEST(HttpClientTest, TakesUrlsOfHttpAlone) {
  for (const auto* url : {"http://127.0.0.1:8080/x?y=1", "https://example.org"})
    EXPECT_TRUE(CheckOutgoingUrl(url, "u"));
  for (const auto* url : {"", "http://", "/path", "ftp://example.org/", "file:///etc/passwd", "example.org"}) {
    const auto checked = CheckOutgoingUrl(url, "u");
    ASSERT_FALSE(checked) << url;
    EXPECT_EQ(checked.error().field, "u");
  }
}

TEST(HttpClientTest, DoesNotSpeakToTheMachinesOwnNetwork) {
  for (const auto* url : {"http://169.254.169.254/latest/", "http://[fe80::1]/", "http://[::ffff:169.254.169.254]/"}) {
    const auto begun = std::chrono::steady_clock::now();
    const auto reply = Post({.url = url, .body = "{}"}, base::CallLimits::Within(std::chrono::seconds(5)));
    ASSERT_FALSE(reply) << url;
    EXPECT_EQ(reply.error().kind, base::ErrorKind::kUnavailable);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(1)) << url;
  }
}

TEST(HttpClientTest, StopsWhenItIsCancelled) {
  std::stop_source stop;
  stop.request_stop();
  const auto reply = Post({.url = "http://127.0.0.1:1/", .body = "{}"}, {.cancel = stop.get_token()});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, base::ErrorKind::kCancelled);
}

}  // namespace
}  // namespace tarn::http
