// Where the engine's reading function finds its connections: SQL text names a reader by a token and never holds a
// credential.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "connector/mysql/connection.h"

namespace tarn::connector::mysql {

// Gives connections to the scans of one source. Thread-safe.
class Reader {
 public:
  virtual ~Reader() = default;
  // A connection for one scan; it is given back when the pointer goes.
  [[nodiscard]] virtual base::Result<std::shared_ptr<Connection>> Take() = 0;
};

// Opens a connection for each scan, which ends with it.
[[nodiscard]] std::shared_ptr<Reader> MakeLiveReader(Server server);
// Lends one connection, to one scan at a time: its transaction is a snapshot.
[[nodiscard]] std::shared_ptr<Reader> MakeSnapshotReader(std::shared_ptr<Connection> connection);

// Keeps a reader known under its token.
class ReaderEntry final {
 public:
  explicit ReaderEntry(std::shared_ptr<Reader> reader);
  ReaderEntry(const ReaderEntry&) = delete;
  ReaderEntry& operator=(const ReaderEntry&) = delete;
  ~ReaderEntry();

  [[nodiscard]] const std::string& token() const { return token_; }

 private:
  std::string token_;
};

// nullptr where none is known under it.
[[nodiscard]] std::shared_ptr<Reader> FindReader(const std::string& token);

// Scans that run, by the mark of their relation.
class RunningScan final {
 public:
  RunningScan(std::string mark, std::shared_ptr<Connection> connection);
  RunningScan(const RunningScan&) = delete;
  RunningScan& operator=(const RunningScan&) = delete;
  ~RunningScan();

 private:
  std::string mark_;
  std::shared_ptr<Connection> connection_;
};

// Breaks the scans of a mark and ends at the server what they run. Quick; from any thread.
void StopScans(const Server& server, const std::string& mark);

}  // namespace tarn::connector::mysql
