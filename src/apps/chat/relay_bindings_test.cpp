// SPDX-License-Identifier: Apache-2.0
#include "apps/chat/relay_bindings.hpp"

#include <map>

#include <gtest/gtest.h>

namespace howl::apps::chat {
namespace {

using Exit = RelayBindings::Exit;
using Verdict = RelayBindings::Verdict;

constexpr const char* kHome = "10.0.0.1";
constexpr const char* kElsewhere = "10.0.0.2";

class RelayBindingsTest : public ::testing::Test, protected RelayBindings::Connections {
protected:
    void on_hold(RelayBindings::HoldRef hold) override {
        ++connections_[hold->user_id];
        last_hold_ = std::move(hold);
    }
    void on_let_go(RelayBindings::Hold& hold) override { --connections_[hold.user_id]; }

    Verdict say(RelaySocketId socket, const std::string& user) {
        return bindings_.bind(socket, user);
    }
    Exit exit(RelaySocketId socket, const std::string& user) {
        return bindings_.exit(socket, user).exit;
    }
    std::string bound(RelaySocketId socket) {
        const auto hold = bindings_.bound_hold(socket);
        return hold ? hold->user_id : "";
    }

    RelayBindings bindings_{*this};
    std::map<std::string, int> connections_;
    RelayBindings::HoldRef last_hold_;
};

TEST_F(RelayBindingsTest, ASocketIsPairedWithTheOldestReservationOfItsAddress) {
    bindings_.reserve("stranger", kElsewhere);
    bindings_.reserve("anna", kHome);
    bindings_.reserve("petr", kHome);
    static_cast<void>(bindings_.open(kHome));
    EXPECT_EQ(connections_, (std::map<std::string, int>{{"anna", 1}}));
    static_cast<void>(bindings_.open(kHome));
    static_cast<void>(bindings_.open(kHome));
    EXPECT_EQ(connections_, (std::map<std::string, int>{{"anna", 1}, {"petr", 1}}));
}

TEST_F(RelayBindingsTest, AReservationIsPairedWithTheOldestSocketThatWaits) {
    const auto older = bindings_.open(kHome);
    const auto newer = bindings_.open(kHome);
    bindings_.reserve("anna", kHome);
    EXPECT_EQ(connections_["anna"], 1);
    bindings_.close(newer);
    EXPECT_EQ(connections_["anna"], 1);
    bindings_.close(older);
    EXPECT_EQ(connections_["anna"], 0);
}

TEST_F(RelayBindingsTest, TheFirstFrameMakesTheGuessCertain) {
    bindings_.reserve("anna", kHome);
    const auto socket = bindings_.open(kHome);
    EXPECT_EQ(bound(socket), "");
    EXPECT_EQ(say(socket, "anna"), Verdict::kTheirs);
    EXPECT_EQ(bound(socket), "anna");
    EXPECT_EQ(connections_["anna"], 1);
}

TEST_F(RelayBindingsTest, AWrongGuessIsSwapped) {
    bindings_.reserve("anna", kHome);
    bindings_.reserve("petr", kHome);
    const auto petrs = bindings_.open(kHome);  // Taken for Anna's.
    const auto annas = bindings_.open(kHome);
    EXPECT_EQ(say(petrs, "petr"), Verdict::kTheirs);
    EXPECT_EQ(connections_, (std::map<std::string, int>{{"anna", 1}, {"petr", 1}}));
    bindings_.close(petrs);
    EXPECT_EQ(connections_["petr"], 0);
    EXPECT_EQ(say(annas, "anna"), Verdict::kTheirs);
    EXPECT_EQ(connections_["anna"], 1);
}

TEST_F(RelayBindingsTest, NobodyIsBoundFromAnotherAddress) {
    bindings_.reserve("anna", kHome);
    bindings_.reserve("petr", kElsewhere);
    const auto mine = bindings_.open(kHome);
    EXPECT_EQ(say(mine, "petr"), Verdict::kSomebodyElses) << "who is without a socket";
    const auto other = bindings_.open(kElsewhere);
    EXPECT_EQ(say(mine, "petr"), Verdict::kSomebodyElses) << "who only listens";
    EXPECT_EQ(say(other, "petr"), Verdict::kTheirs);
    bindings_.close(other);
    EXPECT_EQ(say(mine, "petr"), Verdict::kSomebodyElses) << "who has gone for a moment";
    EXPECT_EQ(say(mine, "nobody"), Verdict::kSomebodyElses) << "who never registered";
    EXPECT_EQ(say(bindings_.open(kElsewhere), "petr"), Verdict::kTheirs);
}

TEST_F(RelayBindingsTest, WhoWasWronglyPairedWaitsForASocketAgain) {
    bindings_.reserve("anna", kHome);
    bindings_.reserve("petr", kHome);
    const auto petrs = bindings_.open(kHome);  // Taken for Anna's.
    say(petrs, "petr");
    EXPECT_EQ(connections_, (std::map<std::string, int>{{"anna", 0}, {"petr", 1}}));
    static_cast<void>(bindings_.open(kHome));
    EXPECT_EQ(connections_["anna"], 1);
}

TEST_F(RelayBindingsTest, ASocketIsBoundForGood) {
    bindings_.reserve("anna", kHome);
    bindings_.reserve("petr", kHome);
    const auto socket = bindings_.open(kHome);
    EXPECT_EQ(say(socket, "anna"), Verdict::kTheirs);
    EXPECT_EQ(say(socket, "petr"), Verdict::kSomebodyElses);
    EXPECT_EQ(bound(socket), "anna");
    EXPECT_EQ(connections_, (std::map<std::string, int>{{"anna", 1}}));
}

TEST_F(RelayBindingsTest, AUserHasOneSocketAtATime) {
    bindings_.reserve("anna", kHome);
    const auto first = bindings_.open(kHome);
    const auto second = bindings_.open(kHome);
    say(first, "anna");
    EXPECT_EQ(say(second, "anna"), Verdict::kSomebodyElses);
    EXPECT_EQ(bound(second), "");
    EXPECT_EQ(exit(second, "anna"), Exit::kRefused);
    EXPECT_EQ(connections_["anna"], 1);
    bindings_.close(first);
    EXPECT_EQ(say(second, "anna"), Verdict::kTheirs) << "a page that connected anew";
    EXPECT_EQ(connections_["anna"], 1);
}

TEST_F(RelayBindingsTest, WhoHasThemLeaveCountsTheLastConnection) {
    bindings_.reserve("anna", kHome);
    const auto socket = bindings_.open(kHome);
    say(socket, "anna");
    const auto leaving = bindings_.exit(socket, "anna");
    EXPECT_EQ(leaving.exit, Exit::kLeave);
    ASSERT_NE(leaving.hold, nullptr);
    EXPECT_EQ(connections_["anna"], 1);
    EXPECT_EQ(bound(socket), "");
}

TEST_F(RelayBindingsTest, NobodyExitsInAnothersName) {
    bindings_.reserve("lurker", kElsewhere);
    const auto lurker = bindings_.open(kElsewhere);
    bindings_.reserve("anna", kHome);
    const auto anna = bindings_.open(kHome);
    const auto nobody = bindings_.open(kHome);
    say(anna, "anna");
    EXPECT_EQ(exit(nobody, "anna"), Exit::kRefused);
    EXPECT_EQ(exit(nobody, "lurker"), Exit::kRefused) << "who is only paired";
    EXPECT_EQ(exit(anna, "lurker"), Exit::kRefused);
    EXPECT_EQ(exit(lurker, "lurker"), Exit::kLeave) << "of whom it is a good guess";
}

TEST_F(RelayBindingsTest, WhoHasNoSocketExitsThroughOneThatIsNotBound) {
    bindings_.reserve("anna", kHome);
    const auto anna = bindings_.open(kHome);
    const auto nobody = bindings_.open(kHome);
    say(anna, "anna");
    bindings_.reserve("petr", kElsewhere);
    EXPECT_EQ(exit(nobody, "petr"), Exit::kRefused) << "who registered elsewhere";
    bindings_.forget_users([](const std::string& user) { return user == "petr"; });
    const auto first = bindings_.open(kElsewhere);
    bindings_.reserve("petr", kElsewhere);
    say(first, "petr");
    const auto other = bindings_.open(kElsewhere);
    bindings_.close(first);
    EXPECT_EQ(exit(anna, "petr"), Exit::kRefused);
    const auto leaving = bindings_.exit(other, "petr");
    EXPECT_EQ(leaving.exit, Exit::kLeave);
    EXPECT_EQ(leaving.hold, nullptr);
}

TEST_F(RelayBindingsTest, AReservationPairsOnce) {
    bindings_.reserve("anna", kHome);
    bindings_.close(bindings_.open(kHome));
    EXPECT_EQ(connections_["anna"], 0);
    static_cast<void>(bindings_.open(kHome));
    EXPECT_EQ(connections_["anna"], 0) << "or a stranger's socket would keep the name";
}

TEST_F(RelayBindingsTest, AReservationOfSomebodyWhoIsGonePairsNoMore) {
    bindings_.reserve("anna", kHome);
    bindings_.forget_users([](const std::string&) { return true; });
    EXPECT_TRUE(bindings_.empty());
    static_cast<void>(bindings_.open(kHome));
    EXPECT_TRUE(connections_.empty());
}

TEST_F(RelayBindingsTest, ARefusedConnectionUnties) {
    bindings_.reserve("anna", kHome);
    const auto socket = bindings_.open(kHome);
    say(socket, "anna");
    bindings_.drop(last_hold_);
    EXPECT_EQ(bound(socket), "");
    bindings_.close(socket);
    EXPECT_EQ(connections_["anna"], 1) << "there was nothing to let go";
}

TEST_F(RelayBindingsTest, ASocketThatIsNotThereIsNobodys) {
    const RelaySocketId socket{99};
    bindings_.close(socket);
    EXPECT_EQ(say(socket, "anna"), Verdict::kSomebodyElses);
    EXPECT_EQ(exit(socket, "anna"), Exit::kRefused);
}

}  // namespace
}  // namespace howl::apps::chat
