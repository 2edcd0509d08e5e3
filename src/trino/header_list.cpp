#include "trino/header_list.h"

#include <algorithm>

namespace tarn::trino {

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> ListItems(std::string_view text) {
  std::vector<std::string_view> items;
  for (const auto* at = text.begin(); at != text.end();) {
    const auto* const comma = std::find(at, text.end(), ',');
    if (const auto item = Trimmed({at, comma}); !item.empty()) items.push_back(item);
    at = comma == text.end() ? comma : comma + 1;
  }
  return items;
}

}  // namespace tarn::trino
