#include "connector/mysql/readers.h"

#include <map>
#include <mutex>

#include "base/ids.h"

namespace tarn::connector::mysql {
namespace {

constexpr std::size_t kTokenLength = 20;
constexpr std::chrono::seconds kOpenTime{15};

struct Known {
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<Reader>> readers;
  std::multimap<std::string, std::shared_ptr<Connection>> scans;
};

// Lives as long as the process.
Known& Process() {
  static auto* const known = new Known;
  return *known;
}

class LiveReader final : public Reader {
 public:
  explicit LiveReader(Server server) : server_(std::move(server)) {}

  base::Result<std::shared_ptr<Connection>> Take() override {
    TARN_ASSIGN_OR_RETURN(auto connection, Connection::Open(server_, base::CallLimits::Within(kOpenTime)));
    return std::shared_ptr<Connection>(std::move(connection));
  }

 private:
  const Server server_;
};

class SnapshotReader final : public Reader {
 public:
  explicit SnapshotReader(std::shared_ptr<Connection> connection) : state_(std::make_shared<State>()) {
    state_->connection = std::move(connection);
  }

  base::Result<std::shared_ptr<Connection>> Take() override {
    const std::scoped_lock lock(state_->mutex);
    if (state_->lent) return base::Internal("A snapshot of MySQL is read by one scan at a time");
    state_->lent = true;
    auto* const connection = state_->connection.get();
    return std::shared_ptr<Connection>(connection, [state = state_](Connection*) {
      const std::scoped_lock back(state->mutex);
      state->lent = false;
    });
  }

 private:
  struct State {
    std::mutex mutex;
    std::shared_ptr<Connection> connection;
    bool lent = false;
  };
  std::shared_ptr<State> state_;
};

}  // namespace

std::shared_ptr<Reader> MakeLiveReader(Server server) { return std::make_shared<LiveReader>(std::move(server)); }

std::shared_ptr<Reader> MakeSnapshotReader(std::shared_ptr<Connection> connection) {
  return std::make_shared<SnapshotReader>(std::move(connection));
}

ReaderEntry::ReaderEntry(std::shared_ptr<Reader> reader) : token_(base::NewToken(kTokenLength)) {
  const std::scoped_lock lock(Process().mutex);
  Process().readers.emplace(token_, std::move(reader));
}

ReaderEntry::~ReaderEntry() {
  const std::scoped_lock lock(Process().mutex);
  Process().readers.erase(token_);
}

std::shared_ptr<Reader> FindReader(const std::string& token) {
  const std::scoped_lock lock(Process().mutex);
  const auto found = Process().readers.find(token);
  return found == Process().readers.end() ? nullptr : found->second;
}

RunningScan::RunningScan(std::string mark, std::shared_ptr<Connection> connection)
    : mark_(std::move(mark)), connection_(std::move(connection)) {
  const std::scoped_lock lock(Process().mutex);
  Process().scans.emplace(mark_, connection_);
}

RunningScan::~RunningScan() {
  const std::scoped_lock lock(Process().mutex);
  auto [at, end] = Process().scans.equal_range(mark_);
  while (at != end && at->second != connection_) ++at;
  if (at != end) Process().scans.erase(at);
}

void StopScans(const Server& server, const std::string& mark) {
  const std::scoped_lock lock(Process().mutex);
  const auto [begin, end] = Process().scans.equal_range(mark);
  for (auto at = begin; at != end; ++at) {
    at->second->Break();
    KillStatement(server, at->second->id());
  }
}

}  // namespace tarn::connector::mysql
