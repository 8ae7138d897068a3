// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "loadtest/histogram.hpp"

namespace howl::loadtest {

enum class ReportFormat : std::uint8_t { kTable, kJson };

/// The figures of one run in the order in which they were added: a table for people, or one JSON
/// object.
class Report {
public:
    explicit Report(std::string_view scenario);

    void add_count(std::string_view key, std::string_view label, std::uint64_t count);
    /// `unit` is for the table; the key names it too.
    void add_figure(std::string_view key, std::string_view label, double value, int decimals,
                    std::string_view unit);
    void add_text(std::string_view key, std::string_view label, std::string_view text);
    /// p50, p90, p99, p99.9 and the largest of `nanos`, in ms, as `<key>_p50`, ..., `<key>_p999`.
    void add_latency(std::string_view key, std::string_view label, const Histogram& nanos);
    /// What makes the run a failure; several may be added.
    void add_failure(std::string_view why);

    [[nodiscard]] bool failed() const noexcept { return !failures_.empty(); }
    [[nodiscard]] std::string text(ReportFormat format) const;

private:
    struct Row {
        std::string key;
        std::string label;
        std::string value;  ///< For JSON.
        std::string shown;  ///< For the table.
        std::string unit;
    };

    [[nodiscard]] std::string table() const;
    [[nodiscard]] std::string json() const;

    std::string scenario_;
    std::vector<Row> rows_;
    std::vector<std::string> failures_;
};

/// `text` as a JSON string, with its quotes.
[[nodiscard]] std::string json_quoted(std::string_view text);
/// "1,234,567".
[[nodiscard]] std::string with_thousands(std::uint64_t count);

/// One line a second on standard error while a run works; on a terminal the line renews itself.
class Progress {
public:
    explicit Progress(std::string_view scenario);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// True once a second: then call `show`.
    [[nodiscard]] bool due();
    void show(std::string_view text);

private:
    std::string scenario_;
    std::chrono::steady_clock::time_point next_;
    bool is_terminal_;
    bool line_is_open_ = false;
};

}  // namespace howl::loadtest
