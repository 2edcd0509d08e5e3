// Connections in the control store. Credentials are sealed before they get here.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::store {

class Database;

struct Connection {
  std::string id;  // UUID
  std::string project_id;
  std::string name;
  std::string type;
  std::string sealed_credential;  // as security::Vault made it
  std::string detail;             // the non-secret fields as JSON text
  base::SystemTime created_at{};
};

// Thread-safe. Reads come from memory; writes go to the store first.
class ConnectionRepository final {
 public:
  explicit ConnectionRepository(Database& database);
  ~ConnectionRepository();

  // Errors: FailedPrecondition when the project does not exist.
  [[nodiscard]] base::Result<void> Insert(const Connection& connection);
  // Errors: NotFound.
  [[nodiscard]] base::Result<void> Update(const Connection& connection);
  [[nodiscard]] base::Result<void> Delete(const std::string& project_id, const std::string& id);
  [[nodiscard]] std::optional<Connection> Find(const std::string& id) const;
  [[nodiscard]] std::vector<Connection> List(const std::string& project_id) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::store
