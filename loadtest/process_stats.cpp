// SPDX-License-Identifier: Apache-2.0
#include "loadtest/process_stats.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>

#include <fmt/format.h>

namespace howl::loadtest {
namespace {

namespace fs = std::filesystem;

Result<std::string> read_whole(const std::string& path) {
    std::ifstream file{path};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (!file || text.empty()) {
        return fail(Errc::kSystem, "read process figures", path);
    }
    return text;
}

/// Takes the next word of `text`, up to a blank.
std::string_view take_word(std::string_view& text) noexcept {
    text.remove_prefix(std::min(text.find_first_not_of(" \n"), text.size()));
    const std::string_view word = text.substr(0, text.find_first_of(" \n"));
    text.remove_prefix(word.size());
    return word;
}

std::optional<std::uint64_t> take_number(std::string_view& text) noexcept {
    const std::string_view word = take_word(text);
    std::uint64_t number = 0;
    const auto parsed = std::from_chars(word.begin(), word.end(), number);
    const bool is_number = parsed.ec == std::errc{} && parsed.ptr == word.end();
    return is_number ? std::optional{number} : std::nullopt;
}

std::optional<std::uint64_t> kilobytes_of(std::string_view text, std::string_view name) noexcept {
    const std::size_t position = text.find(name);
    if (position == std::string_view::npos) {
        return std::nullopt;
    }
    text.remove_prefix(position + name.size());
    const auto kilobytes = take_number(text);
    return kilobytes ? std::optional{*kilobytes * 1024} : std::nullopt;
}

}  // namespace

CpuUse& CpuUse::operator+=(const CpuUse& other) noexcept {
    user_nanos += other.user_nanos;
    system_nanos += other.system_nanos;
    return *this;
}

CpuUse cpu_between(const CpuClock& before, const CpuClock& after,
                   std::uint64_t nanos_per_tick) noexcept {
    const auto tick = static_cast<double>(nanos_per_tick);
    const double user = static_cast<double>(after.user_ticks - before.user_ticks) * tick;
    const double system = static_cast<double>(after.system_ticks - before.system_ticks) * tick;
    const double run = static_cast<double>(after.run_nanos) - static_cast<double>(before.run_nanos);
    const double by_ticks = user + system;
    constexpr double kRoundingTicks = 4;
    const bool lost_a_thread = run + kRoundingTicks * tick < by_ticks;
    if (by_ticks == 0 || lost_a_thread) {
        return by_ticks == 0 ? CpuUse{0, std::max(run, 0.0)} : CpuUse{user, system};
    }
    return {run * user / by_ticks, run * system / by_ticks};
}

std::optional<CpuClock> parse_stat(std::string_view text) noexcept {
    const std::size_t name_end = text.rfind(')');
    if (name_end == std::string_view::npos) {
        return std::nullopt;
    }
    text.remove_prefix(name_end + 1);
    constexpr int kFieldsBetween = 11;  // proc(5): utime is field 14, the name is field 2.
    for (int field = 0; field < kFieldsBetween; ++field) {
        take_word(text);
    }
    const auto user = take_number(text);
    const auto system = take_number(text);
    if (!user || !system) {
        return std::nullopt;
    }
    return CpuClock{.run_nanos = 0, .user_ticks = *user, .system_ticks = *system};
}

std::optional<std::uint64_t> parse_schedstat(std::string_view text) noexcept {
    return take_number(text);
}

std::optional<MemoryUse> parse_smaps_rollup(std::string_view text) noexcept {
    const auto resident = kilobytes_of(text, "\nRss:");
    const auto anonymous = kilobytes_of(text, "\nAnonymous:");
    const auto dirty = kilobytes_of(text, "\nPrivate_Dirty:");
    if (!resident || !anonymous || !dirty) {
        return std::nullopt;
    }
    return MemoryUse{*resident, *anonymous, *dirty};
}

std::string ProcessProbe::path_of(std::string_view file) const {
    return fmt::format("/proc/{}/{}", pid_, file);
}

std::uint64_t ProcessProbe::nanos_per_tick() noexcept {
    constexpr std::uint64_t kNanosPerSecond = 1'000'000'000;
    return kNanosPerSecond / static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
}

Result<CpuClock> ProcessProbe::cpu() const {
    HOWL_TRY(stat, read_whole(path_of("stat")));
    auto clock = parse_stat(stat);
    if (!clock) {
        return fail(Errc::kSystem, "read process figures", path_of("stat"));
    }
    // The schedstat of the process is that of its first thread only, so all threads are read.
    std::error_code ignored;
    for (const auto& task : fs::directory_iterator{path_of("task"), ignored}) {
        const auto text = read_whole(task.path().string() + "/schedstat");
        if (text) {  // A thread that just ended has none; cpu_between handles that.
            clock->run_nanos += parse_schedstat(*text).value_or(0);
        }
    }
    return *clock;
}

Result<MemoryUse> ProcessProbe::memory() const {
    HOWL_TRY(text, read_whole(path_of("smaps_rollup")));
    const auto memory = parse_smaps_rollup(text);
    if (!memory) {
        return fail(Errc::kSystem, "read process figures", path_of("smaps_rollup"));
    }
    return *memory;
}

Result<std::size_t> ProcessProbe::descriptors() const {
    std::error_code error;
    const fs::directory_iterator entries{path_of("fd"), error};
    if (error) {
        return fail(Errc::kSystem, "read process figures", path_of("fd"));
    }
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

}  // namespace howl::loadtest
