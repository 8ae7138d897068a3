// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include <fmt/format.h>

/// Structured log lines on standard error: a constant message and named fields.
///
/// One event is one line in both formats: control characters in a value are escaped, so that no
/// input can forge a line. Values never hold a secret.
///
/// Thread: any.
namespace howl::telemetry {

enum class LogFormat { kText, kJson };
enum class LogLevel { kDebug, kInfo, kWarning, kError };

struct Field {
    template <class T>
    Field(std::string_view field_key, const T& field_value)
        : key(field_key), value(fmt::to_string(field_value)) {}
    std::string_view key;
    std::string value;
};

/// Requires: once, before the first thread starts.
void start_logging(LogFormat format, LogLevel least);

void log(LogLevel level, std::string_view message, std::initializer_list<Field> fields = {});

inline void log_info(std::string_view message, std::initializer_list<Field> fields = {}) {
    log(LogLevel::kInfo, message, fields);
}
inline void log_warning(std::string_view message, std::initializer_list<Field> fields = {}) {
    log(LogLevel::kWarning, message, fields);
}
inline void log_error(std::string_view message, std::initializer_list<Field> fields = {}) {
    log(LogLevel::kError, message, fields);
}

/// What `log` writes after the time and level, for tests.
[[nodiscard]] std::string format_line(LogFormat format, std::string_view level,
                                      std::string_view message,
                                      std::initializer_list<Field> fields);

}  // namespace howl::telemetry
