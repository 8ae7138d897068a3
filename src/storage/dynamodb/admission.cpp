// SPDX-License-Identifier: Apache-2.0
#include "storage/dynamodb/admission.hpp"

#include <utility>

namespace howl::storage::dynamodb {

void Admission::open() {
    const MutexLock lock{mutex_};
    if (phase_ == Phase::kNotOpen) {
        phase_ = Phase::kOpen;
    }
}

void Admission::close(Empty empty) {
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

Result<void> Admission::enter() {
    const MutexLock lock{mutex_};
    if (phase_ != Phase::kOpen) {
        return fail(Errc::kDraining, "dynamodb");
    }
    if (inside_ >= inside_max_) {
        return fail(Errc::kOverloaded, "dynamodb");
    }
    ++inside_;
    return {};
}

void Admission::leave() {
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

}  // namespace howl::storage::dynamodb
