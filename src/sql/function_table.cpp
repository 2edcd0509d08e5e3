#include "sql/function_table.h"

#include <algorithm>

namespace tarn::sql {
namespace {

template <class Function>
using Entries = std::vector<Entry<Function>>;

template <class Function>
void Append(Entries<Function>& entries, std::span<const Function> rows) {
  for (const Function& row : rows) entries.push_back({row, ParseSignature(row.result, row.arguments)});
}

template <class Function>
Entries<Function> Sorted(Entries<Function> entries) {
  std::ranges::stable_sort(entries, {}, [](const Entry<Function>& entry) { return entry.row.name; });
  return entries;
}

const Entries<ScalarFunction>& Scalars() {
  static const Entries<ScalarFunction> kEntries = [] {
    Entries<ScalarFunction> entries;
    for (const auto rows : {MathFunctions(), TextFunctions(), BinaryFunctions(), DatetimeFunctions(), JsonFunctions(),
                            CollectionFunctions(), ColorFunctions(), SketchFunctions(), RefusedFunctions()}) {
      Append(entries, rows);
    }
    return Sorted(std::move(entries));
  }();
  return kEntries;
}

const Entries<AggregateFunction>& AggregateEntries() {
  static const Entries<AggregateFunction> kEntries = [] {
    Entries<AggregateFunction> entries;
    Append(entries, Aggregates());
    return Sorted(std::move(entries));
  }();
  return kEntries;
}

const Entries<WindowFunction>& WindowEntries() {
  static const Entries<WindowFunction> kEntries = [] {
    Entries<WindowFunction> entries;
    Append(entries, Windows());
    return Sorted(std::move(entries));
  }();
  return kEntries;
}

template <class Function>
std::span<const Entry<Function>> Named(const Entries<Function>& entries, std::string_view name) {
  const auto rows =
      std::ranges::equal_range(entries, name, {}, [](const Entry<Function>& entry) { return entry.row.name; });
  return {rows.begin(), rows.end()};
}

}  // namespace

std::span<const Entry<ScalarFunction>> ScalarFunctions(std::string_view name) { return Named(Scalars(), name); }
std::span<const Entry<AggregateFunction>> AggregateFunctions(std::string_view name) {
  return Named(AggregateEntries(), name);
}
std::span<const Entry<WindowFunction>> WindowFunctions(std::string_view name) { return Named(WindowEntries(), name); }

std::span<const Entry<ScalarFunction>> AllScalarFunctions() { return Scalars(); }
std::span<const Entry<AggregateFunction>> AllAggregateFunctions() { return AggregateEntries(); }
std::span<const Entry<WindowFunction>> AllWindowFunctions() { return WindowEntries(); }

}  // namespace tarn::sql
