// SPDX-License-Identifier: Apache-2.0
#include "telemetry/log.hpp"

#include <memory>

#include <boost/json/serialize.hpp>
#include <boost/json/string_view.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace howl::telemetry {
namespace {

LogFormat g_format = LogFormat::kText;

/// spdlog creates its registry on first use: here, before `main`, since two threads that create it
/// at once look like a race to ThreadSanitizer, which cannot see into the library.
const auto kFirstLogger = spdlog::default_logger();

spdlog::level::level_enum spdlog_level(LogLevel level) {
    switch (level) {
        case LogLevel::kDebug:
            return spdlog::level::debug;
        case LogLevel::kInfo:
            return spdlog::level::info;
        case LogLevel::kWarning:
            return spdlog::level::warn;
        case LogLevel::kError:
            return spdlog::level::err;
    }
    return spdlog::level::info;
}

/// A JSON string literal; it escapes control characters, which is why text lines use it too.
std::string json_string(std::string_view text) {
    return boost::json::serialize(boost::json::string_view{text.data(), text.size()});
}

bool is_plain(std::string_view text) {
    for (const char letter : text) {
        if (letter <= ' ' || letter == '"' || letter == '=' || letter == '\x7F') {
            return false;
        }
    }
    return !text.empty();
}

std::string_view level_name(LogLevel level) {
    switch (level) {
        case LogLevel::kDebug:
            return "debug";
        case LogLevel::kInfo:
            return "info";
        case LogLevel::kWarning:
            return "warning";
        case LogLevel::kError:
            return "error";
    }
    return "info";
}

}  // namespace

std::string format_line(LogFormat format, std::string_view level, std::string_view message,
                        std::initializer_list<Field> fields) {
    std::string line;
    if (format == LogFormat::kJson) {
        line = fmt::format("\"level\":\"{}\",\"message\":{}", level, json_string(message));
        for (const auto& field : fields) {
            line += fmt::format(",{}:{}", json_string(field.key), json_string(field.value));
        }
        return line;
    }
    line = fmt::format("{:<7} {}", level, message);
    for (const auto& field : fields) {
        line += fmt::format(" {}={}", field.key,
                            is_plain(field.value) ? field.value : json_string(field.value));
    }
    return line;
}

void start_logging(LogFormat format, LogLevel least) {
    g_format = format;
    auto logger =
        std::make_shared<spdlog::logger>("howl", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger->set_pattern(format == LogFormat::kJson ? R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z",%v})"
                                                   : "%Y-%m-%d %H:%M:%S.%e %v");
    logger->set_level(spdlog_level(least));
    logger->flush_on(spdlog::level::debug);
    spdlog::set_default_logger(std::move(logger));
}

void log(LogLevel level, std::string_view message, std::initializer_list<Field> fields) {
    if (!spdlog::should_log(spdlog_level(level))) {
        return;
    }
    spdlog::log(spdlog_level(level), "{}",
                format_line(g_format, level_name(level), message, fields));
}

}  // namespace howl::telemetry
