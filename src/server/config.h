// The server's settings: defaults, then the configuration file, then the command line.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/secret.h"
#include "trino/protocol.h"

namespace tarn::server {

// Clients by where they are: none of them, those on other machines, all.
using trino::Peers;

struct Config {
  std::filesystem::path data;
  std::string listen = "127.0.0.1:8080";          // address:port; port 0 takes a free one
  std::string prefix;                             // mounted under this path, such as "/tarn"; empty: at the root
  base::SecretString partner_key;                 // for the first start; empty: one is made and shown once
  std::vector<std::filesystem::path> file_roots;  // folders that the sources `files` and `sqlite` may read

  struct Log {
    base::log::Level level = base::log::Level::kInfo;
    base::log::Format format = base::log::Format::kText;
  } log;
  struct Tls {
    std::filesystem::path certificate;
    std::filesystem::path key;
  } tls;
  struct Cors {
    std::vector<std::string> origins;
  } cors;
  struct Http {
    int threads = 2;
    int blocking_threads = 32;
    int max_connections = 10'000;
  } http;
  struct Trino {
    Peers compress = Peers::kRemote;           // whose results are compressed
    Peers spool = Peers::kRemote;              // whose results may be fetched as segments, where they ask for that
    std::chrono::seconds client_timeout{300};  // a query is given up when its client does not come for so long
    int max_queries = 2000;
    std::chrono::seconds segment_time{3600};
    std::int64_t segment_bytes = std::int64_t{4} << 30;
    std::vector<std::string> trusted_proxies;  // whose X-Forwarded-* headers are believed
  } trino;
  struct Engine {
    std::int64_t memory_limit_bytes = 0;  // 0: half of the machine's memory
    int threads = 0;                      // 0: as many as cores
    int concurrent_statements = 8;        // of all projects
  } engine;
  struct Limits {
    int statements_per_project = 6;  // at a time; never more than engine.concurrent_statements
    int queued_per_project = 200;
    std::chrono::seconds run_time{std::chrono::hours(24)};
    std::int64_t result_bytes = 0;  // 0: any number
  } limits;
  struct History {
    std::chrono::seconds kept{std::chrono::hours(24 * 7)};
    std::int64_t statements_per_project = 10'000;
  } history;
  struct Cache {
    int workers = 2;
    int workers_per_source = 2;
    std::int64_t worker_memory_bytes = std::int64_t{768} << 20;
    std::int64_t quota_bytes_per_project = 0;
    std::int64_t free_space_floor_bytes = std::int64_t{512} << 20;
    std::chrono::seconds refresh_deadline = std::chrono::hours(6);
    std::int64_t audit_interval_seconds = std::int64_t{7} * 24 * 60 * 60;  // 0: no audits but those asked for
  } cache;
  struct Tables {
    int workers = 2;  // imports at a time
    std::int64_t memory_bytes = std::int64_t{768} << 20;
    std::int64_t upload_bytes = std::int64_t{16} << 30;  // of one file that is sent
    std::chrono::seconds import_deadline = std::chrono::hours(6);
  } tables;
  struct Ai {
    std::string base_url;        // of an OpenAI-compatible endpoint; empty: there is no model
    base::SecretString api_key;  // or TARN_AI_API_KEY of the environment
    std::string model;
    std::string embedding_model;  // makes vectors of texts; empty: texts are compared by their words
    std::chrono::seconds answer_time{60};
    std::int64_t tokens_per_day = 0;  // of one project; 0: any number
    bool send_sample_rows = true;
  } ai;
  struct Export {
    std::int64_t rows = 1'000'000;  // of one export; 0: any number
    int workers = 2;
    std::chrono::seconds kept = std::chrono::hours(24);
    std::chrono::seconds link_time = std::chrono::hours(1);
  } exports;
};

// Reads a TOML file over the defaults. Every key is known or an error that names it.
// Errors: InvalidArgument with the key or line; NotFound when there is no such file.
[[nodiscard]] base::Result<Config> ReadConfig(const std::filesystem::path& file);

// "text" or "json". Errors: InvalidArgument.
[[nodiscard]] base::Result<base::log::Format> ParseLogFormat(std::string_view text);

// "off", "remote" or "all". Errors: InvalidArgument.
[[nodiscard]] base::Result<Peers> ParsePeers(std::string_view text);

// Address and port of a listen text. Errors: InvalidArgument.
struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;
};
[[nodiscard]] base::Result<ListenAddress> ParseListen(const std::string& text);

}  // namespace tarn::server
