// API keys in the control store. A key itself is never stored, only its hash.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::store {

class Database;

struct ApiKey {
  std::string id;      // UUID
  std::string prefix;  // the key's first eight characters, for showing
  std::string hash;    // of the whole key, as security::KeyRing made it
  std::string name;
  std::string project_id;  // empty: a partner key
  std::string user_id;
  base::SystemTime created_at{};
  std::optional<base::SystemTime> expires_at;
  bool operator==(const ApiKey&) const = default;
};

// Thread-safe. Reads come from memory; writes go to the store first. Lists are in the order of creation.
class KeyRepository final {
 public:
  explicit KeyRepository(Database& database);
  ~KeyRepository();

  // Errors: AlreadyExists when the key exists; FailedPrecondition when the project does not.
  [[nodiscard]] base::Result<void> Insert(const ApiKey& key);
  // `project_id` empty: a partner key. Errors: NotFound.
  [[nodiscard]] base::Result<void> Delete(const std::string& project_id, const std::string& id);
  [[nodiscard]] std::vector<ApiKey> List(const std::string& project_id) const;
  [[nodiscard]] std::vector<ApiKey> FindByPrefix(std::string_view prefix) const;
  [[nodiscard]] std::optional<ApiKey> FindByHash(const std::string& hash) const;
  [[nodiscard]] std::vector<ApiKey> All() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::store
