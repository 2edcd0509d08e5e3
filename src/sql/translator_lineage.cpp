// Where values come from: collected while they are written, for those who ask.
#include <algorithm>

#include "sql/printer.h"
#include "sql/translate_query.h"
#include "sql/translator.h"
#include "sql/value_trace.h"

namespace tarn::sql {

namespace {

void Add(const Lineage& from, Lineage& to) {
  for (const auto& column : from.columns) {
    if (std::ranges::find(to.columns, column) == to.columns.end()) to.columns.push_back(column);
  }
}

}  // namespace

Translator::ValueTrace::~ValueTrace() {
  if (!translator_.traces_) return;
  translator_.traced_ = around_;
  if (around_ != nullptr) Add(lineage_, *around_);
}

std::shared_ptr<const Lineage> Translator::ValueTrace::Of(const Written& written, const Expression& expression) const {
  if (!translator_.traces_) return nullptr;
  if (written.field != nullptr && written.field->lineage) return written.field->lineage;
  auto lineage = std::make_shared<Lineage>(lineage_);
  lineage->expression = ToSql(expression);
  return lineage;
}

void Translator::Uses(const Field& field) {
  if (traced_ != nullptr && field.lineage) Add(*field.lineage, *traced_);
}

std::shared_ptr<const Lineage> Translator::BaseLineage(const QualifiedName& table, const std::string& column) const {
  if (!traces_) return nullptr;
  return std::make_shared<const Lineage>(Lineage{.columns = {{.table = table, .column = column}}});
}

std::shared_ptr<const Lineage> Translator::OfBoth(const std::shared_ptr<const Lineage>& one,
                                                  const std::shared_ptr<const Lineage>& other) {
  if (!one || !other) return one ? one : other;
  auto joined = std::make_shared<Lineage>(*one);
  Add(*other, *joined);
  return joined;
}

base::Result<std::vector<ColumnLineage>> Translator::Trace(const Query& query) {
  traces_ = true;
  const WrittenQuery written = WriteQuery(query, nullptr, Naming::kOutput);
  if (failed()) return std::unexpected(*error_);
  std::vector<ColumnLineage> columns;
  for (const Field& column : written.columns)
    columns.push_back({.name = column.name, .lineage = column.lineage ? *column.lineage : Lineage{}});
  return columns;
}

}  // namespace tarn::sql
