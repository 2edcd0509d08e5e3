// INSERT, DELETE, UPDATE and MERGE on tables in memory.
#include <algorithm>
#include <set>

#include "query/memory_target.h"
#include "sql/text.h"

namespace tarn::query {

namespace {

using connector::ColumnInfo;
using connector::memory::Table;

constexpr base::SqlPosition kStart{};

// A query of a changing statement, translated, with what its text needs while it runs.
struct Source {
  sql::Translation translation;
  ProjectResolver::Held held;
  std::string sql;  // as a relation q with the columns v1, v2 …
};

std::string ValueName(std::size_t i) { return "v" + std::to_string(i + 1); }

base::Result<Source> Translated(const StatementCall& call, const sql::Query& query, const sql::QualifiedName* changed) {
  auto resolver = call.Resolver();
  if (changed != nullptr) resolver.ShowRowIdentifier(*changed);
  TARN_ASSIGN_OR_RETURN(auto translation, sql::TranslateQuery(query, call.session, resolver, call.arguments));
  std::string names;
  for (std::size_t i = 0; i < translation.columns.size(); ++i) names += (i == 0 ? "" : ", ") + ValueName(i);
  std::string text = "(" + translation.engine_sql + ") AS q(" + names + ")";
  return Source{.translation = std::move(translation), .held = resolver.TakeHeld(), .sql = std::move(text)};
}

std::string TypeList(const std::vector<std::string>& types) {
  std::string text = "[";
  for (const auto& type : types) text += (text.size() > 1 ? ", " : "") + type;
  return text + "]";
}

// The columns that a statement names, in its order; all of the table where it names none.
base::Result<std::vector<ColumnInfo>> NamedColumns(const std::vector<ColumnInfo>& columns,
                                                   const std::vector<sql::Name>& names, std::string_view what) {
  if (names.empty()) return columns;
  std::vector<ColumnInfo> named;
  std::set<std::string> seen;
  for (const auto& name : names) {
    const auto folded = sql::ToLower(name.value);
    const auto found =
        std::ranges::find_if(columns, [&](const ColumnInfo& column) { return sql::ToLower(column.name) == folded; });
    if (found == columns.end())
      return Failed("COLUMN_NOT_FOUND", std::string(what) + " column name does not exist in target table: " + folded,
                    name.position);
    if (!seen.insert(folded).second)
      return Failed("DUPLICATE_COLUMN_NAME", std::string(what) + " column name is specified more than once: " + folded,
                    name.position);
    named.push_back(*found);
  }
  return named;
}

// Errors: TYPE_MISMATCH.
base::Result<void> CheckTypes(const std::vector<ColumnInfo>& columns, const sql::Translation& translation,
                              std::size_t first, std::string_view what) {
  std::vector<std::string> wanted, given;
  bool fits = true;
  for (const auto& column : columns) wanted.push_back(column.type);
  const std::size_t count = translation.columns.size() - std::min(first, translation.columns.size());
  for (std::size_t i = 0; i < count; ++i) {
    given.push_back(translation.columns[first + i].type);
    if (given.back().empty() && i < wanted.size()) given.back() = wanted[i];
    if (i >= wanted.size() || !CanStore(translation.columns[first + i].type, wanted[i])) fits = false;
  }
  if (fits && count == wanted.size()) return {};
  return Failed(
      "TYPE_MISMATCH",
      std::string(what) + " has mismatched column types: Table: " + TypeList(wanted) + ", Query: " + TypeList(given),
      kStart);
}

base::Result<void> CheckKnown(const StatementCall& call, const sql::QualifiedName& name,
                              const sql::TableName& written) {
  auto resolver = call.Resolver();
  if (auto table = resolver.Resolve(name); !table) {
    auto error = std::move(table).error();
    error.position = written.position;
    if (error.code == "SCHEMA_NOT_FOUND" || error.code == "TABLE_NOT_FOUND") error.position = kStart;
    return std::unexpected(std::move(error));
  }
  return {};
}

StatementResult RunInsert(const StatementCall& call, const sql::Insert& insert) {
  TARN_ASSIGN_OR_RETURN(const auto name, FullName(call, insert.table));
  TARN_RETURN_IF_ERROR(CheckKnown(call, name, insert.table));
  TARN_ASSIGN_OR_RETURN(const auto catalog, call.parts.catalogs.FindByName(call.request.project_id, name.catalog));
  const auto described = call.parts.catalogs.Describe(catalog, TableOf(name), call.limits);
  if (!described) return Unsupported("This connector does not support inserts");
  TARN_ASSIGN_OR_RETURN(const auto columns, NamedColumns(described->columns, insert.columns, "Insert"));
  TARN_ASSIGN_OR_RETURN(const auto source, Translated(call, *insert.query, nullptr));
  TARN_RETURN_IF_ERROR(CheckTypes(columns, source.translation, 0, "Insert query"));
  TARN_ASSIGN_OR_RETURN(const auto target, ForChange(call, name, "inserts"));
  const auto table = target.structure->FindTable(TableOf(name));
  if (!table) return Unsupported("Inserting into views is not supported", kStart);
  std::string into, values;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    TARN_ASSIGN_OR_RETURN(const auto value,
                          Stored("q." + ValueName(i), source.translation.columns[i].type, columns[i]));
    into += (i == 0 ? "" : ", ") + sql::QuoteIdentifier(columns[i].name);
    values += (i == 0 ? "" : ", ") + value;
  }
  TARN_ASSIGN_OR_RETURN(const auto counts, Apply(call,
                                                 {"INSERT INTO " + target.structure->Relation(*table) + " (" + into +
                                                      ") SELECT " + values + " FROM " + source.sql,
                                                  QuotaCheck(*target.structure, *table)},
                                                 source.held.Stop()));
  return AnswerCount(call, "INSERT", counts[0]);
}

struct ChangedTable {
  sql::QualifiedName name;
  MemoryTarget target;
  Table table;
};

base::Result<ChangedTable> TableToChange(const StatementCall& call, const sql::TableName& written) {
  TARN_ASSIGN_OR_RETURN(auto name, FullName(call, written));
  TARN_RETURN_IF_ERROR(CheckKnown(call, name, written));
  TARN_ASSIGN_OR_RETURN(auto target, ForChange(call, name, "modifying table rows"));
  auto table = target.structure->FindTable(TableOf(name));
  if (!table) return Unsupported("Changing the rows of views is not supported", kStart);
  return ChangedTable{.name = std::move(name), .target = std::move(target), .table = *std::move(table)};
}

StatementResult RunDelete(const StatementCall& call, const sql::Delete& change) {
  TARN_ASSIGN_OR_RETURN(const auto changed, TableToChange(call, change.table));
  const auto relation = changed.target.structure->Relation(changed.table);
  std::string text = "DELETE FROM " + relation;
  ProjectResolver::Held held;
  if (!change.all) {
    TARN_ASSIGN_OR_RETURN(auto source, Translated(call, *change.query, &changed.name));
    text += " WHERE rowid IN (SELECT v1 FROM " + source.sql + ")";
    held = std::move(source.held);
  }
  TARN_ASSIGN_OR_RETURN(const auto counts, Apply(call, {text}, held.Stop()));
  return AnswerCount(call, "DELETE", counts[0]);
}

// "a" = value, … for the values of a relation q from the column `first` on.
base::Result<std::string> Assignments(const std::vector<ColumnInfo>& columns, const sql::Translation& translation,
                                      std::size_t first) {
  std::string text;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    TARN_ASSIGN_OR_RETURN(const auto value,
                          Stored("q." + ValueName(first + i), translation.columns[first + i].type, columns[i]));
    text += (i == 0 ? "" : ", ") + sql::QuoteIdentifier(columns[i].name) + " = " + value;
  }
  return text;
}

