#include "engine/row_file.h"

#include <duckdb/main/appender.hpp>
#include <system_error>

#include "engine/database.h"
#include "engine/duck/chunk_data.h"
#include "engine/duck/errors.h"
#include "engine/duck/instance.h"

namespace tarn::engine {

namespace {

std::string Quoted(std::string_view text, char mark) {
  std::string quoted(1, mark);
  for (const char c : text) {
    if (c == mark) quoted += mark;
    quoted += c;
  }
  return quoted += mark;
}

}  // namespace

// Members go from bottom to top: the appender before its session, the session before its instance.
struct RowFile::Impl {
  std::unique_ptr<Database> database;
  std::unique_ptr<Session> session;
  std::unique_ptr<duckdb::Appender> appender;
  std::int64_t rows = 0;
};

RowFile::RowFile(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

RowFile::~RowFile() {
  try {
    impl_->appender.reset();
  } catch (...) {
    base::IgnoreError(base::Result<void>(std::unexpected(CurrentException())), "the file was given up");
  }
}

base::Result<std::unique_ptr<RowFile>> RowFile::Create(const RowFileSettings& settings,
                                                       const std::vector<Column>& columns) {
  std::error_code failed;
  if (std::filesystem::exists(settings.file, failed)) return base::AlreadyExists("The file of rows exists already");
  auto impl = std::make_unique<Impl>();
  TARN_ASSIGN_OR_RETURN(impl->database, Database::Open({.memory_limit_bytes = settings.memory_bytes,
                                                        .threads = settings.threads,
                                                        .temp_directory = settings.spill}));
  TARN_ASSIGN_OR_RETURN(impl->session, impl->database->Connect());
  std::string list;
  for (const auto& column : columns) {
    if (column.engine_type.empty()) return base::Internal("A file of rows needs columns of the engine");
    list += (list.empty() ? "" : ", ") + Quoted(column.name, '"') + " " + column.engine_type;
  }
  TARN_RETURN_IF_ERROR(impl->session->Execute(
      "SET preserve_insertion_order = false; ATTACH " + Quoted(settings.file.string(), '\'') +
      " AS target (STORAGE_VERSION 'latest'); CREATE TABLE target.main.data (" + list + "); BEGIN TRANSACTION"));
  try {
    impl->appender = std::make_unique<duckdb::Appender>(impl->session->impl().connection, "target", "main", "data");
  } catch (...) {
    return std::unexpected(CurrentException());
  }
  return std::unique_ptr<RowFile>(new RowFile(std::move(impl)));
}

base::Result<void> RowFile::Append(const Chunk& chunk) {
  try {
    impl_->appender->AppendDataChunk(*chunk.data().rows);
  } catch (...) {
    return std::unexpected(CurrentException());
  }
  impl_->rows += static_cast<std::int64_t>(chunk.rows());
  return {};
}

base::Result<void> RowFile::Close(const base::CallLimits& limits) {
  try {
    impl_->appender->Close();
    impl_->appender.reset();
  } catch (...) {
    return std::unexpected(CurrentException());
  }
  TARN_RETURN_IF_ERROR(impl_->session->Execute("COMMIT; CHECKPOINT target; DETACH target", limits));
  return {};
}

std::int64_t RowFile::rows() const { return impl_->rows; }

}  // namespace tarn::engine
