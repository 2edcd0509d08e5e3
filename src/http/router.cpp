#include "http/router.h"

#include <fmt/format.h>

#include <cstdlib>
#include <unordered_map>

#include "base/utf8.h"

namespace tarn::http {

namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// "/a/b" -> {"a", "b"}; "/a/" -> {"a", ""}.
std::vector<std::string_view> Split(std::string_view path) {
  std::vector<std::string_view> segments;
  if (path.starts_with('/')) path.remove_prefix(1);
  for (;;) {
    const auto slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

bool IsPlainText(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = text.front() == '\0' ? 0 : base::Utf8SequenceLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace

struct Router::Node {
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  struct Target {
    std::size_t route;
    std::vector<std::string> names;
  };
  std::unordered_map<std::string, std::unique_ptr<Node>, Hash, std::equal_to<>> literals;
  std::unique_ptr<Node> parameter;
  std::unique_ptr<Node> rest;
  std::map<std::string, Target, std::less<>> targets;  // by method
};

struct Router::Search {
  std::vector<std::string> segments;
  std::vector<std::string> values;
};

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;

void Router::Add(std::string_view method, std::string_view path, std::size_t route) {
  Node* node = root_.get();
  std::vector<std::string> names;
  for (const auto segment : Split(path)) {
    if (!segment.starts_with('{')) {
      auto& child = node->literals[std::string(segment)];
      if (!child) child = std::make_unique<Node>();
      node = child.get();
      continue;
    }
    const bool is_rest = segment.ends_with("*}");
    names.emplace_back(segment.substr(1, segment.size() - (is_rest ? 3 : 2)));
    auto& child = is_rest ? node->rest : node->parameter;
    if (!child) child = std::make_unique<Node>();
    node = child.get();
  }
  const bool is_new = node->targets.try_emplace(std::string(method), Node::Target{route, std::move(names)}).second;
  if (!is_new) {
    // A mistake in the declarations, found at the first start.
    fmt::print(stderr, "Two operations have the route {} {}\n", method, path);
    std::abort();
  }
}

const Router::Node* Router::Walk(const Node& node, Search& search, std::size_t depth) {
  if (depth == search.segments.size()) return node.targets.empty() ? nullptr : &node;
  const std::string& segment = search.segments[depth];
  if (const auto literal = node.literals.find(segment); literal != node.literals.end()) {
    if (const Node* found = Walk(*literal->second, search, depth + 1)) return found;
  }
  if (node.parameter && !segment.empty()) {
    search.values.push_back(segment);
    if (const Node* found = Walk(*node.parameter, search, depth + 1)) return found;
    search.values.pop_back();
  }
  if (!node.rest) return nullptr;
  std::string rest = segment;
  for (std::size_t i = depth + 1; i < search.segments.size(); ++i) rest.append("/").append(search.segments[i]);
  search.values.push_back(std::move(rest));
  return node.rest.get();
}

base::Result<Router::Match> Router::Find(std::string_view method, std::string_view path) const {
  Search search;
  for (const auto segment : Split(path)) {
    auto decoded = PercentDecode(segment, false);
    if (!decoded) return base::InvalidArgument("Path is not percent-encoded UTF-8 text");
    search.segments.push_back(*std::move(decoded));
  }
  const Node* node = Walk(*root_, search, 0);
  if (node == nullptr) return base::NotFound("There is nothing at this path");
  Match match;
  const auto target = node->targets.find(method);
  if (target == node->targets.end()) {
    for (const auto& [known, unused] : node->targets) match.methods.push_back(known);
    return match;
  }
  match.route = target->second.route;
  match.path_values.reserve(search.values.size());
  for (std::size_t i = 0; i < search.values.size(); ++i) {
    match.path_values.emplace_back(target->second.names[i], std::move(search.values[i]));
  }
  return match;
}

std::optional<std::string> PercentDecode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out.push_back(' ');
    } else if (text[i] != '%') {
      out.push_back(text[i]);
    } else {
      const int high = i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? HexDigit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return std::nullopt;
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    }
  }
  if (!IsPlainText(out)) return std::nullopt;
  return out;
}

std::optional<NamedValues> DecodeQuery(std::string_view text) {
  NamedValues values;
  while (!text.empty()) {
    const auto end = text.find('&');
    const auto pair = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    auto name = PercentDecode(pair.substr(0, equals), true);
    auto value = PercentDecode(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1), true);
    if (!name || !value) return std::nullopt;
    values.emplace_back(*std::move(name), *std::move(value));
  }
  return values;
}

}  // namespace tarn::http
