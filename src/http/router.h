// Finds the operation for a path and a method.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "http/context.h"

namespace tarn::http {

// Paths are texts such as "/api/v1/data/projects/{projectId}/cache/{cacheId}". A literal segment wins over a parameter;
// a last segment such as "{rest*}" takes everything that is left. Segments are compared after percent-decoding, so a
// parameter may hold a slash sent as %2F; "." and ".." are ordinary texts. Built once, then read by many threads.
class Router final {
 public:
  Router();
  ~Router();

  // Precondition: no other route has this method and a path of the same form.
  void Add(std::string_view method, std::string_view path, std::size_t route);

  struct Match {
    std::optional<std::size_t> route;  // empty when the path exists and the method does not
    std::vector<std::string> methods;  // that the path knows, in alphabetical order; filled when `route` is empty
    NamedValues path_values;
  };

  // Errors: NotFound; InvalidArgument when the path is not percent-encoded UTF-8.
  [[nodiscard]] base::Result<Match> Find(std::string_view method, std::string_view path) const;

 private:
  struct Node;
  struct Search;
  static const Node* Walk(const Node& node, Search& search, std::size_t depth);
  std::unique_ptr<Node> root_;
};

// Decodes %XX, and '+' as a space where `plus_is_space`. nullopt when an escape is broken, or the text is not UTF-8 or
// holds NUL.
[[nodiscard]] std::optional<std::string> PercentDecode(std::string_view text, bool plus_is_space);

// Decodes "a=1&b=x%20y"; nullopt as above.
[[nodiscard]] std::optional<NamedValues> DecodeQuery(std::string_view text);

}  // namespace tarn::http
