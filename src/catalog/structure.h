// What was last read of a source's structure, kept for seconds so that a statement does not ask again.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "connector/source.h"

namespace tarn::catalog {

// Thread-safe. Entries are answers of one source; they are dropped together.
class Structure final {
 public:
  explicit Structure(std::chrono::milliseconds lifetime) : lifetime_(lifetime) {}

  [[nodiscard]] std::optional<std::vector<connector::TableName>> Tables(const std::string& schema) const;
  void KeepTables(const std::string& schema, std::vector<connector::TableName> tables);

  [[nodiscard]] std::optional<std::vector<std::string>> Schemas() const;
  void KeepSchemas(std::vector<std::string> schemas);

  // All tables of a schema, or of all where it is empty, for listings. Null where nothing is known.
  [[nodiscard]] std::shared_ptr<const std::vector<connector::TableInfo>> All(const std::string& schema) const;
  void KeepAll(const std::string& schema, std::shared_ptr<const std::vector<connector::TableInfo>> tables);

  [[nodiscard]] std::optional<connector::TableInfo> Table(const connector::TableName& name) const;
  // Gives whether the table looks different from what was last kept of it, however old.
  bool KeepTable(const connector::TableName& asked, const connector::TableInfo& table);

 private:
  template <class T>
  struct Kept {
    T value;
    base::SteadyTime until;
  };

  std::chrono::milliseconds lifetime_;
  mutable std::mutex mutex_;
  std::map<std::string, Kept<std::vector<connector::TableName>>> tables_;
  std::map<connector::TableName, Kept<connector::TableInfo>> table_;
  std::optional<Kept<std::vector<std::string>>> schemas_;
  std::map<std::string, Kept<std::shared_ptr<const std::vector<connector::TableInfo>>>> all_;
};

// Whether two descriptions have the same columns of the same types in the same order.
[[nodiscard]] bool SameColumns(const connector::TableInfo& a, const connector::TableInfo& b);

}  // namespace tarn::catalog
