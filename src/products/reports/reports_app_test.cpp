// SPDX-License-Identifier: Apache-2.0
#include "products/reports/reports_app.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "products/reports/reports_rig_for_test.hpp"

namespace howl::products::reports {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Reports, ANewOneIsPendingAndItsUserHearsOfIt) {
    ReportsRig rig;
    const auto made = rig.create(kAnna);
    ASSERT_EQ(word_of(made), "new");
    const auto& report = made->stored.report;
    EXPECT_EQ(report.user, kAnna);
    EXPECT_EQ(made->stored.version, Version{1});
    EXPECT_EQ(report.history,
              (std::vector<Move>{{Status::kPending, rig.clock.wall_now(), {kAnna, "test"}, 1}}));
    EXPECT_EQ(rig.find(report.id).report, report);
    EXPECT_THAT(rig.told(), ElementsAre("report_created pending"));
}

class ReportsMatrix : public testing::TestWithParam<std::tuple<Status, Status>> {};

TEST_P(ReportsMatrix, AMoveIsStoredAndToldOrLeavesNoTrace) {
    const auto [from, to] = GetParam();
    ReportsRig rig;
    const auto id = rig.make(from);
    const auto before = rig.find(id);
    const auto told_before = rig.told();
    rig.advance(1s);
    const auto outcome = rig.run(ReportsRig::request(id, to));
    const auto after = rig.find(id);
    if (may_move(from, to)) {
        ASSERT_EQ(word_of(outcome), "new");
        EXPECT_EQ(after.report.status(), to);
        EXPECT_EQ(after.report, outcome->stored.report);
        EXPECT_EQ(after.version, Version{before.version.value() + 1});
        EXPECT_EQ(after.report.updated_at(), rig.clock.wall_now());
        EXPECT_EQ(after.report.attempt(), to == Status::kPending ? 2U : 1U);
        EXPECT_EQ(rig.told().size(), told_before.size() + 1);
    } else {
        EXPECT_EQ(word_of(outcome), "illegal_state");
        EXPECT_EQ(after.report, before.report);
        EXPECT_EQ(after.version, before.version);
        EXPECT_EQ(rig.told(), told_before);
    }
}
INSTANTIATE_TEST_SUITE_P(SixBySix, ReportsMatrix,
                         testing::Combine(testing::ValuesIn(kStatuses),
                                          testing::ValuesIn(kStatuses)));

TEST(Reports, ARefusalSaysWhatIsAllowed) {
    ReportsRig rig;
    const auto queued = rig.run(ReportsRig::request(rig.make(Status::kQueued), Status::kFailed));
    EXPECT_EQ(queued.error().detail, "from queued to: processing, canceled");
    const auto done = rig.run(ReportsRig::request(rig.make(Status::kCompleted), Status::kPending));
    EXPECT_EQ(done.error().detail, "from completed to: nothing, it is final");
}

TEST(Reports, WhatIsStoredOutlivesTheApp) {
    ReportsRig rig;
    const auto id = rig.make(Status::kQueued);
    ReportsApp second{rig.store, {}};
    const auto outcome =
        rig.result_of(second.move(rig.elsewhere(), ReportsRig::request(id, Status::kProcessing)));
    EXPECT_EQ(word_of(outcome), "new");
    EXPECT_EQ(rig.state_of(id), "processing");
}

// --- Whose it is ---

TEST(Reports, BelongToTheirUser) {
    ReportsRig rig;
    const auto id = rig.make();
    const auto others = rig.result_of(rig.app.find(rig.elsewhere(), kBob, id));
    EXPECT_EQ(others.error().code, Errc::kNotFound);
    auto stolen = ReportsRig::request(id, Status::kQueued);
    stolen.owner = kBob;
    EXPECT_EQ(word_of(rig.run(stolen)), "not_found");
    stolen.owner = kAnna;
    EXPECT_EQ(word_of(rig.run(stolen)), "new");
    EXPECT_THAT(rig.told(kBob), IsEmpty());
    EXPECT_EQ(rig.move(kNobodys, Status::kQueued), "not_found");
}

TEST(Reports, AreListedByTheirUserOldestFirst) {
    ReportsRig rig;
    std::vector<std::string> ids;
    for (int i = 0; i < 5; ++i) {
        ids.push_back(rig.make());
        rig.advance(1ms);
    }
    ASSERT_EQ(rig.move(ids.front(), Status::kQueued), "new");
    static_cast<void>(rig.create(kBob));
    const auto listing = rig.result_of(rig.app.list(rig.elsewhere(), kAnna));
    std::vector<std::string> listed;
    for (const auto& stored : listing->reports) {
        listed.push_back(stored.report.id);
    }
    EXPECT_EQ(listed, ids);
    EXPECT_EQ(listing->cursor.text(), "d1.7.v1.0");
    EXPECT_THAT(rig.result_of(rig.app.list(rig.elsewhere(), kNobodys))->reports, IsEmpty());
}

// --- Limits ---

TEST(Reports, OfOneUserAreLimitedAndAnotherHasRoom) {
    ReportsRig rig{{.per_user_max = 2, .allowed_origins = {}}};
    EXPECT_EQ(word_of(rig.create(kAnna, "first")), "new");
    EXPECT_EQ(word_of(rig.create(kAnna)), "new");
    EXPECT_EQ(word_of(rig.create(kAnna)), "limit_reached");
    EXPECT_EQ(word_of(rig.create(kAnna, "first")), "repeated");
    EXPECT_EQ(word_of(rig.create(kBob)), "new");
}

