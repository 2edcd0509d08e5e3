#include "connector/engine_text.h"
#include "connector/memory/memory_source.h"

namespace tarn::connector::memory {

Structure::Structure(std::string database) : database_(std::move(database)) { schemas_["default"]; }

std::unique_lock<std::timed_mutex> Structure::Changing(const base::CallLimits& limits) {
  std::unique_lock lock(changing_, std::defer_lock);
  if (limits.Left() == std::chrono::milliseconds::max()) {
    lock.lock();
  } else {
    static_cast<void>(lock.try_lock_for(limits.Left()));  // who asks sees whether it is held
  }
  return lock;
}

std::vector<std::string> Structure::Schemas() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, schema] : schemas_) names.push_back(name);
  return names;
}

bool Structure::HasSchema(const std::string& schema) const {
  const std::lock_guard lock(mutex_);
  return schemas_.contains(schema);
}

std::vector<TableName> Structure::Names(const std::string& schema) const {
  const std::lock_guard lock(mutex_);
  std::vector<TableName> names;
  for (const auto& [name, held] : schemas_) {
    if (!schema.empty() && name != schema) continue;
    for (const auto& [table, unused] : held.tables) names.push_back({.schema = name, .table = table});
    for (const auto& [view, unused] : held.views) names.push_back({.schema = name, .table = view});
  }
  return names;
}

std::optional<Table> Structure::FindTable(const TableName& name) const {
  const std::lock_guard lock(mutex_);
  const auto schema = schemas_.find(name.schema);
  if (schema == schemas_.end()) return std::nullopt;
  const auto table = schema->second.tables.find(name.table);
  if (table == schema->second.tables.end()) return std::nullopt;
  return table->second;
}

std::optional<View> Structure::FindView(const TableName& name) const {
  const std::lock_guard lock(mutex_);
  const auto schema = schemas_.find(name.schema);
  if (schema == schemas_.end()) return std::nullopt;
  const auto view = schema->second.views.find(name.table);
  if (view == schema->second.views.end()) return std::nullopt;
  return view->second;
}

std::int64_t Structure::bytes() const {
  const std::lock_guard lock(mutex_);
  std::int64_t sum = 0;
  for (const auto& [name, schema] : schemas_) {
    for (const auto& [table, held] : schema.tables) sum += held.bytes;
  }
  return sum;
}

std::string Structure::Relation(const Table& table) const {
  return Name(database_) + ".\"main\"." + Name("t" + std::to_string(table.number));
}

void Structure::AddSchema(const std::string& schema) {
  const std::lock_guard lock(mutex_);
  schemas_[schema];
}

void Structure::RemoveSchema(const std::string& schema) {
  const std::lock_guard lock(mutex_);
  schemas_.erase(schema);
}

void Structure::RenameSchema(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  auto node = schemas_.extract(from);
  if (node.empty()) return;
  node.key() = to;
  for (auto& [name, table] : node.mapped().tables) table.info.name.schema = to;
  schemas_.insert(std::move(node));
}

std::uint64_t Structure::NextNumber() {
  const std::lock_guard lock(mutex_);
  return ++numbers_;
}

void Structure::PutTable(Table table) {
  const std::lock_guard lock(mutex_);
  const auto name = table.info.name;
  schemas_[name.schema].tables.insert_or_assign(name.table, std::move(table));
}

void Structure::PutView(const TableName& name, View view) {
  const std::lock_guard lock(mutex_);
  schemas_[name.schema].views.insert_or_assign(name.table, std::move(view));
}

void Structure::Remove(const TableName& name) {
  const std::lock_guard lock(mutex_);
  const auto schema = schemas_.find(name.schema);
  if (schema == schemas_.end()) return;
  schema->second.tables.erase(name.table);
  schema->second.views.erase(name.table);
}

void Structure::Rename(const TableName& from, const TableName& to) {
  const std::lock_guard lock(mutex_);
  const auto schema = schemas_.find(from.schema);
  if (schema == schemas_.end()) return;
  if (auto table = schema->second.tables.extract(from.table); !table.empty()) {
    table.key() = to.table;
    table.mapped().info.name = to;
    schemas_[to.schema].tables.insert(std::move(table));
  }
  if (auto view = schema->second.views.extract(from.table); !view.empty()) {
    view.key() = to.table;
    schemas_[to.schema].views.insert(std::move(view));
  }
}

}  // namespace tarn::connector::memory
