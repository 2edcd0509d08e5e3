#include "server/config.h"

#include <toml++/toml.h>

#include <charconv>
#include <functional>
#include <limits>
#include <map>
#include <utility>

#include "http/client.h"

namespace tarn::server {

namespace {

constexpr std::int64_t kMostThreads = 4096;
constexpr std::int64_t kMostQueued = 100'000;
constexpr std::int64_t kMostStatements = 10'000'000;

using Reader = std::function<base::Result<void>(const toml::node&)>;
using Readers = std::map<std::string, Reader, std::less<>>;

base::Result<void> WrongType(const char* wanted) { return base::InvalidArgument(wanted); }

template <class Integer>
Reader ReadInteger(Integer& into, std::int64_t least, std::int64_t most = std::numeric_limits<std::int64_t>::max()) {
  return [&into, least, most](const toml::node& node) -> base::Result<void> {
    const auto value = node.value_exact<std::int64_t>();
    if (!value || *value < least || !std::in_range<Integer>(*value) || *value > most)
      return WrongType("is not a whole number in range");
    into = static_cast<Integer>(*value);
    return {};
  };
}

Reader ReadText(std::string& into) {
  return [&into](const toml::node& node) -> base::Result<void> {
    const auto value = node.value_exact<std::string>();
    if (!value) return WrongType("is not a text");
    into = *value;
    return {};
  };
}

Reader ReadSecret(base::SecretString& into) {
  return [&into](const toml::node& node) -> base::Result<void> {
    const auto value = node.value_exact<std::string>();
    if (!value) return WrongType("is not a text");
    into = base::SecretString(*value);
    return {};
  };
}

Reader ReadFlag(bool& into) {
  return [&into](const toml::node& node) -> base::Result<void> {
    const auto value = node.value_exact<bool>();
    if (!value) return WrongType("is not true or false");
    into = *value;
    return {};
  };
}

// A word that `parse` knows.
template <class Value>
Reader ReadWord(Value& into, base::Result<Value> (*parse)(std::string_view)) {
  return [&into, parse](const toml::node& node) -> base::Result<void> {
    const auto value = node.value_exact<std::string>();
    const auto known = value ? parse(*value) : base::Result<Value>(base::InvalidArgument("not a text"));
    if (!known) return WrongType("is not one of those allowed");
    into = *known;
    return {};
  };
}

Reader ReadPath(std::filesystem::path& into) {
  return [&into](const toml::node& node) -> base::Result<void> {
    const auto value = node.value_exact<std::string>();
    if (!value) return WrongType("is not a text");
    into = *value;
    return {};
  };
}

template <class Item>
Reader ReadTexts(std::vector<Item>& into) {
  return [&into](const toml::node& node) -> base::Result<void> {
    const auto* array = node.as_array();
    if (array == nullptr) return WrongType("is not a list of texts");
    into.clear();
    for (const auto& item : *array) {
      const auto value = item.value_exact<std::string>();
      if (!value) return WrongType("is not a list of texts");
      into.emplace_back(*value);
    }
    return {};
  };
}

Reader ReadSeconds(std::chrono::seconds& into) {
  return [&into](const toml::node& node) -> base::Result<void> {
    const auto value = node.value_exact<std::int64_t>();
    if (!value || *value < 1) return WrongType("is not a number of seconds");
    into = std::chrono::seconds(*value);
    return {};
  };
}

base::Result<void> ReadTable(const toml::table& table, const std::string& path, const Readers& readers) {
  for (const auto& [key, node] : table) {
    const std::string name = path.empty() ? std::string(key.str()) : path + "." + std::string(key.str());
    if (node.is_table()) {
      TARN_RETURN_IF_ERROR(ReadTable(*node.as_table(), name, readers));
      continue;
    }
    const auto reader = readers.find(name);
    if (reader == readers.end()) return base::InvalidArgument("Configuration key is not known: \"" + name + "\"", name);
    if (auto read = reader->second(node); !read) {
      return base::InvalidArgument("Configuration value " + read.error().message + ": \"" + name + "\"", name);
    }
  }
  return {};
}

}  // namespace

base::Result<Config> ReadConfig(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file))
    return base::NotFound("There is no configuration file: \"" + file.string() + "\"");
  toml::table document;
  try {
    document = toml::parse_file(file.string());
  } catch (const toml::parse_error& error) {
    return base::InvalidArgument("The configuration file cannot be read: line " +
                                 std::to_string(error.source().begin.line) + ": " + std::string(error.description()));
  }
  Config config;
  const Readers readers = {
      {"data", ReadPath(config.data)},
      {"listen", ReadText(config.listen)},
      {"prefix", ReadText(config.prefix)},
      {"file_roots", ReadTexts(config.file_roots)},
      {"log.level", ReadWord(config.log.level, base::log::ParseLevel)},
      {"log.format", ReadWord(config.log.format, ParseLogFormat)},
      {"tls.certificate", ReadPath(config.tls.certificate)},
      {"tls.key", ReadPath(config.tls.key)},
      {"cors.origins", ReadTexts(config.cors.origins)},
      {"http.threads", ReadInteger(config.http.threads, 1, kMostThreads)},
      {"http.blocking_threads", ReadInteger(config.http.blocking_threads, 1, kMostThreads)},
      {"http.max_connections", ReadInteger(config.http.max_connections, 1)},
      {"trino.compress", ReadWord(config.trino.compress, ParsePeers)},
      {"trino.spool", ReadWord(config.trino.spool, ParsePeers)},
      {"trino.client_timeout_seconds", ReadSeconds(config.trino.client_timeout)},
      {"trino.max_queries", ReadInteger(config.trino.max_queries, 1)},
      {"trino.segment_seconds", ReadSeconds(config.trino.segment_time)},
      {"trino.segment_bytes", ReadInteger(config.trino.segment_bytes, 0)},
      {"trino.trusted_proxies", ReadTexts(config.trino.trusted_proxies)},
      {"engine.memory_limit_bytes", ReadInteger(config.engine.memory_limit_bytes, 0)},
      {"engine.threads", ReadInteger(config.engine.threads, 0, kMostThreads)},
      {"engine.concurrent_statements", ReadInteger(config.engine.concurrent_statements, 1, kMostThreads)},
      {"limits.statements_per_project", ReadInteger(config.limits.statements_per_project, 1, kMostThreads)},
      {"limits.queued_per_project", ReadInteger(config.limits.queued_per_project, 0, kMostQueued)},
      {"limits.run_seconds", ReadSeconds(config.limits.run_time)},
      {"limits.result_bytes", ReadInteger(config.limits.result_bytes, 0)},
      {"history.kept_seconds", ReadSeconds(config.history.kept)},
      {"history.statements_per_project", ReadInteger(config.history.statements_per_project, 1, kMostStatements)},
      {"cache.workers", ReadInteger(config.cache.workers, 1, kMostThreads)},
      {"cache.workers_per_source", ReadInteger(config.cache.workers_per_source, 1, kMostThreads)},
      {"cache.worker_memory_bytes", ReadInteger(config.cache.worker_memory_bytes, std::int64_t{64} << 20)},
      {"cache.quota_bytes_per_project", ReadInteger(config.cache.quota_bytes_per_project, 0)},
      {"cache.free_space_floor_bytes", ReadInteger(config.cache.free_space_floor_bytes, 0)},
      {"cache.refresh_deadline_seconds", ReadSeconds(config.cache.refresh_deadline)},
      {"cache.audit_interval_seconds", ReadInteger(config.cache.audit_interval_seconds, 0)},
      {"tables.workers", ReadInteger(config.tables.workers, 1, kMostThreads)},
      {"tables.memory_bytes", ReadInteger(config.tables.memory_bytes, std::int64_t{256} << 20)},
      {"tables.upload_bytes", ReadInteger(config.tables.upload_bytes, 1)},
      {"tables.import_deadline_seconds", ReadSeconds(config.tables.import_deadline)},
      {"ai.base_url", ReadText(config.ai.base_url)},
      {"ai.api_key", ReadSecret(config.ai.api_key)},
      {"ai.model", ReadText(config.ai.model)},
      {"ai.embedding_model", ReadText(config.ai.embedding_model)},
      {"ai.answer_seconds", ReadSeconds(config.ai.answer_time)},
      {"ai.tokens_per_day", ReadInteger(config.ai.tokens_per_day, 0)},
      {"ai.send_sample_rows", ReadFlag(config.ai.send_sample_rows)},
      {"export.rows", ReadInteger(config.exports.rows, 0)},
      {"export.workers", ReadInteger(config.exports.workers, 1, kMostThreads)},
      {"export.kept_seconds", ReadSeconds(config.exports.kept)},
      {"export.link_seconds", ReadSeconds(config.exports.link_time)},
  };
  TARN_RETURN_IF_ERROR(ReadTable(document, "", readers));
  if (config.ai.base_url.empty() && !config.ai.embedding_model.empty())
    return base::InvalidArgument("A model for embeddings needs an endpoint", "ai.base_url");
  if (!config.ai.base_url.empty()) {
    TARN_RETURN_IF_ERROR(http::CheckOutgoingUrl(config.ai.base_url, "ai.base_url"));
    if (config.ai.model.empty()) return base::InvalidArgument("A model's endpoint needs the model's name", "ai.model");
  }
  if (config.tls.certificate.empty() != config.tls.key.empty()) {
    return base::InvalidArgument("TLS needs both a certificate and a key", "tls");
  }
  return config;
}