TEST(Reports, MayBeTriedAHundredTimes) {
    ReportsRig rig;
    const auto id = rig.make();
    for (std::uint64_t attempt = 1; attempt < Report::kAttemptsMax; ++attempt) {
        for (const Status step :
             {Status::kQueued, Status::kProcessing, Status::kFailed, Status::kPending}) {
            ASSERT_EQ(rig.move(id, step), "new");
        }
    }
    EXPECT_EQ(rig.find(id).report.attempt(), 100U);
    EXPECT_EQ(rig.move(id, Status::kCanceled), "new");
    EXPECT_EQ(rig.move(id, Status::kPending), "limit_reached");
    EXPECT_EQ(rig.state_of(id), "canceled");
}

// --- Overlap ---

TEST(Reports, OfTwoEqualMovesThatOverlapOneWins) {
    ReportsRig rig;
    const auto id = rig.make();
    const auto first = rig.begin_move(ReportsRig::request(id, Status::kQueued));
    const auto second = rig.begin_move(ReportsRig::request(id, Status::kQueued));
    rig.settle();
    std::vector<std::string> words{word_of(**first), word_of(**second)};
    std::ranges::sort(words);
    EXPECT_THAT(words, ElementsAre("illegal_state", "new"));
    EXPECT_EQ(rig.find(id).version, Version{2});
}

TEST(Reports, AMoveThatOverlapsIsJudgedByTheNewState) {
    ReportsRig rig;
    const auto id = rig.make();
    const auto first = rig.begin_move(ReportsRig::request(id, Status::kQueued));
    const auto second = rig.begin_move(ReportsRig::request(id, Status::kCanceled));
    rig.settle();
    EXPECT_EQ(word_of(**first), "new");
    EXPECT_EQ(word_of(**second), "new");
    EXPECT_THAT(rig.told(), ElementsAre("report_created pending", "report_status_update queued",
                                        "report_status_update canceled"));
}

TEST(Reports, AMoveThatAlwaysComesTooLateIsToldSo) {
    ReportsRig rig;
    const auto id = rig.make();
    rig.store.refusal = Errc::kVersionConflict;
    EXPECT_EQ(rig.move(id, Status::kQueued), "version_conflict");
}

// --- Records from outside ---

TEST(Reports, ARecordThatComesAgainMovesNothing) {
    ReportsRig rig;
    const auto id = rig.make();
    const auto record = ReportsRig::from_record(id, Status::kCanceled, {"s", 7});
    EXPECT_EQ(word_of(rig.run(record)), "new");
    EXPECT_EQ(word_of(rig.run(record)), "repeated");
    // Not even where the state would allow it again, and not one from before it.
    EXPECT_EQ(rig.move(id, Status::kPending), "new");
    EXPECT_EQ(word_of(rig.run(record)), "repeated");
    EXPECT_EQ(word_of(rig.run(ReportsRig::from_record(id, Status::kQueued, {"s", 6}))), "repeated");
    EXPECT_EQ(rig.state_of(id), "pending");
    EXPECT_EQ(rig.find(id).version, Version{3});
    EXPECT_EQ(rig.told().size(), 3U);
}

TEST(Reports, TheNextRecordAndOneOfAnotherStreamCount) {
    ReportsRig rig;
    const auto id = rig.make();
    EXPECT_EQ(word_of(rig.run(ReportsRig::from_record(id, Status::kQueued, {"s", 7}))), "new");
    EXPECT_EQ(word_of(rig.run(ReportsRig::from_record(id, Status::kProcessing, {"s", 8}))), "new");
    EXPECT_EQ(word_of(rig.run(ReportsRig::from_record(id, Status::kFailed, {"t", 0}))), "new");
    EXPECT_EQ(rig.find(id).report.history.back().actor, (Actor{"kafka", "kafka"}));
}

TEST(Reports, ARefusedRecordLeavesNoTrace) {
    ReportsRig rig;
    const auto id = rig.make();
    EXPECT_EQ(word_of(rig.run(ReportsRig::from_record(id, Status::kFailed, {"s", 7}))),
              "illegal_state");
    EXPECT_THAT(rig.find(id).report.consumed, IsEmpty());
}

TEST(Reports, RememberOnlySoManyStreamsAndTheNewestAmongThem) {
    ReportsRig rig;
    const auto id = rig.make();
    for (const char letter : std::string{"hgfedcba"}) {
        for (const Status to : {Status::kCanceled, Status::kPending}) {
            const std::uint64_t offset = to == Status::kCanceled ? 1 : 2;
            ASSERT_EQ(
                word_of(rig.run(ReportsRig::from_record(id, to, {std::string{letter}, offset}))),
                "new");
        }
    }
    ASSERT_EQ(word_of(rig.run(ReportsRig::from_record(id, Status::kQueued, {"A", 1}))), "new");
    const auto consumed = rig.find(id).report.consumed;
    EXPECT_EQ(consumed.size(), Report::kStreamsMax);
    EXPECT_TRUE(consumed.contains("A"));
}

}  // namespace
}  // namespace howl::products::reports
