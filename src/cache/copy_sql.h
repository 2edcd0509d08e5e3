// The engine SQL of copies: quoting, keys, and counting the differences of two relations.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "connector/source.h"

namespace tarn::cache {

// Where the worker's session has the new file, and where the current one.
inline constexpr std::string_view kTarget = "target.main.data";
inline constexpr std::string_view kPrevious = "previous.main.data";

[[nodiscard]] std::string QuoteName(std::string_view name);
[[nodiscard]] std::string QuoteText(std::string_view text);

[[nodiscard]] std::string ColumnList(const connector::TableInfo& table, std::string_view alias = {});
[[nodiscard]] std::string KeyList(const connector::TableInfo& table, std::string_view alias = {});
// "a.k = b.k AND …".
[[nodiscard]] std::string KeysMatch(const connector::TableInfo& table, std::string_view a, std::string_view b);
// True where a row differs in a column that is not of the key. Intervals and times with zones that the engine takes
// for equal but that read differently count as different. Negative zero is zero: the engine's files do not tell them
// apart.
[[nodiscard]] std::string RowsDiffer(const connector::TableInfo& table, std::string_view a, std::string_view b);

// One number: how many distinct keys without NULL the relation has. Equal to its rows when the key is one.
[[nodiscard]] std::string CountKeys(const connector::TableInfo& table, std::string_view relation);
// One row of three numbers: inserted, updated, deleted from `before` to `now`. The key must be one on both.
[[nodiscard]] std::string CountByKey(const connector::TableInfo& table, std::string_view before, std::string_view now);
// One row of two numbers: inserted and deleted rows as multisets.
[[nodiscard]] std::string CountAsMultisets(const connector::TableInfo& table, std::string_view before,
                                           std::string_view now);

}  // namespace tarn::cache
