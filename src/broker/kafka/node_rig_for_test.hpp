// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/assert.hpp"
#include "base/clock.hpp"
#include "broker/kafka/checkpoint.hpp"
#include "hub/fallible_store_for_test.hpp"
#include "hub/hub.hpp"
#include "hub/sequencer.hpp"
#include "runtime/shard_group.hpp"
#include "storage/memory/memory_event_log.hpp"
#include "storage/memory/memory_store.hpp"

namespace howl::broker::kafka {

/// A node in memory without endpoints, whose shards and time the test drives; for other threads it
/// waits.
class NodeRig {
public:
    explicit NodeRig(std::vector<hub::TopicPolicies::Rule> rules = {})
        : policies(std::move(rules)) {
        for (std::uint32_t i = 0; i < shards.size(); ++i) {
            hubs_.push_back(std::make_unique<hub::Hub>(shards.at(ShardId{i}), sequencer,
                                                       access::allow_everything()));
        }
        HOWL_ASSERT(sequencer.start().has_value());
    }
    ~NodeRig() {
        settle();
        sequencer.stop();
        settle();
    }
    NodeRig(const NodeRig&) = delete;
    NodeRig& operator=(const NodeRig&) = delete;

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
    void advance(std::chrono::milliseconds by) {
        for (; by.count() > 0; by -= runtime::TimerWheel::kTick) {
            clock.advance(std::min(by, runtime::TimerWheel::kTick));
            settle();
        }
    }
    /// Runs the shards until `holds`, checked every millisecond, since other threads and their
    /// sockets take part.
    void until(std::string_view what, const std::function<bool()>& holds) {
        constexpr std::chrono::seconds kTimeout{60};
        const auto deadline = std::chrono::steady_clock::now() + kTimeout;
        for (settle(); !holds(); settle()) {
            ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "never: " << what;
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
    }
    /// Runs `work`, which blocks, while the shards go on.
    void while_running(const std::function<void()>& work) {
        std::atomic<bool> done{false};
        std::jthread worker{[&] {
            work();
            done = true;
        }};
        until("the work is done", [&] { return done.load(); });
    }

    /// The data of all kept events of a topic, oldest first.
    [[nodiscard]] std::vector<std::string> events(std::string_view topic_text) {
        const auto topic = *hub::TopicName::parse(topic_text);
        auto& log = policies.of(topic).lane == hub::Lane::kDurable ? durable : volatile_log;
        std::vector<std::string> data;
        log.history(topic, Offset{0}, SIZE_MAX, [&data](Result<hub::HistoryPage> page) {
            for (const auto& event : page->events) {
                data.push_back(event->data);
            }
        });
        return data;
    }
    /// The records of the checkpoints that are stored.
    [[nodiscard]] std::vector<hub::Record> checkpoint_records() {
        std::vector<hub::Record> found;
        memory.list({.kind = "kafka-place"}, [&found](Result<hub::RecordList> listed) {
            found = std::move(listed->records);
        });
        return found;
    }
    /// The checkpoints that are stored, by their key's id.
    [[nodiscard]] std::vector<std::pair<std::string, Checkpoint>> checkpoints() {
        std::vector<std::pair<std::string, Checkpoint>> checkpoints;
        for (const auto& record : checkpoint_records()) {
            checkpoints.emplace_back(record.key.id, *Checkpoint::parse(record.data));
        }
        return checkpoints;
    }

    /// The stored takeovers.
    [[nodiscard]] std::vector<std::string> sources() {
        std::vector<std::string> sources;
        memory.list({.kind = std::string{kSourceKind}}, [&sources](Result<hub::RecordList> listed) {
            for (const auto& record : listed->records) {
                sources.push_back(record.data);
            }
        });
        return sources;
    }

    [[nodiscard]] hub::Hub& hub() { return *hubs_.front(); }
    [[nodiscard]] std::vector<hub::Hub*> hubs() {
        std::vector<hub::Hub*> all;
        for (const auto& each : hubs_) {
            all.push_back(each.get());
        }
        return all;
    }

    ManualClock clock;
    const hub::TopicPolicies policies;
    runtime::ShardGroup shards{2, clock};  ///< Not started: `settle` runs them.
    storage::memory::MemoryEventLog durable{clock, Epoch{"d1"}, {.lane = hub::Lane::kDurable}};
    storage::memory::MemoryEventLog volatile_log{clock, Epoch{"v1"}};
    storage::memory::MemoryStore memory{durable};
    hub::FallibleStore store{memory};
    hub::Sequencer sequencer{durable, volatile_log, policies, clock, std::size_t{1} << 20U};

private:
    std::vector<std::unique_ptr<hub::Hub>> hubs_;
};

}  // namespace howl::broker::kafka
