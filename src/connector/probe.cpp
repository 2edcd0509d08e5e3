#include "connector/probe.h"

namespace tarn::connector {
namespace {

constexpr std::int64_t kMemory = std::int64_t{256} << 20;

}  // namespace

base::Result<std::vector<ProbeRow>> Probe::Ask(const std::vector<std::string>& setup, const std::string& sql,
                                               const std::vector<std::string>& cleanup,
                                               const base::CallLimits& limits) {
  std::unique_lock lock(mutex_, std::defer_lock);
  while (!lock.try_lock_for(std::chrono::milliseconds(20))) TARN_RETURN_IF_ERROR(limits.Check());
  TARN_RETURN_IF_ERROR(Open());
  auto rows = Run(setup, sql, limits);
  for (const auto& statement : cleanup)
    base::IgnoreError(session_->Execute(statement), "what was not set up need not be undone");
  return rows;
}

base::Result<void> Probe::Open() {
  if (session_ != nullptr) return {};
  TARN_ASSIGN_OR_RETURN(database_, engine::Database::Open({.memory_limit_bytes = kMemory, .threads = 1}));
  TARN_ASSIGN_OR_RETURN(session_, database_->Connect());
  return {};
}

base::Result<std::vector<ProbeRow>> Probe::Run(const std::vector<std::string>& setup, const std::string& sql,
                                               const base::CallLimits& limits) {
  for (const auto& statement : setup) TARN_RETURN_IF_ERROR(session_->Execute(statement, limits));
  return session_->Rows(sql, limits);
}

}  // namespace tarn::connector
