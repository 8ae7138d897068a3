// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <memory>
#include <numeric>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.hpp"
#include "hub/reader_rig_for_test.hpp"

namespace howl::hub {
namespace {

const SystemClock kClock;
constexpr int kPublishers = 4;
constexpr int kEventsEach = 150;

/// A session that comes and goes on one shard: first at `start`, then behind what it saw last.
class Visitor {
public:
    Visitor(Hub& hub, const EventEncoder& encoder, std::vector<TopicName> topics, StartPoint start)
        : hub_(hub), encoder_(encoder), topics_(std::move(topics)), start_(std::move(start)) {}

    void come() {
        const auto start = sink_.frames.empty() ? start_ : sink_.frames.back().cursor;
        reader_ = std::make_unique<Reader>(hub_, sink_, encoder_, topics_, start);
    }
    void go() { reader_.reset(); }
    [[nodiscard]] bool is_here() const { return reader_ != nullptr; }
    [[nodiscard]] const RecordingSink& sink() const { return sink_; }

private:
    Hub& hub_;
    const EventEncoder& encoder_;
    std::vector<TopicName> topics_;
    StartPoint start_;
    RecordingSink sink_;
    std::unique_ptr<Reader> reader_;
};

/// One shard on its own thread, whose visitors come and go in every turn.
class BusyShard {
public:
    /// Visitors from the beginning, and one from now. The sequencer has started.
    BusyShard(ShardId id, Sequencer& sequencer, std::uint64_t seed)
        : shard_(id, kClock), hub_(shard_, sequencer, access::allow_everything()), random_(seed) {
        const auto all = std::vector{topic("a"), topic("b"), topic("tick/1")};
        const Cursor beginning{sequencer.epochs(), {Sequence{0}, Sequence{0}}};
        visitors_.emplace_back(hub_, encoder_, all, beginning);
        visitors_.emplace_back(hub_, encoder_, std::vector{topic("b")}, beginning);
        visitors_.emplace_back(hub_, encoder_, all, FromNow{});
    }
    void start() {
        shard_.post([this] { stir(); });
        thread_ = std::thread{[this] { shard_.run(); }};
    }
    /// When nothing is published any more: lets everybody see the end, then stops.
    void finish() {
        shard_.post([this] { finishing_ = true; });
        thread_.join();
    }
    [[nodiscard]] const std::deque<Visitor>& visitors() const { return visitors_; }

private:
    void stir() {
        for (auto& visitor : visitors_) {
            if (visitor.is_here() && !finishing_ && random_.below(4) == 0) {
                visitor.go();
            } else if (!visitor.is_here() && (finishing_ || random_.below(3) == 0)) {
                visitor.come();
            }
        }
        // Joining takes one answer of the log and one marker for each step: some turns.
        turns_left_ -= finishing_ ? 1 : 0;
        if (turns_left_ == 0) {
            for (auto& visitor : visitors_) {
                visitor.go();
            }
            shard_.stop();
            return;
        }
        shard_.post([this] { stir(); });
    }

    runtime::Shard shard_;
    Hub hub_;
    WordEncoder encoder_;
    SeededRandom random_;
    std::deque<Visitor> visitors_;
    bool finishing_ = false;
    int turns_left_ = 100;
    std::thread thread_;
};

class HubUnderLoad : public testing::TestWithParam<std::uint64_t> {
protected:
    static constexpr std::size_t kTinyWindow =
        20'000;  ///< Some resume from memory, some from the log.

    void publish_from(int publisher) {
        SeededRandom random{GetParam() * 100 + static_cast<std::uint64_t>(publisher)};
        const char* const names[] = {"a", "b", "tick/1"};
        for (int i = 0; i < kEventsEach; ++i) {
            const ShardId from{static_cast<std::uint32_t>(publisher % 2)};
            sequencer_.publish(from, {new_event(names[random.below(3)])},
                               [this](Result<Receipts>) { ++acknowledged_; });
        }
    }
    /// The events behind `first`, each once and none left out, up to the last that was published.
    void expect_all_after(std::uint64_t first, const std::vector<std::uint64_t>& seen,
                          const char* name) {
        const auto last = std::max(durable_.last_offset(name), volatile_.last_offset(name));
        std::vector<std::uint64_t> all(last - first);
        std::iota(all.begin(), all.end(), first + 1);
        EXPECT_EQ(seen, all) << name;
    }

    TopicPolicies policies_{{{"tick/*", {Lane::kVolatile, {.count_max = 10'000}}},
                             {"*", {Lane::kDurable, {.count_max = 10'000}}}}};
    ScriptedEventLog durable_{Lane::kDurable, Epoch{"d1"}};
    ScriptedEventLog volatile_{Lane::kVolatile, Epoch{"v1"}};
    Sequencer sequencer_{durable_, volatile_, policies_, kClock,
                         GetParam() % 2 == 0 ? 10'000'000 : kTinyWindow};
    std::atomic<int> acknowledged_ = 0;
};

// Four threads publish; on two shards, readers join and leave all the time. A visitor's offsets
// over all its visits must have no hole and no duplicate, and come to the end.
TEST_P(HubUnderLoad, EveryReaderSeesEveryEventBehindItsStartOnce) {
    ASSERT_TRUE(sequencer_.start());
    BusyShard first{ShardId{0}, sequencer_, GetParam()};
    BusyShard second{ShardId{1}, sequencer_, GetParam() + 1000};
    first.start();
    second.start();
    std::vector<std::thread> publishers;
    for (int i = 0; i < kPublishers; ++i) {
        publishers.emplace_back([this, i] { publish_from(i); });
    }
    for (auto& publisher : publishers) {
        publisher.join();
    }
    first.finish();
    second.finish();
    EXPECT_EQ(acknowledged_, kPublishers * kEventsEach);
    for (const auto* shard : {&first, &second}) {
        for (const char* name : {"a", "b", "tick/1"}) {
            expect_all_after(0, shard->visitors()[0].sink().offsets(name), name);
            // Who joined when all was published sees nothing, rightly.
            const auto late = shard->visitors()[2].sink().offsets(name);
            if (!late.empty()) {
                expect_all_after(late.front() - 1, late, name);
            }
        }
        expect_all_after(0, shard->visitors()[1].sink().offsets("b"), "b");
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, HubUnderLoad, testing::Range<std::uint64_t>(1, 21));

}  // namespace
}  // namespace howl::hub
