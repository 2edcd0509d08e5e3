// The Trino client protocol: its routes beside the REST API.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "http/door.h"
#include "http/server_address.h"
#include "trino/identity.h"
#include "trino/queries.h"
#include "trino/segments.h"

namespace tarn::trino {

// What clients are told that they talk to: the version of Trino whose meaning Tarn follows. Some decide by it what they
// ask.
inline constexpr std::string_view kSpokenVersion = "483";

enum class Peers { kNone, kRemote, kAll };  // remote: not on this machine

struct ProtocolSettings {
  QuerySettings queries;
  http::AddressSettings address;
  std::size_t compressors = 2;  // threads that compress answers
  SegmentSettings segments;
  // For which clients results are compressed, and written to segments where they ask for that.
  Peers compress = Peers::kRemote;
  Peers spool = Peers::kRemote;
};

// Thread-safe. Outlives the door that has its routes, and the requests under way.
class Protocol final {
 public:
  Protocol(StatementParts statements, IdentityParts identity, ProtocolSettings settings, const base::Clock& clock,
           base::Metrics& metrics);
  ~Protocol();
  Protocol(const Protocol&) = delete;
  Protocol& operator=(const Protocol&) = delete;

  [[nodiscard]] std::vector<http::RawRoute> Routes();
  // Ends every query. After the server has stopped, before it is destroyed: clients that wait are answered.
  void Stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::trino
