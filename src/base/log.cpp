#include "base/log.h"

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <cmath>

#include "base/clock.h"

namespace tarn::base::log {

namespace {

std::atomic<Format>& CurrentFormat() {
  static std::atomic<Format> format{Format::kText};
  return format;
}

std::shared_ptr<spdlog::logger> MakeLogger(const Settings& settings) {
  spdlog::sink_ptr sink;
  if (settings.output != nullptr) {
    sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(*settings.output, true);
  } else {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  }
  auto logger = std::make_shared<spdlog::logger>("tarn", std::move(sink));
  logger->set_pattern("%v");
  constexpr std::array kLevels = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err};
  logger->set_level(kLevels[static_cast<std::size_t>(settings.level)]);
  return logger;
}

// Until Configure is called, a logger with the default settings.
std::shared_ptr<spdlog::logger> CurrentLogger() {
  static const bool made = (spdlog::set_default_logger(MakeLogger({})), true);
  static_cast<void>(made);
  return spdlog::default_logger();
}

// Escapes as JSON does; UTF-8 passes through.
void AppendQuoted(std::string& line, std::string_view text) {
  line += '"';
  for (const char c : text) {
    switch (c) {
      case '"': line += "\\\""; break;
      case '\\': line += "\\\\"; break;
      case '\n': line += "\\n"; break;
      case '\r': line += "\\r"; break;
      case '\t': line += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
          fmt::format_to(std::back_inserter(line), "\\u{:04x}", static_cast<unsigned char>(c));
        } else {
          line += c;
        }
    }
  }
  line += '"';
}

bool IsPlain(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.' || c == ':' || c == '/';
  });
}

void AppendValue(std::string& line, const Value& value, Format format) {
  const auto append = [&](const auto& content) {
    using Content = std::decay_t<decltype(content)>;
    if constexpr (std::same_as<Content, std::string>) {
      if (format == Format::kText && IsPlain(content)) {
        line += content;
      } else {
        AppendQuoted(line, content);
      }
    } else if constexpr (std::same_as<Content, double>) {
      if (std::isfinite(content)) {
        fmt::format_to(std::back_inserter(line), "{:.6g}", content);
      } else {
        AppendQuoted(line, fmt::format("{}", content));
      }
    } else {
      fmt::format_to(std::back_inserter(line), "{}", content);
    }
  };
  std::visit(append, value.content());
}

std::string MakeLine(std::string_view level, std::string_view event, Fields fields) {
  const Format format = CurrentFormat().load(std::memory_order_relaxed);
  const std::string time = FormatTime(RealClock().Now());
  std::string line;
  if (format == Format::kText) {
    line = fmt::format("{} {:<7} {}", time, level, event);
    for (const Field& field : fields) {
      fmt::format_to(std::back_inserter(line), " {}=", field.name);
      AppendValue(line, field.value, format);
    }
    return line;
  }
  line = fmt::format(R"({{"time":"{}","level":"{}","event":)", time, level);
  AppendQuoted(line, event);
  for (const Field& field : fields) {
    line += ',';
    AppendQuoted(line, field.name);
    line += ':';
    AppendValue(line, field.value, format);
  }
  line += '}';
  return line;
}

void Write(spdlog::level::level_enum level, std::string_view name, std::string_view event, Fields fields) {
  const auto logger = CurrentLogger();
  if (!logger->should_log(level)) return;
  logger->log(level, spdlog::string_view_t(MakeLine(name, event, fields)));
}

}  // namespace

void Configure(const Settings& settings) {
  static_cast<void>(CurrentLogger());  // so that the first event does not undo this
  CurrentFormat() = settings.format;
  spdlog::set_default_logger(MakeLogger(settings));
}

void Debug(std::string_view event, Fields fields) { Write(spdlog::level::debug, "debug", event, fields); }
void Info(std::string_view event, Fields fields) { Write(spdlog::level::info, "info", event, fields); }
void Warning(std::string_view event, Fields fields) { Write(spdlog::level::warn, "warning", event, fields); }
void Error(std::string_view event, Fields fields) { Write(spdlog::level::err, "error", event, fields); }

Result<Level> ParseLevel(std::string_view text) {
  if (text == "debug") return Level::kDebug;
  if (text == "info") return Level::kInfo;
  if (text == "warning") return Level::kWarning;
  if (text == "error") return Level::kError;
  return InvalidArgument(fmt::format("Log level is not one of debug, info, warning and error: \"{}\"", text));
}

}  // namespace tarn::base::log
