#include "http/door.h"

#include <fmt/format.h>

#include <boost/beast/core/string.hpp>
#include <random>

#include "base/log.h"
#include "http/query_check.h"
#include "http/route.h"

namespace tarn::http {

namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr std::size_t kLongestRequestId = 128;
constexpr std::size_t kLongestLoggedPath = 300;

// A request id that may be repeated in logs and headers as it is.
bool IsSaneId(std::string_view id) {
  return !id.empty() && id.size() <= kLongestRequestId && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
           c == '.';
  });
}

// Path and query of a request target; an absolute address loses its scheme and host.
std::pair<std::string_view, std::string_view> SplitTarget(std::string_view target) {
  if (const auto scheme = target.find("://"); scheme != std::string_view::npos && !target.starts_with('/')) {
    const auto path = target.find('/', scheme + 3);
    target = path == std::string_view::npos ? std::string_view("/") : target.substr(path);
  }
  target = target.substr(0, target.find('#'));
  const auto question = target.find('?');
  if (question == std::string_view::npos) return {target, {}};
  return {target.substr(0, question), target.substr(question + 1)};
}

std::string Joined(const std::vector<std::string>& methods) {
  std::string text;
  for (const auto& method : methods) text += (text.empty() ? "" : ", ") + method + (method == "GET" ? ", HEAD" : "");
  return text + (text.empty() ? "OPTIONS" : ", OPTIONS");
}

// A path in the log. Its characters are escaped there.
std::string_view Shortened(std::string_view path) { return path.substr(0, kLongestLoggedPath); }

base::Error Forbidden(std::string message) {
  return {.kind = base::ErrorKind::kPermissionDenied, .message = std::move(message), .fault = base::Fault::kCaller};
}

base::Error Unauthorized(std::string message) {
  return {.kind = base::ErrorKind::kUnauthenticated, .message = std::move(message), .fault = base::Fault::kCaller};
}

}  // namespace

std::string_view FindHeader(const Headers& headers, std::string_view name) {
  for (const auto& [known, value] : headers) {
    if (boost::beast::iequals(known, name)) return value;
  }
  return {};
}

Door::Door(std::vector<Operation> operations, std::vector<RawRoute> raw_routes, Authenticate authenticate,
           DoorSettings settings, base::Metrics& metrics)
    : operations_(std::move(operations)),
      authenticate_(std::move(authenticate)),
      settings_(std::move(settings)),
      metrics_(metrics) {
  while (settings_.prefix.ends_with('/')) settings_.prefix.pop_back();
  if (!settings_.prefix.empty() && !settings_.prefix.starts_with('/'))
    settings_.prefix = fmt::format("/{}", settings_.prefix);
  for (const auto& operation : operations_) {
    router_.Add(ToString(operation.info.method), settings_.base_path + operation.info.path, routes_.size());
    routes_.push_back(std::make_unique<Route>(operation.info, operation.run, metrics_));
    routes_.back()->is_operation = true;
  }
  for (auto& raw : raw_routes) {
    router_.Add(ToString(raw.method), raw.path, routes_.size());
    OperationInfo info{.id = raw.id,
                       .method = raw.method,
                       .path = raw.path,
                       .keys = KeyKind::kNone,
                       .errors = ErrorShape::kService,
                       .fast = raw.fast,
                       .deadline = raw.deadline};
    routes_.push_back(std::make_unique<Route>(std::move(info), std::move(raw.run), metrics_));
    routes_.back()->begin = std::move(raw.begin);
  }
  no_route_ = std::make_unique<Route>(OperationInfo{.id = "none", .path = ""}, nullptr, metrics_);
  std::random_device random;
  id_prefix_ = fmt::format("{:08x}", random());
}

Door::~Door() = default;

std::string Door::NewRequestId() const {
  return fmt::format("{}-{:x}", id_prefix_, next_id_.fetch_add(1, std::memory_order_relaxed));
}

std::string_view Door::WithoutPrefix(std::string_view path) const {
  if (settings_.prefix.empty() || !path.starts_with(settings_.prefix)) return path;
  const auto rest = path.substr(settings_.prefix.size());
  if (rest.empty()) return "/";
  return rest.starts_with('/') ? rest : path;
}

void Door::AddOriginHeaders(const Headers& headers, Headers& extra) const {
  if (settings_.allowed_origins.empty()) return;
  const auto origin = FindHeader(headers, "Origin");
  if (origin.empty()) return;
  const auto& allowed = settings_.allowed_origins;
  const bool all = std::find(allowed.begin(), allowed.end(), "*") != allowed.end();
  extra.emplace_back("Vary", "Origin");
  if (!all && std::find(allowed.begin(), allowed.end(), origin) == allowed.end()) return;
  extra.emplace_back("Access-Control-Allow-Origin", all ? std::string("*") : std::string(origin));
  extra.emplace_back("Access-Control-Expose-Headers", "X-Request-Id, Content-Disposition, Retry-After");
}

