// SPDX-License-Identifier: Apache-2.0
// What the durable lane promises when the disk fails or the power does. Every test here plays a
// script of publishes on a FaultVfs, notes what was acknowledged, and then opens what is left.
#include <array>
#include <fstream>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "storage/log_driver_for_test.hpp"
#include "storage/sqlite/fault_vfs_for_test.hpp"
#include "storage/sqlite/sqlite_event_log.hpp"

namespace howl::storage::sqlite {
namespace {

using Fault = FaultVfs::Fault;
using Persistence = FaultVfs::Persistence;

constexpr hub::Retention kShort{.count_max = 5};

/// What publishers were told.
struct Told {
    std::map<std::string, std::uint64_t> acknowledged;  ///< Newest offset by topic.
    std::uint64_t newest_sequence = 0;
    bool purged = false;
    bool failed_for_good = false;
};

/// The data of an event names its place, so that a reader can tell a wrong one.
std::string data_at(std::string_view name, std::uint64_t offset) {
    return std::string{name} + "#" + std::to_string(offset) + std::string(offset % 7 * 100, '.');
}

/// Publishes to three topics (one keeps little, one has a key on every event, one is purged midway)
/// and reports each acknowledgement at the moment of its commit.
class Script {
public:
    /// `on_told` runs with every acknowledgement, on the writer's thread: before it writes on.
    Script(
        hub::EventLog& log, Told& told, std::function<void()> on_told = [] {})
        : log_(log), told_(told), on_told_(std::move(on_told)) {}

    void run(std::uint64_t rounds) {
        for (std::uint64_t round = 1; round <= rounds; ++round) {
            publish({"a", "b"});
            publish({"short", "short"});
            if (round == rounds / 2) {
                purge("b");
            }
        }
    }

private:
    /// One batch. The next offset is one past the last acknowledged, as nobody else publishes and a
    /// failed batch takes none.
    void publish(const std::vector<std::string>& names) {
        std::vector<hub::AppendBatch::Item> items;
        auto expected = told_.acknowledged;
        for (const auto& name : names) {
            const auto offset = ++expected[name];
            items.push_back(LogDriver::item(name, data_at(name, offset),
                                            name == "short" ? kShort : hub::Retention{},
                                            name == "a" ? "key" + std::to_string(offset) : ""));
        }
        std::promise<void> settled;
        log_.append({std::move(items), [&](const Result<hub::Receipts>& outcome) {
                         hear(outcome);
                         settled.set_value();
                     }});
        settled.get_future().wait();
    }

    void purge(std::string_view name) {
        std::promise<void> settled;
        log_.purge(topic(name), [&](const Result<Sequence>& purged) {
            told_.purged |= purged.value_or(Sequence{0}) > Sequence{0};
            on_told_();
            settled.set_value();
        });
        settled.get_future().wait();
    }

    void hear(const Result<hub::Receipts>& outcome) {
        if (!outcome) {
            told_.failed_for_good |= outcome.error().code == Errc::kStorageFailed;
            EXPECT_TRUE(is_storage_error(outcome.error().code)) << outcome.error().describe();
            return;
        }
        EXPECT_FALSE(told_.failed_for_good) << "acknowledged after the store had failed";
        for (const auto& receipt : *outcome) {
            const auto& event = *receipt.event;
            EXPECT_EQ(event.offset.value(), ++told_.acknowledged[event.topic.text()]);
            EXPECT_EQ(event.sequence.value(), ++told_.newest_sequence);
        }
        on_told_();
    }

