// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "base/result.hpp"

namespace howl::loadtest {

/// CPU time since a process started.
struct CpuClock {
    std::uint64_t run_nanos = 0;     ///< Of the threads that live, exact to the nanosecond.
    std::uint64_t user_ticks = 0;    ///< Of the whole process, exact to a tick of 10 ms.
    std::uint64_t system_ticks = 0;  ///< The same, in the kernel.
};

/// CPU time between two readings.
struct CpuUse {
    double user_nanos = 0;
    double system_nanos = 0;
    [[nodiscard]] double total_nanos() const noexcept { return user_nanos + system_nanos; }
    CpuUse& operator+=(const CpuUse& other) noexcept;
};

/// The exact run time, divided into user and system as the ticks are; by ticks alone when a thread
/// ended in between and took its run time with it.
[[nodiscard]] CpuUse cpu_between(const CpuClock& before, const CpuClock& after,
                                 std::uint64_t nanos_per_tick) noexcept;

/// What the process itself holds; socket buffers are the kernel's and are not in it.
struct MemoryUse {
    std::uint64_t resident_bytes = 0;   ///< With the program text and shared libraries.
    std::uint64_t anonymous_bytes = 0;  ///< Heap and stacks: what a connection costs.
    std::uint64_t private_dirty_bytes = 0;
};

/// Reads another process's costs from /proc. Requires: the same user, for memory and descriptors.
class ProcessProbe {
public:
    explicit ProcessProbe(pid_t pid) : pid_(pid) {}

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    [[nodiscard]] Result<CpuClock> cpu() const;
    [[nodiscard]] Result<MemoryUse> memory() const;
    [[nodiscard]] Result<std::size_t> descriptors() const;
    [[nodiscard]] static std::uint64_t nanos_per_tick() noexcept;

private:
    [[nodiscard]] std::string path_of(std::string_view file) const;

    pid_t pid_;
};

/// The ticks in the text of /proc/PID/stat; the program's name may hold spaces and parentheses.
[[nodiscard]] std::optional<CpuClock> parse_stat(std::string_view text) noexcept;
/// Run time in the text of a schedstat file.
[[nodiscard]] std::optional<std::uint64_t> parse_schedstat(std::string_view text) noexcept;
/// The text of /proc/PID/smaps_rollup.
[[nodiscard]] std::optional<MemoryUse> parse_smaps_rollup(std::string_view text) noexcept;

}  // namespace howl::loadtest
