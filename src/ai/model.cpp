#include "ai/model.h"

#include <fmt/format.h>

#include <algorithm>

#include "http/client.h"

namespace tarn::ai {

namespace json = boost::json;

namespace {

constexpr std::size_t kShownOfAnswer = 200;

std::unexpected<base::Error> Failed(const char* code, const std::string& message) {
  auto error = base::Unavailable(message);
  error.error().code = code;
  return error;
}

std::string DayOf(base::SystemTime time) { return base::FormatTime(time).substr(0, 10); }

json::object RequestOf(const ModelSettings& settings, const Question& question) {
  json::array messages;
  for (const auto& message : question.messages)
    messages.push_back(json::object{{"role", message.role}, {"content", message.content}});
  return {{"model", settings.name},
          {"messages", std::move(messages)},
          {"response_format",
           json::object{{"type", "json_schema"},
                        {"json_schema", json::object{{"name", question.form_name}, {"schema", question.form}}}}}};
}

// choices[0].message.content
std::optional<std::string> ContentOf(const json::value& answer) {
  boost::system::error_code failed;
  const auto* const content = answer.find_pointer("/choices/0/message/content", failed);
  if (content == nullptr || !content->is_string()) return std::nullopt;
  return std::string(content->get_string());
}

std::int64_t TokensOf(const json::value& answer) {
  boost::system::error_code failed;
  const auto* const tokens = answer.find_pointer("/usage/total_tokens", failed);
  return tokens != nullptr && tokens->is_int64() ? tokens->get_int64() : 0;
}

// data[].embedding, each in the place that its index says; all of one length.
std::optional<std::vector<Vector>> VectorsOf(const json::value& answer, std::size_t count) {
  boost::system::error_code failed;
  const auto* const data = answer.find_pointer("/data", failed);
  if (data == nullptr || !data->is_array() || data->get_array().size() != count) return std::nullopt;
  std::vector<Vector> vectors(count);
  for (const auto& item : data->get_array()) {
    const auto* const index = item.find_pointer("/index", failed);
    const auto* const values = item.find_pointer("/embedding", failed);
    if (index == nullptr || values == nullptr || !values->is_array()) return std::nullopt;
    const auto place = index->to_number<std::size_t>(failed);
    if (failed || place >= count || !vectors[place].empty()) return std::nullopt;
    for (const auto& value : values->get_array()) {
      const auto number = value.to_number<double>(failed);
      if (failed) return std::nullopt;
      vectors[place].push_back(static_cast<float>(number));
    }
  }
  const auto is_odd = [&](const Vector& vector) { return vector.empty() || vector.size() != vectors[0].size(); };
  if (std::ranges::any_of(vectors, is_odd)) return std::nullopt;
  return vectors;
}

base::Result<json::object> ReadAnswer(const std::string& text, const Question& question) {
  boost::system::error_code failed;
  auto value = json::parse(text, failed);
  if (failed || !value.is_object()) return base::InvalidArgument("The answer is not a JSON object");
  if (question.check) TARN_RETURN_IF_ERROR(question.check(value.get_object()));
  return std::move(value.get_object());
}

}  // namespace

base::Result<void> Model::CheckBudget(const std::string& project_id) const {
  if (settings_.tokens_per_day == 0) return {};
  TARN_ASSIGN_OR_RETURN(const auto used, usage_.Tokens(project_id, DayOf(clock_.Now())));
  if (used < settings_.tokens_per_day) return {};
  auto error =
      base::ResourceExhausted(fmt::format("The project has used its {} tokens of today", settings_.tokens_per_day));
  error.error().code = "AI_BUDGET_EXCEEDED";
  return error;
}

base::Result<json::value> Model::Call(const std::string& path, const json::object& body, const std::string& project_id,
                                      const base::CallLimits& limits) {
  TARN_RETURN_IF_ERROR(CheckBudget(project_id));
  http::OutgoingRequest request{.url = settings_.base_url + path, .body = json::serialize(body)};
  if (!settings_.api_key.empty()) request.headers.emplace_back("Authorization", "Bearer " + settings_.api_key.Reveal());
  const auto time = std::min<std::chrono::milliseconds>(settings_.answer_time, limits.Left());
  const auto reply = http::Post(request, base::CallLimits::Within(time, limits.cancel));
  if (!reply) {
    TARN_RETURN_IF_ERROR(limits.Check());
    return Failed("AI_UNAVAILABLE", "The model did not answer: " + reply.error().message);
  }
  if (reply->status != 200)
    return Failed("AI_UNAVAILABLE", fmt::format("The model's endpoint answered with status {}", reply->status));
  boost::system::error_code failed;
  auto answer = json::parse(reply->body, failed);
  if (failed) return Failed("AI_UNAVAILABLE", "The model's endpoint did not answer with JSON");
  TARN_RETURN_IF_ERROR(usage_.Add(project_id, DayOf(clock_.Now()), TokensOf(answer)));
  return answer;
}

base::Result<std::string> Model::Complete(const Question& question, const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(const auto answer,
                        Call("/chat/completions", RequestOf(settings_, question), question.project_id, limits));
  auto content = ContentOf(answer);
  if (!content) return Failed("AI_UNAVAILABLE", "The model's endpoint did not answer as OpenAI's does");
  return *std::move(content);
}

base::Result<std::vector<Vector>> Model::Embed(const std::string& project_id, const std::vector<std::string>& texts,
                                               const base::CallLimits& limits) {
  if (settings_.base_url.empty() || settings_.embeddings.empty())
    return Failed("AI_NOT_CONFIGURED", "No model for embeddings is configured; see docs/ai.md");
  if (texts.empty()) return std::vector<Vector>();
  const json::object request{
      {"model", settings_.embeddings}, {"input", json::value_from(texts)}, {"encoding_format", "float"}};
  TARN_ASSIGN_OR_RETURN(const auto answer, Call("/embeddings", request, project_id, limits));
  auto vectors = VectorsOf(answer, texts.size());
  if (!vectors) return Failed("AI_UNAVAILABLE", "The model's endpoint did not answer with a vector for each text");
  return *std::move(vectors);
}

base::Result<json::object> Model::Ask(Question question, const base::CallLimits& limits) {
  if (settings_.base_url.empty()) return Failed("AI_NOT_CONFIGURED", "No language model is configured; see docs/ai.md");
  std::string wrong;
  for (int attempt = 0; attempt < 2; ++attempt) {
    TARN_ASSIGN_OR_RETURN(auto text, Complete(question, limits));
    auto answer = ReadAnswer(text, question);
    if (answer) return answer;
    wrong = fmt::format("{}: {}", answer.error().message, text.substr(0, kShownOfAnswer));
    question.messages.push_back({.role = "assistant", .content = std::move(text)});
    question.messages.push_back(
        {.role = "user", .content = "That cannot be used: " + answer.error().message + ". Answer again, in the form."});
  }
  return Failed("AI_BAD_ANSWER", "The model answered twice in a form that cannot be used. " + wrong);
}

}  // namespace tarn::ai
