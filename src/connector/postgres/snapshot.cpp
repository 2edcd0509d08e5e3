#include "connector/postgres/snapshot.h"

#include "connector/engine_text.h"
#include "connector/postgres/attachment.h"
#include "connector/postgres/remote_query.h"
#include "connector/postgres/types.h"

namespace tarn::connector::postgres {
namespace {

constexpr std::string_view kAlias = "tarn_source";
constexpr int kFirstWithSnapshotFunctions = 130000;

std::string RemoteTable(const TableInfo& table) {
  return fmt::format("{}.{}", Name(table.name.schema), Name(table.name.table));
}

class PostgresSnapshot final : public SourceSnapshot {
 public:
  explicit PostgresSnapshot(engine::Session& session) : session_(session) {}

  base::Result<void> ReadPosition(int server_version, const base::CallLimits& limits) {
    // pg_control_system() is closed to some users, and asking in vain would end the transaction.
    TARN_ASSIGN_OR_RETURN(const auto may,
                          Ask("SELECT (has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE') AND "
                              "has_function_privilege('pg_catalog.pg_control_checkpoint()', 'EXECUTE'))::text AS c0",
                              limits));
    const std::string_view system =
        may == "true" ? "SELECT system_identifier::text || ':' || (pg_control_checkpoint()).timeline_id "
                        "FROM pg_control_system()"
                      : "SELECT 'unknown'";
    const std::string_view snapshot = server_version >= kFirstWithSnapshotFunctions
                                          ? "pg_snapshot_xmin(pg_current_snapshot())"
                                          : "txid_snapshot_xmin(txid_current_snapshot())";
    TARN_ASSIGN_OR_RETURN(
        position_.identity,
        Ask(fmt::format("SELECT ({}) || ':' || oid AS c0 FROM pg_database WHERE datname = current_database()", system),
            limits));
    TARN_ASSIGN_OR_RETURN(position_.watermark, Ask(fmt::format("SELECT {}::text AS c0", snapshot), limits));
    return {};
  }

  [[nodiscard]] const SourcePosition& position() const override { return position_; }

  base::Result<std::string> Relation(const TableInfo& table) override {
    if (table.columns.empty())
      return base::NotSupported(fmt::format("A table without columns cannot be read: \"{}\"", table.name.table));
    std::string shown;
    for (const auto& column : table.columns) {
      const auto mapping = MapType(column.source_type);
      // The engine's attached tables match names regardless of case, and would read another column.
      const bool renamed = column.name != column.source_name;
      if (!mapping.attached || renamed) return QueryRelation(table, std::string(kAlias));
      shown += fmt::format("{}CAST({} AS {}) AS {}", shown.empty() ? "" : ", ",
                           Fill(*mapping.attached, column.source_name), mapping.engine_type, Name(column.name));
    }
    TARN_ASSIGN_OR_RETURN(const bool plain, IsPlain(table));
    if (!plain) return QueryRelation(table, std::string(kAlias));
    return fmt::format("(SELECT {} FROM {}.{})", shown, kAlias, RemoteTable(table));
  }

  base::Result<std::int64_t> Count(const TableInfo& table, const base::CallLimits& limits) override {
    return session_.Integer(Remote(fmt::format("SELECT count(*) AS c0 FROM {}", RemoteTable(table))), limits);
  }

  // Cheap changes by the watermark come with a later issue; until then everything is read.
  base::Result<std::optional<Delta>> ReadDelta(const TableInfo&, const SourcePosition&,
                                               const base::CallLimits&) override {
    return std::nullopt;
  }

  base::Result<void> VerifyCopy(const TableInfo& table, const std::string& copy,
                                const base::CallLimits& limits) override {
    TARN_ASSIGN_OR_RETURN(const auto suspects, Suspects(table, copy, limits));
    if (suspects.empty()) return {};
    std::string any;
    for (const auto* column : suspects) any += fmt::format("{}{}", any.empty() ? "" : " OR ", WrongAtSource(*column));
    TARN_ASSIGN_OR_RETURN(const auto found, ExistsAtSource(table, any, limits));
    if (!found) return {};
    for (const auto* column : suspects) {
      TARN_ASSIGN_OR_RETURN(const auto here, ExistsAtSource(table, WrongAtSource(*column), limits));
      if (!here) continue;
      return base::FailedPrecondition(fmt::format("A column holds {}, which its type {} cannot be: \"{}\"",
                                                  MapType(column->source_type).wrong_name, column->type, column->name),
                                      "SOURCE_VALUE_NOT_SUPPORTED");
    }
    return base::Internal("A value that a copy cannot hold was found and then not found in one snapshot");
  }

