#include "store/model_usage.h"

#include "store/session.h"

namespace tarn::store {

using soci::into;
using soci::use;

base::Result<std::int64_t> ModelUsageRepository::Tokens(const std::string& project_id, const std::string& day) const {
  long long tokens = 0;
  TARN_RETURN_IF_ERROR(database_.Read([&](soci::session& session) {
    session << "SELECT COALESCE(SUM(tokens), 0) FROM model_usage WHERE project_id = :project AND day = :day",
        use(project_id), use(day), into(tokens);
  }));
  return tokens;
}

base::Result<void> ModelUsageRepository::Add(const std::string& project_id, const std::string& day,
                                             std::int64_t tokens) {
  const long long added = tokens;
  return database_.Write([&](soci::session& session) {
    session << "INSERT INTO model_usage (project_id, day, tokens) VALUES (:project, :day, :tokens) ON CONFLICT "
               "(project_id, day) DO UPDATE SET tokens = tokens + excluded.tokens",
        use(project_id), use(day), use(added);
  });
}

}  // namespace tarn::store
