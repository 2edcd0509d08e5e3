#include "http/open_api.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "http/error_answer.h"

namespace tarn::http {

namespace {

using boost::json::array;
using boost::json::object;

object Reference(std::string_view name) { return {{"$ref", fmt::format("#/components/schemas/{}", name)}}; }
object JsonContent(object schema) { return {{"application/json", object{{"schema", std::move(schema)}}}}; }

std::vector<std::string> PathNames(std::string_view path) {
  std::vector<std::string> names;
  for (auto open = path.find('{'); open != std::string_view::npos; open = path.find('{', open + 1)) {
    names.emplace_back(path.substr(open + 1, path.find('}', open) - open - 1));
  }
  return names;
}

object SchemaOfParameter(const QueryParameter& parameter) {
  object schema;
  switch (parameter.type) {
    case QueryParameter::Type::kString: schema["type"] = "string"; break;
    case QueryParameter::Type::kInteger: schema["type"] = "integer"; break;
    case QueryParameter::Type::kBoolean: schema["type"] = "boolean"; break;
    case QueryParameter::Type::kEnum:
      schema["type"] = "string";
      schema["enum"] = boost::json::value_from(parameter.values);
      break;
  }
  if (parameter.default_value.empty()) return schema;
  if (parameter.type == QueryParameter::Type::kInteger) {
    schema["default"] = ReadInteger(parameter.default_value).value_or(0);
  } else if (parameter.type == QueryParameter::Type::kBoolean) {
    schema["default"] = ReadBoolean(parameter.default_value).value_or(false);
  } else {
    schema["default"] = parameter.default_value;
  }
  return schema;
}

array Parameters(const OperationInfo& info) {
  array parameters;
  for (const auto& name : PathNames(info.path)) {
    parameters.push_back(
        object{{"name", name}, {"in", "path"}, {"required", true}, {"schema", object{{"type", "string"}}}});
  }
  for (const auto& parameter : info.query) {
    object entry{{"name", parameter.name},
                 {"in", "query"},
                 {"required", parameter.required},
                 {"schema", SchemaOfParameter(parameter)}};
    if (!parameter.description.empty()) entry["description"] = parameter.description;
    parameters.push_back(std::move(entry));
  }
  return parameters;
}

object Responses(const Operation& operation, SchemaBook& book) {
  object responses;
  if (operation.built) {
    object success{{"description", ReasonOf(operation.info.success)}};
    if (operation.response_schema) success["content"] = JsonContent(operation.response_schema(book));
    responses[std::to_string(operation.info.success)] = std::move(success);
  } else {
    responses["501"] =
        object{{"description", "Not available in this version"}, {"content", JsonContent(Reference("ServiceError"))}};
  }
  const auto* own = operation.info.errors == ErrorShape::kDomain ? "DomainError" : "ServiceError";
  responses["400"] = object{{"description", ReasonOf(400)}, {"content", JsonContent(Reference(own))}};
  if (operation.info.keys == KeyKind::kNone) return responses;
  for (const int status : {401, 403}) {
    responses[std::to_string(status)] =
        object{{"description", ReasonOf(status)}, {"content", JsonContent(Reference("ServiceError"))}};
  }
  return responses;
}

object Describe(const Operation& operation, SchemaBook& book) {
  const auto& info = operation.info;
  object entry{
      {"operationId", info.id}, {"tags", array{boost::json::string(info.area)}}, {"parameters", Parameters(info)}};
  if (!info.summary.empty()) entry["summary"] = info.summary;
  if (info.deprecated) entry["deprecated"] = true;
  if (!operation.built) entry["x-not-built"] = true;
  if (info.keys == KeyKind::kNone) {
    entry["security"] = array{};
    entry["x-keys"] = array{};
  } else {
    entry["x-keys"] = info.keys == KeyKind::kPartner ? array{"partner"} : array{"partner", "project"};
  }
  if (operation.request_schema) {
    entry["requestBody"] = object{{"required", true}, {"content", JsonContent(operation.request_schema(book))}};
  }
  entry["responses"] = Responses(operation, book);
  return entry;
}

object ErrorSchemas() {
  const object text{{"type", "string"}};
  const object nullable_text{{"type", "string"}, {"nullable", true}};
  return {{"DomainError", object{{"type", "object"},
                                 {"required", array{"errorCode", "message"}},
                                 {"properties", object{{"errorCode", object{{"type", "integer"}}},
                                                       {"message", text},
                                                       {"error", text},
                                                       {"field", text},
                                                       {"line", object{{"type", "integer"}}},
                                                       {"column", object{{"type", "integer"}}}}}}},
          {"ServiceError", object{{"type", "object"},
                                  {"required", array{"error", "message", "errorCode"}},
                                  {"properties", object{{"error", text},
                                                        {"message", text},
                                                        {"errorCode", nullable_text},
                                                        {"field", text},
                                                        {"requestId", text}}}}}};
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

// Areas in the order in which they are declared.
std::vector<std::string> Areas(const std::vector<Operation>& operations) {
  std::vector<std::string> areas;
  for (const auto& operation : operations) {
    if (std::find(areas.begin(), areas.end(), operation.info.area) == areas.end()) areas.push_back(operation.info.area);
  }
  return areas;
}

}  // namespace

object OpenApiDocument(const std::vector<Operation>& operations, std::string_view server, std::string_view version) {
  SchemaBook book;
  object paths;
  for (const auto& operation : operations) {
    auto& path = paths[operation.info.path];
    if (path.is_null()) path = object{};
    path.get_object()[LowerCase(ToString(operation.info.method))] = Describe(operation, book);
  }
  array tags;
  for (const auto& area : Areas(operations)) tags.push_back(object{{"name", area}});
  object schemas = ErrorSchemas();
  for (const auto& [name, schema] : book.schemas()) schemas[name] = schema;
  return {{"openapi", "3.0.3"},
          {"info", object{{"title", "Tarn Partner API"}, {"version", version}}},
          {"servers", array{object{{"url", server}}}},
          {"security", array{object{{"bearerAuth", array{}}}}},
          {"tags", std::move(tags)},
          {"paths", std::move(paths)},
          {"components",
           object{{"securitySchemes",
                   object{{"bearerAuth", object{{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "Api Key"}}}}},
                  {"schemas", std::move(schemas)}}}};
}

std::string CoverageDocument(const std::vector<Operation>& operations) {
  const auto built =
      std::count_if(operations.begin(), operations.end(), [](const Operation& operation) { return operation.built; });
  std::string text = fmt::format(
      "# API coverage\n\nGenerated from the route table; do not edit. {} of {} operations are built; the others answer "
      "501.\n",
      built, operations.size());
  for (const auto& area : Areas(operations)) {
    text += fmt::format("\n## {}\n\n| operation | method | path | state |\n| --- | --- | --- | --- |\n", area);
    for (const auto& operation : operations) {
      const auto& info = operation.info;
      if (info.area != area) continue;
      text += fmt::format("| {} | {} | `{}` | {} |\n", info.id, ToString(info.method), info.path,
                          operation.built ? "done" : "501");
    }
  }
  return text;
}

}  // namespace tarn::http
