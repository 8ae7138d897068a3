// SPDX-License-Identifier: Apache-2.0
#include "storage/outbox/in_flight_gate.hpp"

#include <utility>

namespace howl::storage::outbox {

void InFlightGate::open() {
    const MutexLock lock{mutex_};
    if (phase_ == Phase::kNotOpen) {
        phase_ = Phase::kOpen;
    }
}

void InFlightGate::close(Empty empty) {
    {
        const MutexLock lock{mutex_};
        phase_ = Phase::kClosed;
        if (inside_ > 0) {
            empty_ = std::move(empty);
            return;
        }
    }
    empty();
}

Result<void> InFlightGate::acquire() {
    const MutexLock lock{mutex_};
    if (phase_ != Phase::kOpen) {
        return fail(Errc::kDraining, name_);
    }
    if (inside_ >= inside_max_) {
        return fail(Errc::kOverloaded, name_);
    }
    ++inside_;
    return {};
}

void InFlightGate::release() {
    Empty empty;
    {
        const MutexLock lock{mutex_};
        if (--inside_ > 0) {
            return;
        }
        empty = std::exchange(empty_, nullptr);
    }
    if (empty) {
        empty();
    }
}

}  // namespace howl::storage::outbox
