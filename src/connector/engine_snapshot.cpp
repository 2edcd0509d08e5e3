#include "connector/engine_snapshot.h"

namespace tarn::connector {
namespace {

class EngineSnapshot final : public SourceSnapshot {
 public:
  EngineSnapshot(engine::Session& session, EngineSnapshotParts parts) : session_(session), parts_(std::move(parts)) {}

  base::Result<SourcePosition> Position(const TableInfo&, const base::CallLimits&) override { return parts_.position; }

  base::Result<void> CheckNotBefore(const TableInfo&, const SourcePosition&, const base::CallLimits&) override {
    return {};
  }

  base::Result<std::string> Relation(const TableInfo& table) override { return parts_.relation(table); }

  base::Result<std::int64_t> Count(const TableInfo& table, const base::CallLimits& limits) override {
    TARN_ASSIGN_OR_RETURN(const auto relation, parts_.relation(table));
    return session_.Integer(fmt::format("SELECT count(*) FROM {}", relation), limits);
  }

  base::Result<RefreshMethod> Method(const TableInfo&, const base::CallLimits&) override {
    return RefreshMethod{.reason = "a source of this type does not tell what changed"};
  }

  base::Result<std::optional<Delta>> ReadDelta(const TableInfo&, const SourcePosition&,
                                               const base::CallLimits&) override {
    return std::nullopt;
  }

  base::Result<std::string> Keys(const TableInfo& table, const KeyRanges*, const std::vector<std::int64_t>&) override {
    return parts_.relation(table);
  }

  base::Result<std::string> CountByRange(const TableInfo&, const KeyRanges&, const base::CallLimits&) override {
    return std::string();
  }

  base::Result<void> VerifyCopy(const TableInfo& table, const std::string&, const base::CallLimits&) override {
    return parts_.verify ? parts_.verify(table) : base::Result<void>{};
  }

 private:
  engine::Session& session_;
  EngineSnapshotParts parts_;
};

}  // namespace

std::unique_ptr<SourceSnapshot> MakeEngineSnapshot(engine::Session& session, EngineSnapshotParts parts) {
  return std::make_unique<EngineSnapshot>(session, std::move(parts));
}

}  // namespace tarn::connector
