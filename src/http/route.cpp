#include "http/route.h"

namespace tarn::http {

Route::Route(OperationInfo declared, std::function<base::Result<Reply>(const Context&)> handler,
             base::Metrics& registry)
    : info(std::move(declared)),
      run(std::move(handler)),
      seconds(registry.GetHistogram("tarn_http_request_seconds",
                                    "Time from the head of a request to the end of its answer",
                                    {{"operation", info.id}})),
      metrics_(registry) {}

void Route::Count(int status) const {
  if (status < kFirstStatus || status >= kFirstStatus + kStatuses) return;
  auto& slot = by_status_[static_cast<std::size_t>(status - kFirstStatus)];
  auto* counter = slot.load(std::memory_order_acquire);
  if (counter == nullptr) {
    counter = &metrics_.GetCounter("tarn_http_requests_total", "Requests answered",
                                   {{"operation", info.id}, {"status", std::to_string(status)}});
    slot.store(counter, std::memory_order_release);
  }
  counter->Add();
}

}  // namespace tarn::http
