// The inside of a worker process.
#pragma once

#include <functional>
#include <string_view>

namespace tarn::cache {

// As WorkerMain (caches.h), calling `step` at each of the refresh's steps, so that tests can end there.
int ServeOneRefresh(const std::function<void(std::string_view step)>& step);

}  // namespace tarn::cache
