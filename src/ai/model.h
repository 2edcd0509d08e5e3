// A language model behind an OpenAI-compatible endpoint, asked for answers of a known form.
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/secret.h"
#include "store/model_usage.h"

namespace tarn::ai {

struct ModelSettings {
  std::string base_url;  // "https://api.example.org/v1"; empty: there is no model
  base::SecretString api_key;
  std::string name;        // of the model
  std::string embeddings;  // name of the model that makes vectors of texts; empty: there is none
  std::chrono::seconds answer_time{60};
  std::int64_t tokens_per_day = 0;  // of one project; 0: any number
  bool send_sample_rows = true;     // whether rows of tables may be shown to it
};

struct Message {
  std::string role;  // system, user, assistant
  std::string content;
};

// What is asked, and what an answer must look like.
struct Question {
  std::string project_id;  // whose budget it is
  std::vector<Message> messages;
  std::string form_name;     // of the schema, in letters and underscores
  boost::json::object form;  // JSON schema of the answer
  // Beyond the schema: what is wrong with an answer. May be empty.
  std::function<base::Result<void>(const boost::json::object&)> check;
};

using Vector = std::vector<float>;

// Thread-safe.
class Model final {
 public:
  Model(ModelSettings settings, store::ModelUsageRepository& usage, const base::Clock& clock)
      : settings_(std::move(settings)), usage_(usage), clock_(clock) {}

  [[nodiscard]] const ModelSettings& settings() const { return settings_; }

  // An answer that passes the check; one that does not is sent back once, with what is wrong. The tokens of both count.
  // Errors: Unavailable with AI_NOT_CONFIGURED, AI_UNAVAILABLE or AI_BAD_ANSWER; ResourceExhausted with
  // AI_BUDGET_EXCEEDED.
  [[nodiscard]] base::Result<boost::json::object> Ask(Question question, const base::CallLimits& limits);

  // A vector for each text, in their order; all have the same length. Their tokens count as those of questions do.
  // Errors: as Ask.
  [[nodiscard]] base::Result<std::vector<Vector>> Embed(const std::string& project_id,
                                                        const std::vector<std::string>& texts,
                                                        const base::CallLimits& limits);

 private:
  [[nodiscard]] base::Result<void> CheckBudget(const std::string& project_id) const;
  // What an endpoint answers, its tokens counted.
  [[nodiscard]] base::Result<boost::json::value> Call(const std::string& path, const boost::json::object& body,
                                                      const std::string& project_id, const base::CallLimits& limits);
  [[nodiscard]] base::Result<std::string> Complete(const Question& question, const base::CallLimits& limits);

  const ModelSettings settings_;
  store::ModelUsageRepository& usage_;
  const base::Clock& clock_;
};

}  // namespace tarn::ai
