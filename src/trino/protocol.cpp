#include "trino/protocol.h"

#include <algorithm>
#include <charconv>

#include <date/tz.h>
#include <fmt/format.h>

#include "trino/client_headers.h"
#include "trino/compression.h"
#include "trino/session_zone.h"

namespace tarn::trino {
namespace {

constexpr std::size_t kSmallestCompressed = 1024;
constexpr std::chrono::milliseconds kLongestWait{1000};
constexpr std::size_t kLargestPage = std::size_t{128} << 20;

http::Reply Text(int status, std::string text) {
  return {.status = status, .content_type = "text/plain; charset=utf-8", .body = std::move(text)};
}

// An error in the protocol itself, which is a status and a text; errors of statements are answers.
http::Reply Refuse(const base::Error& error) {
  switch (error.kind) {
    case base::ErrorKind::kUnauthenticated: {
      auto reply = Text(401, error.message);
      reply.headers.emplace_back("WWW-Authenticate", "Basic realm=\"Trino\"");
      return reply;
    }
    case base::ErrorKind::kPermissionDenied: return Text(403, error.message);
    case base::ErrorKind::kNotFound: return Text(404, error.message);
    case base::ErrorKind::kFailedPrecondition: return Text(error.code == "GONE" ? 410 : 400, error.message);
    case base::ErrorKind::kUnavailable: {
      auto reply = Text(503, error.message);
      reply.headers.emplace_back("Retry-After", "1");
      return reply;
    }
    case base::ErrorKind::kInternal: return Text(500, "Something went wrong inside Tarn; its log tells more");
    default: return Text(400, error.message);
  }
}

// "1s", "500ms", "0.5m": a duration as Trino's clients write it; what is no such text is the longest wait.
std::chrono::milliseconds ReadWait(const std::optional<std::string>& text) {
  if (!text) return kLongestWait;
  double count = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), count);
  const std::string_view unit(end, static_cast<std::size_t>(text->data() + text->size() - end));
  const double scale = unit == "ms" ? 1 : unit == "s" ? 1000 : unit == "m" ? 60'000 : -1;
  if (error != std::errc() || scale < 0 || !(count >= 0) || count * scale >= static_cast<double>(kLongestWait.count())) return kLongestWait;
  return std::chrono::milliseconds(static_cast<std::int64_t>(count * scale));
}

// "16MB": a size as Trino's clients write it.
std::size_t ReadPageBytes(const std::optional<std::string>& text) {
  if (!text) return LiveQuery::kPageBytes;
  double count = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), count);
  const std::string_view unit(end, static_cast<std::size_t>(text->data() + text->size() - end));
  const double scale = unit == "B" ? 1 : unit == "kB" ? 1024 : unit == "MB" ? 1 << 20 : unit == "GB" ? 1 << 30 : -1;
  if (error != std::errc() || scale < 0 || !(count > 0)) return LiveQuery::kPageBytes;
  return static_cast<std::size_t>(std::clamp(count * scale, 1.0, static_cast<double>(kLargestPage)));
}

struct Place {
  PageAddress address;
  std::string slug;
};

std::optional<Place> ReadPlace(const http::Context& context, Phase phase) {
  const auto token = ReadToken(context.Path("token"));
  if (!token) return std::nullopt;
  return Place{.address = {.phase = phase, .token = *token}, .slug = context.Path("slug")};
}

}  // namespace

struct Protocol::Impl {
  Impl(OpenPages open, IdentityParts identity_parts, ProtocolSettings given, const base::Clock& clock, base::Metrics& metrics)
      : identity(std::move(identity_parts)),
        settings(std::move(given)),
        compressors(std::make_unique<http::WorkPool>(settings.compressors, settings.queries.most_live)),
        queries(std::move(open), settings.queries, clock, metrics) {}

  base::Result<http::Reply> Post(const http::Context& context);
  void Get(const http::Context& context, Phase phase, http::Respond respond);
  base::Result<http::Reply> Delete(const http::Context& context, Phase phase);
  base::Result<http::Reply> Head(const http::Context& context, Phase phase);
  base::Result<http::Reply> CheckCredentials(const http::Context& context) const;

  base::Result<std::shared_ptr<LiveQuery>> Begin(const http::Context& context);
  void Send(const AnswerPointer& answer, Coding coding, const http::Respond& respond);

  IdentityParts identity;
  ProtocolSettings settings;
  std::unique_ptr<http::WorkPool> compressors;
  Queries queries;
};

base::Result<std::shared_ptr<LiveQuery>> Protocol::Impl::Begin(const http::Context& context) {
  TARN_ASSIGN_OR_RETURN(auto headers, ReadClientHeaders(context.headers()));
  TARN_ASSIGN_OR_RETURN(const auto who, Identify(headers, identity));
  if (context.body().empty()) return base::InvalidArgument("SQL statement is empty");
  headers.session.user = who.user;
  headers.client.remote_address = context.remote_address();
  QueryRequest request{.id = {},
                       .statement = {.project_id = who.project_id,
                                     .text = context.body(),
                                     .parameters = {},
                                     .session = std::move(headers.session),
                                     .limits = {},
                                     .client = std::move(headers.client),
                                     .queries_only = false},
                       .family = std::move(headers.family),
                       .knows_precision = headers.capabilities.contains("PARAMETRIC_DATETIME"),
                       .key_id = who.caller.key_id};
  if (auto zone = SessionZone(request.statement.session.time_zone)) {
    request.statement.session.time_zone = *std::move(zone);
  } else {
    request.refused = zone.error();
  }
  return queries.Add(std::move(request));
}

