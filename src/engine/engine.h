// What runs engine SQL. query/ talks to this interface; engine/duck/ is DuckDB behind it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/limits.h"

namespace tarn::engine {

// A result column; `type` is Trino type text such as "decimal(12,2)" or "array(varchar)". `engine_type` is what the
// engine's own result has, as the engine writes it; empty where the column is not of such a result.
struct Column {
  std::string name;
  std::string type;
  std::string engine_type = {};
};

// A batch of rows in the engine's own columnar form; rows are never copied into row objects.
// Movable. Read by encoders (engine/encode.h).
class Chunk final {
 public:
  struct Data;
  explicit Chunk(std::unique_ptr<Data> data);
  Chunk(Chunk&&) noexcept;
  Chunk& operator=(Chunk&&) noexcept;
  ~Chunk();

  [[nodiscard]] std::size_t rows() const;
  [[nodiscard]] const Data& data() const { return *data_; }

 private:
  std::unique_ptr<Data> data_;
};

// The rows of one statement, pulled batch by batch. Not thread-safe. Destroying it before the end
// interrupts the statement.
class RowStream {
 public:
  virtual ~RowStream() = default;
  [[nodiscard]] virtual const std::vector<Column>& columns() const = 0;
  // The next batch, or nullopt once all rows were given. An error that the engine meets after
  // the first rows is an error here, never an early end.
  // Errors: Cancelled, DeadlineExceeded, Unavailable (source gone), InvalidArgument (division by zero …).
  [[nodiscard]] virtual base::Result<std::optional<Chunk>> Next() = 0;
};

// A Parquet file that a statement's rows go into; it must not exist.
struct ParquetFile {
  std::filesystem::path path;
  std::string codec = "snappy";  // uncompressed, snappy, gzip, zstd
};

struct EngineStatement {
  std::string sql;
  std::string time_zone = "UTC";
  // Called once, by any thread, when the statement is stopped before its end and may be waiting for a source; must be
  // quick.
  std::function<void()> on_stop = {};
  // Where it is set, the stream gives one row: the number of rows in the file, which is whole once that row was given.
  // What Parquet has no type for is written as Trino's text of it. A statement that fails may leave a part of the file.
  std::optional<ParquetFile> parquet = {};
};

// Statements that change tables, run one after another in one transaction: all of them, or none.
struct EngineChange {
  std::vector<std::string> statements;
  std::string time_zone = "UTC";
  std::function<void()> on_stop = {};  // as of EngineStatement
};

struct TextRows;
struct HeldRows;

// Thread-safe.
class Engine {
 public:
  virtual ~Engine() = default;
  // Starts the statement and gives its rows. The limits hold until the
  // stream ends. A position in the engine SQL is reported through Error::position as line 1,
  // column = offset + 1.
  [[nodiscard]] virtual base::Result<std::unique_ptr<RowStream>> Run(const EngineStatement& statement,
                                                                     const base::CallLimits& limits) = 0;
  // Runs the statements and gives how many rows each changed. Errors: as Run, at once.
  [[nodiscard]] virtual base::Result<std::vector<std::int64_t>> Change(const EngineChange& change,
                                                                       const base::CallLimits& limits) = 0;
  // Makes rows readable by statements (engine/text_rows.h).
  [[nodiscard]] virtual base::Result<HeldRows> Hold(TextRows rows) = 0;
};

}  // namespace tarn::engine
