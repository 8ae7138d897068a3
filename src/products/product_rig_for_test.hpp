// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "hub/fallible_store_for_test.hpp"
#include "hub/hub.hpp"
#include "hub/sequencer.hpp"
#include "hub/store.hpp"
#include "runtime/shard_group.hpp"
#include "session/session_group.hpp"
#include "storage/memory/memory_event_log.hpp"
#include "storage/memory/memory_store.hpp"
#include "transport/http/router.hpp"

namespace howl::products {

using hub::FallibleStore;

/// A whole node in memory, without sockets, whose shards and time the test drives.
///
/// Nothing happens by itself: what an app has begun goes on in `settle` and `advance`. A test
/// builds its app on `home()` with `store`, asks it from any shard, and may build a second app over
/// the same store to see a restart. Before an app goes it is stopped and the rig settled: what is
/// on its way to the app has to arrive.
///
/// ```
///   ProductRig rig;
///   CloudApp app{rig.shards, rig.home(), rig.store, ...};
///   const auto accepted = rig.result_of(app.run(kElsewhere, command, Until::kAccepted));
///   rig.advance(20s);
/// ```
class ProductRig {
public:
    explicit ProductRig(std::vector<hub::TopicPolicies::Rule> rules = {},
                        std::size_t shard_count = 2)
        : policies(std::move(rules)), shards(shard_count, clock) {
        for (std::uint32_t i = 0; i < shards.size(); ++i) {
            nodes_.push_back(std::make_unique<Node>(shards.at(ShardId{i}), *this));
        }
        HOWL_ASSERT(sequencer.start().has_value());
    }
    ~ProductRig() {
        settle();
        sequencer.stop();
        settle();
    }
    ProductRig(const ProductRig&) = delete;
    ProductRig& operator=(const ProductRig&) = delete;

    /// Runs every shard until none has anything left to do now.
    void settle() {
        std::size_t ran = 1;
        while (ran > 0) {
            ran = 0;
            for (std::uint32_t i = 0; i < shards.size(); ++i) {
                ran += shards.at(ShardId{i}).poll_for_test();
            }
        }
    }
    /// Lets time pass, tick by tick, so that everything falls due at its own moment.
    void advance(std::chrono::milliseconds by) {
        settle();
        while (by.count() > 0) {
            const auto step = std::min(by, runtime::TimerWheel::kTick);
            clock.advance(step);
            settle();
            by -= step;
        }
    }

    /// What a task has come to; empty while it runs.
    template <class T>
    using Pending = std::shared_ptr<std::optional<T>>;

    /// Starts a task without letting it go on; several begun in a row overlap.
    template <class T>
    [[nodiscard]] Pending<T> begin(runtime::Task<T> task) {
        auto outcome = std::make_shared<std::optional<T>>();
        shards.at(kElsewhere).tasks().spawn("test", keep(std::move(task), outcome));
        return outcome;
    }
    /// Requires: the task ends without time passing.
    template <class T>
    [[nodiscard]] T result_of(runtime::Task<T> task) {
        const auto outcome = begin(std::move(task));
        settle();
        HOWL_ASSERT(outcome->has_value());
        return std::move(**outcome);
    }
    /// A request to an endpoint, on the shard that is not home.
    [[nodiscard]] transport::Reply ask(const transport::Router& router,
                                       const codec::http::Request& request) {
        return result_of(
            router.answer(request, nodes_[kElsewhere.value()]->sessions, {"127.0.0.1"}));
    }

    /// Everything that is kept of a topic, oldest first.
    [[nodiscard]] std::vector<hub::EventRef> events(std::string_view topic_text) {
        const auto topic = *hub::TopicName::parse(topic_text);
        std::vector<hub::EventRef> events;
        const auto lane = policies.of(topic).lane;
        auto& log = lane == hub::Lane::kDurable ? durable : volatile_log;
        log.history(topic, Offset{0}, SIZE_MAX,
                    [&events](Result<hub::HistoryPage> page) { events = std::move(page->events); });
        return events;
    }

    [[nodiscard]] hub::Hub& home() { return nodes_.front()->hub; }
    [[nodiscard]] hub::Hub& elsewhere() { return nodes_[kElsewhere.value()]->hub; }

    /// Tests ask from here, so that every question crosses shards.
    static constexpr ShardId kElsewhere{1};

private:
    struct Node {
        Node(runtime::Shard& shard, ProductRig& rig)
            : hub(shard, rig.sequencer, access::allow_everything()),
              sessions(hub, rig.settings_, rig.random) {}
        hub::Hub hub;
        session::SessionGroup sessions;
    };

    template <class T>
    static runtime::Task<void> keep(runtime::Task<T> task, Pending<T> outcome) {
        outcome->emplace(co_await std::move(task));
    }

    session::Settings settings_;

public:
    ManualClock clock;
    SeededRandom random{1};
    const hub::TopicPolicies policies;
    runtime::ShardGroup shards;  ///< Not started: `settle` runs them.
    storage::memory::MemoryEventLog durable{clock, Epoch{"d1"}, {.lane = hub::Lane::kDurable}};
    storage::memory::MemoryEventLog volatile_log{clock, Epoch{"v1"}};
    storage::memory::MemoryStore memory{durable};
    FallibleStore store{memory};
    hub::Sequencer sequencer{durable, volatile_log, policies, clock, std::size_t{1} << 20U};

private:
    std::vector<std::unique_ptr<Node>> nodes_;
};

}  // namespace howl::products
