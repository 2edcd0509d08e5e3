// A client's session. It lives at the client, who sends it whole with each statement and keeps what the answer
// changes in it (the X-Trino-* headers of the Trino protocol). REST requests have an empty one.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tarn::query {

// What a client says of itself and its session besides what sql::SessionContext holds.
struct ClientSession {
  std::string source = {};  // the program, as it calls itself
  std::string client_info = {};
  std::vector<std::string> client_tags = {};
  std::string trace_token = {};
  std::string remote_address = {};
  std::string user_agent = {};
  std::string path = {};                               // the SQL path, as sent
  std::map<std::string, std::string> properties = {};  // "query_max_run_time", "memory.name": as sent, not yet checked
  std::map<std::string, std::string> prepared = {};    // statement texts by name
  std::map<std::string, std::string> roles = {};       // by catalog, as sent
  std::optional<std::string> transaction_id = {};  // absent: the client knows no transactions; "NONE": it has none open
};

// What a statement changes in its client's session.
struct SessionChanges {
  std::optional<std::string> catalog = {};
  std::optional<std::string> schema = {};
  std::optional<std::string> path = {};
  std::optional<std::string> time_zone = {};
  std::map<std::string, std::string> set_properties = {};
  std::vector<std::string> reset_properties = {};
  std::map<std::string, std::string> added_prepared = {};
  std::vector<std::string> deallocated_prepared = {};
  std::map<std::string, std::string> set_roles = {};
  std::optional<std::string> authorization_user = {};
  bool reset_authorization_user = false;
  std::optional<std::string> started_transaction_id = {};
  bool transaction_ended = false;
};

}  // namespace tarn::query
