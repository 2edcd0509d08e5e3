#include "jobs/job_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <vector>

namespace tarn::jobs {
namespace {

using testing::ElementsAre;

const auto kSoon = std::chrono::seconds(10);

// Jobs that wait until they are let go, and a record of what started.
class JobQueueTest : public testing::Test {
 protected:
  Job Blocking(const std::string& id, const std::string& subject, const std::string& source) {
    return {.id = id, .subject = subject, .source = source, .run = [this, id](std::stop_token stop) {
              std::unique_lock lock(mutex_);
              started_.push_back(id);
              changed_.notify_all();
              const std::stop_callback wake(stop, [this] { changed_.notify_all(); });
              while (!open_ && !stop.stop_requested()) changed_.wait_for(lock, std::chrono::milliseconds(10));
              if (stop.stop_requested()) stopped_.push_back(id);
            }};
  }
  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  bool WaitStarted(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kSoon, [&] { return started_.size() >= count; });
  }
  std::vector<std::string> Started() {
    const std::lock_guard lock(mutex_);
    return started_;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  std::vector<std::string> started_;
  std::vector<std::string> stopped_;
};

TEST_F(JobQueueTest, RunsInOrder) {
  JobQueue queue({.workers = 1, .workers_per_source = 1});
  for (const char* id : {"1", "2", "3"}) EXPECT_TRUE(queue.Add(Blocking(id, id, "s")));
  Open();
  EXPECT_TRUE(queue.WaitIdle(base::CallLimits::Within(kSoon)));
  EXPECT_THAT(Started(), ElementsAre("1", "2", "3"));
}

TEST_F(JobQueueTest, BusySourceIsPassedOver) {
  JobQueue queue({.workers = 3, .workers_per_source = 1});
  for (const char* id : {"a1", "a2", "b1"}) EXPECT_TRUE(queue.Add(Blocking(id, id, std::string(1, id[0]))));
  ASSERT_TRUE(WaitStarted(2));
  EXPECT_THAT(Started(), testing::UnorderedElementsAre("a1", "b1"));
  EXPECT_EQ(queue.load().running, 2);
  EXPECT_EQ(queue.load().queued, 1);
  Open();
  EXPECT_TRUE(queue.WaitIdle(base::CallLimits::Within(kSoon)));
}

TEST_F(JobQueueTest, OneJobOfASubjectAtATime) {
  JobQueue queue({.workers = 4, .workers_per_source = 4});
  for (const char* id : {"x1", "x2", "y1"}) EXPECT_TRUE(queue.Add(Blocking(id, std::string(1, id[0]), "s")));
  ASSERT_TRUE(WaitStarted(2));
  EXPECT_THAT(Started(), testing::UnorderedElementsAre("x1", "y1"));
  EXPECT_TRUE(queue.IsBusy("x"));
  EXPECT_FALSE(queue.IsBusy("z"));
  Open();
  EXPECT_TRUE(queue.WaitIdle(base::CallLimits::Within(kSoon)));
  EXPECT_FALSE(queue.IsBusy("x"));
}

TEST_F(JobQueueTest, CancelsInEachState) {
  JobQueue queue({.workers = 1, .workers_per_source = 1});
  EXPECT_TRUE(queue.Add(Blocking("running", "r", "s")));
  EXPECT_TRUE(queue.Add(Blocking("queued", "q", "s")));
  ASSERT_TRUE(WaitStarted(1));
  EXPECT_TRUE(queue.IsQueued("queued"));
  EXPECT_EQ(queue.Cancel("queued"), JobQueue::CancelOutcome::kRemoved);
  EXPECT_EQ(queue.Cancel("queued"), JobQueue::CancelOutcome::kUnknown);
  EXPECT_EQ(queue.Cancel("running"), JobQueue::CancelOutcome::kRequested);
  EXPECT_TRUE(queue.WaitIdle(base::CallLimits::Within(kSoon)));
  EXPECT_EQ(queue.Cancel("running"), JobQueue::CancelOutcome::kUnknown);
  EXPECT_EQ(queue.Cancel("never was"), JobQueue::CancelOutcome::kUnknown);
  EXPECT_THAT(Started(), ElementsAre("running"));
  EXPECT_THAT(stopped_, ElementsAre("running"));
}

TEST_F(JobQueueTest, StopDropsWhatWaitsAndStopsWhatRuns) {
  JobQueue queue({.workers = 1, .workers_per_source = 1});
  EXPECT_TRUE(queue.Add(Blocking("running", "r", "s")));
  EXPECT_TRUE(queue.Add(Blocking("queued", "q", "s")));
  ASSERT_TRUE(WaitStarted(1));
  queue.Stop(base::CallLimits::Within(kSoon));
  EXPECT_EQ(queue.load().running, 0);
  EXPECT_FALSE(queue.Add(Blocking("late", "l", "s")));
  EXPECT_THAT(Started(), ElementsAre("running"));
}

TEST_F(JobQueueTest, ManyThreadsKeepTheCaps) {
  JobQueue queue({.workers = 8, .workers_per_source = 2});
  std::atomic<int> now[3] = {};
  std::atomic<int> most = 0;
  std::atomic<int> done = 0;
  for (int i = 0; i < 600; ++i) {
    const int source = i % 3;
    EXPECT_TRUE(queue.Add({.id = std::to_string(i),
                           .subject = std::to_string(i % 50),
                           .source = std::to_string(source),
                           .run = [&, source](std::stop_token) {
                             const int running = ++now[source];
                             int seen = most.load();
                             while (running > seen && !most.compare_exchange_weak(seen, running)) {
                             }
                             --now[source];
                             ++done;
                           }}));
  }
  EXPECT_TRUE(queue.WaitIdle(base::CallLimits::Within(kSoon)));
  EXPECT_EQ(done, 600);
  EXPECT_LE(most, 2);
}

}  // namespace
}  // namespace tarn::jobs