base::Result<http::Reply> Protocol::Impl::Post(const http::Context& context) {
  const auto query = Begin(context);
  if (!query) return Refuse(query.error());
  const auto answer = (*query)->Start(BaseUrl(context, settings.address));
  return http::Reply{.status = 200, .body = answer->body};
}

void Protocol::Impl::Get(const http::Context& context, Phase phase, http::Respond respond) {
  const auto place = ReadPlace(context, phase);
  const auto query = place ? queries.Find(context.Path("id")) : nullptr;
  if (query == nullptr) return respond(Refuse(base::NotFound("Query not found").error()));
  const auto coding = IsLocalPeer(context, settings.address) ? Coding::kNone : ChooseCoding(context.Header("Accept-Encoding"));
  query->Get({.address = place->address,
              .slug = place->slug,
              .base_url = BaseUrl(context, settings.address),
              .wait = ReadWait(context.Query("maxWait")),
              .page_bytes = ReadPageBytes(context.Query("targetResultSize"))},
             [this, coding, respond = std::move(respond)](base::Result<AnswerPointer> answer) {
               if (!answer) return respond(Refuse(answer.error()));
               Send(*answer, coding, respond);
             });
}

void Protocol::Impl::Send(const AnswerPointer& answer, Coding coding, const http::Respond& respond) {
  if (coding == Coding::kNone || answer->body.size() < kSmallestCompressed) {
    return respond(http::Reply{.status = 200, .body = answer->body, .headers = answer->headers});
  }
  compressors->Post([answer, coding, respond] {
    const auto& body = answer->body;
    http::Reply reply{.status = 200,
                      .body = Compress({body.before, body.middle ? std::string_view(*body.middle) : std::string_view(), body.after}, coding),
                      .headers = answer->headers};
    reply.headers.emplace_back("Content-Encoding", NameOf(coding));
    reply.headers.emplace_back("Vary", "Accept-Encoding");
    respond(std::move(reply));
  });
}

base::Result<http::Reply> Protocol::Impl::Delete(const http::Context& context, Phase phase) {
  const auto place = ReadPlace(context, phase);
  const auto query = place ? queries.Find(context.Path("id")) : nullptr;
  const auto cancelled = query == nullptr ? base::Result<void>(base::NotFound("Query not found")) : query->Cancel(place->address, place->slug);
  if (!cancelled) return Refuse(cancelled.error());
  return http::Reply{.status = 204, .content_type = ""};
}

base::Result<http::Reply> Protocol::Impl::Head(const http::Context& context, Phase phase) {
  const auto place = ReadPlace(context, phase);
  const auto query = place ? queries.Find(context.Path("id")) : nullptr;
  const auto touched = query == nullptr ? base::Result<void>(base::NotFound("Query not found")) : query->Touch(place->address, place->slug);
  if (!touched) return Refuse(touched.error());
  return http::Reply{.status = 200, .content_type = ""};
}

base::Result<http::Reply> Protocol::Impl::CheckCredentials(const http::Context& context) const {
  const auto headers = ReadClientHeaders(context.headers());
  if (!headers) return Refuse(headers.error());
  if (const auto who = Identify(*headers, identity); !who) return Refuse(who.error());
  return http::Reply{.status = 200, .content_type = ""};
}

Protocol::Protocol(OpenPages open, IdentityParts identity, ProtocolSettings settings, const base::Clock& clock, base::Metrics& metrics)
    : impl_(std::make_unique<Impl>(std::move(open), std::move(identity), std::move(settings), clock, metrics)) {}

Protocol::~Protocol() = default;

void Protocol::Stop() {
  impl_->queries.Stop();
  impl_->compressors.reset();
}

std::vector<http::RawRoute> Protocol::Routes() {
  using http::Context;
  using http::Method;
  std::vector<http::RawRoute> routes;
  const auto add = [&](std::string id, Method method, std::string path, std::function<base::Result<http::Reply>(const Context&)> run) {
    routes.push_back({.id = std::move(id), .method = method, .path = std::move(path), .run = std::move(run), .fast = true});
  };
  auto& impl = *impl_;
  add("trinoStatement", Method::kPost, "/v1/statement", [&impl](const Context& context) { return impl.Post(context); });
  add("trinoCredentials", Method::kHead, "/v1/statement", [&impl](const Context& context) { return impl.CheckCredentials(context); });
  for (const auto phase : {Phase::kQueued, Phase::kExecuting}) {
    const auto path = fmt::format("/v1/statement/{}/{{id}}/{{slug}}/{{token}}", NameOf(phase));
    const auto name = phase == Phase::kQueued ? "Queued" : "Executing";
    routes.push_back({.id = fmt::format("trino{}", name), .path = path, .begin = [&impl, phase](const Context& context, http::Respond respond) {
                        impl.Get(context, phase, std::move(respond));
                      }});
    add(fmt::format("trinoCancel{}", name), Method::kDelete, path, [&impl, phase](const Context& context) { return impl.Delete(context, phase); });
    add(fmt::format("trinoHeartbeat{}", name), Method::kHead, path, [&impl, phase](const Context& context) { return impl.Head(context, phase); });
  }
  return routes;
}

}  // namespace tarn::trino
