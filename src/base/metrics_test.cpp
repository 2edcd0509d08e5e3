#include "base/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace tarn::base {
namespace {

TEST(MetricsTest, RendersInThePrometheusFormat) {
  Metrics metrics;
  metrics.GetCounter("tarn_things_total", "Things", {{"kind", "a\"b\\c\n"}}).Add(3);
  metrics.GetGauge("tarn_level", "Level").Set(-2);
  metrics.AddReading("tarn_reading", "Reading", {}, [] { return 1.5; });
  auto& histogram = metrics.GetHistogram("tarn_seconds", "Seconds", {{"op", "x"}}, {0.5, 1});
  histogram.Observe(0.5);
  histogram.Observe(0.75);
  histogram.Observe(7);
  EXPECT_EQ(metrics.Render(),
            "# HELP tarn_level Level\n# TYPE tarn_level gauge\ntarn_level -2\n"
            "# HELP tarn_reading Reading\n# TYPE tarn_reading gauge\ntarn_reading 1.5\n"
            "# HELP tarn_seconds Seconds\n# TYPE tarn_seconds histogram\n"
            "tarn_seconds_bucket{op=\"x\",le=\"0.5\"} 1\ntarn_seconds_bucket{op=\"x\",le=\"1\"} "
            "2\ntarn_seconds_bucket{op=\"x\",le=\"+Inf\"} 3\n"
            "tarn_seconds_sum{op=\"x\"} 8.25\ntarn_seconds_count{op=\"x\"} 3\n"
            "# HELP tarn_things_total Things\n# TYPE tarn_things_total counter\n"
            "tarn_things_total{kind=\"a\\\"b\\\\c\\n\"} 3\n");
}

TEST(MetricsTest, TheSameNameAndLabelsGiveTheSameInstrument) {
  Metrics metrics;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 1000; ++k) metrics.GetCounter("tarn_n_total", "N", {{"k", std::to_string(k % 3)}}).Add();
    });
  }
  threads.clear();
  EXPECT_EQ(metrics.GetCounter("tarn_n_total", "N", {{"k", "0"}}).value(), 4 * 334U);
}

}  // namespace
}  // namespace tarn::base