 private:
  static std::string Remote(const std::string& sql) {
    return fmt::format("SELECT * FROM postgres_query({}, {})", Literal(kAlias), Literal(sql));
  }

  static std::string WrongAtSource(const ColumnInfo& column) {
    return Fill(MapType(column.source_type).wrong, column.source_name);
  }

  // The single text that the server answers.
  base::Result<std::string> Ask(const std::string& sql, const base::CallLimits& limits) {
    TARN_ASSIGN_OR_RETURN(const auto rows, session_.Rows(Remote(sql), limits));
    if (rows.size() != 1 || !rows[0][0]) return base::Unavailable("PostgreSQL did not tell its state");
    return *rows[0][0];
  }

  base::Result<bool> ExistsAtSource(const TableInfo& table, const std::string& condition,
                                    const base::CallLimits& limits) {
    TARN_ASSIGN_OR_RETURN(
        const auto answer,
        Ask(fmt::format("SELECT EXISTS (SELECT FROM {} WHERE {})::text AS c0", RemoteTable(table), condition), limits));
    return answer == "true";
  }

  // Whether all rows are in the table's own pages. The engine's reader splits a table by its pages and
  // would miss what inheriting tables have beyond them.
  base::Result<bool> IsPlain(const TableInfo& table) {
    TARN_ASSIGN_OR_RETURN(const auto plain,
                          Ask(fmt::format("SELECT (c.relkind IN ('r', 'm') AND NOT c.relhassubclass)::text AS c0 "
                                          "FROM pg_class c WHERE c.oid = {}::regclass",
                                          Literal(RemoteTable(table))),
                              {}));
    return plain == "true";
  }

  // The columns whose copy has values that may stand for wrongly read ones.
  base::Result<std::vector<const ColumnInfo*>> Suspects(const TableInfo& table, const std::string& copy,
                                                        const base::CallLimits& limits) {
    std::vector<const ColumnInfo*> watched;
    std::string checks;
    for (const auto& column : table.columns) {
      const auto mapping = MapType(column.source_type);
      if (mapping.suspicious.empty()) continue;
      watched.push_back(&column);
      checks += fmt::format("{}coalesce(bool_or({}), false)::VARCHAR", checks.empty() ? "" : ", ",
                            Fill(mapping.suspicious, column.name));
    }
    if (watched.empty()) return watched;
    TARN_ASSIGN_OR_RETURN(const auto rows, session_.Rows(fmt::format("SELECT {} FROM {}", checks, copy), limits));
    std::vector<const ColumnInfo*> suspects;
    for (std::size_t i = 0; i < watched.size(); ++i) {
      if (rows[0][i] == "true") suspects.push_back(watched[i]);
    }
    return suspects;
  }

  engine::Session& session_;
  SourcePosition position_;
};

}  // namespace

base::Result<std::unique_ptr<SourceSnapshot>> OpenPostgresSnapshot(const Server& server, int server_version,
                                                                   engine::Session& session,
                                                                   const base::CallLimits& limits) {
  AttachOptions options{.alias = std::string(kAlias), .server_version = server_version};
  if (limits.deadline != base::SteadyTime::max()) {  // the server stops by itself soon after we would
    options.statement_timeout = std::clamp<std::chrono::milliseconds>(limits.Left() + std::chrono::seconds(1),
                                                                      std::chrono::seconds(1), std::chrono::hours(24));
  }
  TARN_RETURN_IF_ERROR(session.Execute(fmt::format("DETACH DATABASE IF EXISTS {}", kAlias), limits));
  for (const auto& statement : AttachStatementsFor(server, options))
    TARN_RETURN_IF_ERROR(session.Execute(statement, limits));
  TARN_RETURN_IF_ERROR(session.Execute("BEGIN TRANSACTION", limits));
  auto snapshot = std::make_unique<PostgresSnapshot>(session);
  if (auto position = snapshot->ReadPosition(server_version, limits); !position) {
    base::IgnoreError(session.Execute("ROLLBACK"), "the first error is the one to tell");
    return std::unexpected(position.error());
  }
  return snapshot;
}

}  // namespace tarn::connector::postgres
