// SPDX-License-Identifier: Apache-2.0
#include "compat/chat/relay_coordinator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "products/product_rig_for_test.hpp"

namespace howl::compat::chat {

using products::ProductRig;
using products::chat::parse_room;

namespace {

using namespace std::chrono_literals;
using Action = RelayCoordinator::Decision::Action;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kHome = "10.0.0.1";
constexpr const char* kElsewhere = "10.0.0.2";
constexpr auto kFrom = ProductRig::kElsewhere;
/// The rig keeps more than one list, so that a test can count them.
constexpr std::uint64_t kListsKept = 1000;

/// The lobby, and the relay's sockets without their wire.
class RelayDeskTest : public ::testing::Test {
protected:
    ~RelayDeskTest() override { chat_.stop(); }

    User add_user(const std::string& name, const char* peer = kHome) {
        return rig_.result_of(reserve_and_introduce(name, peer));
    }
    RelayCoordinator::Welcome open(const char* peer = kHome) {
        return *rig_.result_of(coordinator_.open(kFrom, peer));
    }
    void close(const RelayCoordinator::Welcome& client) {
        coordinator_.close(client.socket);
        rig_.settle();
    }
    RelayCoordinator::Decision send(const RelayCoordinator::Welcome& client, Assertion assertion) {
        return rig_.result_of(coordinator_.decide(kFrom, client.socket, std::move(assertion)));
    }
    std::optional<User> exit(const RelayCoordinator::Welcome& client, Assertion assertion) {
        return rig_.result_of(coordinator_.exit(kFrom, client.socket, std::move(assertion)));
    }
    ChatApp::Membership enter(const std::string& name) {
        return *rig_.result_of(chat_.join(kFrom, relay_room(), name));
    }
    void leave(const User& user) {
        EXPECT_TRUE(rig_.result_of(chat_.leave(kFrom, relay_room(), user.id)));
    }

    /// Who is in the lobby.
    std::vector<std::string> names() const {
        std::vector<std::string> names;
        for (const auto& member : chat_.members_now(relay_room())) {
            names.push_back(member.user.name);
        }
        return names;
    }
    /// The lists that went to all, oldest first.
    std::vector<std::string> lists() {
        std::vector<std::string> lists;
        for (const auto& event : rig_.events(relay_topic().text())) {
            lists.push_back(event->data);
        }
        return lists;
    }
    static std::string list_of(const std::vector<User>& users) {
        std::string list;
        for (const auto& user : users) {
            list += (list.empty() ? R"({"id":")" : R"(,{"id":")") + user.id + R"(","name":")" +
                    user.name + R"("})";
        }
        return "[" + list + "]";
    }
    static Assertion named(const User& user) { return {"", user.name}; }
    static Assertion with_id(const User& user) { return {user.id, user.name}; }

