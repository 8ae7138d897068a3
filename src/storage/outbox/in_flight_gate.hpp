// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/mutex.hpp"
#include "base/result.hpp"

namespace howl::storage::outbox {

/// The endpoint of a store: what comes in is counted, and closing waits until all of it is out
/// again. Thread: any.
class InFlightGate {
public:
    using Empty = std::move_only_function<void()>;

    /// `name`: of the store, for errors; of program text.
    InFlightGate(std::string_view name, std::uint64_t inside_max)
        : name_(name), inside_max_(inside_max) {}

    /// From here on work may come in. Before, and after `close`: `kDraining`.
    void open();
    /// Nobody comes in any more; `empty` is called once nobody is inside, on the thread of the last
    /// who leaves, or here. Once.
    void close(Empty empty);

    /// Errors: `kDraining`, `kOverloaded`. Who got in calls `release`.
    [[nodiscard]] Result<void> acquire();
    void release();

private:
    enum class Phase : std::uint8_t { kNotOpen, kOpen, kClosed };

    const std::string_view name_;
    const std::uint64_t inside_max_;
    Mutex mutex_;
    Phase phase_ HOWL_GUARDED_BY(mutex_) = Phase::kNotOpen;
    std::uint64_t inside_ HOWL_GUARDED_BY(mutex_) = 0;
    Empty empty_ HOWL_GUARDED_BY(mutex_);
};

}  // namespace howl::storage::outbox
