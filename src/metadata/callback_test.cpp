#include "metadata/callback.h"

#include <gtest/gtest.h>

namespace tarn::metadata {
namespace {

// RFC 4231, case 2.
TEST(CallbackTest, BodiesAreSigned) {
  EXPECT_EQ(Sign("what do ya want for nothing?", "Jefe"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(CallbackTest, GivesUpAtOnceWhenStopped) {
  std::stop_source stop;
  stop.request_stop();
  const auto told =
      Tell({.project_id = "p", .catalog_id = "c", .id = "i", .status = "completed", .callback = "http://127.0.0.1:1/"},
           base::SecretString("token"), stop.get_token());
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().kind, base::ErrorKind::kCancelled);
}

}  // namespace
}  // namespace tarn::metadata
