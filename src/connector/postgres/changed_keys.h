// The messages of PostgreSQL's own output plugin for logical decoding (pgoutput, protocol 1), as far as they tell the
// keys of a table's changed rows.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace tarn::connector::postgres {

class ChangedKeys final {
 public:
  struct Wanted {
    std::uint32_t table = 0;       // its oid
    std::vector<std::string> key;  // names of its columns, at the source
    std::uint64_t from = 0;        // transactions whose commit stands before this place are passed over
    std::size_t most = 0;          // keys; more are not worth collecting
  };
  explicit ChangedKeys(Wanted wanted) : wanted_(std::move(wanted)), keys_(wanted_.key.size()) {}

  // Takes the next message. False: keys do not tell what changed, for the reason of obstacle(), and no further message
  // is of use.
  [[nodiscard]] bool Take(std::string_view message);

  [[nodiscard]] const std::string& obstacle() const { return obstacle_; }
  // For each column of the key the values, as PostgreSQL writes them, of all rows that were written or deleted; each
  // key once.
  [[nodiscard]] const std::vector<std::vector<std::string>>& keys() const { return keys_; }
  [[nodiscard]] std::size_t size() const { return seen_.size(); }

 private:
  class Reader;
  struct Value {
    char kind = 'n';  // n: NULL, u: as before and not told, t: text
    std::string_view text;
  };
  using Row = std::vector<Value>;

  void Describe(Reader& reader);
  void Change(Reader& reader, char kind);
  [[nodiscard]] static Row ReadRow(Reader& reader);
  // Takes the key of a row; values that it does not tell are those of `before`.
  void Add(const Row& row, const Row& before);

  Wanted wanted_;
  std::string obstacle_;
  bool passed_over_ = false;            // the transaction at hand
  std::vector<std::size_t> positions_;  // of the key's columns in a row, as the log last described it
  std::vector<std::vector<std::string>> keys_;
  std::unordered_set<std::string> seen_;
};

}  // namespace tarn::connector::postgres
