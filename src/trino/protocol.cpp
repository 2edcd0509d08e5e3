#include "trino/protocol.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "trino/client_headers.h"
#include "trino/compression.h"
#include "trino/query_json.h"
#include "trino/session_zone.h"

namespace tarn::trino {
namespace {

constexpr std::size_t kSmallestCompressed = 1024;
constexpr std::chrono::milliseconds kLongestWait{1000};
constexpr std::size_t kMostListed = 1000;  // queries
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
  if (error != std::errc() || scale < 0 || !(count >= 0) || count * scale >= static_cast<double>(kLongestWait.count()))
    return kLongestWait;
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
  Impl(StatementParts statements, IdentityParts identity_parts, ProtocolSettings given, const base::Clock& real_clock,
       base::Metrics& metrics)
      : identity(std::move(identity_parts)),
        settings(std::move(given)),
        clock(real_clock),
        since(clock.SteadyNow()),
        segments(settings.segments, clock),
        compressors(std::make_unique<http::WorkPool>(settings.compressors, settings.queries.most_live)),
        queries(std::move(statements), settings.queries, clock, metrics, [this] { segments.Sweep(); }) {}

  base::Result<http::Reply> Post(const http::Context& context);
  void Get(const http::Context& context, Phase phase, http::Respond respond);
  base::Result<http::Reply> Delete(const http::Context& context, Phase phase);
  base::Result<http::Reply> Head(const http::Context& context, Phase phase);
  base::Result<http::Reply> CheckCredentials(const http::Context& context) const;
  base::Result<http::Reply> CancelStage(const http::Context& context);
  base::Result<http::Reply> ListQueries(const http::Context& context) const;
  base::Result<http::Reply> ShowQuery(const http::Context& context) const;
  base::Result<http::Reply> KillQuery(const http::Context& context);
  base::Result<http::Reply> ShowCluster(const http::Context& context) const;
  base::Result<std::string> ProjectOf(const http::Context& context) const;
  std::chrono::seconds Uptime() const {
    return std::chrono::duration_cast<std::chrono::seconds>(clock.SteadyNow() - since);
  }

  base::Result<std::shared_ptr<LiveQuery>> Begin(const http::Context& context);
  void Send(const AnswerPointer& answer, const LiveQuery& query, Coding coding, const http::Respond& respond);
  void SendSegments(const AnswerPointer& answer, const LiveQuery& query, const http::Respond& respond);
  [[nodiscard]] bool Serves(Peers peers, const http::Context& context) const {
    return peers == Peers::kAll || (peers == Peers::kRemote && !http::IsLocalPeer(context, settings.address));
  }
  base::Result<http::Reply> LoadSegment(const http::Context& context) const;
  base::Result<http::Reply> RemoveSegment(const http::Context& context);

