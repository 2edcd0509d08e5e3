#include "http/operation.h"

#include <fmt/format.h>

namespace tarn::http {

std::string_view ToString(Method method) {
  switch (method) {
    case Method::kGet: return "GET";
    case Method::kHead: return "HEAD";
    case Method::kPost: return "POST";
    case Method::kPut: return "PUT";
    case Method::kPatch: return "PATCH";
    case Method::kDelete: return "DELETE";
  }
  return "GET";
}

Operation NotBuilt(OperationInfo info) {
  info.fast = true;
  info.query.clear();
  info.errors = ErrorShape::kService;
  Operation operation;
  operation.built = false;
  operation.run = [id = info.id](const Context&) -> base::Result<Reply> {
    return base::NotSupported(fmt::format("Operation is not available in this version of Tarn: \"{}\"", id));
  };
  info.status_of_kind = {{base::ErrorKind::kNotSupported, 501}};
  operation.info = std::move(info);
  return operation;
}

}  // namespace tarn::http
