// SPDX-License-Identifier: Apache-2.0
#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace howl::detail {

void assertion_failed(const char* condition, const char* file, int line) noexcept {
    // The logger may be what failed, so this goes straight to standard error.
    std::fprintf(stderr, "howl: assertion failed: %s at %s:%d\n", condition, file, line);
    std::abort();
}

void bug(const char* name, const char* file, int line) noexcept {
    std::fprintf(stderr, "howl: bug: %s at %s:%d\n", name, file, line);
#ifndef NDEBUG
    std::abort();
#endif
}

}  // namespace howl::detail