    ProductRig rig_{
        {{std::string{kRelayTopicPattern}, {hub::Lane::kVolatile, {.count_max = kListsKept}}}}};
    ChatApp chat_{rig_.shards, rig_.home(), rig_.store, rig_.random, {}};
    RelayCoordinator coordinator_{rig_.shards, rig_.home(), chat_};

private:
    runtime::Task<User> reserve_and_introduce(std::string name, std::string peer) {
        const auto user = co_await chat_.reserve(kFrom, relay_room(), std::move(name));
        co_await coordinator_.register_user(kFrom, *user, std::move(peer));
        co_return *user;
    }
};

// --- The list ---

TEST_F(RelayDeskTest, TheListHasEverybodyInTheOrderOfRegistration) {
    EXPECT_EQ(*open().roster, "[]");
    const auto petr = enter("Petr").user;
    const auto anna = add_user("Anna");
    const auto client = open();
    EXPECT_EQ(*client.roster, list_of({petr, anna}));
    EXPECT_EQ(lists().back(), *client.roster) << "and all get it";
    EXPECT_EQ(*rig_.result_of(coordinator_.roster(kFrom)), *client.roster);
}

TEST_F(RelayDeskTest, EachConnectIsToldToAll) {
    open();
    open();
    EXPECT_THAT(lists(), ElementsAre("[]", "[]"));
}

TEST_F(RelayDeskTest, AStormOfConnectsIsNoStormOfLists) {
    std::vector<ProductRig::Pending<Result<RelayCoordinator::Welcome>>> storm;
    for (int i = 0; i < 100; ++i) {
        storm.push_back(rig_.begin(coordinator_.open(kFrom, kHome)));
    }
    rig_.settle();
    for (const auto& client : storm) {
        EXPECT_TRUE(client->has_value() && client->value());
    }
    EXPECT_THAT(lists(), SizeIs(2)) << "the first one's, and one that the others share";
}

TEST_F(RelayDeskTest, AReaderBeginsRightBehindItsList) {
    const auto client = open();
    const auto newest = rig_.events(relay_topic().text()).back();
    EXPECT_EQ(client.cursor.sequences.volatile_lane, newest->sequence);
    EXPECT_EQ(client.cursor.sequences.durable, rig_.sequencer.head().sequences.durable);
    EXPECT_EQ(client.cursor.epochs, rig_.sequencer.epochs());
}

TEST_F(RelayDeskTest, NothingIsToldWithoutSockets) {
    close(open());
    const auto told = lists().size();
    leave(enter("Petr").user);
    EXPECT_THAT(lists(), SizeIs(told));
}

TEST_F(RelayDeskTest, EachRegistrationIsTold) {
    open();
    open();
    const auto anna = add_user("Anna");
    const auto petr = add_user("Petr", kElsewhere);
    EXPECT_THAT(lists(), ElementsAre("[]", "[]", list_of({anna}), list_of({anna, petr})));
}

TEST_F(RelayDeskTest, MembersOfOtherEndpointsAreAnnounced) {
    open();
    const auto petr = enter("Petr").user;
    EXPECT_THAT(lists(), ElementsAre("[]", list_of({petr})));
    leave(petr);
    EXPECT_THAT(lists(), ElementsAre("[]", list_of({petr}), "[]"));
}

TEST_F(RelayDeskTest, OtherRoomsAreNotTold) {
    open();
    static_cast<void>(rig_.result_of(chat_.join(kFrom, *parse_room("attic"), "Petr")));
    EXPECT_THAT(lists(), ElementsAre("[]"));
}

TEST_F(RelayDeskTest, AReservationThatNobodyComesForIsTakenOffTheList) {
    add_user("Anna");
    open(kElsewhere);
    rig_.advance(6s);
    EXPECT_EQ(lists().back(), "[]");
}

TEST_F(RelayDeskTest, ASocketThatCannotBeWelcomedIsNotKnown) {
    add_user("Anna");
    rig_.sequencer.stop();
    const auto refused = rig_.result_of(coordinator_.open(kFrom, kHome));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::kDraining);
}

// --- Who is who ---

TEST_F(RelayDeskTest, WhoOnlyListensKeepsTheNameUntilTheSocketCloses) {
    add_user("Anna");
    const auto client = open();
    rig_.advance(5min);
    EXPECT_THAT(names(), ElementsAre("Anna"));
    open(kElsewhere);
    close(client);
    rig_.advance(4900ms);
    EXPECT_THAT(names(), ElementsAre("Anna")) << "a reload is no leaving";
    rig_.advance(200ms);
    EXPECT_THAT(names(), IsEmpty());
    EXPECT_EQ(lists().back(), "[]");
}

TEST_F(RelayDeskTest, WhoConnectsBeforeTheyRegisterKeepTheName) {
    const auto client = open();
    add_user("Anna");
    rig_.advance(5min);
    EXPECT_THAT(names(), ElementsAre("Anna"));
    close(client);
    rig_.advance(6s);
    EXPECT_THAT(names(), IsEmpty());
}

TEST_F(RelayDeskTest, TheFirstFrameBindsAndLaterOnesNeedNoDecision) {
    const auto anna = add_user("Anna");
    const auto client = open();
    const auto decision = send(client, named(anna));
    EXPECT_EQ(decision.action, Action::kRelay);
    EXPECT_EQ(decision.author, anna);
    EXPECT_EQ(decision.bound, anna);
}

TEST_F(RelayDeskTest, UntilTheConnectionIsCountedEachFrameHasADecision) {
    const auto client = open();
    const auto petr = add_user("Petr");
    const auto anna = add_user("Anna");
    EXPECT_EQ(send(client, named(anna)).bound, std::nullopt);
    EXPECT_EQ(send(client, named(anna)).bound, anna);
}

TEST_F(RelayDeskTest, ForASocketWithoutAUserNobodyVouches) {
    const auto client = open();
    for (const auto& assertion :
         {Assertion{}, Assertion{"", "Robert"}, Assertion{"no-id", "Robert"}}) {
        const auto decision = send(client, assertion);
        EXPECT_EQ(decision.action, Action::kRelay);
        EXPECT_EQ(decision.author, (User{"", assertion.name}));
        EXPECT_EQ(decision.bound, std::nullopt);
    }
}

