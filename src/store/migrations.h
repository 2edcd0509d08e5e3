// How the control store's schema came to be what it is.
#pragma once

namespace soci {
class session;
}

namespace tarn::store {

// The schema that this build reads and writes.
[[nodiscard]] int CurrentSchemaVersion();

// Brings the schema up to date, each step in a transaction of its own. Refuses (see session.h) with
// FailedPrecondition when the schema is newer than this build, or is not Tarn's.
void Migrate(soci::session& session);

}  // namespace tarn::store
