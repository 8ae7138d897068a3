// SPDX-License-Identifier: Apache-2.0
#include "loadtest/room_checker.hpp"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace howl::loadtest {
namespace {

constexpr std::uint64_t kMilli = 1'000'000;

/// A room of two members who have an empty snapshot. Message `number` is sent at `number` seconds.
class TwoMembers : public ::testing::Test {
protected:
    TwoMembers() {
        receives(0, snapshot(0));
        receives(1, snapshot(0));
    }

    static Stamp stamp_of(std::uint64_t number) {
        return {.nanos = number * 1000 * kMilli, .number = number};
    }
    static std::string snapshot(std::uint64_t newest) {
        return fmt::format(R"({{"type":"snapshot","members":[],"messages":[{}]}})",
                           newest == 0 ? "" : fmt::format(R"({{"offset":{}}})", newest));
    }
    static std::string message(std::uint64_t offset, std::uint64_t number) {
        return fmt::format(R"({{"type":"message","offset":{},"text":"{}"}})", offset,
                           make_payload(kStampBytes, stamp_of(number)));
    }
    static std::string ack(std::uint64_t offset, std::uint64_t number) {
        return fmt::format(R"({{"type":"ack","id":"bench-{}","offset":{}}})", number, offset);
    }

    void sends(std::size_t member, std::uint64_t number) {
        room.on_sent(ConnectionIndex{member}, stamp_of(number));
    }
    void receives(std::size_t member, const std::string& text, std::uint64_t at_millis = 0) {
        room.on_received(ConnectionIndex{member}, text, at_millis * kMilli);
    }
    void all_receive(const std::string& text) {
        receives(0, text);
        receives(1, text);
    }

    RoomChecker room{2};
};

TEST_F(TwoMembers, FindNothingWrongWhereAllIsWell) {
    sends(0, 1);
    sends(1, 2);
    receives(0, ack(1, 1));
    all_receive(message(1, 1));
    all_receive(message(2, 2));
    receives(1, ack(2, 2));
    EXPECT_EQ(room.sent(), 2U);
    EXPECT_EQ(room.counts().acknowledged, 2U);
    EXPECT_EQ(room.counts().deliveries, 4U);
    EXPECT_EQ(room.lost(), 0U);
    EXPECT_EQ(room.counts().doubled, 0U);
    EXPECT_EQ(room.counts().out_of_order, 0U);
    EXPECT_EQ(room.counts().contradictions, 0U);
    EXPECT_EQ(room.counts().foreign, 0U);
}

TEST_F(TwoMembers, MeasureFromTheStampToEachReceipt) {
    sends(0, 1);
    receives(0, message(1, 1), 1003);
    receives(1, message(1, 1), 1010);
    receives(0, ack(1, 1), 1002);
    EXPECT_EQ(room.latencies().count(), 2U);
    EXPECT_EQ(room.latencies().max(), 10 * kMilli);
    EXPECT_EQ(room.last_delivery_nanos(), 1010 * kMilli);
    EXPECT_EQ(room.ack_latencies().count(), 1U);
    EXPECT_EQ(room.ack_latencies().max(), 2 * kMilli);
}

TEST_F(TwoMembers, MayGetMessagesInAnotherOrderThanTheyWereSent) {
    sends(0, 1);
    sends(1, 2);
    all_receive(message(1, 2));
    all_receive(message(2, 1));
    EXPECT_EQ(room.counts().out_of_order, 0U);
    EXPECT_EQ(room.lost(), 0U);
}

TEST_F(TwoMembers, MissWhatOnlyOneOfThemGot) {
    sends(0, 1);
    sends(0, 2);
    receives(0, message(1, 1));
    all_receive(message(2, 2));
    EXPECT_EQ(room.lost(), 1U);
}

TEST_F(TwoMembers, MissWhatWasAcknowledgedAndCameToNobody) {
    sends(0, 1);
    receives(0, ack(1, 1));
    EXPECT_EQ(room.lost(), 2U);
}

TEST_F(TwoMembers, SeeADouble) {
    sends(0, 1);
    all_receive(message(1, 1));
    receives(1, message(1, 1));
    EXPECT_EQ(room.counts().doubled, 1U);
    EXPECT_EQ(room.counts().deliveries, 2U);
}

TEST_F(TwoMembers, SeeDisorder) {
    sends(0, 1);
    sends(0, 2);
    receives(0, message(2, 2));
    receives(0, message(1, 1));
    EXPECT_EQ(room.counts().out_of_order, 1U);
}

TEST_F(TwoMembers, SeeAMessageThatIsStoredTwice) {
    sends(0, 1);
    all_receive(message(1, 1));
    all_receive(message(2, 1));
    EXPECT_EQ(room.counts().contradictions, 1U);  // Counted for the member that receives it first.
}

TEST_F(TwoMembers, SeeAnAckThatNobodyWaitsFor) {
    sends(0, 1);
    receives(1, ack(1, 1));  // The ack of another sender.
    receives(0, ack(1, 2));  // The number was never sent.
    receives(0, ack(1, 1));
    receives(0, ack(1, 1));  // Again.
    EXPECT_EQ(room.counts().contradictions, 3U);
    EXPECT_EQ(room.counts().acknowledged, 1U);
}

TEST_F(TwoMembers, CountForeignMessagesSeparately) {
    sends(0, 1);
    all_receive(R"({"type":"message","offset":1,"text":"hello"})");
    all_receive(message(2, 9));  // Of another run.
    EXPECT_EQ(room.counts().foreign, 4U);
    EXPECT_EQ(room.counts().deliveries, 0U);
    EXPECT_EQ(room.lost(), 0U);
}

TEST_F(TwoMembers, CountErrorsByTheirCode) {
    receives(0, R"({"type":"error","code":"rate_limited","id":"bench-1"})");
    receives(1, R"({"type":"error","code":"rate_limited","id":"bench-2"})");
    receives(1, "?");
    receives(1, R"({"type":"reset","cursor":"c"})");
    EXPECT_EQ(room.counts().errors.at("rate_limited"), 2U);
    EXPECT_EQ(room.counts().malformed, 1U);
    EXPECT_EQ(room.counts().resets, 1U);
}

TEST_F(TwoMembers, DoNotTakeASecondSnapshotForADelivery) {
    sends(0, 1);
    receives(0, message(1, 1));
    receives(1, snapshot(1));
    EXPECT_EQ(room.lost(), 1U);
}

TEST(RoomChecker, BeginsBehindTheSnapshot) {
    RoomChecker room{2};
    room.on_received(ConnectionIndex{0},
                     R"({"type":"snapshot","members":[],"messages":[{"offset":8},{"offset":9}]})",
                     0);
    room.on_received(ConnectionIndex{0}, R"({"type":"message","offset":10,"text":"x"})", 0);
    EXPECT_EQ(room.lost(), 0U);  // The other has no snapshot, so nothing is missing there yet.
    room.on_received(ConnectionIndex{1}, R"({"type":"message","offset":10,"text":"x"})", 0);
    EXPECT_EQ(room.counts().out_of_order, 1U);
}

}  // namespace
}  // namespace howl::loadtest
