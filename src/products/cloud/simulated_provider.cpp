// SPDX-License-Identifier: Apache-2.0
#include "products/cloud/simulated_provider.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"

namespace howl::products::cloud {

using std::chrono::milliseconds;

SimulatedProvider::SimulatedProvider(runtime::Shard& shard, Random& random,
                                     std::uint64_t failures_percent)
    : shard_(shard),
      random_(random),
      failures_percent_(failures_percent),
      timer_(shard.timers(), *this) {}

void SimulatedProvider::perform(const Instance& instance, Done done) {
    here_.check();
    HOWL_ASSERT(instance.operation.has_value());
    const Operation& operation = *instance.operation;
    const auto due = operation.started_at + operation.duration;
    const auto left =
        std::clamp(due - shard_.clock().wall_now(), milliseconds{0}, operation.duration);
    if (left == milliseconds{0}) {
        done(outcome());
        return;
    }
    // Not `shard_.now()`: late in a long turn that lies in the past, and the work would end early.
    in_work_.emplace(shard_.clock().steady_now() + left, std::move(done));
    timer_.arm(in_work_.begin()->first);
}

void SimulatedProvider::stop() {
    in_work_.clear();
    timer_.disarm();
}

void SimulatedProvider::end_due() {
    here_.check();
    while (!in_work_.empty() && in_work_.begin()->first <= shard_.now()) {
        auto due = in_work_.extract(in_work_.begin());
        due.mapped()(outcome());
    }
    if (!in_work_.empty()) {
        timer_.arm(in_work_.begin()->first);
    }
}

Result<void> SimulatedProvider::outcome() {
    if (random_.below(100) < failures_percent_) {
        return fail(Errc::kInternal, "cloud operation", "simulated");
    }
    return {};
}

}  // namespace howl::products::cloud
