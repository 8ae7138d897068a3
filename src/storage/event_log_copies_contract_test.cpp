// SPDX-License-Identifier: Apache-2.0
// What every adapter of hub::EventLog promises of an event in several topics, and of binary data.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/event_log_contract_for_test.hpp"

namespace howl::storage {
namespace {

using hub::DataKind;
using hub::Freshness;
using hub::PlaceInGroup;
using testing::ElementsAre;

std::vector<PlaceInGroup> places_of(const std::vector<hub::EventRef>& events) {
    std::vector<PlaceInGroup> out;
    for (const auto& event : events) {
        out.push_back(event->place);
    }
    return out;
}

TEST_P(EventLogContract, NumbersTheCopiesOfAnEventInSeveralTopics) {
    ASSERT_TRUE(log().publish("a", "before"));
    const auto receipts = log().append_copies(
        {LogDriver::item("a", "x"), LogDriver::item("b", "x"), LogDriver::item("c", "x")});
    ASSERT_TRUE(receipts);
    EXPECT_EQ(receipts->at(2).event->sequence, Sequence{4});
    EXPECT_EQ(receipts->at(0).event->group_end(), Sequence{4});
    EXPECT_EQ(receipts->at(0).event->offset, Offset{2});
    if (dynamic_cast<sqlite::SqliteEventLog*>(log_.get()) != nullptr) {
        close();
        open();
    }
    const auto events = log().read({"a", "b", "c"}, 0).value().events;
    EXPECT_THAT(places_of(events), ElementsAre(PlaceInGroup{}, PlaceInGroup{0, 3},
                                               PlaceInGroup{1, 3}, PlaceInGroup{2, 3}));
}

TEST_P(EventLogContract, OneCopyIsAnEventAsAnyOther) {
    const auto receipts = log().append_copies({LogDriver::item("a", "x")});
    EXPECT_EQ(receipts->at(0).event->place, PlaceInGroup{});
}

TEST_P(EventLogContract, ARepeatedCopyCountsForNothing) {
    const auto copies = [] {
        return std::vector{LogDriver::item("a", "x", {}, "key"),
                           LogDriver::item("b", "x", {}, "key"),
                           LogDriver::item("c", "x", {}, "key")};
    };
    ASSERT_TRUE(log().append_copies(copies()));
    const auto again = log().append_copies(copies()).value();
    EXPECT_EQ(again.at(0).freshness, Freshness::kRepeated);
    EXPECT_EQ(again.at(2).freshness, Freshness::kRepeated);
    // A topic that was purged has forgotten its keys.
    ASSERT_TRUE(log().purge("a", hub::PurgeScope::kTopic));
    ASSERT_TRUE(log().purge("c", hub::PurgeScope::kTopic));
    const auto third = log().append_copies(copies()).value();
    EXPECT_EQ(third.at(0).event->place, (PlaceInGroup{0, 2}));
    EXPECT_EQ(third.at(1).freshness, Freshness::kRepeated);
    EXPECT_EQ(third.at(2).event->place, (PlaceInGroup{1, 2}));
    EXPECT_EQ(third.at(0).event->group_end(), third.at(2).event->sequence);
}

TEST_P(EventLogContract, RemembersWhatIsBinary) {
    auto item = LogDriver::item("a", std::string("\0\xFF", 2));
    item.event.kind = DataKind::kBinary;
    ASSERT_TRUE(log().append({std::move(item)}));
    ASSERT_TRUE(log().publish("a", "text"));
    if (dynamic_cast<sqlite::SqliteEventLog*>(log_.get()) != nullptr) {
        close();
        open();
    }
    const auto events = log().history("a").value().events;
    EXPECT_EQ(events.at(0)->kind, DataKind::kBinary);
    EXPECT_EQ(events.at(0)->data, std::string("\0\xFF", 2));
    EXPECT_EQ(events.at(1)->kind, DataKind::kText);
}

}  // namespace
}  // namespace howl::storage
