// Maps from lists of entries: what equal keys do (the first or the last stays, values gather, are counted, or are
// refused as a cast does), and combinations of a list's elements.
#include <duckdb/common/vector_operations/vector_operations.hpp>
#include <unordered_map>
#include <vector>

#include "engine/duck/functions.h"
#include "engine/duck/row_function.h"

namespace tarn::engine {
namespace {

using duckdb::idx_t;
using duckdb::ListVector;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;

enum class Equals { kFirst, kLast, kGather, kCount, kRefused };

// Positions of a list's entries with equal keys, in the order of the first of each.
using Group = std::vector<idx_t>;

std::vector<Group> GroupsOf(Equals how, const duckdb::Vector& keys, const duckdb::hash_t* hashes,
                            duckdb::list_entry_t entry) {
  const auto* const code = how == Equals::kRefused ? "INVALID_CAST_ARGUMENT" : "INVALID_FUNCTION_ARGUMENT";
  std::vector<Group> groups;
  std::unordered_map<duckdb::hash_t, std::vector<std::size_t>> by_hash;
  for (idx_t at = entry.offset; at < entry.offset + entry.length; ++at) {
    auto& candidates = by_hash[hashes[at]];
    const auto key = keys.GetValue(at);
    if (key.IsNull()) Fail(code, "map key cannot be null");
    std::size_t found = groups.size();
    for (const std::size_t candidate : candidates) {
      if (duckdb::Value::NotDistinctFrom(keys.GetValue(groups[candidate].front()), key)) found = candidate;
    }
    if (found < groups.size() && how == Equals::kRefused) Fail(code, "duplicate keys: " + key.ToString());
    if (found == groups.size()) {
      candidates.push_back(found);
      groups.emplace_back();
    }
    groups[found].push_back(at);
  }
  return groups;
}

// Writes the values that belong to the groups' keys behind those that are there.
void AppendValues(Equals how, duckdb::Vector& out, idx_t offset, const std::vector<Group>& groups,
                  duckdb::Vector* values) {
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const Group& group = groups[i];
    if (how == Equals::kCount) {
      duckdb::FlatVector::GetData<std::int64_t>(out)[offset + i] = static_cast<std::int64_t>(group.size());
    } else if (how == Equals::kGather) {
      duckdb::SelectionVector positions(group.size());
      for (std::size_t j = 0; j < group.size(); ++j) positions.set_index(j, group[j]);
      const idx_t start = ListVector::GetListSize(out);
      ListVector::Append(out, duckdb::Vector(*values, positions, group.size()), group.size());
      duckdb::FlatVector::GetData<duckdb::list_entry_t>(out)[offset + i] = {start, group.size()};
    }
  }
  if (how == Equals::kGather || how == Equals::kCount) return;
  duckdb::SelectionVector positions(groups.size());
  for (std::size_t i = 0; i < groups.size(); ++i)
    positions.set_index(i, how == Equals::kLast ? groups[i].back() : groups[i].front());
  duckdb::VectorOperations::Copy(*values, out, positions, groups.size(), 0, offset);
}

template <Equals how>
void MakeMaps(duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
  auto& lists = in.data[0];
  const bool constant = lists.GetVectorType() == duckdb::VectorType::CONSTANT_VECTOR;
  duckdb::UnifiedVectorFormat format;
  lists.ToUnifiedFormat(in.size(), format);
  const idx_t size = ListVector::GetListSize(lists);
  auto& entries = ListVector::GetEntry(lists);
  entries.Flatten(size);
  duckdb::Vector* keys = &entries;
  duckdb::Vector* values = nullptr;
  if constexpr (how != Equals::kCount) {
    auto& fields = duckdb::StructVector::GetEntries(entries);
    keys = fields[0].get();
    values = fields[1].get();
    keys->Flatten(size);
    values->Flatten(size);
  }
  duckdb::Vector hashes(LogicalType::HASH, std::max<idx_t>(size, 1));
  if (size > 0) duckdb::VectorOperations::Hash(*keys, hashes, size);
  hashes.Flatten(size);
  const auto* const hash_data = duckdb::FlatVector::GetData<duckdb::hash_t>(hashes);
  out.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  auto* const result = duckdb::FlatVector::GetData<duckdb::list_entry_t>(out);
  idx_t written = 0;
  for (idx_t row = 0; row < (constant ? 1 : in.size()); ++row) {
    const idx_t at = format.sel->get_index(row);
    if (!format.validity.RowIsValid(at)) {
      duckdb::FlatVector::SetNull(out, row, true);
      continue;
    }
    const auto groups =
        GroupsOf(how, *keys, hash_data, duckdb::UnifiedVectorFormat::GetData<duckdb::list_entry_t>(format)[at]);
    ListVector::Reserve(out, written + groups.size());
    auto& out_keys = duckdb::MapVector::GetKeys(out);
    auto& out_values = duckdb::MapVector::GetValues(out);
    duckdb::SelectionVector positions(std::max<std::size_t>(groups.size(), 1));
    for (std::size_t i = 0; i < groups.size(); ++i) positions.set_index(i, groups[i].front());
    if (!groups.empty()) {
      duckdb::VectorOperations::Copy(*keys, out_keys, positions, groups.size(), 0, written);
      AppendValues(how, out_values, written, groups, values);
    }
    result[row] = {written, groups.size()};
    written += groups.size();
    ListVector::SetListSize(out, written);
  }
  if (constant) out.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
}

template <Equals how>
duckdb::unique_ptr<duckdb::FunctionData> BindMaps(duckdb::ClientContext&, duckdb::ScalarFunction& function,
                                                  duckdb::vector<Expr>& arguments) {
  const auto list = LogicalType::NormalizeType(arguments[0]->return_type);
  if (list.id() == LogicalTypeId::UNKNOWN) throw duckdb::ParameterNotResolvedException();
  auto element =
      list.id() == LogicalTypeId::LIST ? duckdb::ListType::GetChildType(list) : LogicalType(LogicalType::SQLNULL);
  if (how == Equals::kCount) {
    if (element.id() == LogicalTypeId::SQLNULL) element = LogicalType::INTEGER;
    function.arguments[0] = LogicalType::LIST(element);
    function.SetReturnType(LogicalType::MAP(element, LogicalType::BIGINT));
    return nullptr;
  }
  if (element.id() != LogicalTypeId::STRUCT || duckdb::StructType::GetChildCount(element) != 2) {
    if (element.id() != LogicalTypeId::SQLNULL) Fail("TYPE_MISMATCH", "A map is made of rows of a key and a value");
    element = LogicalType::STRUCT({{"key", LogicalType::INTEGER}, {"value", LogicalType::INTEGER}});
  }
  const auto key = duckdb::StructType::GetChildType(element, 0);
  const auto value = duckdb::StructType::GetChildType(element, 1);
  function.arguments[0] = LogicalType::LIST(element);
  function.SetReturnType(LogicalType::MAP(key, how == Equals::kGather ? LogicalType::LIST(value) : value));
  return nullptr;
}

template <Equals how>
void RegisterMaker(duckdb::ExtensionLoader& loader, const char* name) {
  duckdb::ScalarFunction function(name, {LogicalType::ANY}, LogicalType::ANY, MakeMaps<how>, BindMaps<how>);
  function.SetFallible();
  loader.RegisterFunction(std::move(function));
}

// All ways to take `count` of the positions 0 … n-1, ascending within each.
std::vector<std::vector<idx_t>> Combinations(std::int64_t n, std::int64_t count) {
  std::vector<std::vector<idx_t>> all;
  if (count > n) return all;
  std::vector<idx_t> current(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < current.size(); ++i) current[i] = i;
  for (;;) {
    all.push_back(current);
    if (all.size() > 100'000) Fail("INVALID_FUNCTION_ARGUMENT", "combinations exceed max size of 100000");
    std::size_t i = 0;
    while (i < current.size() && current[i] + 1 == (i + 1 < current.size() ? current[i + 1] : static_cast<idx_t>(n))) {
      current[i] = i;
      ++i;
    }
    if (i == current.size()) return all;
    ++current[i];
  }
}

void MakeCombinations(duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
  for (idx_t row = 0; row < in.size(); ++row) {
    const auto list = in.data[0].GetValue(row);
    const auto count = in.data[1].GetValue(row);
    if (list.IsNull() || count.IsNull()) {
      out.SetValue(row, duckdb::Value(out.GetType()));
      continue;
    }
    const auto& elements = duckdb::ListValue::GetChildren(list);
    const auto taken = count.GetValue<std::int64_t>();
    if (taken < 0) Fail("INVALID_FUNCTION_ARGUMENT", "combination size must not be negative: " + std::to_string(taken));
    if (taken > 5) Fail("INVALID_FUNCTION_ARGUMENT", "combination size must not exceed 5: " + std::to_string(taken));
    duckdb::vector<duckdb::Value> combinations;
    const auto inner = duckdb::ListType::GetChildType(out.GetType());
    for (const auto& positions : Combinations(static_cast<std::int64_t>(elements.size()), taken)) {
      duckdb::vector<duckdb::Value> values;
      for (const idx_t position : positions) values.push_back(elements[position]);
      combinations.push_back(duckdb::Value::LIST(duckdb::ListType::GetChildType(inner), std::move(values)));
    }
    out.SetValue(row, duckdb::Value::LIST(inner, std::move(combinations)));
  }
  if (in.AllConstant()) out.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
}

duckdb::unique_ptr<duckdb::FunctionData> BindCombinations(duckdb::ClientContext&, duckdb::ScalarFunction& function,
                                                          duckdb::vector<Expr>& arguments) {
  const auto list = LogicalType::NormalizeType(arguments[0]->return_type);
  const bool known =
      list.id() == LogicalTypeId::LIST && duckdb::ListType::GetChildType(list).id() != LogicalTypeId::SQLNULL;
  function.arguments[0] = known ? list : LogicalType::LIST(LogicalType::INTEGER);
  function.SetReturnType(LogicalType::LIST(function.arguments[0]));
  return nullptr;
}

}  // namespace

void RegisterMaps(duckdb::ExtensionLoader& loader) {
  RegisterMaker<Equals::kFirst>(loader, "trino_map_of_first");
  RegisterMaker<Equals::kLast>(loader, "trino_map_of_last");
  RegisterMaker<Equals::kGather>(loader, "trino_multimap_from_entries");
  RegisterMaker<Equals::kCount>(loader, "trino_histogram");
  RegisterMaker<Equals::kRefused>(loader, "trino_map_of_cast");
  duckdb::ScalarFunction combinations("trino_combinations", {LogicalType::ANY, LogicalType::INTEGER}, LogicalType::ANY,
                                      MakeCombinations, BindCombinations);
  combinations.SetFallible();
  loader.RegisterFunction(std::move(combinations));
}

}  // namespace tarn::engine
