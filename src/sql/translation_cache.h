// Translations of queries, kept for when the same text comes again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sql/translate.h"

namespace tarn::sql {

// A name that a translation asked for, and what it stood for.
struct Resolution {
  std::string scope;
  QualifiedName name;
  std::vector<ColumnFilter> filters;
  ResolvedTable table;
};

// Passes names on and writes the answers down.
class RecordingResolver final : public TableResolver {
 public:
  explicit RecordingResolver(TableResolver& resolver) : resolver_(resolver) {}

  [[nodiscard]] base::Result<ResolvedTable> Resolve(const QualifiedName& name) override {
    return ResolveIn({}, name, {});
  }
  [[nodiscard]] base::Result<ResolvedTable> ResolveFiltered(const QualifiedName& name,
                                                            const std::vector<ColumnFilter>& filters) override {
    return ResolveIn({}, name, filters);
  }
  [[nodiscard]] base::Result<ResolvedTable> ResolveIn(const std::string& scope, const QualifiedName& name,
                                                      const std::vector<ColumnFilter>& filters) override;

  // Whether a translation from these answers may serve another statement.
  [[nodiscard]] bool lasting() const { return lasting_; }
  [[nodiscard]] const std::vector<Resolution>& resolutions() const { return resolutions_; }

 private:
  TableResolver& resolver_;
  std::vector<Resolution> resolutions_;
  bool lasting_ = true;
};

// A translation is found again by everything that it depends on: the text, its parameters, the session, and whose
// names they are. What the names stand for is asked anew each time, which a statement has to do anyway to hold what
// it reads; a translation of which one name means something else now is not given out. So nothing needs to be
// told of changes, and none can be missed. Bounded in bytes; what was not used for longest goes first.
// Thread-safe.
class TranslationCache final {
 public:
  struct Key {
    std::string_view scope;  // whose names they are: a project
    std::string_view text;
    bool allow_semicolon = true;
    const SessionContext& session;
    const std::vector<std::optional<std::string>>& parameters;
  };
  struct Counts {
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    std::uint64_t outdated = 0;  // one was kept, but a name of it means something else now
    std::size_t entries = 0;
    std::size_t bytes = 0;
  };

  explicit TranslationCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // Null when there is none that holds. The tables of one that holds were resolved by `resolver`.
  [[nodiscard]] std::shared_ptr<const Translation> Find(const Key& key, TableResolver& resolver);
  // Precondition: `recorded` has answered all that `translation` asked. Drops what is not lasting or too large.
  void Keep(const Key& key, std::shared_ptr<const Translation> translation, const RecordingResolver& recorded);

  [[nodiscard]] Counts counts() const;

 private:
  struct Entry {
    std::size_t hash = 0;
    std::string scope;
    std::string text;
    bool allow_semicolon = true;
    SessionContext session;
    std::vector<std::optional<std::string>> parameters;
    std::shared_ptr<const Translation> translation;
    std::shared_ptr<const std::vector<Resolution>> resolutions;
    std::size_t bytes = 0;

    [[nodiscard]] bool IsOf(const Key& key) const;
    [[nodiscard]] std::size_t Measure() const;
  };
  using Entries = std::list<Entry>;

  static std::size_t HashOf(const Key& key);
  void Drop(Entries::iterator entry);

  const std::size_t max_bytes_;
  mutable std::mutex mutex_;
  Entries entries_;  // used most lately first
  std::unordered_map<std::size_t, Entries::iterator> by_hash_;
  Counts counts_;
};

}  // namespace tarn::sql
