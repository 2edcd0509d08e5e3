// Counters, gauges and histograms, and their text in the Prometheus format (version 0.0.4).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tarn::base {

// Only grows. Thread-safe, lock-free.
class Counter final {
 public:
  void Add(std::uint64_t count = 1) { value_.fetch_add(count, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

// Goes up and down. Thread-safe, lock-free.
class Gauge final {
 public:
  void Set(std::int64_t value) { value_.store(value, std::memory_order_relaxed); }
  void Add(std::int64_t change) { value_.fetch_add(change, std::memory_order_relaxed); }
  [[nodiscard]] std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_ = 0;
};

// Counts values by upper bounds. Thread-safe, lock-free; a reader may see a value counted and not yet summed.
class Histogram final {
 public:
  // Precondition: `bounds` ascend; the bucket above the last one is implied.
  explicit Histogram(std::vector<double> bounds);
  void Observe(double value);

  struct Snapshot {
    std::vector<std::uint64_t> counts;  // per bucket, not cumulative; one more than bounds
    double sum = 0;
  };
  [[nodiscard]] Snapshot Read() const;
  [[nodiscard]] const std::vector<double>& bounds() const { return bounds_; }

 private:
  std::vector<double> bounds_;
  std::vector<std::atomic<std::uint64_t>> counts_;
  std::atomic<double> sum_ = 0;
};

// Seconds from a tenth of a millisecond to a minute.
[[nodiscard]] std::vector<double> LatencyBounds();

// What a process measures. Thread-safe; asking again for the same name and labels gives the same instrument, which
// lives as long as the registry. Keep the reference: the look-up takes a lock. Label values must not be secrets, and
// few.
class Metrics final {
 public:
  using Labels = std::vector<std::pair<std::string, std::string>>;

  Metrics() = default;
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // Names as Prometheus wants them: "tarn_http_requests_total". One name has one kind; `help` counts on first sight.
  Counter& GetCounter(std::string_view name, std::string_view help, const Labels& labels = {});
  Gauge& GetGauge(std::string_view name, std::string_view help, const Labels& labels = {});
  Histogram& GetHistogram(std::string_view name, std::string_view help, const Labels& labels = {},
                          const std::vector<double>& bounds = LatencyBounds());
  // A gauge that is read when somebody asks. `read` must be quick and thread-safe, and stay valid as long as the
  // registry.
  void AddReading(std::string_view name, std::string_view help, const Labels& labels, std::function<double()> read);

  [[nodiscard]] std::string Render() const;

 private:
  struct Instrument {
    std::unique_ptr<Counter> counter;
    std::unique_ptr<Gauge> gauge;
    std::unique_ptr<Histogram> histogram;
    std::function<double()> reading;
  };
  struct Family {
    std::string help;
    std::string_view type;
    std::map<std::string, Instrument> instruments;  // by the text of their labels
  };

  Instrument& Get(std::string_view name, std::string_view help, std::string_view type, const Labels& labels);

  mutable std::mutex mutex_;
  std::map<std::string, Family, std::less<>> families_;
};

}  // namespace tarn::base
