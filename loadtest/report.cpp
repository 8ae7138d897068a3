// SPDX-License-Identifier: Apache-2.0
#include "loadtest/report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <unistd.h>

#include <fmt/format.h>

namespace howl::loadtest {
namespace {

constexpr double kNanosPerMilli = 1e6;
constexpr std::chrono::seconds kProgressInterval{1};

}  // namespace

std::string json_quoted(std::string_view text) {
    std::string out = "\"";
    for (const char letter : text) {
        if (letter == '"' || letter == '\\') {
            out += '\\';
            out += letter;
        } else if (static_cast<unsigned char>(letter) < 0x20) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(letter));
        } else {
            out += letter;
        }
    }
    return out + '"';
}

std::string with_thousands(std::uint64_t count) {
    std::string digits = fmt::format("{}", count);
    for (std::size_t position = digits.size(); position > 3;) {
        position -= 3;
        digits.insert(position, 1, ',');
    }
    return digits;
}

Report::Report(std::string_view scenario) : scenario_(scenario) {}

void Report::add_count(std::string_view key, std::string_view label, std::uint64_t count) {
    rows_.push_back({std::string{key}, std::string{label}, fmt::format("{}", count),
                     with_thousands(count), ""});
}

void Report::add_figure(std::string_view key, std::string_view label, double value, int decimals,
                        std::string_view unit) {
    const double finite = std::isfinite(value) ? value : 0;  // JSON has no infinity.
    const std::string text = fmt::format("{:.{}f}", finite, decimals);
    rows_.push_back({std::string{key}, std::string{label}, text, text, std::string{unit}});
}

void Report::add_text(std::string_view key, std::string_view label, std::string_view text) {
    rows_.push_back(
        {std::string{key}, std::string{label}, json_quoted(text), std::string{text}, ""});
}

void Report::add_latency(std::string_view key, std::string_view label, const Histogram& nanos) {
    const auto add = [&](std::string_view name, std::string_view shown, std::uint64_t value) {
        add_figure(fmt::format("{}_{}", key, name), fmt::format("{} {}", label, shown),
                   static_cast<double>(value) / kNanosPerMilli, 3, "ms");
    };
    add("p50", "p50", nanos.value_at(50));
    add("p90", "p90", nanos.value_at(90));
    add("p99", "p99", nanos.value_at(99));
    add("p999", "p99.9", nanos.value_at(99.9));
    add("max", "max", nanos.max());
}

void Report::add_failure(std::string_view why) {
    failures_.emplace_back(why);
}

std::string Report::text(ReportFormat format) const {
    return format == ReportFormat::kJson ? json() : table();
}

std::string Report::table() const {
    std::size_t label_width = 0;
    std::size_t value_width = 0;
    for (const Row& row : rows_) {
        label_width = std::max(label_width, row.label.size());
        value_width = std::max(value_width, row.shown.size());
    }
    std::string out = fmt::format("howl bench {}\n", scenario_);
    for (const Row& row : rows_) {
        std::string line =
            fmt::format("  {:<{}}  {:>{}}", row.label, label_width, row.shown, value_width);
        if (!row.unit.empty()) {
            line += ' ' + row.unit;
        }
        out += line + '\n';
    }
    for (const auto& why : failures_) {
        out += fmt::format("FAILED: {}\n", why);
    }
    return out;
}

std::string Report::json() const {
    std::string out = fmt::format("{{\"scenario\":{}", json_quoted(scenario_));
    for (const Row& row : rows_) {
        out += fmt::format(",{}:{}", json_quoted(row.key), row.value);
    }
    out += ",\"failures\":[";
    for (std::size_t index = 0; index < failures_.size(); ++index) {
        out += (index == 0 ? "" : ",") + json_quoted(failures_[index]);
    }
    return out + "]}\n";
}

Progress::Progress(std::string_view scenario)
    : scenario_(scenario),
      next_(std::chrono::steady_clock::now()),
      is_terminal_(::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
    if (line_is_open_) {
        std::fputc('\n', stderr);
    }
}

bool Progress::due() {
    return std::chrono::steady_clock::now() >= next_;
}

void Progress::show(std::string_view text) {
    next_ = std::chrono::steady_clock::now() + kProgressInterval;
    line_is_open_ = is_terminal_;
    const std::string line = is_terminal_ ? fmt::format("\r\033[K{}: {}", scenario_, text)
                                          : fmt::format("{}: {}\n", scenario_, text);
    std::fputs(line.c_str(), stderr);
}

}  // namespace howl::loadtest