TEST_F(RelayDeskTest, ANameThatNobodyMayHaveIsNotRelayed) {
    enter("Petr");
    const auto anna = add_user("Anna", kElsewhere);
    const auto petya = add_user("Petya");
    const auto client = open();
    const auto bound = open();
    send(bound, named(petya));
    for (const auto* name :
         {"Admin", "admin", "You", "\u0412\u044b", "Howl", "petr", "PETR", "\u0420etr", "\u0410nna",
          "anna", "P\u0435tr", "Petr\u200B", "An\u00ADna",
          "a\x01"
          "b",
          "!!!"}) {
        EXPECT_EQ(send(client, {"", name}).action, Action::kDrop) << name;
        EXPECT_EQ(send(client, {"no-id", name}).action, Action::kDrop) << name;
        EXPECT_EQ(send(bound, {"", name}).action, Action::kDrop) << name;
        EXPECT_EQ(send(bound, {petya.id, name}).action, Action::kDrop) << name;
    }
    EXPECT_EQ(send(client, {"", std::string(33, 'a')}).action, Action::kDrop);
}

TEST_F(RelayDeskTest, AFrameThatSaysTwoThingsIsNotRelayed) {
    const auto anna = add_user("Anna");
    const auto client = open();
    const Assertion ambiguous{.id = anna.id, .name = anna.name, .consistent = false};
    EXPECT_EQ(send(client, ambiguous).action, Action::kDrop);
    EXPECT_EQ(send(client, {.id = {}, .name = {}, .consistent = false}).action, Action::kDrop);
    exit(client, ambiguous);
    EXPECT_THAT(names(), ElementsAre("Anna"));
}

TEST_F(RelayDeskTest, NobodyVouchesForAnotherNameOnABoundSocket) {
    const auto anna = add_user("Anna");
    const auto client = open();
    send(client, named(anna));
    const auto decision = send(client, {"", "Robert"});
    EXPECT_EQ(decision.author, (User{"", "Robert"}));
    EXPECT_EQ(decision.bound, anna);
    EXPECT_EQ(send(client, {anna.id, "Robert"}).action, Action::kDrop);
    EXPECT_EQ(send(client, {"no-id", anna.name}).action, Action::kDrop);
}

TEST_F(RelayDeskTest, WhatABoundSocketDoesNotSignIsItsUsers) {
    const auto anna = add_user("Anna");
    const auto client = open();
    send(client, named(anna));
    EXPECT_EQ(send(client, {}).author, anna);
}

TEST_F(RelayDeskTest, NobodySpeaksInTheNameOfAMemberOfAnotherEndpoint) {
    const auto petr = enter("Petr").user;
    const auto client = open();
    for (const auto& assertion : {named(petr), with_id(petr), Assertion{petr.id, "Somebody"},
                                  Assertion{"no-id", petr.name}}) {
        EXPECT_EQ(send(client, assertion).action, Action::kDrop);
    }
}

TEST_F(RelayDeskTest, NobodySpeaksInTheNameOfWhoIsBoundElsewhere) {
    const auto anna = add_user("Anna");
    const auto petr = add_user("Petr");
    const auto annas = open();
    const auto petrs = open();
    send(annas, named(anna));
    EXPECT_EQ(send(petrs, named(anna)).action, Action::kDrop);
    send(petrs, named(petr));
    EXPECT_EQ(send(petrs, named(anna)).action, Action::kDrop);
    EXPECT_EQ(send(petrs, with_id(anna)).action, Action::kDrop);
    EXPECT_EQ(send(petrs, {petr.id, anna.name}).action, Action::kDrop) << "half of it is a lie";
    EXPECT_EQ(send(petrs, named(petr)).action, Action::kRelay);
}

TEST_F(RelayDeskTest, TheNameAsItWasTypedIsTheSame) {
    const auto anna = add_user("  Anna ");
    EXPECT_EQ(anna.name, "Anna");
    EXPECT_EQ(send(open(), {"", "  Anna "}).author, anna);
}

TEST_F(RelayDeskTest, AWrongGuessIsMendedAndNobodyLeaves) {
    const auto anna = add_user("Anna");
    const auto petr = add_user("Petr");
    const auto petrs = open();  // Taken for Anna's.
    const auto annas = open();
    EXPECT_EQ(send(petrs, named(petr)).author, petr);
    rig_.advance(1min);
    EXPECT_THAT(names(), ElementsAre("Anna", "Petr"));
    close(petrs);
    rig_.advance(6s);
    EXPECT_THAT(names(), ElementsAre("Anna"));
    EXPECT_EQ(send(annas, named(anna)).bound, anna);
}

