// What the user of a cache chose of how it is refreshed, where the best way that the source offers is not wanted.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "connector/source.h"

namespace tarn::cache {

enum class MethodChoice { kAuto, kLog, kXmin, kCursor, kAppend, kFull };
enum class DriftPolicy { kEvolve, kFreeze, kFail };
enum class DeleteDetection { kCount, kKeys };

struct RefreshOptions {
  MethodChoice method = MethodChoice::kAuto;
  std::string cursor_column = {};             // of kCursor and kAppend: grows with each write
  std::string lookback = {};                  // of kCursor: an ISO-8601 duration or a number; empty: the default
  std::vector<std::string> key_columns = {};  // instead of the source's own key; empty: that one
  DriftPolicy drift = DriftPolicy::kEvolve;
  DeleteDetection deletes = DeleteDetection::kCount;
  bool operator==(const RefreshOptions&) const = default;
};

// Each option where it is named; an empty text or list is the default.
struct RefreshOptionsChange {
  std::optional<std::string> method = {};
  std::optional<std::string> cursor_column = {};
  std::optional<std::string> lookback = {};
  std::optional<std::vector<std::string>> key_columns = {};
  std::optional<std::string> drift = {};
  std::optional<std::string> deletes = {};

  [[nodiscard]] bool IsEmpty() const {
    return !method && !cursor_column && !lookback && !key_columns && !drift && !deletes;
  }
};

[[nodiscard]] std::string_view NameOf(MethodChoice method);
[[nodiscard]] std::string_view NameOf(DriftPolicy policy);
[[nodiscard]] std::string_view NameOf(DeleteDetection detection);

// As JSON; empty where all are the default. Errors of reading: Internal.
[[nodiscard]] std::string WriteRefreshOptions(const RefreshOptions& options);
[[nodiscard]] base::Result<RefreshOptions> ReadRefreshOptions(std::string_view json);

// Errors: InvalidArgument with the field that has a word that is none.
[[nodiscard]] base::Result<RefreshOptions> ChangeOptions(RefreshOptions options, const RefreshOptionsChange& change);
// Whether the table has what the options name. Errors: InvalidArgument with the field.
[[nodiscard]] base::Result<void> CheckOptions(const RefreshOptions& options, const connector::TableInfo& table);

// Makes the chosen key columns the table's key. Errors: FailedPrecondition where it has them no more.
[[nodiscard]] base::Result<void> ChooseKey(const RefreshOptions& options, connector::TableInfo& table);
// The column of this name in any case; null where there is none.
[[nodiscard]] const connector::ColumnInfo* FindColumn(const connector::TableInfo& table, std::string_view name);

// Engine SQL: from where a cursor's next rows are read, as text; NULL where the copy has no value or the type none so
// small. `seen` is when the copy's source was in its state: stamps of the future do not lift the bound beyond it.
[[nodiscard]] std::string LeastOfCursor(const RefreshOptions& options, const connector::ColumnInfo& cursor,
                                        std::string_view copy, base::SystemTime seen);

}  // namespace tarn::cache
