#include "sql/translation_cache.h"

#include <algorithm>
#include <functional>

namespace tarn::sql {
namespace {

std::size_t BytesOf(const std::string& text) { return sizeof(std::string) + text.capacity(); }
std::size_t BytesOf(const std::optional<std::string>& text) { return text ? BytesOf(*text) : sizeof(text); }
std::size_t BytesOf(const QualifiedName& name) {
  return BytesOf(name.catalog) + BytesOf(name.schema) + BytesOf(name.table);
}

std::size_t BytesOf(const ResolvedColumn& column);
std::size_t BytesOf(const ColumnFilter& filter);
std::size_t BytesOf(const OutputColumn& column);
std::size_t BytesOf(const Resolution& resolution);

template <class T>
std::size_t BytesOf(const std::vector<T>& items) {
  std::size_t bytes = sizeof(items);
  for (const T& item : items) bytes += BytesOf(item);
  return bytes;
}

std::size_t BytesOf(const ResolvedColumn& column) { return BytesOf(column.name) + BytesOf(column.type) + 8; }
std::size_t BytesOf(const ColumnFilter& filter) { return BytesOf(filter.column) + BytesOf(filter.values); }
std::size_t BytesOf(const OutputColumn& column) {
  return BytesOf(column.name) + BytesOf(column.type) + BytesOf(column.table_column) + sizeof(column.table) +
         (column.table ? BytesOf(*column.table) : 0);
}

std::size_t BytesOf(const Resolution& resolution) {
  const ResolvedTable& table = resolution.table;
  return BytesOf(resolution.scope) + BytesOf(resolution.name) + BytesOf(resolution.filters) + BytesOf(table.name) +
         BytesOf(table.columns) + BytesOf(table.engine_sql) + BytesOf(table.view_text) + BytesOf(table.view_catalog) +
         BytesOf(table.view_schema) + BytesOf(table.view_scope);
}

std::size_t BytesOf(const Translation& translation) {
  return BytesOf(translation.engine_sql) + translation.source_map.capacity() * sizeof(SourceMapEntry) +
         BytesOf(translation.columns) + BytesOf(translation.tables);
}

bool Same(const SessionContext& left, const SessionContext& right) {
  return left.catalog == right.catalog && left.schema == right.schema && left.time_zone == right.time_zone &&
         left.user == right.user;
}

bool StillStands(const Resolution& resolution, TableResolver& resolver) {
  const auto now = resolver.ResolveIn(resolution.scope, resolution.name, resolution.filters);
  return now && *now == resolution.table;
}

}  // namespace

base::Result<ResolvedTable> RecordingResolver::ResolveIn(const std::string& scope, const QualifiedName& name,
                                                         const std::vector<ColumnFilter>& filters) {
  auto table = resolver_.ResolveIn(scope, name, filters);
  if (!table) {
    lasting_ = false;
    return table;
  }
  if (table->momentary) lasting_ = false;
  const auto known = [&](const Resolution& each) {
    return each.scope == scope && each.name == name && each.filters == filters;
  };
  if (lasting_ && std::ranges::none_of(resolutions_, known)) resolutions_.push_back({scope, name, filters, *table});
  return table;
}

bool TranslationCache::Entry::IsOf(const Key& key) const {
  return text == key.text && scope == key.scope && allow_semicolon == key.allow_semicolon &&
         Same(session, key.session) && parameters == key.parameters;
}

std::size_t TranslationCache::Entry::Measure() const {
  return sizeof(Entry) + BytesOf(scope) + BytesOf(text) + BytesOf(session.catalog) + BytesOf(session.schema) +
         BytesOf(session.time_zone) + BytesOf(session.user) + BytesOf(parameters) + BytesOf(*translation) +
         BytesOf(*resolutions);
}

std::size_t TranslationCache::HashOf(const Key& key) {
  std::size_t hash = std::hash<std::string_view>{}(key.text);
  const auto add = [&hash](std::string_view text) {
    hash = (hash ^ std::hash<std::string_view>{}(text)) * 0x9E3779B97F4A7C15U;
  };
  add(key.scope);
  add(key.session.catalog);
  add(key.session.schema);
  add(key.session.time_zone);
  add(key.session.user);
  for (const auto& parameter : key.parameters)
    add(parameter ? std::string_view(*parameter) : std::string_view("\0", 1));
  return hash;
}

std::shared_ptr<const Translation> TranslationCache::Find(const Key& key, TableResolver& resolver) {
  std::shared_ptr<const Translation> translation;
  std::shared_ptr<const std::vector<Resolution>> resolutions;
  const std::size_t hash = HashOf(key);
  {
    const std::scoped_lock lock(mutex_);
    const auto found = by_hash_.find(hash);
    if (found == by_hash_.end() || !found->second->IsOf(key)) {
      ++counts_.misses;
      return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, found->second);
    translation = found->second->translation;
    resolutions = found->second->resolutions;
  }
  const bool holds =
      std::ranges::all_of(*resolutions, [&](const Resolution& each) { return StillStands(each, resolver); });
  const std::scoped_lock lock(mutex_);
  if (holds) {
    ++counts_.hits;
    return translation;
  }
  ++counts_.outdated;
  return nullptr;  // what is translated next takes its place
}

void TranslationCache::Keep(const Key& key, std::shared_ptr<const Translation> translation,
                            const RecordingResolver& recorded) {
  if (!recorded.lasting()) return;
  Entry entry{.hash = HashOf(key),
              .scope = std::string(key.scope),
              .text = std::string(key.text),
              .allow_semicolon = key.allow_semicolon,
              .session = key.session,
              .parameters = key.parameters,
              .translation = std::move(translation),
              .resolutions = std::make_shared<const std::vector<Resolution>>(recorded.resolutions())};
  entry.bytes = entry.Measure();
  const std::scoped_lock lock(mutex_);
  if (const auto found = by_hash_.find(entry.hash); found != by_hash_.end()) Drop(found->second);
  if (entry.bytes > max_bytes_) return;
  counts_.bytes += entry.bytes;
  entries_.push_front(std::move(entry));
  by_hash_[entries_.front().hash] = entries_.begin();
  while (counts_.bytes > max_bytes_) Drop(std::prev(entries_.end()));
}

void TranslationCache::Drop(Entries::iterator entry) {
  counts_.bytes -= entry->bytes;
  by_hash_.erase(entry->hash);
  entries_.erase(entry);
}

TranslationCache::Counts TranslationCache::counts() const {
  const std::scoped_lock lock(mutex_);
  Counts counts = counts_;
  counts.entries = entries_.size();
  return counts;
}

}  // namespace tarn::sql
