// Who asks.
#pragma once

#include <string>

namespace tarn::security {

// The identity behind a key. A project key reaches its own project only; a partner key reaches
// everything of its user.
struct Caller {
  enum class Kind { kPartner, kProject };
  Kind kind = Kind::kProject;
  std::string key_id;
  std::string user_id;
  std::string project_id;  // of a project key; empty for partner keys

  [[nodiscard]] bool MayReach(const std::string& project) const {
    return kind == Kind::kPartner || project_id == project;
  }
};

}  // namespace tarn::security
