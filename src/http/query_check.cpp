#include "http/query_check.h"

#include <fmt/format.h>

#include <algorithm>

namespace tarn::http {

namespace {

base::Result<void> CheckValue(const QueryParameter& parameter, const std::string& value) {
  switch (parameter.type) {
    case QueryParameter::Type::kString: return {};
    case QueryParameter::Type::kInteger:
      if (ReadInteger(value)) return {};
      return base::InvalidArgument("Query parameter is not an integer", parameter.name);
    case QueryParameter::Type::kBoolean:
      if (ReadBoolean(value)) return {};
      return base::InvalidArgument("Query parameter is neither true nor false", parameter.name);
    case QueryParameter::Type::kEnum:
      if (std::find(parameter.values.begin(), parameter.values.end(), value) != parameter.values.end()) return {};
      return base::InvalidArgument(fmt::format("Query parameter is none of {}", fmt::join(parameter.values, ", ")),
                                   parameter.name);
  }
  return {};
}

}  // namespace

base::Result<void> CheckQuery(const OperationInfo& info, NamedValues& values) {
  for (const auto& parameter : info.query) {
    std::optional<std::string> given;
    std::erase_if(values, [&](auto& value) {
      if (value.first != parameter.name) return false;
      given = std::move(value.second);
      return true;
    });
    if (given && given->empty() && parameter.type != QueryParameter::Type::kString) given.reset();
    if (!given && parameter.required) return base::InvalidArgument("Query parameter is required", parameter.name);
    if (given) {
      TARN_RETURN_IF_ERROR(CheckValue(parameter, *given));
      values.emplace_back(parameter.name, *std::move(given));
    } else if (!parameter.default_value.empty()) {
      values.emplace_back(parameter.name, parameter.default_value);
    }
  }
  return {};
}

}  // namespace tarn::http
