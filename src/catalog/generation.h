// The generations that serve cached tables: immutable files, attached read-only on first use.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/limits.h"
#include "connector/source.h"
#include "engine/duck_engine.h"

namespace tarn::catalog {

// What one cached table is served from. `table` describes the copy (its columns are those of the
// file). The file holds one table, "main"."data".
struct Generation {
  std::string id;
  std::filesystem::path file;
  connector::TableInfo table;
  std::int64_t row_count = 0;
  base::SystemTime as_of{};  // when what it is a copy of was in this state
};

// Keeps a generation attached and its file in place.
class Pin final {
 public:
  Pin(std::shared_ptr<const void> hold, const Generation* generation, std::string relation, base::SystemTime as_of)
      : hold_(std::move(hold)), generation_(generation), relation_(std::move(relation)), as_of_(as_of) {}
  [[nodiscard]] const Generation& generation() const { return *generation_; }
  // Engine SQL for reading it, legal after FROM.
  [[nodiscard]] const std::string& relation() const { return relation_; }
  // The latest time at which what it is a copy of was known to be in this state, when it was pinned.
  [[nodiscard]] base::SystemTime as_of() const { return as_of_; }

 private:
  std::shared_ptr<const void> hold_;
  const Generation* generation_;
  std::string relation_;
  base::SystemTime as_of_;
};

// Thread-safe. Keys are cached tables: catalog id, schema, table.
class Generations final {
 public:
  struct Key {
    std::string catalog_id;
    std::string schema;
    std::string table;
    auto operator<=>(const Key&) const = default;
  };

  explicit Generations(engine::DuckEngine& engine);
  ~Generations();

  // Readers that come after this see the new generation; the one before is detached and its file
  // deleted once its last reader is gone.
  void Publish(const Key& key, Generation generation);
  // What the published generation, if it is this one, is a copy of was found unchanged later.
  void Confirm(const Key& key, const std::string& generation_id, base::SystemTime as_of);
  // The table is served live from now on; its file goes once its last reader is gone.
  void Remove(const Key& key);

  // nullopt: the table has no complete copy.
  // Errors: Unavailable (retryable) if the file is missing or cannot be attached.
  [[nodiscard]] base::Result<std::optional<Pin>> Acquire(const Key& key);
  // What is published, without pinning or attaching.
  [[nodiscard]] std::optional<Generation> Current(const Key& key) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tarn::catalog
