#include "query/admission.h"

#include <gmock/gmock.h>

#include <atomic>
#include <future>

namespace tarn::query {
namespace {

using base::CallLimits;
using base::ErrorKind;
using namespace std::chrono_literals;
using Place = std::unique_ptr<Admission::Place>;

// Asks for a place, and keeps what came of it.
struct Asked {
  std::promise<base::Result<Place>> promise = {};
  std::future<base::Result<Place>> outcome = promise.get_future();

  [[nodiscard]] bool told() const { return outcome.wait_for(0s) == std::future_status::ready; }
};

std::shared_ptr<Asked> Ask(Admission& admission, const std::string& project, const CallLimits& limits = {}) {
  auto asked = std::make_shared<Asked>();
  admission.Enter(project, limits, [asked](base::Result<Place> place) { asked->promise.set_value(std::move(place)); });
  return asked;
}

TEST(AdmissionTest, TakesProjectsInTurn) {
  Admission admission({.running = 1});
  auto running = admission.Wait("busy", {});
  ASSERT_TRUE(running);
  std::string order;
  const auto ask = [&](const std::string& project, char mark) {
    admission.Enter(project, {}, [&order, mark](base::Result<Place> place) {
      order += mark;
      place->reset();
    });
  };
  ask("a", '1');
  ask("a", '2');
  ask("a", '3');
  ask("b", 'x');
  ask("b", 'y');
  EXPECT_EQ(admission.load().queued, 5);
  running->reset();
  EXPECT_EQ(order, "1x2y3");
  EXPECT_EQ(admission.load().running, 0);
}

TEST(AdmissionTest, AProjectCannotTakeAllPlaces) {
  Admission admission({.running = 3, .running_per_project = 2});
  const auto first = admission.Wait("greedy", {});
  const auto second = admission.Wait("greedy", {});
  const auto third = Ask(admission, "greedy");
  EXPECT_FALSE(third->told());
  EXPECT_TRUE(Ask(admission, "modest")->told());
  EXPECT_FALSE(third->told());
}

TEST(AdmissionTest, RefusesWhatTheQueueCannotHold) {
  Admission admission({.running = 1, .queued_per_project = 1});
  auto running = admission.Wait("a", {});
  const auto waiting = Ask(admission, "a");
  const auto refused = admission.Wait("a", {});
  EXPECT_EQ(refused.error().kind, ErrorKind::kResourceExhausted);
  EXPECT_EQ(refused.error().code, "QUERY_QUEUE_FULL");
  const auto other = Ask(admission, "b");  // whose queue is its own
  EXPECT_FALSE(other->told());
  running->reset();
  EXPECT_TRUE(waiting->told());
}

TEST(AdmissionTest, WaitsCanBeCancelledAndEndInTime) {
  Admission admission({.running = 1});
  auto running = admission.Wait("a", {});
  std::stop_source stop;
  const auto cancelled = Ask(admission, "a", {.cancel = stop.get_token()});
  EXPECT_FALSE(cancelled->told());
  stop.request_stop();
  ASSERT_TRUE(cancelled->told());
  EXPECT_EQ(cancelled->outcome.get().error().kind, ErrorKind::kCancelled);
  EXPECT_EQ(admission.Wait("a", CallLimits::Within(30ms)).error().kind, ErrorKind::kDeadlineExceeded);
  EXPECT_EQ(admission.load().queued, 0);
  running->reset();
  EXPECT_TRUE(admission.Wait("a", {}));
}

TEST(AdmissionTest, AStatementWhoseRowsNobodyTakesGivesItsPlaceAndGetsItBack) {
  Admission admission({.running = 1, .parked = 1, .idle = 10ms});
  auto slow = admission.Wait("a", {});
  ASSERT_TRUE(slow);
  const auto early = Ask(admission, "b");
  EXPECT_EQ(early->outcome.wait_for(200ms), std::future_status::timeout) << "the first one is at work";
  (*slow)->Rest();
  ASSERT_EQ(early->outcome.wait_for(5s), std::future_status::ready);
  EXPECT_EQ(admission.load().parked, 1);

  const auto later = Ask(admission, "b");
  std::atomic<bool> back = false;
  (*slow)->WhenReady({}, [&] { back = true; });
  EXPECT_FALSE(back);
  early->outcome.get()->reset();
  EXPECT_TRUE(back) << "it comes before those that have not begun";
  EXPECT_FALSE(later->told());
  EXPECT_EQ(admission.load().parked, 0);
  slow->reset();
  EXPECT_TRUE(later->told());
}

TEST(AdmissionTest, NobodyGivesHisPlaceWhereNobodyWaits) {
  Admission admission({.running = 1, .running_per_project = 1, .idle = 1ms});
  auto slow = admission.Wait("a", {});
  (*slow)->Rest();
  std::this_thread::sleep_for(150ms);
  EXPECT_EQ(admission.load().parked, 0);
  EXPECT_TRUE((*slow)->Work({}));
}

TEST(AdmissionTest, NoMoreAreParkedThanTheLimitSays) {
  Admission admission({.running = 1, .parked = 0, .idle = 1ms});
  auto slow = admission.Wait("a", {});
  (*slow)->Rest();
  EXPECT_EQ(admission.Wait("b", CallLimits::Within(150ms)).error().kind, ErrorKind::kDeadlineExceeded);
}

TEST(AdmissionTest, AParkedStatementIsToldWhenItsLimitsEndItsWait) {
  Admission admission({.running = 1, .idle = 1ms});
  auto slow = admission.Wait("a", {});
  (*slow)->Rest();
  auto busy = admission.Wait("b", {});
  ASSERT_TRUE(busy);
  EXPECT_EQ((*slow)->Work(CallLimits::Within(20ms)).error().kind, ErrorKind::kDeadlineExceeded);
  std::stop_source stop;
  bool told = false;
  (*slow)->WhenReady({.cancel = stop.get_token()}, [&] { told = true; });
  EXPECT_FALSE(told);
  stop.request_stop();
  EXPECT_TRUE(told);
  slow->reset();
  EXPECT_EQ(admission.load().running, 1);
  EXPECT_EQ(admission.load().parked, 0);
}

// Many threads with many projects: nobody is forgotten, and the limits hold at every moment.
TEST(AdmissionTest, HoldsItsLimitsUnderManyThreads) {
  Admission admission({.running = 4, .running_per_project = 2, .queued_per_project = 1000, .parked = 3, .idle = 0ms});
  std::atomic<int> done = 0;
  std::atomic<int> at_work = 0;
  std::atomic<int> most = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 12; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 40; ++i) {
          auto place = admission.Wait("project" + std::to_string(t % 3), {});
          ASSERT_TRUE(place);
          for (int step = 0; step < 3; ++step) {
            most = std::max(most.load(), ++at_work);
            std::this_thread::yield();
            --at_work;
            (*place)->Rest();
            ASSERT_TRUE((*place)->Work({}));
          }
          ++done;
        }
      });
    }
  }
  EXPECT_EQ(done, 12 * 40);
  EXPECT_LE(most, 4);
  const auto load = admission.load();
  EXPECT_EQ(load.running + load.queued + load.parked, 0);
}

}  // namespace
}  // namespace tarn::query
