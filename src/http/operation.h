// A REST operation, declared once. The declaration drives routing, authorisation, JSON reading and writing, the served
// OpenAPI document and the list of what is not yet built.
//
//   MakeOperation<NoBody, Cache>(
//       {.id = "getCache", .method = Method::kGet, .path = "/data/projects/{projectId}/cache/{cacheId}", .area =
//       "Cache",
//        .summary = "One cache", .keys = KeyKind::kAny, .errors = ErrorShape::kService, .fast = true},
//       [&caches](const Context& context, const NoBody&) -> base::Result<Cache> { ... context.Path("cacheId") ... });
//
// What is checked before a handler runs, in this order: route (404), method (405), key (401), kind of key (403), reach
// of a project key over the path's projectId (403), query parameters (400), body (400, 413).
#pragma once

#include <chrono>
#include <concepts>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "http/context.h"
#include "http/json_read.h"
#include "http/json_schema.h"
#include "http/json_write.h"
#include "http/reply.h"

namespace tarn::http {

enum class Method { kGet, kHead, kPost, kPut, kPatch, kDelete };
[[nodiscard]] std::string_view ToString(Method method);  // "GET"

enum class KeyKind {
  kNone,     // open to everyone
  kPartner,  // partner keys only
  kAny,      // partner keys, and project keys for their own project
};

// The two error bodies of the contract (1.7). Refusals of the door itself (401, 403, 404, 405, 413, 429, 5xx) are
// always of the second shape.
enum class ErrorShape {
  kDomain,   // {"errorCode": 100, "message": "…"}
  kService,  // {"error": "NAME", "message": "…", "errorCode": "cn004" or null}
};

struct QueryParameter {
  enum class Type { kString, kInteger, kBoolean, kEnum };
  std::string name;
  Type type = Type::kString;
  bool required = false;
  std::vector<std::string> values = {};  // of kEnum
  std::string description = {};
  std::string default_value = {};  // empty: none
};

struct OperationInfo {
  std::string id;
  Method method = Method::kGet;
  std::string path;  // relative to /api/v1: "/data/projects/{projectId}/cache/{cacheId}"
  std::string area = {};
  std::string summary = {};
  KeyKind keys = KeyKind::kAny;
  ErrorShape errors = ErrorShape::kDomain;
  std::vector<QueryParameter> query = {};
  int success = 200;
  bool deprecated = false;
  // Runs on a network thread: the handler must only touch memory and return within microseconds.
  bool fast = false;
  std::chrono::seconds deadline{30};
  // The most items of a body that is an array; 0 is no limit of its own.
  std::size_t max_items = 0;
  // The body goes to disk, and may be as long as files are; set for requests of type FileBody.
  bool body_to_file = false;
  // Statuses that differ from the defaults of error_answer.h for this operation, by kind of error or by Error::code (a
  // code wins).
  std::map<base::ErrorKind, int> status_of_kind = {};
  std::map<std::string, int> status_of_code = {};
};

// Request types. Besides these: a described struct, a std::vector of them (or of boost::json::object, to judge each
// item alone with ReadJson), boost::json::value for free forms, and std::optional<T> where the body may be missing.
struct NoBody {};  // whatever is sent is ignored
struct RawBody {   // anything that is not JSON, such as multipart/form-data
  std::string content_type;
  std::string bytes;
};

// Any body, on disk.
struct FileBody {
  std::string content_type;
  std::shared_ptr<const BodyFile> file;
};

// Response types: a described struct, a std::vector of them, boost::json::value, NoContent, StreamedBody, LaterBody,
// Reply.
struct Operation {
  OperationInfo info;
  bool built = true;
  // Reads the body, runs the handler, writes the answer. Any thread; throws nothing that is ours.
  std::function<base::Result<Reply>(const Context&)> run;
  // The schemas of the bodies, for the OpenAPI document; empty functions where there is no JSON body.
  std::function<boost::json::object(SchemaBook&)> request_schema = {};
  std::function<boost::json::object(SchemaBook&)> response_schema = {};
};

template <class Request>
[[nodiscard]] base::Result<Request> ReadBody(const OperationInfo& info, const Context& context);
template <class Response>
[[nodiscard]] Reply WriteReply(Response&& response);

// Declares an operation. `handler` runs on the blocking pool unless the operation is fast; it is called by many threads
// at once. The context outlives a StreamedBody that it returns; the request does not, so a PullBody copies what it
// needs of it. An exception that leaves the handler is answered as an internal error.
template <class Request, class Response>
[[nodiscard]] Operation MakeOperation(OperationInfo info,
                                      std::function<base::Result<Response>(const Context&, const Request&)> handler) {
  Operation operation;
  info.body_to_file = std::same_as<Request, FileBody>;
  operation.run = [info, handler = std::move(handler)](const Context& context) -> base::Result<Reply> {
    TARN_ASSIGN_OR_RETURN(const Request request, ReadBody<Request>(info, context));
    TARN_ASSIGN_OR_RETURN(Response response, handler(context, request));
    return WriteReply(std::move(response));
  };
  if constexpr (!std::same_as<Request, NoBody> && !std::same_as<Request, RawBody> && !std::same_as<Request, FileBody>) {
    operation.request_schema = [](SchemaBook& book) { return SchemaOf<Request>(book); };
  }
  if constexpr (!std::same_as<Response, NoContent> && !std::same_as<Response, StreamedBody> &&
                !std::same_as<Response, LaterBody> && !std::same_as<Response, Reply>) {
    operation.response_schema = [](SchemaBook& book) { return SchemaOf<Response>(book); };
  }
  operation.info = std::move(info);
  return operation;
}

// Declares an operation that is not built: 501 with a clear body, after the usual checks of the key.
[[nodiscard]] Operation NotBuilt(OperationInfo info);

template <class Request>
base::Result<Request> ReadBody(const OperationInfo& info, const Context& context) {
  if constexpr (std::same_as<Request, NoBody>) {
    return NoBody{};
  } else if constexpr (std::same_as<Request, RawBody>) {
    return RawBody{.content_type = std::string(context.Header("Content-Type")), .bytes = context.body()};
  } else if constexpr (std::same_as<Request, FileBody>) {
    if (!context.body_file()) return base::InvalidArgument("The request has no body");
    return FileBody{.content_type = std::string(context.Header("Content-Type")), .file = context.body_file()};
  } else if constexpr (kIsOptional<Request>) {
    if (context.body().empty()) return Request{};
    TARN_ASSIGN_OR_RETURN(auto value, ReadBody<typename Request::value_type>(info, context));
    return Request(std::move(value));
  } else {
    TARN_ASSIGN_OR_RETURN(const boost::json::value value, ParseJson(context.body()));
    if constexpr (kIsVector<Request>) TARN_RETURN_IF_ERROR(CheckItemCount(value, info.max_items));
    return ReadJson<Request>(value);
  }
}

template <class Response>
Reply WriteReply(Response&& response) {
  using Type = std::remove_cvref_t<Response>;
  if constexpr (std::same_as<Type, Reply>) {
    return std::forward<Response>(response);
  } else if constexpr (std::same_as<Type, NoContent>) {
    return Reply{.content_type = ""};
  } else if constexpr (std::same_as<Type, StreamedBody>) {
    return Reply{.content_type = std::move(response.content_type),
                 .body = std::move(response.pull),
                 .headers = std::move(response.headers)};
  } else if constexpr (std::same_as<Type, LaterBody>) {
    return Reply{.body = std::forward<Response>(response)};
  } else {
    std::string text;
    WriteJson(response, text);
    return Reply{.body = std::move(text)};
  }
}

}  // namespace tarn::http
