#include "connector/postgres/changed_keys.h"

#include <algorithm>

namespace tarn::connector::postgres {
namespace {

constexpr std::size_t kTimeAndNumber = 12;  // of a transaction, behind its place

}  // namespace

// Numbers in network order and texts that end with a zero. Behind the end everything is zero, and `ok` is false.
class ChangedKeys::Reader final {
 public:
  explicit Reader(std::string_view message) : rest_(message) {}

  [[nodiscard]] bool ok() const { return ok_; }
  char Byte() { return static_cast<char>(Number(1)); }
  std::uint64_t Number(std::size_t bytes) {
    std::uint64_t number = 0;
    for (const char c : Bytes(bytes)) number = number << 8U | static_cast<unsigned char>(c);
    return number;
  }
  std::string_view Bytes(std::size_t count) {
    if (count > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const auto bytes = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return bytes;
  }
  std::string_view Text() {
    const auto end = rest_.find('\0');
    const auto text = Bytes(end == std::string_view::npos ? rest_.size() + 1 : end);
    Bytes(ok_ ? 1 : 0);
    return text;
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

bool ChangedKeys::Take(std::string_view message) {
  if (!obstacle_.empty()) return false;
  Reader reader(message);
  const char kind = reader.Byte();
  switch (kind) {
    case 'B':
      passed_over_ = reader.Number(8) < wanted_.from;
      reader.Bytes(kTimeAndNumber);
      break;
    case 'R': Describe(reader); break;
    case 'I':
    case 'U':
    case 'D': Change(reader, kind); break;
    case 'T': {
      auto tables = reader.Number(4);
      reader.Byte();
      for (; tables > 0 && reader.ok(); --tables) {
        if (reader.Number(4) == wanted_.table && !passed_over_) obstacle_ = "the table was emptied";
      }
      break;
    }
    default:  // ends of transactions, origins, types, messages of applications: they change no row
      break;
  }
  if (!reader.ok()) obstacle_ = "the log cannot be read";
  if (seen_.size() > wanted_.most) obstacle_ = "too many rows changed";
  return obstacle_.empty();
}

void ChangedKeys::Describe(Reader& reader) {
  if (reader.Number(4) != wanted_.table) return;
  reader.Text();
  reader.Text();
  reader.Byte();
  positions_.assign(wanted_.key.size(), std::string::npos);
  const auto columns = reader.Number(2);
  for (std::size_t i = 0; i < columns && reader.ok(); ++i) {
    reader.Byte();
    const auto name = reader.Text();
    reader.Bytes(8);
    const auto part = std::ranges::find(wanted_.key, name);
    if (part != wanted_.key.end()) positions_[static_cast<std::size_t>(part - wanted_.key.begin())] = i;
  }
}

void ChangedKeys::Change(Reader& reader, char kind) {
  if (reader.Number(4) != wanted_.table || passed_over_) return;
  Row before;
  Row after;
  char part = reader.Byte();
  if (part == 'K' || part == 'O') {
    before = ReadRow(reader);
    part = kind == 'U' ? reader.Byte() : '\0';
  }
  if (part == 'N') after = ReadRow(reader);
  if (!reader.ok()) return;
  if (!before.empty()) Add(before, before);
  if (!after.empty()) Add(after, before);
  if (before.empty() && after.empty()) obstacle_ = "the log does not tell the keys of changed rows";
}

ChangedKeys::Row ChangedKeys::ReadRow(Reader& reader) {
  Row row;
  const auto columns = reader.Number(2);
  for (std::size_t i = 0; i < columns && reader.ok(); ++i) {
    Value value{.kind = reader.Byte(), .text = {}};
    if (value.kind == 't') value.text = reader.Bytes(reader.Number(4));
    row.push_back(value);
  }
  return row;
}

void ChangedKeys::Add(const Row& row, const Row& before) {
  std::vector<std::string_view> key;
  std::string whole;  // lengths keep ("a", "bc") apart from ("ab", "c")
  for (const auto position : positions_) {
    const Row& source = position < row.size() && row[position].kind == 'u' ? before : row;
    if (position >= source.size() || source[position].kind != 't') {
      obstacle_ = "the log does not tell the keys of changed rows";
      return;
    }
    key.push_back(source[position].text);
    whole.append(std::to_string(key.back().size())).append(":").append(key.back());
  }
  if (key.empty()) obstacle_ = "the log does not tell the keys of changed rows";
  if (!obstacle_.empty() || !seen_.insert(std::move(whole)).second) return;
  for (std::size_t i = 0; i < key.size(); ++i) keys_[i].emplace_back(key[i]);
}

}  // namespace tarn::connector::postgres
