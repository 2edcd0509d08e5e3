// The transactions that clients have open. Tables in memory are written by statements that stand alone, and every
// statement reads what is there when it begins (READ UNCOMMITTED, as Trino's own connectors to memory): a transaction
// is an id, and the rule that nothing goes on in it once a statement failed.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/error.h"

namespace tarn::query {

struct OpenTransaction {
  std::string id;
  std::string project_id;
  std::string isolation;
  bool read_only = false;
  bool aborted = false;
  std::chrono::steady_clock::time_point used{};
  std::chrono::system_clock::time_point created{};
};

// Thread-safe.
class Transactions final {
 public:
  static constexpr std::chrono::minutes kIdle{5};  // then it is over
  static constexpr std::size_t kMost = 10'000;

  // Errors: ResourceExhausted.
  [[nodiscard]] base::Result<std::string> Begin(const std::string& project_id, const std::string& isolation,
                                                bool read_only);
  // Marks it as used. Errors: UNKNOWN_TRANSACTION; TRANSACTION_ALREADY_ABORTED unless `ending`.
  [[nodiscard]] base::Result<OpenTransaction> Use(const std::string& project_id, const std::string& id, bool ending);
  void Abort(const std::string& id);
  void End(const std::string& id);
  [[nodiscard]] std::vector<OpenTransaction> List(const std::string& project_id) const;

 private:
  void ForgetIdle();

  mutable std::mutex mutex_;
  std::map<std::string, OpenTransaction> open_;
};

}  // namespace tarn::query
