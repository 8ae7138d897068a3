// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "products/cloud/instance_provider.hpp"
#include "runtime/shard.hpp"
#include "runtime/timer_wheel.hpp"

namespace howl::products::cloud {

/// The cloud of the original servers: nothing but time passes.
///
/// An operation ends `duration` after it began by the time of day, so that a restart in between
/// does not prolong it; but never later than `duration` from the call, so that a clock that was set
/// back does not either. One that takes no time, or whose moment has passed, ends within the call.
///
/// Limits: deadlines of the shard's timers, up to `TimerWheel::kTick` late.
class SimulatedProvider final : public InstanceProvider {
public:
    /// Of 100 operations `failures_percent` fail, with `kInternal` and the detail `simulated`.
    SimulatedProvider(runtime::Shard& shard, Random& random, std::uint64_t failures_percent);

    void perform(const Instance& instance, Done done) override;
    void stop() override;

private:
    void end_due();
    [[nodiscard]] Result<void> outcome();

    // Constant after construction.
    runtime::Shard& shard_;
    Random& random_;
    const std::uint64_t failures_percent_;
    // Shard-local state.
    [[no_unique_address]] runtime::ShardCheck here_;
    std::multimap<SteadyTime, Done> in_work_;  ///< By the moment of their end.
    runtime::MemberTimer<SimulatedProvider, &SimulatedProvider::end_due> timer_;
};

}  // namespace howl::products::cloud
