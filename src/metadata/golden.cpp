#include "metadata/golden.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <thread>

#include "base/ids.h"
#include "base/log.h"
#include "metadata/question.h"
#include "metadata/ranking.h"

namespace tarn::metadata {
namespace {

constexpr std::size_t kMostAnswers = 5;
constexpr double kPromptWeight = 3;
constexpr std::chrono::seconds kVectorTime{10};  // then the search goes by words
constexpr std::size_t kTextsAtOnce = 256;        // that a model makes vectors of
constexpr std::chrono::seconds kTrialTime{30};

// Longer than a source's structure is taken for granted.
constexpr std::chrono::seconds kStructureTime{8};
constexpr std::chrono::milliseconds kPoll{100};

base::Result<void> Wait(std::chrono::milliseconds time, const base::CallLimits& limits) {
  for (const auto end = std::chrono::steady_clock::now() + time; std::chrono::steady_clock::now() < end;) {
    TARN_RETURN_IF_ERROR(limits.Check());
    std::this_thread::sleep_for(kPoll);
  }
  return {};
}

// Whether a failure is the statement's own.
bool IsItsOwn(const base::Error& error) {
  using enum base::ErrorKind;
  if (error.retryable) return false;
  return error.kind == kInvalidArgument || error.kind == kNotFound || error.kind == kFailedPrecondition ||
         error.kind == kNotSupported;
}

}  // namespace

base::Result<store::GoldenQuery> Golden::Add(const std::string& project_id, const std::string& prompt,
                                             const std::string& statement, const base::CallLimits& limits) {
  const query::StatementRequest request{
      .project_id = project_id, .text = statement, .parameters = {}, .session = {}, .limits = limits};
  TARN_RETURN_IF_ERROR(parts_.executor.Columns(request));
  const auto now = parts_.clock.Now();
  return parts_.store.Insert({.id = base::NewUuid(),
                              .project_id = project_id,
                              .prompt = prompt,
                              .statement = statement,
                              .checked_at = now,
                              .created_at = now});
}

base::Result<std::vector<store::GoldenQuery>> Golden::List(const std::string& project_id) const {
  return parts_.store.List(project_id);
}

base::Result<std::vector<store::GoldenQuery>> Golden::Nearest(const std::string& project_id,
                                                              const std::string& question,
                                                              const base::CallLimits& limits) const {
  TARN_ASSIGN_OR_RETURN(auto all, parts_.store.List(project_id));
  std::erase_if(all, [](const auto& query) { return !query.broken.empty(); });
  Ranking ranking;
  for (const auto& query : all)
    ranking.Add({{.text = query.prompt, .weight = kPromptWeight}, {.text = query.statement}});
  auto places = ranking.Nearest(question, kMostAnswers);
  if (!all.empty() && !parts_.model.settings().embeddings.empty()) {
    const auto time = std::min<std::chrono::milliseconds>(kVectorTime, limits.Left() / 2);
    const auto similarities = Similarities(all, question, base::CallLimits::Within(time, limits.cancel));
    TARN_RETURN_IF_ERROR(limits.Check());
    if (similarities) {
      places = Fused(places, Largest(*similarities, kMostAnswers), kMostAnswers);
    } else {
      base::log::Warning("golden queries are found by words alone", {{"reason", similarities.error().message}});
    }
  }
  std::vector<store::GoldenQuery> nearest;
  for (const auto i : places) nearest.push_back(all[i]);
  return nearest;
}

base::Result<std::vector<double>> Golden::Similarities(const std::vector<store::GoldenQuery>& queries,
                                                       const std::string& question,
                                                       const base::CallLimits& limits) const {
  const auto& project_id = queries.front().project_id;
  const auto& model = parts_.model.settings().embeddings;
  TARN_ASSIGN_OR_RETURN(auto vectors, parts_.store.Vectors(project_id, model));
  std::vector<const store::GoldenQuery*> missing;
  for (const auto& query : queries) {
    if (!vectors.contains(query.id)) missing.push_back(&query);
  }
  // The question goes with the first of them.
  ai::Vector asked;
  for (std::size_t begin = 0; begin == 0 || begin < missing.size(); begin += kTextsAtOnce) {
    const std::span some = std::span(missing).subspan(begin, std::min(kTextsAtOnce, missing.size() - begin));
    std::vector<std::string> texts;
    for (const auto* query : some) texts.push_back(query->prompt);
    if (begin == 0) texts.push_back(question);
    TARN_ASSIGN_OR_RETURN(auto made, parts_.model.Embed(project_id, texts, limits));
    if (begin == 0) asked = std::move(made.back());
    for (std::size_t i = 0; i < some.size(); ++i) {
      TARN_RETURN_IF_ERROR(parts_.store.SaveVector(some[i]->id, model, made[i]));
      vectors[some[i]->id] = std::move(made[i]);
    }
  }
  std::vector<double> similarities;
  for (const auto& query : queries) {
    const auto& vector = vectors[query.id];
    if (vector.size() != asked.size()) return base::Unavailable("The model's vectors have another length than before");
    similarities.push_back(Cosine(asked, vector));
  }
  return similarities;
}

base::Result<void> Golden::Delete(const std::string& project_id, const std::string& id) {
  TARN_ASSIGN_OR_RETURN(const bool deleted, parts_.store.Delete(project_id, id));
  if (!deleted) return base::NotFound(fmt::format("There is no golden SQL with id: {}", id));
  return {};
}

base::Result<void> Golden::TryAll(const std::string& project_id, base::SystemTime before,
                                  const base::CallLimits& limits) {
  TARN_ASSIGN_OR_RETURN(auto all, parts_.store.List(project_id));
  std::erase_if(all, [&](const auto& query) { return query.checked_at >= before; });
  std::vector<store::GoldenQuery> again;
  TARN_RETURN_IF_ERROR(Try(all, again, limits));
  if (again.empty()) return {};
  // A table has changed, and its structure is still taken for what it was.
  TARN_RETURN_IF_ERROR(Wait(kStructureTime, limits));
  std::vector<store::GoldenQuery> left;
  return Try(again, left, limits);
}

base::Result<void> Golden::Try(const std::vector<store::GoldenQuery>& queries, std::vector<store::GoldenQuery>& again,
                               const base::CallLimits& limits) {
  for (auto query : queries) {
    const auto time = std::min<std::chrono::milliseconds>(kTrialTime, limits.Left());
    const auto ran =
        Ask(parts_.executor, query.project_id, query.statement, 1, base::CallLimits::Within(time, limits.cancel));
    TARN_RETURN_IF_ERROR(limits.Check());
    if (!ran && ran.error().retryable) again.push_back(query);
    if (!ran && !IsItsOwn(ran.error())) continue;
    query.broken = ran ? "" : ran.error().message;
    query.checked_at = parts_.clock.Now();
    TARN_RETURN_IF_ERROR(parts_.store.SaveTrial(query));
  }
  return {};
}

}  // namespace tarn::metadata
