// The session properties that a client may set.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string_view>

namespace tarn::query {

struct SessionProperty {
  std::string_view name;
  std::string_view default_value;
  std::string_view type;  // Trino type text
  std::string_view description;
};

// By name.
[[nodiscard]] std::span<const SessionProperty> SessionProperties();
// Null where there is none.
[[nodiscard]] const SessionProperty* FindSessionProperty(std::string_view name);

// "1.5s", "10m", "100.00d"; nullopt where it is no duration.
[[nodiscard]] std::optional<std::chrono::milliseconds> ReadDuration(std::string_view text);

}  // namespace tarn::query
