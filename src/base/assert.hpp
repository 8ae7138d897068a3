// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace howl::detail {

[[noreturn]] void assertion_failed(const char* condition, const char* file, int line) noexcept;
/// Writes one line to standard error; aborts in debug builds.
void bug(const char* name, const char* file, int line) noexcept;

}  // namespace howl::detail

/// Our own invariant, cheap to check: on in every build; a failure ends the process.
#define HOWL_ASSERT(condition)                                                \
    do {                                                                      \
        if (!(condition)) [[unlikely]] {                                      \
            ::howl::detail::assertion_failed(#condition, __FILE__, __LINE__); \
        }                                                                     \
    } while (false)

/// Our own invariant on a hot path: absent from release builds.
#ifdef NDEBUG
#define HOWL_DEBUG_ASSERT(condition) static_cast<void>(0)
#else
#define HOWL_DEBUG_ASSERT(condition) HOWL_ASSERT(condition)
#endif

/// Should not happen, but going on is safe: one line in production, fatal in debug builds and
/// tests.
#define HOWL_BUG(name) ::howl::detail::bug(name, __FILE__, __LINE__)
