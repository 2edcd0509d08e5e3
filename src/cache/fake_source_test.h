// A source for tests: its rows are a query of the worker's own engine.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "connector/source.h"
#include "engine/database.h"

namespace tarn::cache {

struct FakeState {
  connector::TableInfo info;
  std::string rows;                  // a query: the rows
  std::optional<std::string> delta;  // a query: changed rows with "_op"; none: the source has no deltas
  bool delta_has_deletes = false;
  std::int64_t delta_rows = -1;
  bool behind = false;  // refuses to be read when it was seen with a greater watermark
  bool counts_ranges = false;
  mutable std::vector<std::int64_t> asked_ranges;  // of keys
  std::int64_t miscount = 0;                       // added to what the source counts
  std::string watermark = "1";
  std::optional<base::Error> verify_error;
  std::function<void()> on_relation = [] {};
};

class FakeSnapshot final : public connector::SourceSnapshot {
 public:
  FakeSnapshot(const FakeState& state, engine::Session& session) : state_(state), session_(session) {
    position_ = {.identity = "fake", .watermark = state.watermark};
  }
  base::Result<connector::SourcePosition> Position(const connector::TableInfo&, const base::CallLimits&) override {
    return position_;
  }
  base::Result<void> CheckNotBefore(const connector::TableInfo&, const connector::SourcePosition& seen,
                                    const base::CallLimits&) override {
    if (state_.behind && seen.watermark > position_.watermark) return base::Unavailable("The source is behind");
    return {};
  }
  base::Result<std::string> Relation(const connector::TableInfo&) override {
    state_.on_relation();
    return "(" + state_.rows + ")";
  }
  base::Result<std::int64_t> Count(const connector::TableInfo&, const base::CallLimits& limits) override {
    TARN_ASSIGN_OR_RETURN(const auto count, session_.Integer("SELECT count(*) FROM (" + state_.rows + ")", limits));
    return count + state_.miscount;
  }
  base::Result<std::optional<connector::Delta>> ReadDelta(const connector::TableInfo&, const connector::SourcePosition&,
                                                          const base::CallLimits&) override {
    if (!state_.delta) return std::nullopt;
    return connector::Delta{
        .relation = "(" + *state_.delta + ")", .rows = state_.delta_rows, .has_deletes = state_.delta_has_deletes};
  }
  base::Result<connector::RefreshMethod> Method(const connector::TableInfo&, const base::CallLimits&) override {
    if (!state_.delta) return connector::RefreshMethod{.reason = "it has no deltas"};
    return connector::RefreshMethod{.name = "fake", .level = 4, .reason = {}};
  }
  base::Result<std::string> Keys(const connector::TableInfo&, const connector::KeyRanges* ranges,
                                 const std::vector<std::int64_t>& numbers) override {
    if (ranges == nullptr) return "(" + state_.rows + ")";
    state_.asked_ranges = numbers;
    return fmt::format("(SELECT * FROM ({}) WHERE {} IN ({}))", state_.rows, Number(*ranges), fmt::join(numbers, ", "));
  }
  base::Result<std::string> CountByRange(const connector::TableInfo&, const connector::KeyRanges& ranges,
                                         const base::CallLimits&) override {
    if (!state_.counts_ranges) return std::string();
    return fmt::format("(SELECT {} AS number, count(*) AS \"rows\" FROM ({}) GROUP BY 1)", Number(ranges), state_.rows);
  }
  base::Result<void> VerifyCopy(const connector::TableInfo&, const std::string& copy,
                                const base::CallLimits& limits) override {
    if (state_.verify_error) return std::unexpected(*state_.verify_error);
    TARN_RETURN_IF_ERROR(session_.Integer("SELECT count(*) FROM " + copy, limits));
    return {};
  }

 private:
  static std::string Number(const connector::KeyRanges& ranges) {
    return fmt::format("CASE WHEN {0} < {1} THEN -1 WHEN {0} > {2} THEN {3} ELSE ({0} - {1}) // {4} END", ranges.column,
                       ranges.low, ranges.high, ranges.count, ranges.width);
  }

  const FakeState& state_;
  engine::Session& session_;
  connector::SourcePosition position_;
};

class FakeSource final : public connector::Source {
 public:
  FakeState state;

  base::Result<void> Check(const base::CallLimits&) override { return {}; }
  base::Result<std::vector<std::string>> Schemas(const base::CallLimits&) override {
    return std::vector{state.info.name.schema};
  }
  base::Result<std::vector<connector::TableName>> Tables(const std::string&, const base::CallLimits&) override {
    return std::vector{state.info.name};
  }
  base::Result<connector::TableInfo> Describe(const connector::TableName&, const base::CallLimits&) override {
    return state.info;
  }
  base::Result<std::vector<connector::ColumnStatistics>> Statistics(const connector::TableInfo&,
                                                                    const base::CallLimits&) override {
    return std::vector<connector::ColumnStatistics>();
  }
  base::Result<std::vector<std::string>> AttachStatements(const std::string&, const base::CallLimits&) override {
    return std::vector<std::string>();
  }
  std::vector<std::string> DetachStatements(const std::string&) override { return {}; }
  base::Result<std::string> LiveRelation(const connector::TableInfo&, const std::string&) override {
    return "(" + state.rows + ")";
  }
  base::Result<std::unique_ptr<connector::SourceSnapshot>> OpenSnapshot(engine::Session& session,
                                                                        const base::CallLimits& limits) override {
    TARN_RETURN_IF_ERROR(session.Execute("BEGIN", limits));
    return std::make_unique<FakeSnapshot>(state, session);
  }
};

[[nodiscard]] inline connector::ColumnInfo FakeColumn(const std::string& name, const std::string& engine_type) {
  return {
      .name = name, .source_name = name, .type = engine_type, .engine_type = engine_type, .source_type = engine_type};
}

}  // namespace tarn::cache
