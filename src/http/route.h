// An operation or raw route as the door keeps it: with its measurements.
#pragma once

#include <array>
#include <atomic>
#include <string>

#include "base/metrics.h"
#include "http/door.h"

namespace tarn::http {

struct Route {
  Route(OperationInfo declared, std::function<base::Result<Reply>(const Context&)> handler, base::Metrics& registry);

  // Counts an answer with this status.
  void Count(int status) const;

  OperationInfo info;
  std::function<base::Result<Reply>(const Context&)> run;
  std::function<void(const Context&, Respond)> begin;  // instead of `run`, where it is set
  bool is_operation = false;
  base::Histogram& seconds;

 private:
  static constexpr int kFirstStatus = 100;
  static constexpr int kStatuses = 500;

  base::Metrics& metrics_;
  // Filled on first use, so that only statuses that occurred are shown and counting takes no lock.
  mutable std::array<std::atomic<base::Counter*>, kStatuses> by_status_ = {};
};

}  // namespace tarn::http
