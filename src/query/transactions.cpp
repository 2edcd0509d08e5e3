#include "query/transactions.h"

#include "base/ids.h"
#include "query/statement_call.h"

namespace tarn::query {

void Transactions::ForgetIdle() {
  const auto now = std::chrono::steady_clock::now();
  std::erase_if(open_, [&](const auto& entry) { return now - entry.second.used > kIdle; });
}

base::Result<std::string> Transactions::Begin(const std::string& project_id, const std::string& isolation,
                                              bool read_only) {
  const std::scoped_lock lock(mutex_);
  ForgetIdle();
  if (open_.size() >= kMost) return base::ResourceExhausted("Too many transactions are open");
  auto id = base::NewUuid();
  open_.emplace(id, OpenTransaction{.id = id,
                                    .project_id = project_id,
                                    .isolation = isolation,
                                    .read_only = read_only,
                                    .used = std::chrono::steady_clock::now(),
                                    .created = std::chrono::system_clock::now()});
  return id;
}

base::Result<OpenTransaction> Transactions::Use(const std::string& project_id, const std::string& id, bool ending) {
  const std::scoped_lock lock(mutex_);
  ForgetIdle();
  const auto found = open_.find(id);
  if (found == open_.end() || found->second.project_id != project_id) {
    return Failed("UNKNOWN_TRANSACTION", "Unknown transaction ID: " + id +
                                             ". Possibly expired? Commands ignored until end of transaction block");
  }
  if (found->second.aborted && !ending) {
    return Failed("TRANSACTION_ALREADY_ABORTED",
                  "Current transaction is aborted, commands ignored until end of transaction block");
  }
  found->second.used = std::chrono::steady_clock::now();
  return found->second;
}

void Transactions::Abort(const std::string& id) {
  const std::scoped_lock lock(mutex_);
  if (const auto found = open_.find(id); found != open_.end()) found->second.aborted = true;
}

void Transactions::End(const std::string& id) {
  const std::scoped_lock lock(mutex_);
  open_.erase(id);
}

std::vector<OpenTransaction> Transactions::List(const std::string& project_id) const {
  std::vector<OpenTransaction> list;
  const std::scoped_lock lock(mutex_);
  for (const auto& [id, transaction] : open_) {
    if (transaction.project_id == project_id) list.push_back(transaction);
  }
  return list;
}

StatementResult RunTransaction(const StatementCall& call, const sql::Statement& statement) {
  auto& transactions = call.parts.transactions;
  const auto& id = call.request.client.transaction_id;
  const bool open = id && *id != "NONE";
  SessionChanges changes;
  if (const auto* start = std::get_if<sql::StartTransaction>(&statement.body)) {
    if (!id) return Failed("INCOMPATIBLE_CLIENT", "Client does not support transactions");
    if (open) return Unsupported("Nested transactions not supported");
    const auto isolation = start->isolation.value_or("READ UNCOMMITTED");
    TARN_ASSIGN_OR_RETURN(changes.started_transaction_id,
                          transactions.Begin(call.request.project_id, isolation, start->read_only.value_or(false)));
    return AnswerDone("START TRANSACTION", std::move(changes));
  }
  if (!open) return Failed("NOT_IN_TRANSACTION", "No transaction in progress");
  TARN_ASSIGN_OR_RETURN(const auto ended, transactions.Use(call.request.project_id, *id, true));
  transactions.End(*id);
  changes.transaction_ended = true;
  const bool commit = std::holds_alternative<sql::Commit>(statement.body);
  if (commit && ended.aborted)
    return Failed("TRANSACTION_ALREADY_ABORTED", "Current transaction has already been aborted");
  return AnswerDone(commit ? "COMMIT" : "ROLLBACK", std::move(changes));
}

}  // namespace tarn::query
