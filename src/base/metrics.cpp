#include "base/metrics.h"

#include <fmt/format.h>

#include <algorithm>

namespace tarn::base {

namespace {

void AppendEscaped(std::string_view text, std::string& out) {
  for (const char c : text) {
    if (c == '\\') {
      out.append("\\\\");
    } else if (c == '"') {
      out.append("\\\"");
    } else if (c == '\n') {
      out.append("\\n");
    } else {
      out.push_back(c);
    }
  }
}

// name="value",other="value"
std::string LabelText(const Metrics::Labels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) {
    if (!text.empty()) text.push_back(',');
    text.append(name).append("=\"");
    AppendEscaped(value, text);
    text.push_back('"');
  }
  return text;
}

std::string Braced(const std::string& labels) { return labels.empty() ? std::string() : "{" + labels + "}"; }

void AppendHistogram(const std::string& name, const std::string& labels, const Histogram& histogram, std::string& out) {
  const auto snapshot = histogram.Read();
  const std::string separator = labels.empty() ? "" : ",";
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < snapshot.counts.size(); ++i) {
    total += snapshot.counts[i];
    const std::string bound = i < histogram.bounds().size() ? fmt::format("{}", histogram.bounds()[i]) : "+Inf";
    out += fmt::format("{}_bucket{{{}{}le=\"{}\"}} {}\n", name, labels, separator, bound, total);
  }
  out += fmt::format("{}_sum{} {}\n", name, Braced(labels), snapshot.sum);
  out += fmt::format("{}_count{} {}\n", name, Braced(labels), total);
}

}  // namespace

Histogram::Histogram(std::vector<double> bounds) : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {}

void Histogram::Observe(double value) {
  const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

Histogram::Snapshot Histogram::Read() const {
  Snapshot snapshot;
  snapshot.counts.reserve(counts_.size());
  for (const auto& count : counts_) snapshot.counts.push_back(count.load(std::memory_order_relaxed));
  snapshot.sum = sum_.load(std::memory_order_relaxed);
  return snapshot;
}

std::vector<double> LatencyBounds() {
  return {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};
}

Metrics::Instrument& Metrics::Get(std::string_view name, std::string_view help, std::string_view type,
                                  const Labels& labels) {
  auto& family = families_[std::string(name)];
  if (family.type.empty()) {
    family.help = help;
    family.type = type;
  }
  return family.instruments[LabelText(labels)];
}

Counter& Metrics::GetCounter(std::string_view name, std::string_view help, const Labels& labels) {
  const std::scoped_lock lock(mutex_);
  auto& counter = Get(name, help, "counter", labels).counter;
  if (!counter) counter = std::make_unique<Counter>();
  return *counter;
}

Gauge& Metrics::GetGauge(std::string_view name, std::string_view help, const Labels& labels) {
  const std::scoped_lock lock(mutex_);
  auto& gauge = Get(name, help, "gauge", labels).gauge;
  if (!gauge) gauge = std::make_unique<Gauge>();
  return *gauge;
}

Histogram& Metrics::GetHistogram(std::string_view name, std::string_view help, const Labels& labels,
                                 const std::vector<double>& bounds) {
  const std::scoped_lock lock(mutex_);
  auto& histogram = Get(name, help, "histogram", labels).histogram;
  if (!histogram) histogram = std::make_unique<Histogram>(bounds);
  return *histogram;
}

void Metrics::AddReading(std::string_view name, std::string_view help, const Labels& labels,
                         std::function<double()> read) {
  const std::scoped_lock lock(mutex_);
  Get(name, help, "gauge", labels).reading = std::move(read);
}

std::string Metrics::Render() const {
  const std::scoped_lock lock(mutex_);
  std::string out;
  for (const auto& [name, family] : families_) {
    out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, family.help, name, family.type);
    for (const auto& [labels, instrument] : family.instruments) {
      if (instrument.counter) out += fmt::format("{}{} {}\n", name, Braced(labels), instrument.counter->value());
      if (instrument.gauge) out += fmt::format("{}{} {}\n", name, Braced(labels), instrument.gauge->value());
      if (instrument.reading) out += fmt::format("{}{} {}\n", name, Braced(labels), instrument.reading());
      if (instrument.histogram) AppendHistogram(name, labels, *instrument.histogram, out);
    }
  }
  return out;
}

}  // namespace tarn::base
