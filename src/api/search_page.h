// One page of a search: each group of matches is cut by itself.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "api/dto_catalog.h"

namespace tarn::api {

inline constexpr std::int32_t kDefaultSearchLimit = 100;

class SearchPage final {
 public:
  SearchPage(std::int32_t limit, std::int32_t offset) : limit_(limit), offset_(offset) {}

  // The group's part of the page; nullopt where it is empty.
  [[nodiscard]] std::optional<std::vector<CatalogSchemaTable>> Cut(std::vector<CatalogSchemaTable> group);
  // The page with its next offset, after all groups were cut.
  [[nodiscard]] Page Shown() const;

 private:
  std::int32_t limit_;
  std::int32_t offset_;
  bool more_ = false;
};

}  // namespace tarn::api