TEST_F(RelayDeskTest, TheIdThatEverybodyKnowsIsNotEnoughToSpeakAsAUser) {
    const auto anna = add_user("Anna");
    const auto annas = open();
    const auto stranger = open();
    const auto afar = open(kElsewhere);
    EXPECT_EQ(send(afar, with_id(anna)).action, Action::kDrop) << "also while she only listens";
    send(annas, with_id(anna));
    EXPECT_EQ(send(stranger, with_id(anna)).action, Action::kDrop);
    EXPECT_EQ(send(stranger, {anna.id, ""}).action, Action::kDrop);
    close(annas);
    EXPECT_EQ(send(afar, with_id(anna)).action, Action::kDrop) << "and while she reloads";
    rig_.advance(6s);
    EXPECT_THAT(names(), IsEmpty());
}

TEST_F(RelayDeskTest, WhoConnectsAnewIsTheSame) {
    const auto anna = add_user("Anna");
    const auto first = open();
    send(first, with_id(anna));
    close(first);
    const auto second = open();
    EXPECT_EQ(send(second, with_id(anna)).author, anna);
    rig_.advance(1min);
    EXPECT_THAT(names(), ElementsAre("Anna"));
}

TEST_F(RelayDeskTest, ASocketThatClosesWhileItIsCountedIsCountedOut) {
    const auto anna = add_user("Anna");
    const auto client = rig_.begin(coordinator_.open(kFrom, kHome));
    rig_.settle();
    const auto other = open();
    const auto pending = rig_.begin(coordinator_.decide(kFrom, other.socket, with_id(anna)));
    coordinator_.close(other.socket);
    coordinator_.close((*client)->value().socket);
    rig_.settle();
    rig_.advance(6s);
    EXPECT_THAT(names(), IsEmpty());
}

// --- Leaving ---

TEST_F(RelayDeskTest, AnExitTakesEffectAtOnceAndIsToldToAll) {
    const auto anna = add_user("Anna");
    const auto client = open();
    send(client, named(anna));
    EXPECT_EQ(exit(client, named(anna)), std::nullopt);
    EXPECT_THAT(names(), IsEmpty());
    EXPECT_EQ(lists().back(), "[]");
    const auto later = send(client, named(anna));
    EXPECT_EQ(later.author, (User{"", "Anna"})) << "a name that is nobody's";
}

TEST_F(RelayDeskTest, WhoIsOnlyPairedOrHasNoSocketMayExitToo) {
    const auto anna = add_user("Anna");
    const auto client = open();
    exit(client, named(anna));
    EXPECT_THAT(names(), IsEmpty());
    const auto petr = add_user("Petr");
    close(client);
    exit(open(), named(petr));
    EXPECT_THAT(names(), IsEmpty());
}

TEST_F(RelayDeskTest, NobodyRemovesAnother) {
    const auto vera = enter("Vera").user;
    const auto anna = add_user("Anna", kElsewhere);
    const auto annas = open(kElsewhere);
    const auto stranger = open();
    for (const auto& assertion : {Assertion{}, Assertion{"", "Nobody"}, Assertion{"no-id", ""},
                                  named(anna), with_id(anna), named(vera), with_id(vera)}) {
        exit(stranger, assertion);
    }
    EXPECT_THAT(names(), ElementsAre("Vera", "Anna"));
    send(annas, named(anna));
    exit(annas, named(vera));
    EXPECT_THAT(names(), ElementsAre("Vera", "Anna"));
}

TEST_F(RelayDeskTest, AnExitThatTheStoreRefusesIsMadeUpForLater) {
    const auto anna = add_user("Anna");
    const auto client = open();
    send(client, named(anna));
    rig_.store.refusal = Errc::kStorageFull;
    exit(client, named(anna));
    EXPECT_THAT(names(), ElementsAre("Anna"));
    rig_.store.refusal.reset();
    rig_.advance(10s);
    EXPECT_THAT(names(), IsEmpty());
}

TEST_F(RelayDeskTest, AConnectionThatTheStoreRefusesUnties) {
    const auto anna = add_user("Anna");
    rig_.store.refusal = Errc::kStorageFull;
    const auto client = open();
    EXPECT_EQ(send(client, named(anna)).bound, std::nullopt);
    rig_.store.refusal.reset();
    send(client, named(anna));
    EXPECT_EQ(send(client, named(anna)).bound, anna);
}

TEST(RelayList, OfAVeryFullRoomHasAnEnd) {
    Member member;
    member.user = {std::string(36, 'a'), std::string(128, 'b')};
    const auto list = relay_list(std::vector<Member>(10'000, member));
    EXPECT_LE(list.size(), kRelayRosterBytesMax);
    EXPECT_GT(list.size(), kRelayRosterBytesMax - 200);
    EXPECT_TRUE(list.ends_with(R"(b"}])"));
    member.user = {"7d0c", "\"A\\nna\n\""};
    EXPECT_EQ(relay_list({member}), R"([{"id":"7d0c","name":"\"A\\nna\n\""}])");
}

}  // namespace
}  // namespace howl::compat::chat
