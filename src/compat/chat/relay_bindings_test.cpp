// SPDX-License-Identifier: Apache-2.0
#include "compat/chat/relay_bindings.hpp"

#include <map>

#include <gtest/gtest.h>

namespace howl::compat::chat {
namespace {

using Exit = SocketIdentities::Exit;
using Verdict = SocketIdentities::Verdict;

constexpr const char* kHome = "10.0.0.1";
constexpr const char* kElsewhere = "10.0.0.2";

class RelayBindingsTest : public ::testing::Test, protected SocketIdentities::Connections {
protected:
    void on_attached(SocketIdentities::AttachmentRef attachment) override {
        ++connections_[attachment->user_id];
        last_hold_ = std::move(attachment);
    }
    void on_detached(SocketIdentities::Attachment& attachment) override {
        --connections_[attachment.user_id];
    }

    Verdict send(RelaySocketId socket, const std::string& user) {
        return identities_.bind(socket, user);
    }
    Exit exit(RelaySocketId socket, const std::string& user) {
        return identities_.exit(socket, user).exit;
    }
    std::string bound(RelaySocketId socket) {
        const auto attachment = identities_.bound_attachment(socket);
        return attachment ? attachment->user_id : "";
    }

    SocketIdentities identities_{*this};
    std::map<std::string, int> connections_;
    SocketIdentities::AttachmentRef last_hold_;
};

TEST_F(RelayBindingsTest, ASocketIsPairedWithTheOldestReservationOfItsAddress) {
    identities_.reserve("stranger", kElsewhere);
    identities_.reserve("anna", kHome);
    identities_.reserve("petr", kHome);
    static_cast<void>(identities_.open(kHome));
    EXPECT_EQ(connections_, (std::map<std::string, int>{{"anna", 1}}));
    static_cast<void>(identities_.open(kHome));
    static_cast<void>(identities_.open(kHome));
    EXPECT_EQ(connections_, (std::map<std::string, int>{{"anna", 1}, {"petr", 1}}));
}

TEST_F(RelayBindingsTest, AReservationIsPairedWithTheOldestSocketThatWaits) {
    const auto older = identities_.open(kHome);
    const auto newer = identities_.open(kHome);
    identities_.reserve("anna", kHome);
    EXPECT_EQ(connections_["anna"], 1);
    identities_.close(newer);
    EXPECT_EQ(connections_["anna"], 1);
    identities_.close(older);
    EXPECT_EQ(connections_["anna"], 0);
}

TEST_F(RelayBindingsTest, TheFirstFrameMakesTheGuessCertain) {
    identities_.reserve("anna", kHome);
    const auto socket = identities_.open(kHome);
    EXPECT_EQ(bound(socket), "");
    EXPECT_EQ(send(socket, "anna"), Verdict::kAccepted);
    EXPECT_EQ(bound(socket), "anna");
    EXPECT_EQ(connections_["anna"], 1);
}

TEST_F(RelayBindingsTest, AWrongGuessIsSwapped) {
    identities_.reserve("anna", kHome);
    identities_.reserve("petr", kHome);
    const auto petrs = identities_.open(kHome);  // Taken for Anna's.
    const auto annas = identities_.open(kHome);
    EXPECT_EQ(send(petrs, "petr"), Verdict::kAccepted);
    EXPECT_EQ(connections_, (std::map<std::string, int>{{"anna", 1}, {"petr", 1}}));
    identities_.close(petrs);
    EXPECT_EQ(connections_["petr"], 0);
    EXPECT_EQ(send(annas, "anna"), Verdict::kAccepted);
    EXPECT_EQ(connections_["anna"], 1);
}

TEST_F(RelayBindingsTest, NobodyIsBoundFromAnotherAddress) {
    identities_.reserve("anna", kHome);
    identities_.reserve("petr", kElsewhere);
    const auto mine = identities_.open(kHome);
    EXPECT_EQ(send(mine, "petr"), Verdict::kRejected) << "who is without a socket";
    const auto other = identities_.open(kElsewhere);
    EXPECT_EQ(send(mine, "petr"), Verdict::kRejected) << "who only listens";
    EXPECT_EQ(send(other, "petr"), Verdict::kAccepted);
    identities_.close(other);
    EXPECT_EQ(send(mine, "petr"), Verdict::kRejected) << "who has gone for a moment";
    EXPECT_EQ(send(mine, "nobody"), Verdict::kRejected) << "who never registered";
    EXPECT_EQ(send(identities_.open(kElsewhere), "petr"), Verdict::kAccepted);
}

TEST_F(RelayBindingsTest, WhoWasWronglyPairedWaitsForASocketAgain) {
    identities_.reserve("anna", kHome);
    identities_.reserve("petr", kHome);
    const auto petrs = identities_.open(kHome);  // Taken for Anna's.
    send(petrs, "petr");
    EXPECT_EQ(connections_, (std::map<std::string, int>{{"anna", 0}, {"petr", 1}}));
    static_cast<void>(identities_.open(kHome));
    EXPECT_EQ(connections_["anna"], 1);
}

TEST_F(RelayBindingsTest, ASocketIsBoundForGood) {
    identities_.reserve("anna", kHome);
    identities_.reserve("petr", kHome);
    const auto socket = identities_.open(kHome);
    EXPECT_EQ(send(socket, "anna"), Verdict::kAccepted);
    EXPECT_EQ(send(socket, "petr"), Verdict::kRejected);
    EXPECT_EQ(bound(socket), "anna");
    EXPECT_EQ(connections_, (std::map<std::string, int>{{"anna", 1}}));
}

TEST_F(RelayBindingsTest, AUserHasOneSocketAtATime) {
    identities_.reserve("anna", kHome);
    const auto first = identities_.open(kHome);
    const auto second = identities_.open(kHome);
    send(first, "anna");
    EXPECT_EQ(send(second, "anna"), Verdict::kRejected);
    EXPECT_EQ(bound(second), "");
    EXPECT_EQ(exit(second, "anna"), Exit::kRefused);
    EXPECT_EQ(connections_["anna"], 1);
    identities_.close(first);
    EXPECT_EQ(send(second, "anna"), Verdict::kAccepted) << "a page that connected anew";
    EXPECT_EQ(connections_["anna"], 1);
}

TEST_F(RelayBindingsTest, WhoHasThemLeaveCountsTheLastConnection) {
    identities_.reserve("anna", kHome);
    const auto socket = identities_.open(kHome);
    send(socket, "anna");
    const auto leaving = identities_.exit(socket, "anna");
    EXPECT_EQ(leaving.exit, Exit::kLeave);
    ASSERT_NE(leaving.attachment, nullptr);
    EXPECT_EQ(connections_["anna"], 1);
    EXPECT_EQ(bound(socket), "");
}

TEST_F(RelayBindingsTest, NobodyExitsInAnothersName) {
    identities_.reserve("lurker", kElsewhere);
    const auto lurker = identities_.open(kElsewhere);
    identities_.reserve("anna", kHome);
    const auto anna = identities_.open(kHome);
    const auto nobody = identities_.open(kHome);
    send(anna, "anna");
    EXPECT_EQ(exit(nobody, "anna"), Exit::kRefused);
    EXPECT_EQ(exit(nobody, "lurker"), Exit::kRefused) << "who is only paired";
    EXPECT_EQ(exit(anna, "lurker"), Exit::kRefused);
    EXPECT_EQ(exit(lurker, "lurker"), Exit::kLeave) << "of whom it is a good guess";
}

TEST_F(RelayBindingsTest, WhoHasNoSocketExitsThroughOneThatIsNotBound) {
    identities_.reserve("anna", kHome);
    const auto anna = identities_.open(kHome);
    const auto nobody = identities_.open(kHome);
    send(anna, "anna");
    identities_.reserve("petr", kElsewhere);
    EXPECT_EQ(exit(nobody, "petr"), Exit::kRefused) << "who registered elsewhere";
    identities_.forget_users([](const std::string& user) { return user == "petr"; });
    const auto first = identities_.open(kElsewhere);
    identities_.reserve("petr", kElsewhere);
    send(first, "petr");
    const auto other = identities_.open(kElsewhere);
    identities_.close(first);
    EXPECT_EQ(exit(anna, "petr"), Exit::kRefused);
    const auto leaving = identities_.exit(other, "petr");
    EXPECT_EQ(leaving.exit, Exit::kLeave);
    EXPECT_EQ(leaving.attachment, nullptr);
}

TEST_F(RelayBindingsTest, AReservationPairsOnce) {
    identities_.reserve("anna", kHome);
    identities_.close(identities_.open(kHome));
    EXPECT_EQ(connections_["anna"], 0);
    static_cast<void>(identities_.open(kHome));
    EXPECT_EQ(connections_["anna"], 0) << "or a stranger's socket would keep the name";
}

TEST_F(RelayBindingsTest, AReservationOfSomebodyWhoIsGonePairsNoMore) {
    identities_.reserve("anna", kHome);
    identities_.forget_users([](const std::string&) { return true; });
    EXPECT_TRUE(identities_.empty());
    static_cast<void>(identities_.open(kHome));
    EXPECT_TRUE(connections_.empty());
}

TEST_F(RelayBindingsTest, ARefusedConnectionUnties) {
    identities_.reserve("anna", kHome);
    const auto socket = identities_.open(kHome);
    send(socket, "anna");
    identities_.drop(last_hold_);
    EXPECT_EQ(bound(socket), "");
    identities_.close(socket);
    EXPECT_EQ(connections_["anna"], 1) << "there was nothing to let go";
}

TEST_F(RelayBindingsTest, ASocketThatIsNotThereIsNobodys) {
    const RelaySocketId socket{99};
    identities_.close(socket);
    EXPECT_EQ(send(socket, "anna"), Verdict::kRejected);
    EXPECT_EQ(exit(socket, "anna"), Exit::kRefused);
}

}  // namespace
}  // namespace howl::compat::chat
