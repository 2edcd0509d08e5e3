#include "server/commands.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "cache/check.h"
#include "security/keyring.h"
#include "server/data_folder.h"
#include "server/first_start.h"
#include "server/server.h"
#include "store/accounts.h"
#include "store/database.h"
#include "store/keys.h"

namespace tarn::server {

namespace {

constexpr auto kStopTime = std::chrono::seconds(9);

int Refuse(const base::Error& error) {
  std::cerr << "tarn: " << error.message << "\n";
  return EXIT_FAILURE;
}

base::Result<Config> Settle(const ServeCommand& command) {
  Config config;
  if (!command.config.empty()) {
    TARN_ASSIGN_OR_RETURN(config, ReadConfig(command.config));
  }
  if (!command.data.empty()) config.data = command.data;
  if (!command.listen.empty()) config.listen = command.listen;
  if (!command.partner_key.empty()) config.partner_key = base::SecretString(command.partner_key);
  if (!command.log_level.empty()) {
    TARN_ASSIGN_OR_RETURN(config.log.level, base::log::ParseLevel(command.log_level));
  }
  if (!command.log_format.empty()) {
    TARN_ASSIGN_OR_RETURN(config.log.format, ParseLogFormat(command.log_format));
  }
  if (config.data.empty()) return base::InvalidArgument("A data folder is needed: --data DIR", "data");
  return config;
}

// Signals are taken by one thread that waits for them; every other thread is started with them blocked.
sigset_t BlockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

// Every attached copy and every connection takes a file; the usual soft limit of 1,024 is soon used up.
void AllowManyOpenFiles() {
  constexpr rlim_t kOpenFiles = 65'536;
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= std::min(kOpenFiles, files.rlim_max)) return;
  files.rlim_cur = std::min(kOpenFiles, files.rlim_max);
  if (::setrlimit(RLIMIT_NOFILE, &files) != 0) base::log::Warning("limit of open files not raised");
}

base::Result<void> ManageKeys(const KeyCommand& command) {
  if (!std::filesystem::exists(DataLayout{command.data}.store())) {
    return base::NotFound("No server has started on this data folder yet: \"" + command.data + "\"");
  }
  TARN_ASSIGN_OR_RETURN(const auto folder, DataFolder::Open(command.data));
  TARN_ASSIGN_OR_RETURN(const auto database, store::Database::Open(folder.layout().store()));
  store::AccountRepository accounts(*database);
  store::KeyRepository keys(*database);
  security::KeyRing key_ring(keys, accounts, base::RealClock());
  if (command.list) {
    for (const auto& key : keys.List("")) {
      std::cout << key.id << "  " << key.prefix << "  " << base::FormatTime(key.created_at) << "  " << key.name << "\n";
    }
    return {};
  }
  if (!command.revoke.empty()) return key_ring.Revoke("", command.revoke);
  const auto organizations = accounts.ListOrganizations();
  if (organizations.empty()) return base::FailedPrecondition("No server has started on this data folder yet");
  TARN_ASSIGN_OR_RETURN(const auto made, key_ring.CreatePartnerKey(organizations.front().owner, command.name));
  std::cout << made.key << "\n";
  return {};
}

}  // namespace

int RunServe(const ServeCommand& command) {
  AllowManyOpenFiles();
  const auto signals = BlockStopSignals();
  const auto config = Settle(command);
  if (!config) return Refuse(config.error());
  base::log::Configure({.level = config->log.level, .format = config->log.format});
  base::log::Info("starting", {{"version", TARN_VERSION}, {"pid", ::getpid()}});
  auto server = Server::Start(*config);
  if (!server) return Refuse(server.error());
  base::log::Info("listening", {{"address", (*server)->address()}});
  if (const auto& key = (*server)->made_key()) {
    std::cout << "Partner key, shown this once: " << *key << "\n";
  }
  std::cout << "Tarn listens on " << (*server)->address() << std::endl;

  int signal = 0;
  sigwait(&signals, &signal);
  base::log::Info("stopping", {{"signal", signal}});
  (*server)->Stop(base::CallLimits::Within(kStopTime));
  base::log::Info("stopped");
  return EXIT_SUCCESS;
}

int RunKey(const KeyCommand& command) {
  const auto done = ManageKeys(command);
  return done ? EXIT_SUCCESS : Refuse(done.error());
}

int RunCheck(const std::string& folder) {
  const auto verified = cache::VerifyDataFolder(folder, std::cout);
  if (!verified) return Refuse(verified.error());
  return *verified ? EXIT_SUCCESS : EXIT_FAILURE;
}

int RunApiCoverage() {
  // The declarations are those of a whole server, so one is started on an empty folder and asked.
  const auto folder = std::filesystem::temp_directory_path() / ("tarn-coverage-" + base::NewToken(12));
  Config config;
  config.data = folder;
  config.listen = "127.0.0.1:0";
  auto server = Server::Start(config);
  const int status = server ? EXIT_SUCCESS : Refuse(server.error());
  if (server) std::cout << (*server)->CoverageDocument();
  server = base::Cancelled("done");  // stops it before its folder goes
  std::filesystem::remove_all(folder);
  return status;
}

}  // namespace tarn::server