  IdentityParts identity;
  ProtocolSettings settings;
  const base::Clock& clock;
  const base::SteadyTime since;
  Segments segments;
  std::unique_ptr<http::WorkPool> compressors;
  Queries queries;
};

base::Result<std::shared_ptr<LiveQuery>> Protocol::Impl::Begin(const http::Context& context) {
  TARN_ASSIGN_OR_RETURN(auto headers, ReadClientHeaders(context.headers()));
  TARN_ASSIGN_OR_RETURN(const auto who, Identify(headers, identity));
  if (context.body().empty()) return base::InvalidArgument("SQL statement is empty");
  headers.session.user = who.user;
  headers.client.remote_address = context.remote_address();
  QueryRequest request{
      .id = {},
      .statement = {.project_id = who.project_id,
                    .text = context.body(),
                    .parameters = {},
                    .session = std::move(headers.session),
                    .limits = {},
                    .client = std::move(headers.client),
                    .queries_only = false},
      .family = std::move(headers.family),
      .knows_precision = headers.capabilities.contains("PARAMETRIC_DATETIME"),
      .key_id = who.caller.key_id,
      .encoding = Serves(settings.spool, context) ? ChooseEncoding(headers.data_encodings) : std::nullopt};
  if (auto zone = SessionZone(request.statement.session.time_zone)) {
    request.statement.session.time_zone = *std::move(zone);
  } else {
    request.statement.refused = zone.error();
  }
  return queries.Add(std::move(request));
}

base::Result<http::Reply> Protocol::Impl::Post(const http::Context& context) {
  const auto query = Begin(context);
  if (!query) return Refuse(query.error());
  const auto answer = (*query)->Start(http::BaseUrl(context, settings.address));
  return http::Reply{.status = 200, .body = answer->Plain()};
}

void Protocol::Impl::Get(const http::Context& context, Phase phase, http::Respond respond) {
  const auto place = ReadPlace(context, phase);
  const auto query = place ? queries.Find(context.Path("id")) : nullptr;
  if (query == nullptr) return respond(Refuse(base::NotFound("Query not found").error()));
  const auto coding =
      Serves(settings.compress, context) ? ChooseCoding(context.Header("Accept-Encoding")) : Coding::kNone;
  query->Get({.address = place->address,
              .slug = place->slug,
              .base_url = http::BaseUrl(context, settings.address),
              .wait = ReadWait(context.Query("maxWait")),
              .page_bytes = ReadPageBytes(context.Query("targetResultSize"))},
             [this, coding, query, respond = std::move(respond)](base::Result<AnswerPointer> answer) {
               if (!answer) return respond(Refuse(answer.error()));
               Send(*answer, *query, coding, respond);
             });
}

void Protocol::Impl::Send(const AnswerPointer& answer, const LiveQuery& query, Coding coding,
                          const http::Respond& respond) {
  if (query.encoding()) return SendSegments(answer, query, respond);
  auto body = answer->Plain();
  if (coding == Coding::kNone || body.size() < kSmallestCompressed) {
    return respond(http::Reply{.status = 200, .body = std::move(body), .headers = answer->headers()});
  }
  compressors->Post([body = std::move(body), headers = answer->headers(), coding, respond] {
    http::Reply reply{
        .status = 200,
        .body = Compress({body.before, body.middle ? std::string_view(*body.middle) : std::string_view(), body.after},
                         coding),
        .headers = headers};
    reply.headers.emplace_back("Content-Encoding", NameOf(coding));
    reply.headers.emplace_back("Vary", "Accept-Encoding");
    respond(std::move(reply));
  });
}

void Protocol::Impl::SendSegments(const AnswerPointer& answer, const LiveQuery& query, const http::Respond& respond) {
  auto headers = answer->headers();
  headers.emplace_back(query.family() + "Query-Data-Encoding", NameOf(*query.encoding()));
  if (!answer->has_rows())
    return respond(http::Reply{.status = 200, .body = answer->Plain(), .headers = std::move(headers)});
  compressors->Post([this, answer, encoding = *query.encoding(), headers = std::move(headers), respond] {
    respond(http::Reply{.status = 200, .body = answer->Spooled(encoding, segments), .headers = headers});
  });
}

base::Result<http::Reply> Protocol::Impl::LoadSegment(const http::Context& context) const {
  auto bytes = segments.Load(context.Path("segment"));
  if (!bytes) return Refuse(bytes.error());
  return http::Reply{.status = 200, .content_type = "application/octet-stream", .body = *std::move(bytes)};
}

base::Result<http::Reply> Protocol::Impl::RemoveSegment(const http::Context& context) {
  segments.Remove(context.Path("segment"));
  return http::Reply{.status = 200, .content_type = ""};
}

base::Result<http::Reply> Protocol::Impl::Delete(const http::Context& context, Phase phase) {
  const auto place = ReadPlace(context, phase);
  const auto query = place ? queries.Find(context.Path("id")) : nullptr;
  const auto cancelled = query == nullptr ? base::Result<void>(base::NotFound("Query not found"))
                                          : query->Cancel(place->address, place->slug);
  if (!cancelled) return Refuse(cancelled.error());
  return http::Reply{.status = 204, .content_type = ""};
}

base::Result<http::Reply> Protocol::Impl::Head(const http::Context& context, Phase phase) {
  const auto place = ReadPlace(context, phase);
  const auto query = place ? queries.Find(context.Path("id")) : nullptr;
  const auto touched = query == nullptr ? base::Result<void>(base::NotFound("Query not found"))
                                        : query->Touch(place->address, place->slug);
  if (!touched) return Refuse(touched.error());
  return http::Reply{.status = 200, .content_type = ""};
}

base::Result<http::Reply> Protocol::Impl::CheckCredentials(const http::Context& context) const {
  const auto headers = ReadClientHeaders(context.headers());
  if (!headers) return Refuse(headers.error());
  // Some drivers send their extra credentials with statements only: there is nothing to check then, which is no
  // refusal.
  if (!headers->has_credential() && !headers->session.user.empty()) {
    auto reply = Text(405, "Credentials cannot be checked where none are sent");
    reply.headers.emplace_back("Allow", "POST");
    return reply;
  }
  if (const auto who = Identify(*headers, identity); !who) return Refuse(who.error());
  return http::Reply{.status = 200, .content_type = ""};
}

// The stage is not asked for: cancelling one of a statement's stages ends the statement.
base::Result<http::Reply> Protocol::Impl::CancelStage(const http::Context& context) {
  for (const auto phase : {Phase::kExecuting, Phase::kQueued}) {
    TARN_ASSIGN_OR_RETURN(auto reply, Delete(context, phase));
    if (reply.status == 204) return reply;
  }
  return Refuse(base::NotFound("Query not found").error());
}

base::Result<std::string> Protocol::Impl::ProjectOf(const http::Context& context) const {
  TARN_ASSIGN_OR_RETURN(const auto headers, ReadClientHeaders(context.headers()));
  TARN_ASSIGN_OR_RETURN(const auto who, Identify(headers, identity));
  return who.project_id;
}

base::Result<http::Reply> Protocol::Impl::ListQueries(const http::Context& context) const {
  const auto project = ProjectOf(context);
  if (!project) return Refuse(project.error());
  const auto list = queries.List(*project, kMostListed);
  if (!list) return Refuse(list.error());
  return http::Reply{.status = 200, .body = QueryListText(*list, http::BaseUrl(context, settings.address))};
}

base::Result<http::Reply> Protocol::Impl::ShowQuery(const http::Context& context) const {
  const auto project = ProjectOf(context);
  if (!project) return Refuse(project.error());
  const auto query = queries.Info(*project, context.Path("id"));
  if (!query && query.error().kind == base::ErrorKind::kNotFound) return Text(410, "Query is not known");
  if (!query) return Refuse(query.error());
  std::string text;
  AppendQuery(*query, http::BaseUrl(context, settings.address), true, text);
  return http::Reply{.status = 200, .body = std::move(text)};
}

base::Result<http::Reply> Protocol::Impl::KillQuery(const http::Context& context) {
  const auto project = ProjectOf(context);
  if (!project) return Refuse(project.error());
  queries.Kill(*project, context.Path("id"));
  return http::Reply{.status = 204, .content_type = ""};
}

base::Result<http::Reply> Protocol::Impl::ShowCluster(const http::Context& context) const {
  const auto project = ProjectOf(context);
  if (!project) return Refuse(project.error());
  const auto listed = queries.List(*project, kMostListed);
  if (!listed) return Refuse(listed.error());
  const auto& list = *listed;
  const auto count = [&](QueryState state) {
    return static_cast<std::size_t>(std::ranges::count(list, state, &QueryInfo::state));
  };
  return http::Reply{.status = 200, .body = ClusterText(count(QueryState::kQueued), count(QueryState::kRunning))};
}

Protocol::Protocol(StatementParts statements, IdentityParts identity, ProtocolSettings settings,
                   const base::Clock& clock, base::Metrics& metrics)
    : impl_(std::make_unique<Impl>(std::move(statements), std::move(identity), std::move(settings), clock, metrics)) {}

Protocol::~Protocol() = default;

void Protocol::Stop() {
  impl_->queries.Stop();
  impl_->compressors.reset();
}

std::vector<http::RawRoute> Protocol::Routes() {
  using http::Context;
  using http::Method;
  std::vector<http::RawRoute> routes;
  const auto add = [&](std::string id, Method method, std::string path,
                       std::function<base::Result<http::Reply>(const Context&)> run) {
    routes.push_back(
        {.id = std::move(id), .method = method, .path = std::move(path), .run = std::move(run), .fast = true});
  };
  auto& impl = *impl_;
  add("trinoStatement", Method::kPost, "/v1/statement", [&impl](const Context& context) { return impl.Post(context); });
  add("trinoCredentials", Method::kHead, "/v1/statement",
      [&impl](const Context& context) { return impl.CheckCredentials(context); });
  for (const auto phase : {Phase::kQueued, Phase::kExecuting}) {
    const auto path = fmt::format("/v1/statement/{}/{{id}}/{{slug}}/{{token}}", NameOf(phase));
    const auto name = phase == Phase::kQueued ? "Queued" : "Executing";
    routes.push_back({.id = fmt::format("trino{}", name),
                      .path = path,
                      .begin = [&impl, phase](const Context& context, http::Respond respond) {
                        impl.Get(context, phase, std::move(respond));
                      }});
    add(fmt::format("trinoCancel{}", name), Method::kDelete, path,
        [&impl, phase](const Context& context) { return impl.Delete(context, phase); });
    add(fmt::format("trinoHeartbeat{}", name), Method::kHead, path,
        [&impl, phase](const Context& context) { return impl.Head(context, phase); });
  }
  // What reads files or the store runs on the blocking pool. Addresses of segments are capabilities, as those of pages
  // are.
  const auto add_slow = [&](std::string id, Method method, std::string path,
                            std::function<base::Result<http::Reply>(const Context&)> run) {
    add(std::move(id), method, std::move(path), std::move(run));
    routes.back().fast = false;
  };
  add_slow("trinoSegment", Method::kGet, "/v1/spooled/download/{segment}",
           [&impl](const Context& context) { return impl.LoadSegment(context); });
  add_slow("trinoSegmentAck", Method::kGet, "/v1/spooled/ack/{segment}",
           [&impl](const Context& context) { return impl.RemoveSegment(context); });
  add_slow("trinoSegmentDelete", Method::kDelete, "/v1/spooled/ack/{segment}",
           [&impl](const Context& context) { return impl.RemoveSegment(context); });
  add("trinoCancelStage", Method::kDelete, "/v1/statement/partialCancel/{id}/{stage}/{slug}/{token}",
      [&impl](const Context& context) { return impl.CancelStage(context); });
  add_slow("trinoQueries", Method::kGet, "/v1/query",
           [&impl](const Context& context) { return impl.ListQueries(context); });
  add_slow("trinoQuery", Method::kGet, "/v1/query/{id}",
           [&impl](const Context& context) { return impl.ShowQuery(context); });
  add_slow("trinoKill", Method::kDelete, "/v1/query/{id}",
           [&impl](const Context& context) { return impl.KillQuery(context); });
  add_slow("trinoCluster", Method::kGet, "/v1/cluster",
           [&impl](const Context& context) { return impl.ShowCluster(context); });
  const auto json = [&](std::string id, std::string path, std::function<std::string(const Context&)> text) {
    add(std::move(id), Method::kGet, std::move(path),
        [text = std::move(text)](const Context& context) -> base::Result<http::Reply> {
          return http::Reply{.status = 200, .body = text(context)};
        });
  };
  json("trinoInfo", "/v1/info", [&impl](const Context&) { return NodeInfoText(kSpokenVersion, impl.Uptime()); });
  json("trinoState", "/v1/info/state", [](const Context&) { return std::string("\"ACTIVE\""); });
  json("trinoStatus", "/v1/status", [&impl](const Context&) { return NodeStatusText(kSpokenVersion, impl.Uptime()); });
  json("trinoNodes", "/v1/node", [&impl](const Context& context) {
    return NodeListText(http::BaseUrl(context, impl.settings.address), impl.Uptime());
  });
  add("trinoQueryPage", Method::kGet, "/ui/query.html", [](const Context& context) -> base::Result<http::Reply> {
    std::string id;
    for (const auto& [name, value] : context.query_values()) id = name;
    return http::Reply{.status = 200, .content_type = "text/html; charset=utf-8", .body = QueryPage(id)};
  });
  return routes;
}

}  // namespace tarn::trino
