// What a client says in the headers of a statement: X-Trino-*, or X-Presto-* from clients of that name.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "http/reply.h"
#include "query/client_session.h"
#include "sql/translate.h"

namespace tarn::trino {

struct ClientHeaders {
  std::string family = "X-Trino-";  // in which answers speak, too
  sql::SessionContext session;      // with the user as sent, possibly empty; the zone is not yet checked
  query::ClientSession client;
  std::string original_user;
  std::string language;
  std::set<std::string, std::less<>> capabilities;
  std::vector<std::string> data_encodings;  // of Query-Data-Encoding, the most wanted first
  // Credentials, each possibly empty.
  base::SecretString peaka_key;  // of Extra-Credential peakaKey
  std::string peaka_project;     // of Extra-Credential peakaProject
  base::SecretString bearer;     // of Authorization: Bearer
  std::string basic_user;        // of Authorization: Basic
  base::SecretString basic_password;

  [[nodiscard]] bool has_credential() const { return !peaka_key.empty() || !bearer.empty() || !basic_password.empty(); }
};

// Headers of both families that are repeated count as one with commas. Where a request has any X-Trino-* header,
// X-Presto-* ones mean nothing.
// Errors: InvalidArgument "Invalid X-Trino-Session header" and the like, to be answered 400.
[[nodiscard]] base::Result<ClientHeaders> ReadClientHeaders(const http::Headers& headers);

}  // namespace tarn::trino
