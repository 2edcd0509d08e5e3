// The control store: one SQLite file that holds everything Tarn knows but the rows of caches.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/error.h"

namespace soci {
class session;
}

namespace tarn::store {

// Thread-safe; outlives its repositories. One writer at a time, readers beside it. What Write committed is on
// the disk: it survives a power cut. Only store/ sends SQL.
class Database final {
 public:
  // Opens or creates the file (mode 0600) and brings its schema up to date.
  // Errors: FailedPrecondition when a newer Tarn wrote it or it is no control store; Internal when it
  // cannot be opened.
  [[nodiscard]] static base::Result<std::unique_ptr<Database>> Open(const std::filesystem::path& file);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Runs `work` in one transaction, rolled back when it throws. After the commit, and before another writer
  // may start, `committed` runs: what a repository keeps in memory changes there, in the order of the commits.
  // Errors: what `work` refused with (see session.h); ResourceExhausted (disk full), AlreadyExists (a unique
  // value is taken), FailedPrecondition (refers to what is missing, or is referred to), Unavailable (locked
  // by another process), Internal. Messages carry neither SQL nor paths.
  [[nodiscard]] base::Result<void> Write(const std::function<void(soci::session&)>& work,
                                         const std::function<void()>& committed = {});
  // Runs `work` on a session that cannot write. Errors: as for Write.
  [[nodiscard]] base::Result<void> Read(const std::function<void(soci::session&)>& work) const;

  // Repositories forget a deleted project's things when its rows are gone. `forget` runs as `committed` does.
  using ForgetProject = std::function<void(const std::string& project_id)>;
  void OnProjectDeleted(const void* owner, ForgetProject forget);
  void StopWatching(const void* owner);
  // For the `committed` step of the write that deleted the project.
  void AnnounceProjectDeleted(const std::string& project_id) const;

 private:
  struct Impl;
  explicit Database(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::store
