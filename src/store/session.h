// For the .cpp files of store/: what they need around SOCI.
#pragma once

#include <soci/soci.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/limits.h"
#include "store/database.h"

// Times are stored as microseconds since the Unix epoch.
template <>
struct soci::type_conversion<tarn::base::SystemTime> {
  using base_type = long long;
  static void from_base(long long stored, indicator, tarn::base::SystemTime& time) {
    time = tarn::base::SystemTime(std::chrono::microseconds(stored));
  }
  static void to_base(const tarn::base::SystemTime& time, long long& stored, indicator& state) {
    stored = time.time_since_epoch().count();
    state = i_ok;
  }
};

// Absent is NULL.
template <>
struct soci::type_conversion<std::optional<tarn::base::SystemTime>> {
  using base_type = long long;
  static void from_base(long long stored, indicator state, std::optional<tarn::base::SystemTime>& time) {
    time.reset();
    if (state == i_ok) time = tarn::base::SystemTime(std::chrono::microseconds(stored));
  }
  static void to_base(const std::optional<tarn::base::SystemTime>& time, long long& stored, indicator& state) {
    state = time ? i_ok : i_null;
    if (time) stored = time->time_since_epoch().count();
  }
};

template <>
struct soci::type_conversion<std::optional<std::string>> {
  using base_type = std::string;
  static void from_base(const std::string& stored, indicator state, std::optional<std::string>& text) {
    text.reset();
    if (state == i_ok) text = stored;
  }
  static void to_base(const std::optional<std::string>& text, std::string& stored, indicator& state) {
    state = text ? i_ok : i_null;
    if (text) stored = *text;
  }
};

namespace tarn::store {

// Thrown by the work of a transaction to undo it and to answer with this error. Never leaves Database.
struct Refusal final {
  base::Error error;
};

[[noreturn]] inline void Refuse(std::unexpected<base::Error> error) { throw Refusal{std::move(error).error()}; }

// An optional reference, which the structs of the store hold as an empty text.
inline std::optional<std::string> NullIfEmpty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

// Runs a statement that must change a row, and refuses with NotFound when it does not.
template <class Prepared>
void ChangeOne(const Prepared& prepared, const char* if_missing) {
  soci::statement statement = prepared;
  statement.execute(true);
  if (statement.get_affected_rows() == 0) Refuse(base::NotFound(if_missing));
}

// What a failed write means for one aggregate, in place of the store's general sentences.
struct Meaning {
  const char* taken = nullptr;    // AlreadyExists
  const char* missing = nullptr;  // FailedPrecondition
};
inline base::Result<void> Explain(base::Result<void> result, Meaning meaning) {
  if (result) return result;
  base::Error error = std::move(result).error();
  if (error.kind == base::ErrorKind::kAlreadyExists && meaning.taken) error.message = meaning.taken;
  if (error.kind == base::ErrorKind::kFailedPrecondition && meaning.missing) error.message = meaning.missing;
  return std::unexpected(std::move(error));
}

// For the constructors of repositories, which cannot return an error: without its memory none can work.
inline void Load(const Database& database, const std::function<void(soci::session&)>& work) {
  if (const auto result = database.Read(work); !result) throw std::runtime_error(result.error().message);
}

}  // namespace tarn::store
