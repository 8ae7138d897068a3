// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace howl::server {

/// Has large blocks (pages of history, large bodies) come from the kernel one by one and go back to
/// it at once. Left to itself the C library keeps them once it has seen one, and small ones between
/// them hold up all: a crowd that asks for pages of 1 MiB then takes a third more than it uses.
///
/// Requires: called before the first thread is made.
void keep_large_blocks_apart();

/// Gives the kernel back what the heap keeps free, if that is much.
///
/// A burst of slow readers leaves hundreds of megabytes that the C library keeps for the next one:
/// free pieces in the arenas of many threads, of which it returns only the end. Asking it to return
/// them all (`malloc_trim`) locks one arena after the other for milliseconds, so it is asked only
/// where the process holds at least `limits::kFreeHeapBytesMax` more than is in use.
///
/// Thread: any; meant for one that has little to do, every few seconds.
void return_free_heap();

}  // namespace howl::server
