// SPDX-License-Identifier: Apache-2.0
#include "server/heap.hpp"

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <malloc.h>
#include <unistd.h>

#include "base/limits.hpp"

namespace howl::server {

namespace {

/// 0 where it can't be told.
std::size_t resident_bytes() {
    std::ifstream file{"/proc/self/statm"};
    std::size_t size = 0;
    std::size_t resident = 0;
    file >> size >> resident;
    return file ? resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

std::size_t used_bytes() {
    const auto heap = ::mallinfo2();
    return heap.uordblks + heap.hblkhd;
}

}  // namespace

void keep_large_blocks_apart() {
    // Setting it, also to its first value, is what keeps it from growing.
    constexpr int kLargeBytes = 128 * 1024;
    ::mallopt(M_MMAP_THRESHOLD, kLargeBytes);
}

void return_free_heap() {
    const auto used = used_bytes();
    // A heap in use has gaps that can't be returned; looking for them again and again is no use.
    if (resident_bytes() > used + std::max(limits::kFreeHeapBytesMax, used / 2)) {
        ::malloc_trim(0);
    }
}

}  // namespace howl::server