    hub::EventLog& log_;
    Told& told_;
    const std::function<void()> on_told_;
};

void expect_well_numbered(LogDriver& log, const std::string& name, std::uint64_t at_least) {
    const auto page = log.history(name);
    ASSERT_TRUE(page) << page.error().describe();
    EXPECT_GE(page->last_offset.value(), at_least) << "lost an acknowledged event of " << name;
    auto offset = page->first_retained.value();
    for (const auto& event : page->events) {
        EXPECT_EQ(event->offset.value(), offset);
        EXPECT_EQ(event->data, data_at(name, offset));
        ++offset;
    }
    EXPECT_EQ(offset, page->last_offset.value() + 1);
}

/// A log opened after the fault has everything that was acknowledged, whole and in order, and
/// works.
void expect_kept(LogDriver& log, const Told& told) {
    const auto acknowledged = [&](const std::string& name) {
        const auto found = told.acknowledged.find(name);
        return found == told.acknowledged.end() ? 0 : found->second;
    };
    for (const auto* const name : {"a", "b", "short"}) {
        expect_well_numbered(log, name, acknowledged(name));
    }
    const auto all = log.history("a").value();
    EXPECT_EQ(all.first_retained, Offset{1});
    EXPECT_LE(log.history("short").value().events.size(), kShort.count_max);
    if (told.purged) {
        EXPECT_GT(log.history("b").value().first_retained, Offset{1});
    }
    std::uint64_t last = 0;
    const auto slice = log.read({"a", "b", "short"}, 0).value();
    for (const auto& event : slice.events) {
        EXPECT_GT(event->sequence.value(), last);
        last = event->sequence.value();
    }
    if (const auto offset = acknowledged("a"); offset > 0) {
        const auto again =
            log.publish("a", data_at("a", offset), {}, "key" + std::to_string(offset));
        ASSERT_TRUE(again) << again.error().describe();
        EXPECT_EQ(again->freshness, hub::Freshness::kRepeated);
        EXPECT_EQ(again->event->offset.value(), offset);
    }
    const auto next = log.publish("a", "next");
    ASSERT_TRUE(next) << next.error().describe();
    EXPECT_EQ(next->event->offset, all.last_offset.next());
}

class Crash : public testing::Test {
protected:
    Result<std::unique_ptr<SqliteEventLog>> open(const std::filesystem::path& directory) {
        return SqliteEventLog::open(directory, clock_, random_,
                                    {.checkpoint_pages = 24,
                                     .on_failed = [this](const Error&) { ++failures_reported_; },
                                     .vfs = vfs_.name()});
    }

    /// Fails the first, the second, ... operation of the script until it runs to its end unharmed.
    void fail_at_every_step(Fault fault, Persistence persistence) {
        for (std::uint64_t nth = 1;; ++nth) {
            SCOPED_TRACE("operation " + std::to_string(nth));
            const TempDirectory directory;
            Told told;
            failures_reported_ = 0;
            vfs_.fail_nth(nth, fault, persistence);
            if (auto log = open(directory.path())) {
                {
                    LogDriver driver{**log};
                    Script{**log, told}.run(6);
                    EXPECT_EQ((*log)->failed(), failures_reported_ == 1);
                    EXPECT_LE(failures_reported_, 1);
                    after_script(**log, driver);
                }
            }
            vfs_.heal();
            {
                auto log = open(directory.path());
                ASSERT_TRUE(log) << log.error().describe();
                LogDriver driver{**log};
                expect_kept(driver, told);
            }
            if (!vfs_.has_failed() || HasFailure()) {
                EXPECT_GT(nth, 10U) << "the script hardly touched the disk";
                return;
            }
        }
    }

