// SPDX-License-Identifier: Apache-2.0
// A server starts over a damaged file, and its readers are told what is missing: also of what the
// start has taken into memory.
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <semaphore>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "base/random.hpp"
#include "hub/mailbox.hpp"
#include "hub/sequencer.hpp"
#include "hub/topic_policy.hpp"
#include "storage/log_driver_for_test.hpp"
#include "storage/memory/memory_event_log.hpp"
#include "storage/sqlite/corrupt_page_for_test.hpp"
#include "storage/sqlite/sqlite_event_log.hpp"

namespace howl::storage {
namespace {

using Continuity = hub::Sequencer::Continuity;
using hub::HistoryPage;
using sqlite::Connection;
using sqlite::corrupt_page_of;
using sqlite::SqliteEventLog;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr ShardId kShard{0};

class StartAfterDamage : public testing::Test {
protected:
    StartAfterDamage() {
        auto log = open();
        LogDriver driver{*log};
        for (int i = 1; i <= 40; ++i) {
            EXPECT_TRUE(driver.publish("a", "event " + std::to_string(i) + std::string(1000, 'e')));
        }
    }
    ~StartAfterDamage() override { end(); }

    std::unique_ptr<SqliteEventLog> open() {
        return SqliteEventLog::open(directory_.path(), clock_, random_).value();
    }
    [[nodiscard]] std::filesystem::path file() const { return directory_.path() / "howl.db"; }
    void lose_row(int offset) {
        const auto sql = "DELETE FROM events WHERE topic_offset = " + std::to_string(offset);
        ASSERT_TRUE(
            Connection::open(file(), Connection::Access::kReadWrite).value().execute(sql.c_str()));
    }

    void start() {
        log_ = open();
        volatile_.emplace(clock_, Epoch{"v"});
        sequencer_.emplace(*log_, *volatile_, policies_, clock_, limits::kWindowBytesMax);
        sequencer_->attach(kShard, mailbox_);
        const auto started = sequencer_->start();
        ASSERT_TRUE(started) << started.error().describe();
    }
    void end() {
        sequencer_.reset();
        volatile_.reset();
        log_.reset();
    }
    /// What `ask` answers, on the shard.
    template <class T>
    T answer_of(std::function<void(std::move_only_function<void(T)>)> ask) {
        std::optional<T> answer;
        ask([&answer](T found) { answer.emplace(std::move(found)); });
        while (!answer) {
            woken_.acquire();
            std::vector<hub::Mailbox::Item> items;
            mailbox_.take(items);
            for (auto& item : items) {
                std::get<hub::Mailbox::Action>(item)();
            }
        }
        return std::move(*answer);
    }
    HistoryPage history() {
        using Answer = Result<hub::Sequencer::History>;
        return answer_of<Answer>([this](auto done) {
                   sequencer_->history(kShard, topic_, Offset{0}, 100, std::move(done));
               })
            .value()
            .page;
    }
    /// How a reader goes on that has seen everything up to event `seen`.
    Continuity after(std::uint64_t seen) {
        auto cursor = sequencer_->head();
        cursor.sequences.durable = Sequence{seen};
        return answer_of<Result<Continuity>>([this, &cursor](auto done) {
                   sequencer_->check_continuity(kShard, std::span{&topic_, 1}, cursor,
                                                std::move(done));
               })
            .value();
    }

    const hub::TopicName topic_ = topic("a");
    TempDirectory directory_;
    ManualClock clock_;
    SeededRandom random_{7};
    std::counting_semaphore<> woken_{0};
    hub::Mailbox mailbox_{[this] { woken_.release(); }};
    const hub::TopicPolicies policies_;
    std::optional<memory::MemoryEventLog> volatile_;
    std::unique_ptr<SqliteEventLog> log_;
    std::optional<hub::Sequencer> sequencer_;
};

TEST_F(StartAfterDamage, AMissingEventIsReportedAsMissing) {
    lose_row(20);
    start();
    EXPECT_EQ(log_->stats().corrupt_rows, 1U);
    EXPECT_THAT(history().missing, ElementsAre(Offset{20}));
    EXPECT_EQ(history().events.size(), 39U);
    EXPECT_EQ(after(19), Continuity::kBroken);
    EXPECT_EQ(after(20), Continuity::kWhole);
    EXPECT_EQ(log_->stats().corrupt_rows, 1U);
}

TEST_F(StartAfterDamage, AMissingNewestEventIsReportedAsMissing) {
    lose_row(40);
    start();
    EXPECT_EQ(log_->stats().corrupt_rows, 1U);
    EXPECT_THAT(history().missing, ElementsAre(Offset{40}));
    EXPECT_EQ(after(39), Continuity::kBroken);
    EXPECT_EQ(after(40), Continuity::kWhole);
}

TEST_F(StartAfterDamage, AMalformedPageCostsTheEventsOnItAndNoOthers) {
    for (const int on_the_page : {40, 30, 20, 10}) {
        SCOPED_TRACE(on_the_page);
        const auto whole = directory_.path() / "whole";
        std::filesystem::copy_file(file(), whole);
        corrupt_page_of(file(), "event " + std::to_string(on_the_page) + "eee");
        start();
        EXPECT_GE(log_->stats().corrupt_rows, 1U);
        const auto page = history();
        EXPECT_EQ(page.events.size() + page.missing.size(), 40U);
        EXPECT_THAT(page.missing, testing::Contains(Offset{std::uint64_t(on_the_page)}));
        EXPECT_GE(page.events.size(), 30U);
        EXPECT_EQ(after(page.missing.front().value() - 1), Continuity::kBroken);
        EXPECT_EQ(after(page.missing.back().value()), Continuity::kWhole);
        end();
        std::filesystem::rename(whole, file());
    }
}

TEST_F(StartAfterDamage, NothingIsMissingWhereNothingIsDamaged) {
    start();
    EXPECT_THAT(history().missing, IsEmpty());
    EXPECT_EQ(after(0), Continuity::kWhole);
    EXPECT_EQ(log_->stats().corrupt_rows, 0U);
}

}  // namespace
}  // namespace howl::storage
