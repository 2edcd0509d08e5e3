#include "api/execute_arguments.h"

#include <boost/json/serialize.hpp>

namespace tarn::api {

base::Result<std::vector<std::optional<std::string>>> ReadArguments(const ExecuteRequest& request) {
  std::vector<std::optional<std::string>> texts;
  const bool older = !request.bindings.has_value();
  const auto& given = older ? request.bindArgs : request.bindings;
  if (!given) return texts;
  for (const boost::json::value& value : *given) {
    if (value.is_null()) {
      texts.emplace_back();
    } else if (value.is_string()) {
      texts.emplace_back(std::string(value.get_string()));
    } else if (value.is_primitive()) {
      texts.emplace_back(boost::json::serialize(value));
    } else {
      return base::InvalidArgument("Argument is not a text, number, boolean or null",
                                   fmt::format("{}[{}]", older ? "bindArgs" : "bindings", texts.size()));
    }
  }
  return texts;
}

base::Error ShowStatementError(base::Error error, bool written_by_caller) {
  if (error.kind == base::ErrorKind::kNotFound) error.kind = base::ErrorKind::kInvalidArgument;
  if (!written_by_caller) {
    error.position.reset();
  } else if (error.position && !error.message.starts_with("line ")) {
    error.message = fmt::format("line {}:{}: {}", error.position->line, error.position->column, error.message);
  }
  return error;
}

}  // namespace tarn::api
