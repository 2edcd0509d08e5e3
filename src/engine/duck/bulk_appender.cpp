#include "engine/bulk_appender.h"

#include <duckdb/main/appender.hpp>

#include "engine/duck/cell_vector.h"
#include "engine/duck/errors.h"
#include "engine/duck/instance.h"

namespace tarn::engine {

struct BulkAppender::Impl {
  Impl(duckdb::Connection& connection, const std::string& database, const std::string& table)
      : appender(connection, database, "main", table) {
    chunk.Initialize(duckdb::Allocator::DefaultAllocator(), appender.GetActiveTypes());
  }

  void Flush() {
    if (chunk.size() == 0) return;
    appender.AppendDataChunk(chunk);
    chunk.Reset();
  }

  duckdb::Appender appender;
  duckdb::DataChunk chunk;
};

BulkAppender::BulkAppender(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

BulkAppender::~BulkAppender() {
  try {
    impl_->appender.Clear();
    impl_.reset();
  } catch (...) {
    base::IgnoreError(base::Result<void>(std::unexpected(CurrentException())),
                      "rows that were not closed are given up");
  }
}

base::Result<std::unique_ptr<BulkAppender>> BulkAppender::Open(Session& session, const std::string& database,
                                                               const std::string& table) {
  try {
    auto impl = std::make_unique<Impl>(session.impl().connection, database, table);
    return std::unique_ptr<BulkAppender>(new BulkAppender(std::move(impl)));
  } catch (...) {
    return std::unexpected(CurrentException());
  }
}

base::Result<void> BulkAppender::Append(std::span<const Cell> cells) {
  try {
    auto& chunk = impl_->chunk;
    const auto columns = chunk.ColumnCount();
    const auto rows = cells.size() / columns;
    for (std::size_t done = 0; done < rows;) {
      if (chunk.size() == STANDARD_VECTOR_SIZE) impl_->Flush();
      const auto first = chunk.size();
      const auto count = std::min<std::size_t>(STANDARD_VECTOR_SIZE - first, rows - done);
      for (std::size_t column = 0; column < columns; ++column) {
        auto& vector = chunk.data[column];
        for (std::size_t row = 0; row < count; ++row)
          ReferToCell(vector, first + row, cells[(done + row) * columns + column]);
      }
      chunk.SetCardinality(first + count);
      done += count;
    }
    impl_->Flush();  // before the cells' texts go
    return {};
  } catch (...) {
    return std::unexpected(CurrentException());
  }
}

base::Result<void> BulkAppender::Close() {
  try {
    impl_->Flush();
    impl_->appender.Close();
    return {};
  } catch (...) {
    return std::unexpected(CurrentException());
  }
}

}  // namespace tarn::engine
