#include "query/plan.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "query/engine_rows.h"
#include "query/statement_call.h"

namespace tarn::query {

namespace {

// Resolves as the statement itself does, and remembers what serves each table.
class PlanResolver final : public sql::TableResolver {
 public:
  PlanResolver(const StatementCall& call, bool names_only)
      : call_(call), resolver_(call.Resolver()), names_only_(names_only) {}

  [[nodiscard]] base::Result<sql::ResolvedTable> Resolve(const sql::QualifiedName& name) override {
    return ResolveFiltered(name, {});
  }
  [[nodiscard]] base::Result<sql::ResolvedTable> ResolveFiltered(
      const sql::QualifiedName& name, const std::vector<sql::ColumnFilter>& filters) override {
    return ResolveIn({}, name, filters);
  }
  [[nodiscard]] base::Result<sql::ResolvedTable> ResolveIn(const std::string& scope, const sql::QualifiedName& name,
                                                           const std::vector<sql::ColumnFilter>& filters) override {
    const auto copies = resolver_.copies();
    TARN_ASSIGN_OR_RETURN(auto table, resolver_.ResolveIn(scope, name, filters));
    if (!scope.empty() && scope != call_.request.project_id) {
      // What the other project has is not shown.
      if (names_only_ && !table.view_text) table.engine_sql = "shared";
      return table;
    }
    Remember(name, table, resolver_.copies() > copies);
    if (names_only_ && !table.view_text) {
      table.engine_sql = sql::QuoteIdentifier(name.catalog) + "." + sql::QuoteIdentifier(name.schema) + "." +
                         sql::QuoteIdentifier(name.table);
    }
    return table;
  }

  [[nodiscard]] std::map<std::string, ServedTable> TakeServed() { return std::move(served_); }
  // The catalog that is read through a database of the engine.
  [[nodiscard]] std::string CatalogOf(const std::string& alias) const {
    const auto found = std::ranges::find_if(relations_, [&](const auto& relation) {
      return relation.second.find(sql::QuoteLiteral(alias)) != std::string::npos;
    });
    return found == relations_.end() ? std::string() : found->first;
  }

 private:
  void Remember(const sql::QualifiedName& name, const sql::ResolvedTable& table, bool copy) {
    if (served_.contains(Spelled(name))) return;
    ServedTable served;
    if (table.view_text) {
      served.by = ServedTable::By::kView;
    } else if (copy) {
      served.by = ServedTable::By::kCopy;
      served.rows = resolver_.RowsOf(name);
    } else {
      const auto catalog = call_.parts.catalogs.FindByName(call_.request.project_id, name.catalog);
      if (name.schema == "information_schema" || !catalog || catalog->type == "system") {
        served.by = ServedTable::By::kTarn;
      } else {
        served.catalog_type = catalog->type;
        served.rows = resolver_.RowsOf(name);
      }
      relations_.emplace_back(name.catalog, table.engine_sql);
    }
    served_.emplace(Spelled(name), std::move(served));
  }

  const StatementCall& call_;
  ProjectResolver resolver_;
  const bool names_only_;
  std::map<std::string, ServedTable> served_;
  std::vector<std::pair<std::string, std::string>> relations_;  // catalog, engine SQL
};

// The engine notes, where a plan reads through a database, which one and what is sent, in a member of this name.
constexpr std::string_view kSent = "File Filters";
constexpr std::string_view kEstimate = "Estimated Cardinality";

void CollectSent(const boost::json::value& node, const PlanResolver& resolver, std::vector<SentQuery>& sent) {
  if (const auto* list = node.if_array()) {
    for (const auto& each : *list) CollectSent(each, resolver, sent);
    return;
  }
  const auto* object = node.if_object();
  if (object == nullptr) return;
  const auto* info = object->if_contains("extra_info");
  const auto* noted = info != nullptr && info->is_object() ? info->as_object().if_contains(kSent) : nullptr;
  const auto* lines = noted == nullptr ? nullptr : noted->if_array();  // the database, and the text's lines
  if (lines != nullptr && lines->size() >= 2) {
    std::string text;
    for (std::size_t i = 1; i < lines->size(); ++i) text += (i == 1 ? "" : "\n") + std::string((*lines)[i].as_string());
    const auto catalog = resolver.CatalogOf(std::string((*lines)[0].as_string()));
    if (!catalog.empty()) sent.push_back({.catalog = catalog, .text = std::move(text)});
  }
  if (const auto* children = object->if_contains("children")) CollectSent(*children, resolver, sent);
}

// The number of rows that the engine expects of a plan, from the first operator that has one.
std::optional<std::int64_t> EstimateOf(const boost::json::value& node) {
  if (const auto* list = node.if_array()) return list->empty() ? std::nullopt : EstimateOf((*list)[0]);
  const auto* object = node.if_object();
  if (object == nullptr) return std::nullopt;
  const auto* info = object->if_contains("extra_info");
  const auto* text = info != nullptr && info->is_object() ? info->as_object().if_contains(kEstimate) : nullptr;
  std::int64_t rows = 0;
  if (text != nullptr && text->is_string()) {
    const std::string_view digits = text->as_string();
    if (std::from_chars(digits.data(), digits.data() + digits.size(), rows).ec == std::errc()) return rows;
  }
  const auto* children = object->if_contains("children");
  return children == nullptr ? std::nullopt : EstimateOf(*children);
}

// What the engine would do, from its own plan.
base::Result<void> AskEngine(const StatementCall& call, const sql::Query& query, Plan& plan) {
  PlanResolver resolver(call, false);
  TARN_ASSIGN_OR_RETURN(const auto translation, sql::TranslateQuery(query, call.session, resolver, call.arguments));
  TARN_ASSIGN_OR_RETURN(const auto rows, EngineRows(call, "EXPLAIN (FORMAT JSON) " + translation.engine_sql));
  // Rows of two texts: what it is, and the plan.
  for (const auto& row : rows) {
    boost::system::error_code failure;
    const auto read = row.size() < 2 || !row[1] ? boost::json::value() : boost::json::parse(*row[1], failure);
    if (failure) return base::Internal("The engine's plan cannot be read");
    CollectSent(read, resolver, plan.sent);
    if (const auto estimate = EstimateOf(read)) plan.estimated_rows = *estimate;
  }
  return {};
}

}  // namespace

base::Result<Plan> PlanOf(const StatementCall& call, const sql::Query& query) {
  PlanResolver resolver(call, true);
  TARN_ASSIGN_OR_RETURN(auto translation, sql::TranslateQuery(query, call.session, resolver, call.arguments));
  Plan plan{.translation = std::move(translation), .served = resolver.TakeServed()};
  TARN_RETURN_IF_ERROR(AskEngine(call, query, plan));
  return plan;
}

}  // namespace tarn::query
