// Tarn whose refreshes can be held at each of their steps, for the crash matrix. The folder TARN_STEPS has a file
// `stop_at` with a step's name; a worker that gets there makes the file `stopped` and waits until `stop_at` is gone or
// names another step.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "cache/worker.h"
#include "server/commands.h"

namespace {

namespace fs = std::filesystem;

std::string StopAt(const fs::path& folder) {
  std::string step;
  std::ifstream(folder / "stop_at") >> step;
  return step;
}

void WaitAt(const fs::path& folder, std::string_view step) {
  if (StopAt(folder) != step) return;
  std::ofstream(folder / "stopped") << step;
  while (StopAt(folder) == step) std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

}  // namespace

int main(int argc, char** argv) {
  const char* const folder = std::getenv("TARN_STEPS");
  if (folder == nullptr) return 2;
  if (argc == 2 && std::string_view(argv[1]) == "worker")
    return tarn::cache::ServeOneRefresh([&](std::string_view step) { WaitAt(folder, step); });
  CLI::App app;
  tarn::server::ServeCommand serve;
  auto* command = app.add_subcommand("serve");
  command->add_option("--data", serve.data);
  command->add_option("--listen", serve.listen);
  command->add_option("--config", serve.config);
  command->add_option("--partner-key", serve.partner_key)->envname("TARN_PARTNER_KEY");
  CLI11_PARSE(app, argc, argv);
  return tarn::server::RunServe(serve);
}
