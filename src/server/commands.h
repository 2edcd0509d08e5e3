// The commands of the command line; each gives the process's exit status.
#pragma once

#include <string>

namespace tarn::server {

struct ServeCommand {
  std::string data;
  std::string listen;
  std::string config;
  std::string partner_key;
  std::string log_level;
  std::string log_format;
};

struct KeyCommand {
  std::string data;
  std::string name = "made on the command line";
  bool list = false;
  std::string revoke;
};

// Runs until SIGTERM or SIGINT, then drains and stops within ten seconds.
int RunServe(const ServeCommand& command);
int RunKey(const KeyCommand& command);
int RunCheck(const std::string& folder);
int RunApiCoverage();

}  // namespace tarn::server