Reply Door::AnswerOptions(std::string_view path, const Headers& headers) const {
  Reply reply{.status = 204, .content_type = ""};
  std::string methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
  if (path != "*") {
    const auto match = router_.Find("OPTIONS", path);
    if (!match) return Refusal(match.error().kind == base::ErrorKind::kNotFound ? 404 : 400, match.error().message);
    methods = Joined(match->methods);
  }
  reply.headers.emplace_back("Allow", methods);
  if (settings_.allowed_origins.empty() || FindHeader(headers, "Access-Control-Request-Method").empty()) return reply;
  reply.headers.emplace_back("Access-Control-Allow-Methods", methods);
  reply.headers.emplace_back("Access-Control-Allow-Headers", "Authorization, Content-Type, X-Request-Id");
  reply.headers.emplace_back("Access-Control-Max-Age", "600");
  return reply;
}

base::Result<security::Caller> Door::Identify(const OperationInfo& info, const Headers& headers) const {
  if (info.keys == KeyKind::kNone) return security::Caller{};
  std::string_view token = FindHeader(headers, "Authorization");
  if (token.size() < kBearer.size() || !boost::beast::iequals(token.substr(0, kBearer.size()), kBearer)) {
    return std::unexpected(Unauthorized("An API key is needed: Authorization: Bearer <key>"));
  }
  token.remove_prefix(kBearer.size());
  while (token.starts_with(' ')) token.remove_prefix(1);
  while (token.ends_with(' ')) token.remove_suffix(1);
  if (token.empty()) return std::unexpected(Unauthorized("The API key is empty"));
  TARN_ASSIGN_OR_RETURN(auto caller, authenticate_(token));
  if (info.keys == KeyKind::kPartner && caller.kind != security::Caller::Kind::kPartner) {
    return std::unexpected(Forbidden("This operation needs a partner key"));
  }
  return caller;
}

Door::Entry Door::Admit(RequestHead head) const {
  Entry entry;
  const auto sent_id = FindHeader(head.headers, "X-Request-Id");
  entry.request_id = IsSaneId(sent_id) ? std::string(sent_id) : NewRequestId();
  AddOriginHeaders(head.headers, entry.extra);

  const auto [full_path, query] = SplitTarget(head.target);
  const auto path = WithoutPrefix(full_path);
  entry.method = head.method;
  entry.path = path;
  if (head.method == "OPTIONS") {
    entry.answer = AnswerOptions(path, head.headers);
    return entry;
  }
  auto match = router_.Find(head.method, path);
  if (head.method == "HEAD" && match && !match->route) match = router_.Find("GET", path);
  if (!match) {
    const int status = match.error().kind == base::ErrorKind::kNotFound ? 404 : 400;
    entry.answer = Refusal(status, match.error().message);
    return entry;
  }
  if (!match->route) {
    entry.answer = Refusal(405, "The method is not allowed at this path", {{"Allow", Joined(match->methods)}});
    return entry;
  }
  const Route& route = *routes_[*match->route];
  entry.route = &route;
  return AdmitTo(route, std::move(head), query, std::move(match->path_values), std::move(entry));
}

Door::Entry Door::AdmitTo(const Route& route, RequestHead head, std::string_view query, NamedValues path_values,
                          Entry entry) const {
  const auto refuse = [&](const base::Error& error) {
    entry.answer = ErrorReply(error, route.info, entry.request_id);
    return std::move(entry);
  };
  auto caller = Identify(route.info, head.headers);
  if (!caller) return refuse(caller.error());
  entry.key = caller->key_id;
  if (route.info.keys != KeyKind::kNone) {
    for (const auto& [name, value] : path_values) {
      if (name != "projectId") continue;
      if (!caller->MayReach(value)) return refuse(Forbidden("This key does not reach the project"));
      entry.project = value;
    }
  }
  auto values = DecodeQuery(query);
  if (!values) return refuse(base::InvalidArgument("Query is not percent-encoded UTF-8 text").error());
  if (route.is_operation) {
    if (auto checked = CheckQuery(route.info, *values); !checked) return refuse(checked.error());
  }
  std::stop_source stop;
  const auto full_path = SplitTarget(head.target).first;
  RequestFacts facts{.caller = *std::move(caller),
                     .method = head.method == "HEAD" ? "GET" : std::move(head.method),
                     .path = std::string(WithoutPrefix(full_path)),
                     .mount = WithoutPrefix(full_path).size() == full_path.size() ? std::string() : settings_.prefix,
                     .path_values = std::move(path_values),
                     .query_values = *std::move(values),
                     .headers = std::move(head.headers),
                     .body = {},
                     .body_file = {},
                     .request_id = entry.request_id,
                     .remote_address = std::move(head.remote_address),
                     .limits = base::CallLimits::Within(route.info.deadline, stop.get_token())};
  entry.call = std::make_shared<Call>(route, std::move(facts), std::move(stop));
  return entry;
}

void Door::Record(const Entry& entry, int status, std::chrono::steady_clock::time_point since) const {
  const Route& route = entry.route == nullptr ? *no_route_ : *entry.route;
  const auto took = std::chrono::steady_clock::now() - since;
  route.Count(status);
  route.seconds.Observe(std::chrono::duration<double>(took).count());
  const auto write = route.info.fast && !route.is_operation ? base::log::Debug : base::log::Info;
  write("request", {{"request", entry.request_id},
                    {"method", entry.method},
                    {"operation", route.info.id},
                    {"path", Shortened(entry.path)},
                    {"status", status},
                    {"ms", took},
                    {"project", entry.project},
                    {"key", entry.key}});
}

}  // namespace tarn::http
