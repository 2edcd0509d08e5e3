#include "connector/memory/memory_source.h"

#include <algorithm>
#include <cctype>

#include "connector/engine_text.h"
#include "connector/names.h"

namespace tarn::connector::memory {
namespace {

std::string Folded(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) {
    return c < 0x80 ? static_cast<char>(std::tolower(c)) : static_cast<char>(c);
  });
  return text;
}

class StructureSource final : public MemorySource {
 public:
  explicit StructureSource(std::shared_ptr<Structure> structure) : structure_(std::move(structure)) {}

  const std::shared_ptr<Structure>& structure() const override { return structure_; }

  base::Result<void> Check(const base::CallLimits&) override { return {}; }
  base::Result<std::vector<std::string>> Schemas(const base::CallLimits&) override { return structure_->Schemas(); }

  base::Result<std::vector<TableName>> Tables(const std::string& schema, const base::CallLimits&) override {
    const auto folded = Folded(schema);
    if (!schema.empty() && !structure_->HasSchema(folded)) return NoSuchSchema(schema);
    return structure_->Names(folded);
  }

  base::Result<TableInfo> Describe(const TableName& name, const base::CallLimits&) override {
    const TableName folded{.schema = Folded(name.schema), .table = Folded(name.table)};
    if (const auto table = structure_->FindTable(folded)) return table->info;
    if (const auto view = structure_->FindView(folded)) {
      return TableInfo{
          .name = folded, .columns = view->columns, .key = {}, .estimated_rows = -1, .comment = view->comment};
    }
    if (!structure_->HasSchema(folded.schema)) return NoSuchSchema(name.schema);
    return NoSuchTable(name);
  }

  base::Result<std::vector<ColumnStatistics>> Statistics(const TableInfo&, const base::CallLimits&) override {
    return std::vector<ColumnStatistics>{};
  }

  base::Result<std::vector<std::string>> AttachStatements(const std::string&, const base::CallLimits&) override {
    return std::vector<std::string>{"ATTACH IF NOT EXISTS ':memory:' AS " + Name(structure_->database())};
  }
  std::vector<std::string> DetachStatements(const std::string&) override {
    return {"DETACH DATABASE IF EXISTS " + Name(structure_->database())};
  }

  base::Result<std::string> LiveRelation(const TableInfo& table, const std::string&) override {
    const auto found = structure_->FindTable(table.name);
    if (!found) return NoSuchTable(table.name);
    return structure_->Relation(*found);
  }

  base::Result<std::unique_ptr<SourceSnapshot>> OpenSnapshot(engine::Session&, const base::CallLimits&) override {
    return base::NotSupported("Tables in memory are not copied into a cache");
  }

 private:
  const std::shared_ptr<Structure> structure_;
};

}  // namespace

std::unique_ptr<MemorySource> MakeMemorySource(std::shared_ptr<Structure> structure) {
  return std::make_unique<StructureSource>(std::move(structure));
}

}  // namespace tarn::connector::memory
