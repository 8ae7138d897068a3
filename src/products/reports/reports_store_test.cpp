// SPDX-License-Identifier: Apache-2.0
// What the reports make of creates that come again, of a store in trouble, and of what other
// programs put into it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/sha256.hpp"
#include "products/reports/report_list.hpp"
#include "products/reports/reports_rig_for_test.hpp"
#include "products/uuid.hpp"

namespace howl::products::reports {
namespace {

using testing::ElementsAre;

// --- Creates that come again ---

TEST(ReportsCreate, WithOneKeyMakesOne) {
    ReportsRig rig;
    const auto first = rig.create(kAnna, "key-1");
    EXPECT_EQ(word_of(first), "new");
    const auto& id = first->stored.report.id;
    EXPECT_EQ(parse_uuid(id), id);
    EXPECT_EQ(id[14], '5') << "of a version that old libraries know: " << id;
    EXPECT_EQ(rig.move(id, Status::kQueued), "new");
    const auto again = rig.create(kAnna, "key-1");
    EXPECT_EQ(word_of(again), "repeated");
    EXPECT_EQ(again->stored.report, rig.find(id).report) << "as it is now";
    EXPECT_EQ(rig.told().size(), 2U);
}

TEST(ReportsCreate, ThatAnEarlierHowlHasMadeIsFound) {
    ReportsRig rig;
    const auto former = uuid_of(codec::sha256_of({"howl report ", kAnna, " key-1"}));
    rig.store_text(former, kAnna, R"({"status":"failed"})");
    const auto again = rig.create(kAnna, "key-1");
    EXPECT_EQ(word_of(again), "repeated");
    EXPECT_EQ(again->stored.report.id, former);
}

TEST(ReportsCreate, TheKeyIsTheUsersOwn) {
    ReportsRig rig;
    const auto annas = rig.create(kAnna, "key-1")->stored.report.id;
    EXPECT_NE(rig.create(kBob, "key-1")->stored.report.id, annas);
    EXPECT_NE(rig.create(kAnna, "key-2")->stored.report.id, annas);
    EXPECT_NE(rig.create(kAnna)->stored.report.id, rig.create(kAnna)->stored.report.id);
}

TEST(ReportsCreate, OfTwoThatOverlapBothFindTheOne) {
    ReportsRig rig;
    const auto ask = [&] {
        return rig.begin(
            rig.app.create(rig.elsewhere(), rig.random, ReportsRig::new_report(kAnna, "key-1")));
    };
    const auto first = ask();
    const auto second = ask();
    rig.settle();
    EXPECT_EQ(word_of(**first), "new");
    EXPECT_EQ(word_of(**second), "repeated");
    EXPECT_EQ((*first)->value().stored.report, (*second)->value().stored.report);
    EXPECT_THAT(rig.told(), ElementsAre("report_created pending"));
}

// --- A store in trouble ---

TEST(ReportsStore, WhatItRefusesIsNeitherStoredNorTold) {
    ReportsRig rig;
    const auto id = rig.make();
    for (const Errc trouble : {Errc::kStorageFull, Errc::kStorageFailed, Errc::kOverloaded}) {
        rig.store.refusal = trouble;
        const auto word = std::string{Error{trouble, "", {}}.entry().name};
        EXPECT_EQ(rig.move(id, Status::kQueued), word);
        EXPECT_EQ(word_of(rig.create(kAnna)), word);
        EXPECT_EQ(word_of(rig.create(kAnna, "key")), word);
    }
    rig.store.refusal.reset();
    EXPECT_EQ(rig.state_of(id), "pending");
    EXPECT_THAT(rig.told(), ElementsAre("report_created pending"));
    EXPECT_EQ(rig.move(id, Status::kQueued), "new");
}

TEST(ReportsStore, WhatCannotBeReadIsNotTakenForMissing) {
    ReportsRig rig;
    const auto id = rig.make();
    rig.store.read_refusal = Errc::kStorageFailed;
    EXPECT_EQ(rig.move(id, Status::kQueued), "read_failed");
    EXPECT_EQ(word_of(rig.create(kAnna)), "read_failed");
    EXPECT_EQ(word_of(rig.create(kAnna, "key")), "read_failed");
    EXPECT_EQ(rig.result_of(rig.app.find(rig.elsewhere(), kAnna, id)).error().code,
              Errc::kReadFailed);
    EXPECT_EQ(rig.result_of(rig.app.list(rig.elsewhere(), kAnna)).error().code, Errc::kReadFailed);
}

TEST(ReportsStore, WhatIsThereAndUnreadableIsNotShownNorMovedNorMadeAnew) {
    ReportsRig rig;
    const auto id = rig.create(kAnna, "key")->stored.report.id;
    rig.store.read_refusal = Errc::kDamaged;
    EXPECT_EQ(rig.result_of(rig.app.find(rig.elsewhere(), kAnna, id)).error().code,
              Errc::kNotFound);
    EXPECT_EQ(rig.move(id, Status::kQueued), "illegal_state");
    EXPECT_EQ(word_of(rig.create(kAnna, "key")), "illegal_state");
    EXPECT_THAT(rig.told(), ElementsAre("report_created pending"));
}

// --- Many ---

TEST(ReportsStore, ThousandsAreListedOverManyTurns) {
    ReportsRig rig;
    for (int i = 0; i < 1'000; ++i) {
        ASSERT_EQ(word_of(rig.create(kAnna)), "new");
    }
    const auto reports = rig.result_of(rig.app.list(rig.elsewhere(), kAnna))->reports;
    EXPECT_EQ(reports.size(), 1'000U);
    const auto letter = [](const ReportsApp::Stored&) { return std::string{"x"}; };
    const auto page =
        rig.result_of(page_of(rig.elsewhere().shard(), reports, letter, PageEnd::kOldest)).value();
    EXPECT_EQ(page.text.size(), 2'001U);
    EXPECT_EQ(page.shown, 1'000U);
    EXPECT_TRUE(page.text.starts_with("[x,x,")) << page.text.substr(0, 5);
    EXPECT_TRUE(page.text.ends_with(",x]"));
}

TEST(ReportsStore, APageOfAListIsBoundedInBytesAndKeepsTheEndThatIsWanted) {
    ReportsRig rig;
    for (int i = 0; i < 3; ++i) {
        ASSERT_EQ(word_of(rig.create(kAnna)), "new");
    }
    const auto reports = rig.result_of(rig.app.list(rig.elsewhere(), kAnna))->reports;
    const auto half_a_page = [](const ReportsApp::Stored& stored) {
        return stored.report.id + std::string(limits::kPageBytesMax / 2 - 100, 'x');
    };
    for (const auto end : {PageEnd::kOldest, PageEnd::kNewest}) {
        const auto page =
            rig.result_of(page_of(rig.elsewhere().shard(), reports, half_a_page, end)).value();
        EXPECT_EQ(page.shown, 2U);
        EXPECT_LE(page.text.size(), limits::kPageBytesMax);
        EXPECT_EQ(page.text.contains(reports.front().report.id), end == PageEnd::kOldest);
        EXPECT_TRUE(page.text.contains(reports[1].report.id));
        EXPECT_EQ(page.text.contains(reports.back().report.id), end == PageEnd::kNewest);
    }
}

// --- What other programs wrote ---

TEST(ReportsStore, AnItemOfTheSeedsOwnServerIsShownAndMoves) {
    ReportsRig rig;
    rig.store_text(kNobodys, kAnna, R"({"status":"failed"})");
    EXPECT_EQ(rig.find(kNobodys).report.status(), Status::kFailed);
    EXPECT_EQ(rig.move(kNobodys, Status::kPending), "new");
    const auto report = rig.find(kNobodys).report;
    EXPECT_EQ(report.id, kNobodys);
    EXPECT_EQ(report.user, kAnna);
    EXPECT_EQ(report.attempt(), 2U);
    EXPECT_EQ(report.history.front(), (Move{Status::kFailed, WallTime{}, {}, 1}));
    EXPECT_THAT(rig.told(), ElementsAre("report_status_update pending"));
}

TEST(ReportsStore, WhatIsNoReportHidesNoOtherAndNeverMoves) {
    ReportsRig rig;
    const auto id = rig.make();
    rig.store_text("no-json", kAnna, "x");
    EXPECT_EQ(rig.move("no-json", Status::kQueued), "illegal_state");
    EXPECT_EQ(rig.result_of(rig.app.find(rig.elsewhere(), kAnna, "no-json")).error().code,
              Errc::kNotFound);
    const auto listing = rig.result_of(rig.app.list(rig.elsewhere(), kAnna));
    ASSERT_EQ(listing->reports.size(), 1U);
    EXPECT_EQ(listing->reports[0].report.id, id);
    // No topic can be named after such an owner.
    rig.store_text("no-owner", std::string(255, 'x'), R"({"status":"pending"})");
    EXPECT_EQ(rig.move("no-owner", Status::kQueued), "illegal_state");
}

}  // namespace
}  // namespace howl::products::reports
