// The language between server and worker: one JSON object a line.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/error.h"
#include "base/secret.h"
#include "cache/refresh.h"

namespace tarn::cache {

// Everything a worker is told. Holds the source's credential.
struct WorkerInput {
  SourceRecipe source;
  RefreshSpec spec;
};

[[nodiscard]] base::SecretString WriteInput(const WorkerInput& input);
// Errors: Internal.
[[nodiscard]] base::Result<WorkerInput> ReadInput(std::string_view json);

// What a worker says: that it lives, how it ended, or why it failed.
using WorkerMessage = std::variant<RefreshProgress, RefreshOutcome, base::Error>;

[[nodiscard]] std::string WriteMessage(const WorkerMessage& message);
// Errors: Internal.
[[nodiscard]] base::Result<WorkerMessage> ReadMessage(std::string_view json);

}  // namespace tarn::cache
