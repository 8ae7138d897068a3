// SPDX-License-Identifier: Apache-2.0
#include "products/chat/history.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "products/product_rig_for_test.hpp"
#include "products/publishing.hpp"

namespace howl::products::chat {
namespace {

using Older = MessagePage::Older;
using testing::ElementsAre;
using testing::IsEmpty;

const RoomName kRoom{std::string{kLobby}};

/// A room of which 100 messages are kept, beside another one.
class HistoryRig : public ProductRig {
public:
    HistoryRig() : ProductRig({{"*", {hub::Lane::kDurable, {.count_max = 100}}}}) {}

    void publish(int count, std::size_t bytes = 1) {
        for (int i = 0; i < count; ++i) {
            for (const auto& room : {kRoom, RoomName{"other"}}) {
                hub::NewEvent event{.topic = messages_topic(room), .data = std::string(bytes, 'x')};
                EXPECT_TRUE(
                    result_of(products::publish(home(), access::kAnyone, std::move(event))));
            }
        }
    }
    /// The offsets of a page, and behind them a 0 if there are older messages.
    std::vector<std::uint64_t> page(HistoryQuery query) {
        query.room = kRoom;
        const auto found = result_of(messages_of(home(), access::kAnyone, std::move(query)));
        std::vector<std::uint64_t> offsets;
        for (const auto& event : found->events) {
            offsets.push_back(event->offset.value());
        }
        if (found->older == Older::kSome) {
            offsets.push_back(0);
        }
        return offsets;
    }
};

TEST(ChatHistory, ShowsTheNewestFirstAndGoesBackPageByPage) {
    HistoryRig rig;
    EXPECT_THAT(rig.page({}), IsEmpty());
    rig.publish(5);
    EXPECT_THAT(rig.page({}), ElementsAre(1, 2, 3, 4, 5));
    EXPECT_THAT(rig.page({.limit = 2}), ElementsAre(4, 5, 0));
    EXPECT_THAT(rig.page({.before = Offset{4}, .limit = 2}), ElementsAre(2, 3, 0));
    EXPECT_THAT(rig.page({.before = Offset{2}, .limit = 2}), ElementsAre(1));
    EXPECT_THAT(rig.page({.before = Offset{1}}), IsEmpty());
    EXPECT_THAT(rig.page({.before = Offset{0}}), IsEmpty());
    EXPECT_THAT(rig.page({.before = Offset{1000}, .limit = 2}), ElementsAre(4, 5, 0));
}

TEST(ChatHistory, EndsWhereTheKeptMessagesBegin) {
    HistoryRig rig;
    rig.publish(103);
    EXPECT_THAT(rig.page({.before = Offset{7}, .limit = 3}), ElementsAre(4, 5, 6));
    EXPECT_THAT(rig.page({.before = Offset{6}, .limit = 50}), ElementsAre(4, 5));
    EXPECT_THAT(rig.page({.before = Offset{4}, .limit = 50}), IsEmpty());
    EXPECT_THAT(rig.page({.before = Offset{2}, .limit = 50}), IsEmpty());
}

TEST(ChatHistory, ShowsARoomAsItWasAtAMoment) {
    HistoryRig rig;
    rig.publish(5);  // Each message of the room is followed by one of the other room.
    EXPECT_THAT(rig.page({.through = Sequence{5}, .limit = 2}), ElementsAre(2, 3, 0));
    EXPECT_THAT(rig.page({.through = Sequence{4}, .limit = 10}), ElementsAre(1, 2));
    EXPECT_THAT(rig.page({.through = Sequence{0}, .limit = 2}), IsEmpty());
    EXPECT_THAT(rig.page({.through = Sequence{10}, .limit = 2}), ElementsAre(4, 5, 0));
}

TEST(ChatHistory, LongMessagesMakeShortPages) {
    HistoryRig rig;
    rig.publish(8, 60'000);
    EXPECT_THAT(rig.page({}), ElementsAre(5, 6, 7, 8, 0));
    EXPECT_THAT(rig.page({.before = Offset{5}}), ElementsAre(1, 2, 3, 4));
}

TEST(ChatHistory, AShorterPageCanBeAskedForAndShowsOneMessageAtLeast) {
    HistoryRig rig;
    rig.publish(8, 1'000);
    EXPECT_THAT(rig.page({.bytes_max = 3'000}), ElementsAre(6, 7, 8, 0));
    EXPECT_THAT(rig.page({.bytes_max = 10}), ElementsAre(8, 0));
}

}  // namespace
}  // namespace howl::products::chat
