// The work that keeps metadata true, in the background: catalogs read anew, relations measured, values of categorical
// columns and golden queries looked at again, and whoever wants to know told of it.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "metadata/categorical.h"
#include "metadata/golden.h"
#include "metadata/relations.h"
#include "metadata/structure.h"
#include "security/vault.h"
#include "store/catalogs.h"
#include "store/metadata.h"

namespace tarn::metadata {

// Who is to be told.
struct Listener {
  std::string url;
  std::string token;  // may be empty
};

// Thread-safe. At most one refresh of a catalog runs at a time, and one more may wait.
class Refreshes final {
 public:
  struct Parts {
    store::MetadataRepository& store;
    const store::CatalogRepository& catalogs;
    const Structure& structure;
    Relations& relations;
    Categorical& categorical;
    Golden& golden;
    security::Vault& vault;
    const base::Clock& clock;
  };
  explicit Refreshes(Parts parts);
  ~Refreshes();

  // Begins again what the last stop cut off, and looks for what is due from now on.
  [[nodiscard]] base::Result<void> Start();
  // Ends what runs within the limits.
  void Stop(const base::CallLimits& limits);

  // Begins a refresh of a catalog, or of all where it is empty. The listener is told of each; without one the project's
  // is. Errors: InvalidArgument with the field for an unknown catalog and a URL that is none.
  [[nodiscard]] base::Result<void> Begin(const std::string& project_id, const std::string& catalog_id,
                                         const std::optional<Listener>& listener);
  // waiting, active, completed, failed; nullopt: there was none yet. Errors: NotFound.
  [[nodiscard]] base::Result<std::optional<store::MetadataRefresh>> StateOf(const std::string& project_id,
                                                                            const std::string& catalog_id) const;
  // The project's own listener, without its token. Errors: InvalidArgument with the field.
  [[nodiscard]] base::Result<void> Register(const std::string& project_id, const Listener& listener);
  [[nodiscard]] base::Result<std::optional<std::string>> Registered(const std::string& project_id) const;
  // Gives what was registered. Nothing where there was none.
  [[nodiscard]] base::Result<std::optional<std::string>> Unregister(const std::string& project_id);

  // Measures a relation soon.
  void MeasureSoon(const store::Relation& relation);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::metadata