StatementResult RunUpdate(const StatementCall& call, const sql::Update& change) {
  TARN_ASSIGN_OR_RETURN(const auto changed, TableToChange(call, change.table));
  TARN_ASSIGN_OR_RETURN(const auto columns, NamedColumns(changed.table.info.columns, change.columns, "The"));
  TARN_ASSIGN_OR_RETURN(const auto source, Translated(call, *change.query, &changed.name));
  TARN_RETURN_IF_ERROR(CheckTypes(columns, source.translation, 1, "UPDATE table"));
  TARN_ASSIGN_OR_RETURN(const auto assignments, Assignments(columns, source.translation, 1));
  const auto relation = changed.target.structure->Relation(changed.table);
  TARN_ASSIGN_OR_RETURN(const auto counts, Apply(call,
                                                 {"UPDATE " + relation + " AS t SET " + assignments + " FROM " +
                                                      source.sql + " WHERE t.rowid = q.v1",
                                                  QuotaCheck(*changed.target.structure, changed.table)},
                                                 source.held.Stop()));
  return AnswerCount(call, "UPDATE", counts[0]);
}

// The columns that a branch gives values for, with the types checked.
base::Result<std::vector<ColumnInfo>> BranchColumns(const sql::Merge::Branch& branch, const Table& table,
                                                    const sql::Translation& translation) {
  const bool insert = branch.action == sql::Merge::Branch::Action::kInsert;
  TARN_ASSIGN_OR_RETURN(auto columns, NamedColumns(table.info.columns, branch.columns, insert ? "Insert" : "The"));
  sql::Translation values;
  for (std::size_t i = 0; i < branch.values; ++i) values.columns.push_back(translation.columns[branch.first_value + i]);
  TARN_RETURN_IF_ERROR(CheckTypes(columns, values, 0, "MERGE table"));
  return columns;
}

