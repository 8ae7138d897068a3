// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>

namespace howl::storage::outbox {

/// The one thread on which an outbox works: what others post, and pauses (port).
///
/// All state of an outbox belongs to this thread, so none of it has a lock. In tests the loop is a
/// script, and the test is the thread.
class WorkLoop {
public:
    using Action = std::move_only_function<void()>;

    virtual ~WorkLoop() = default;

    /// Runs `action` on the loop's thread, in the order of the calls.
    /// Thread: any.
    virtual void post(Action action) = 0;
    /// Runs `action` when `pause` is over. Thread: the loop's.
    virtual void after(std::chrono::milliseconds pause, Action action) = 0;
};

}  // namespace howl::storage::outbox