    FaultVfs vfs_;
    ManualClock clock_;
    SeededRandom random_{7};
    int failures_reported_ = 0;
    std::function<void(SqliteEventLog&, LogDriver&)> after_script = [](auto&, auto&) {};
};

TEST_F(Crash, AFailureOfAnyOperationLosesNothingThatWasAcknowledged) {
    fail_at_every_step(Fault::kInputOutput, Persistence::kOnce);
}

TEST_F(Crash, ADeadDiskLosesNothingThatWasAcknowledged) {
    fail_at_every_step(Fault::kInputOutput, Persistence::kFromThenOn);
}

TEST_F(Crash, AFailedSyncEndsTheStore) {
    // The disk recovers at once, the store must not: pages may be gone that it believes written.
    after_script = [this](SqliteEventLog& log, LogDriver& driver) {
        if (vfs_.has_failed()) {
            EXPECT_TRUE(log.failed());
            EXPECT_EQ(driver.publish("a", "x").error().code, Errc::kStorageFailed);
            EXPECT_TRUE(driver.history("a"));
        }
    };
    fail_at_every_step(Fault::kSync, Persistence::kOnce);
}

TEST_F(Crash, AMomentOfFullDiskNeedsNoRestart) {
    after_script = [](SqliteEventLog& log, LogDriver& driver) {
        EXPECT_FALSE(log.failed());
        const auto offset = driver.history("a").value().last_offset.value() + 1;
        // The one failure may be waiting for this publish, but not for the next.
        EXPECT_TRUE(driver.publish("a", data_at("a", offset)) ||
                    driver.publish("a", data_at("a", offset)));
    };
    fail_at_every_step(Fault::kDiskFull, Persistence::kOnce);
}

TEST_F(Crash, AFullDiskRefusesUntilThereIsSpaceAgain) {
    after_script = [this](SqliteEventLog& log, LogDriver& driver) {
        EXPECT_FALSE(log.failed());
        const auto offset = driver.history("a").value().last_offset.value() + 1;
        if (vfs_.has_failed()) {
            EXPECT_EQ(driver.publish("a", data_at("a", offset)).error().code, Errc::kStorageFull);
        }
        vfs_.heal();
        EXPECT_TRUE(driver.publish("a", data_at("a", offset)));
    };
    fail_at_every_step(Fault::kDiskFull, Persistence::kFromThenOn);
}

/// Runs a script once while everything that reaches the disk is recorded, then opens what a power
/// loss at each record could have left.
TEST_F(Crash, APowerLossAtAnyMomentLosesNothingThatWasAcknowledged) {
    constexpr std::uint64_t kRounds = 24;
    Epoch epoch;
    Told told;
    std::vector<Told> told_by_note;
    vfs_.start_recording();
    {
        const TempDirectory directory;
        auto log = open(directory.path()).value();
        epoch = log->epoch();
        LogDriver driver{*log};
        Script{*log, told,
               [&] {
                   vfs_.note(told_by_note.size());
                   told_by_note.push_back(told);
               }}
            .run(kRounds);
    }
    const auto records = vfs_.records();
    FaultVfs plain_disk;
    CrashedDisk disk;
    std::optional<Told> promised;
    std::size_t crashes = 0;
    for (std::size_t at = 0; at < records.size(); ++at) {
        disk.apply(records[at]);
        if (records[at].kind == FaultVfs::Record::Kind::kNote) {
            promised = told_by_note[records[at].offset];
        }
        constexpr std::array kAllModes = {
            CrashedDisk::Survivors::kNone, CrashedDisk::Survivors::kAll,
            CrashedDisk::Survivors::kRandomWrites, CrashedDisk::Survivors::kRandomSectors};
        for (const auto survivors : kAllModes) {
            // Everything at a sync, where most is at stake; of the others each in its turn.
            const bool before_sync =
                at + 1 < records.size() && records[at + 1].kind == FaultVfs::Record::Kind::kSync;
            if (!before_sync && at % 4 != static_cast<std::size_t>(survivors)) {
                continue;
            }
            SCOPED_TRACE("record " + std::to_string(at) + ", survivors " +
                         std::to_string(static_cast<int>(survivors)));
            const TempDirectory directory;
            for (const auto& [name, content] :
                 disk.files(survivors, [this] { return random_.next(); })) {
                std::ofstream{directory.path() / name, std::ios::binary} << content;
            }
            auto log =
                SqliteEventLog::open(directory.path(), clock_, random_, {.vfs = plain_disk.name()});
            ASSERT_TRUE(log) << log.error().describe();
            LogDriver driver{**log};
            if (promised) {
                EXPECT_EQ((*log)->epoch(), epoch);
                expect_kept(driver, *promised);
            }
            ++crashes;
            if (HasFailure()) {
                return;
            }
        }
    }
    EXPECT_GE(crashes, 300U);
    RecordProperty("crash_points", static_cast<int>(crashes));
}

}  // namespace
}  // namespace howl::storage::sqlite