base::Result<base::log::Format> ParseLogFormat(std::string_view text) {
  if (text == "text") return base::log::Format::kText;
  if (text == "json") return base::log::Format::kJson;
  return base::InvalidArgument("Log format is not one of text and json: \"" + std::string(text) + "\"", "log.format");
}

base::Result<Peers> ParsePeers(std::string_view text) {
  if (text == "off") return Peers::kNone;
  if (text == "remote") return Peers::kRemote;
  if (text == "all") return Peers::kAll;
  return base::InvalidArgument("Clients are not one of off, remote and all: \"" + std::string(text) + "\"");
}

base::Result<ListenAddress> ParseListen(const std::string& text) {
  const auto colon = text.rfind(':');
  ListenAddress address;
  if (colon != std::string::npos && colon > 0) {
    address.host = text.substr(0, colon);
    if (address.host.starts_with('[') && address.host.ends_with(']')) {
      address.host = address.host.substr(1, address.host.size() - 2);
    }
    const char* end = text.data() + text.size();
    const auto [parsed, error] = std::from_chars(text.data() + colon + 1, end, address.port);
    if (error == std::errc() && parsed == end && parsed != text.data() + colon + 1) return address;
  }
  return base::InvalidArgument("Listen address is not address:port: \"" + text + "\"", "listen");
}

}  // namespace tarn::server