StatementResult RunMerge(const StatementCall& call, const sql::Merge& merge) {
  TARN_ASSIGN_OR_RETURN(const auto changed, TableToChange(call, merge.table));
  TARN_ASSIGN_OR_RETURN(const auto source, Translated(call, *merge.query, &changed.name));
  const auto relation = changed.target.structure->Relation(changed.table);
  const std::string rows = "temp.main.\"merged_rows\"";
  // What happens to which row is settled before anything changes.
  std::vector<std::string> statements = {
      "CREATE TEMP TABLE \"merged_rows\" AS SELECT * FROM " + source.sql + " WHERE q.v2 IS NOT NULL",
      "SELECT trino_fail('MERGE_TARGET_ROW_MULTIPLE_MATCHES', 'One MERGE target table row matched more than one source "
      "row' || substr(CAST(v1 AS VARCHAR), 1, 0)) FROM (SELECT v1 FROM " +
          rows + " WHERE v1 IS NOT NULL GROUP BY v1 HAVING count(*) > 1)"};
  std::vector<std::size_t> counted;
  using enum sql::Merge::Branch::Action;
  for (const bool inserts : {false, true}) {
    for (std::size_t i = 0; i < merge.branches.size(); ++i) {
      const auto& branch = merge.branches[i];
      if ((branch.action == kInsert) != inserts) continue;
      const std::string mine = "q.v2 = " + std::to_string(i + 1);
      counted.push_back(statements.size());
      if (branch.action == kDelete) {
        statements.push_back("DELETE FROM " + relation + " WHERE rowid IN (SELECT q.v1 FROM " + rows + " AS q WHERE " +
                             mine + ")");
        continue;
      }
      TARN_ASSIGN_OR_RETURN(const auto columns, BranchColumns(branch, changed.table, source.translation));
      if (branch.action == kUpdate) {
        TARN_ASSIGN_OR_RETURN(const auto assignments, Assignments(columns, source.translation, branch.first_value));
        statements.push_back("UPDATE " + relation + " AS t SET " + assignments + " FROM " + rows + " AS q WHERE " +
                             mine + " AND t.rowid = q.v1");
        continue;
      }
      std::string into, values;
      for (std::size_t c = 0; c < columns.size(); ++c) {
        const auto column = branch.first_value + c;
        TARN_ASSIGN_OR_RETURN(const auto value,
                              Stored("q." + ValueName(column), source.translation.columns[column].type, columns[c]));
        into += (c == 0 ? "" : ", ") + sql::QuoteIdentifier(columns[c].name);
        values += (c == 0 ? "" : ", ") + value;
      }
      statements.push_back("INSERT INTO " + relation + " (" + into + ") SELECT " + values + " FROM " + rows +
                           " AS q WHERE " + mine);
    }
  }
  statements.push_back(QuotaCheck(*changed.target.structure, changed.table));
  statements.push_back("DROP TABLE " + rows);
  TARN_ASSIGN_OR_RETURN(const auto counts, Apply(call, std::move(statements), source.held.Stop()));
  std::int64_t sum = 0;
  for (const auto index : counted) sum += counts[index];
  return AnswerCount(call, "MERGE", sum);
}

}  // namespace

StatementResult RunChange(const StatementCall& call, const sql::Statement& statement) {
  const auto& body = statement.body;
  if (const auto* insert = std::get_if<sql::Insert>(&body)) return RunInsert(call, *insert);
  if (const auto* change = std::get_if<sql::Delete>(&body)) return RunDelete(call, *change);
  if (const auto* change = std::get_if<sql::Update>(&body)) return RunUpdate(call, *change);
  return RunMerge(call, std::get<sql::Merge>(body));
}

}  // namespace tarn::query
