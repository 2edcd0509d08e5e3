#include "api/search_page.h"

namespace tarn::api {

std::optional<std::vector<CatalogSchemaTable>> SearchPage::Cut(std::vector<CatalogSchemaTable> group) {
  const std::int64_t size = static_cast<std::int64_t>(group.size());
  const std::int64_t begin = std::min<std::int64_t>(offset_, size);
  const std::int64_t end = std::min<std::int64_t>(begin + limit_, size);
  if (end < size) more_ = true;
  if (begin == end) return std::nullopt;
  group.erase(group.begin() + end, group.end());
  group.erase(group.begin(), group.begin() + begin);
  return group;
}

Page SearchPage::Shown() const {
  Page page = {.limit = limit_, .offset = offset_, .nextOffset = std::nullopt};
  if (more_) page.nextOffset = offset_ + limit_;
  return page;
}

}  // namespace tarn::api
