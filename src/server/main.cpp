#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>

#include "cache/caches.h"
#include "server/commands.h"

namespace {

using tarn::server::KeyCommand;
using tarn::server::ServeCommand;

// `tarn serve`: the settings that the command line may give over the configuration file.
void AddServe(CLI::App& app, ServeCommand& serve) {
  auto* command = app.add_subcommand("serve", "Run the server");
  command->add_option("--data", serve.data, "Folder for the control store, keys and copies; made when it is missing");
  command->add_option("--listen", serve.listen,
                      "Address and port to listen on (default 127.0.0.1:8080); port 0 takes a free one");
  command->add_option("--config", serve.config, "Configuration file (TOML)");
  command->add_option("--log-level", serve.log_level, "debug, info (the default), warning or error");
  command->add_option("--log-format", serve.log_format, "text (the default) or json");
  command
      ->add_option("--partner-key", serve.partner_key,
                   "A partner key to accept; without one the first start makes one and shows it once")
      ->envname("TARN_PARTNER_KEY");
}

void AddKey(CLI::App& app, KeyCommand& key) {
  auto* command = app.add_subcommand("key", "Make, list or revoke partner keys of a data folder that no server uses");
  command->add_option("--data", key.data, "Data folder")->required();
  command->add_option("--name", key.name, "Name of the new key");
  command->add_flag("--list", key.list, "List the partner keys instead of making one");
  command->add_option("--revoke", key.revoke, "Revoke the key with this id instead of making one");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Tarn: one SQL over every source, with copies that stay fresh"};
  app.name("tarn");
  app.require_subcommand(1);
  ServeCommand serve;
  KeyCommand key;
  std::string check_folder;
  AddServe(app, serve);
  AddKey(app, key);
  auto* check = app.add_subcommand("check", "Verify every manifest of a data folder against its files");
  check->add_option("folder", check_folder, "Data folder")->required();
  app.add_subcommand("version", "Print the version");
  app.add_subcommand("worker", "Run one refresh for a server (internal)")->group("");
  app.add_subcommand("api-coverage", "Print which operations of the REST contract are built")->group("");
  CLI11_PARSE(app, argc, argv);

  if (app.got_subcommand("worker")) return tarn::cache::WorkerMain();
  if (app.got_subcommand("version")) {
    std::cout << "tarn " << TARN_VERSION << "\n";
    return EXIT_SUCCESS;
  }
  if (app.got_subcommand("check")) return tarn::server::RunCheck(check_folder);
  if (app.got_subcommand("key")) return tarn::server::RunKey(key);
  if (app.got_subcommand("api-coverage")) return tarn::server::RunApiCoverage();
  return tarn::server::RunServe(serve);
}
