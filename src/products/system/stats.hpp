// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "hub/hub.hpp"
#include "runtime/shard.hpp"
#include "runtime/timer_wheel.hpp"

namespace howl::products::system {

struct StatsSettings {
    /// The numbers go out this often while anybody reads them.
    std::chrono::milliseconds tick = std::chrono::seconds{1};
};

/// The topic that carries the numbers; volatile.
inline constexpr std::string_view kStatsTopic = "howl:stats";

/// The node in a few numbers, for a page that shows it live. They are those of `/metrics`.
/// Thread: any.
class Stats {
public:
    /// The node is up from now on.
    explicit Stats(const Clock& clock) : clock_(clock), started_(clock.steady_now()) {}

    /// `{"time","uptimeSeconds","connections","streams","topics","published","delivered"}`: the
    /// first three numbers of things are what there is now, the last two are totals since the
    /// start.
    [[nodiscard]] std::string text() const;

private:
    const Clock& clock_;
    const SteadyTime started_;
};

/// Publishes the numbers at every tick at which somebody reads them, on whatever shard.
/// Thread: the hub's shard.
class StatsTicker {
public:
    StatsTicker(hub::Hub& hub, const Stats& stats, StatsSettings settings);

    void start() { tick(); }
    void stop() { timer_.disarm(); }

private:
    void tick();

    // Constant after construction.
    hub::Hub& hub_;
    const Stats& stats_;
    const StatsSettings settings_;
    // Shard-local state.
    [[no_unique_address]] runtime::ShardCheck here_;
    runtime::MemberTimer<StatsTicker, &StatsTicker::tick> timer_;
};

}  // namespace howl::products::system
