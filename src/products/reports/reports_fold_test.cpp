// SPDX-License-Identifier: Apache-2.0
// However moves overlap: a report's history is the fold of its events, and legal throughout.
#include <map>

#include <gtest/gtest.h>

#include "products/reports/reports_rig_for_test.hpp"

namespace howl::products::reports {
namespace {

void expect_legal(const Report& report) {
    for (std::size_t i = 1; i < report.history.size(); ++i) {
        const Move& before = report.history[i - 1];
        const Move& after = report.history[i];
        EXPECT_TRUE(may_move(before.to, after.to)) << name_of(before.to) << name_of(after.to);
        EXPECT_EQ(after.attempt - before.attempt, after.to == Status::kPending ? 1U : 0U);
    }
}

class ReportsFold : public testing::TestWithParam<std::uint64_t> {};

TEST_P(ReportsFold, OfTheEventsIsTheHistoryHoweverMovesOverlap) {
    ReportsRig rig;
    SeededRandom random{GetParam()};
    const std::vector<std::string> ids{rig.make(), rig.make(), rig.make()};
    std::size_t moved = 0;
    for (int round = 0; round < 60; ++round) {
        std::vector<ProductRig::Pending<Result<ReportsRig::Outcome>>> begun;
        for (auto left = 1 + random.below(5); left > 0; --left) {
            const auto& id = ids[random.below(ids.size())];
            const Status to = kStatuses[random.below(kStatuses.size())];
            begun.push_back(rig.begin_move(ReportsRig::request(id, to)));
        }
        rig.settle();
        for (const auto& outcome : begun) {
            const auto word = word_of(**outcome);
            EXPECT_TRUE(word == "new" || word == "illegal_state") << word;
            moved += word == "new" ? 1 : 0;
        }
    }
    std::map<std::string, std::vector<Move>> told;
    for (const auto& event : rig.events(topic_of(kAnna).text())) {
        const auto notice = ReportNotice::parse(event->data).value();
        told[notice.id].push_back(notice.move);
        EXPECT_EQ(notice.version.value(), told[notice.id].size());
        moved -= event->type == kMoved ? 1 : 0;
    }
    EXPECT_EQ(moved, 0U) << "each move that was acknowledged was told once";
    for (const auto& id : ids) {
        const auto report = rig.find(id).report;
        EXPECT_EQ(report.history, told[id]);
        expect_legal(report);
    }
}
INSTANTIATE_TEST_SUITE_P(Seeds, ReportsFold, testing::Range(std::uint64_t{1}, std::uint64_t{21}));

}  // namespace
}  // namespace howl::products::reports
