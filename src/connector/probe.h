// A small engine of a source's own, for looking into files: structure, not data.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/database.h"

namespace tarn::connector {

using ProbeRow = std::vector<std::optional<std::string>>;

// Opened at first use, as most processes look into no file. Thread-safe: one question at a time.
class Probe final {
 public:
  // Runs the statements of `setup`, then gives the rows of `sql`, then runs `cleanup` also when those failed.
  [[nodiscard]] base::Result<std::vector<ProbeRow>> Ask(const std::vector<std::string>& setup, const std::string& sql,
                                                        const std::vector<std::string>& cleanup,
                                                        const base::CallLimits& limits);

 private:
  [[nodiscard]] base::Result<void> Open();
  [[nodiscard]] base::Result<std::vector<ProbeRow>> Run(const std::vector<std::string>& setup, const std::string& sql,
                                                        const base::CallLimits& limits);

  std::timed_mutex mutex_;
  std::unique_ptr<engine::Database> database_;
  std::unique_ptr<engine::Session> session_;
};

}  // namespace tarn::connector
