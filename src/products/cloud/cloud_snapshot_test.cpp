// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "products/cloud/cloud_app.hpp"
#include "products/cloud/cloud_rig_for_test.hpp"

/// A snapshot is what the events up to its cursor send.
namespace howl::products::cloud {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

constexpr auto kCreate = OperationKind::kCreate;

using Until = CloudApp::Until;

std::vector<std::string> ids_of(const CloudApp::Snapshot& snapshot) {
    std::vector<std::string> ids;
    for (const auto& instance : snapshot.instances) {
        ids.push_back(instance.id);
    }
    return ids;
}

TEST(CloudSnapshot, ASnapshotIsInTheOrderOfAge) {
    CloudRig rig;
    std::vector<std::string> ids;
    for (int i = 0; i < 10; ++i) {
        ids.push_back(rig.create());  // All in the same millisecond.
    }
    EXPECT_EQ(ids_of(rig.snapshot()), ids);
    rig.restart();
    rig.clock.step_wall(-1h);
    ids.push_back(rig.create());
    EXPECT_EQ(ids_of(rig.snapshot()), ids);
}

TEST(CloudSnapshot, ASnapshotOfNothingHasACursorToGoOnFrom) {
    CloudRig rig;
    const auto snapshot = rig.snapshot();
    EXPECT_THAT(snapshot.instances, IsEmpty());
    EXPECT_EQ(snapshot.cursor, rig.sequencer.head());
}

/// What a page makes of the events up to `cursor`.
std::map<std::string, std::string> fold(CloudRig& rig, const hub::Cursor& cursor) {
    std::map<std::string, std::string> shown;
    for (const auto& event : rig.events(kTopic)) {
        if (event->sequence > cursor.sequences.durable) {
            break;
        }
        const auto notice = Notice::parse(event->data).value();
        const bool failed_create =
            event->type == "failed" && notice.operation.kind == OperationKind::kCreate;
        if (event->type == "removed" || failed_create) {
            shown.erase(notice.instance.id);
        } else {
            shown[notice.instance.id] = api_text(notice.instance);
        }
    }
    return shown;
}

std::map<std::string, std::string> shown_in(const CloudApp::Snapshot& snapshot) {
    std::map<std::string, std::string> shown;
    for (const auto& instance : snapshot.instances) {
        shown[instance.id] = api_text(instance);
    }
    return shown;
}

/// Does anything that may be done, at any time, and looks at the same time.
class RandomHistory {
public:
    explicit RandomHistory(std::uint64_t seed) : chance_(seed), rig_(settings()) {}

    void run(int steps) {
        for (int i = 0; i < steps; ++i) {
            step();
        }
        rig_.store.refusal.reset();
        rig_.advance(2min);
        look();
        rig_.settle();
        for (const auto& snapshot : snapshots_) {
            ASSERT_TRUE(snapshot->has_value());
            EXPECT_EQ(shown_in(**snapshot), fold(rig_, (*snapshot)->cursor));
        }
        for (const auto& instance : (*snapshots_.back())->instances) {
            EXPECT_EQ(instance.operation, std::nullopt);
        }
        expect_each_operation_ended_once();
    }

private:
    static CloudSettings settings() {
        CloudSettings settings;
        settings.instances_max = 8;
        settings.operation_time = 700ms;
        settings.simulated_failures_percent = 25;
        return settings;
    }

    void step() {
        switch (chance_.below(10)) {
            case 0:
                rig_.store.refusal =
                    chance_.below(2) == 0 ? std::optional{Errc::kStorageFull} : std::nullopt;
                break;
            case 1:
                rig_.restart();
                break;
            case 2:
            case 3:
                rig_.advance(std::chrono::milliseconds{chance_.below(1500)});
                break;
            case 4:
                look();
                break;
            case 5:
                rig_.shards.at(ShardId{static_cast<std::uint32_t>(chance_.below(2))})
                    .poll_for_test();
                break;
            default:
                command();
                break;
        }
    }
    void look() { snapshots_.push_back(rig_.begin(rig_.app().snapshot(CloudRig::kElsewhere))); }
    void command() {
        if (chance_.below(2) == 0) {
            known_ = ids_of(rig_.snapshot());  // Lets all that was begun come to its end.
        }
        const auto kind = known_.empty() ? kCreate : static_cast<OperationKind>(chance_.below(4));
        auto command =
            rig_.command(kind, kind == kCreate ? "" : known_[chance_.below(known_.size())]);
        command.duration = chance_.below(3) == 0 ? 0ms : command.duration;
        commands_.push_back(rig_.begin_command(
            std::move(command), chance_.below(2) == 0 ? Until::kAccepted : Until::kFinished));
    }
    void expect_each_operation_ended_once() {
        std::multiset<std::string> begun;
        std::multiset<std::string> ended;
        for (const auto& event : rig_.events(kTopic)) {
            const auto id = Notice::parse(event->data)->operation.id;
            (event->type == "received" ? begun : ended).insert(id);
        }
        EXPECT_EQ(begun, ended);
        EXPECT_FALSE(begun.empty());
        for (const auto& command : commands_) {
            EXPECT_TRUE(command->has_value());
        }
    }

    SeededRandom chance_;
    CloudRig rig_;
    std::vector<std::string> known_;
    std::vector<CloudRig::Pending<CloudApp::Snapshot>> snapshots_;
    std::vector<CloudRig::Pending<Result<CloudApp::Accepted>>> commands_;
};

TEST(CloudSnapshot, EverySnapshotIsTheFoldOfTheEventsUpToItsCursor) {
    for (std::uint64_t seed = 1; seed <= 25; ++seed) {
        SCOPED_TRACE(seed);
        RandomHistory{seed}.run(120);
    }
}

}  // namespace
}  // namespace howl::products::cloud
