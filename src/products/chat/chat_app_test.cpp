// SPDX-License-Identifier: Apache-2.0
#include "products/chat/chat_app.hpp"

#include <algorithm>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/sha256.hpp"
#include "products/chat/chat_rig_for_test.hpp"

namespace howl::products::chat {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::Not;

static_assert(!std::is_convertible_v<std::string, RoomName>);

ChatSettings limited_to(std::uint64_t members, std::uint64_t rooms) {
    ChatSettings settings;
    settings.members_max = members;
    settings.rooms_max = rooms;
    return settings;
}

// --- Rooms and members as values ---

TEST(ChatRoom, HasANameOfAFewLetters) {
    EXPECT_EQ(parse_room("a-z_09").value().value(), "a-z_09");
    EXPECT_TRUE(parse_room(std::string(64, 'a')));
    for (const std::string& bad :
         {std::string{}, std::string(65, 'a'), std::string{"A"}, std::string{"a/b"},
          std::string{"a b"}, std::string{"\xD0\x96"}}) {
        EXPECT_EQ(word_of(parse_room(bad)), "invalid_topic") << bad;
    }
    EXPECT_EQ(messages_topic(RoomName{"a"}).text(), "howl:chat/a");
    EXPECT_EQ(members_topic(RoomName{"a"}).text(), "howl:chat-members/a");
    EXPECT_EQ(typing_topic(RoomName{"a"}).text(), "howl:chat-typing/a");
}

TEST(ChatMember, IsStoredAndReadBack) {
    const Member member{.user = {"id-1", "Anna"},
                        .room = "lobby",
                        .token_hash = "ab",
                        .since = WallTime{5ms},
                        .present = true};
    EXPECT_EQ(member.text(), R"({"user":{"id":"id-1","name":"Anna"},"room":"lobby",)"
                             R"("tokenHash":"ab","sinceMs":5,"present":true})");
    EXPECT_EQ(Member::parse(member.text()).value(), member);
    for (
        const std::string bad :
        {"", "{}", R"({"user":{"id":"1","name":"A"},"room":"r","tokenHash":"","sinceMs":5})",
         R"({"user":{"id":"1"},"room":"r","tokenHash":"","sinceMs":5,"present":true})",
         R"({"user":{"id":"1","name":"A"},"room":"r","tokenHash":"","sinceMs":"5","present":true})"}) {
        EXPECT_EQ(word_of(Member::parse(bad)), "invalid_json") << bad;
    }
}

// --- Coming and going ---

TEST(ChatApp, ANewcomerJoinsWithAnIdAndASecret) {
    ChatRig rig;
    const auto anna = rig.join("Anna");
    EXPECT_EQ(anna->user.name, "Anna");
    EXPECT_THAT(
        anna->user.id,
        MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
    EXPECT_THAT(anna->token, MatchesRegex("[0-9a-f]{32}"));
    EXPECT_THAT(rig.names(), ElementsAre("Anna"));
    EXPECT_THAT(rig.told(), ElementsAre("join Anna"));
}

TEST(ChatApp, OfATokenOnlyTheHashIsKept) {
    ChatRig rig;
    const auto anna = rig.join("Anna");
    EXPECT_EQ(rig.roster().members.front().token_hash, codec::sha256_hex(anna->token));
    for (const auto& event : rig.events(members_topic(ChatRig::kRoom).text())) {
        EXPECT_THAT(event->data, Not(testing::HasSubstr(anna->token)));
        EXPECT_THAT(event->data, Not(testing::HasSubstr(codec::sha256_hex(anna->token))));
    }
}

TEST(ChatApp, AReloadIsNoLeaving) {
    ChatRig rig;
    const auto anna = rig.join("Anna");
    rig.disconnect(anna->user);
    rig.advance(4'950ms);
    const auto again = rig.rejoin(anna->token);
    EXPECT_EQ(again->user, anna->user);
    EXPECT_EQ(again->token, "");
    rig.advance(1min);
    EXPECT_THAT(rig.told(), ElementsAre("join Anna"));
}

TEST(ChatApp, AfterTheGraceTheMemberIsGoneAndTheNameIsFree) {
    ChatRig rig;
    const auto anna = rig.join("Anna");
    rig.disconnect(anna->user);
    rig.advance(5s);
    EXPECT_THAT(rig.names(), IsEmpty());
    EXPECT_THAT(rig.told(), ElementsAre("join Anna", "leave Anna"));
    EXPECT_EQ(word_of(rig.rejoin(anna->token)), "unknown_token");
    EXPECT_EQ(word_of(rig.join("Anna")), "ok");
}

TEST(ChatApp, WhoIsThereTwiceGoesWithTheLastConnection) {
    ChatRig rig;
    const auto anna = rig.join("Anna");
    EXPECT_EQ(word_of(rig.rejoin(anna->token)), "ok");
    rig.disconnect(anna->user);
    rig.advance(1min);
    EXPECT_THAT(rig.names(), ElementsAre("Anna"));
    rig.disconnect(anna->user);
    rig.advance(5s);
    EXPECT_THAT(rig.names(), IsEmpty());
}

TEST(ChatApp, LeavingTakesEffectAtOnceWhateverConnectionsThereAre) {
    ChatRig rig;
    const auto anna = rig.join("Anna");
    EXPECT_EQ(word_of(rig.rejoin(anna->token)), "ok");
    EXPECT_EQ(word_of(rig.leave(anna->user)), "ok");
    EXPECT_THAT(rig.names(), IsEmpty());
    rig.disconnect(anna->user);
    rig.disconnect(anna->user);
    EXPECT_EQ(word_of(rig.leave(anna->user)), "not_found");
    EXPECT_THAT(rig.told(), ElementsAre("join Anna", "leave Anna"));
}

TEST(ChatApp, ATokenIsGoodInItsRoomOnly) {
    ChatRig rig;
    const auto anna = rig.join("Anna");
    for (const std::string& token :
         {std::string{}, std::string(32, '0'), anna->token + "0", anna->user.id}) {
        EXPECT_EQ(word_of(rig.rejoin(token)), "unknown_token") << token;
    }
    EXPECT_EQ(word_of(rig.rejoin(anna->token, RoomName{"other"})), "unknown_token");
}

TEST(ChatApp, MembersAreListedInTheOrderInWhichTheyCame) {
    ChatRig rig;
    for (const char* name : {"Zoe", "Anna", "Mia", "Bob"}) {
        EXPECT_EQ(word_of(rig.join(name)), "ok");
    }
    rig.clock.step_wall(-24h);
    EXPECT_EQ(word_of(rig.join("Late")), "ok");
    EXPECT_THAT(rig.names(), ElementsAre("Zoe", "Anna", "Mia", "Bob", "Late"));
    rig.restart();
    EXPECT_EQ(word_of(rig.join("Later")), "ok");
    EXPECT_THAT(rig.names(), ElementsAre("Zoe", "Anna", "Mia", "Bob", "Late", "Later"));
}

// --- Names ---

TEST(ChatApp, ANameIsTakenInEverySpellingOfIt) {
    ChatRig rig;
    EXPECT_EQ(word_of(rig.join("Anna")), "ok");
    EXPECT_EQ(word_of(rig.join(" anna ")), "name_taken");
    EXPECT_EQ(word_of(rig.join("\xD0\x90nna")), "name_confusable") << "a Cyrillic A";
    EXPECT_EQ(word_of(rig.join("")), "name_invalid");
    EXPECT_EQ(word_of(rig.join("you")), "name_reserved");
    EXPECT_EQ(word_of(rig.reserve("ANNA")), "name_taken");
    EXPECT_THAT(rig.names(), ElementsAre("Anna"));
}

TEST(ChatApp, AnotherRoomHasOtherNames) {
    ChatRig rig;
    EXPECT_EQ(word_of(rig.join("Anna")), "ok");
    EXPECT_EQ(word_of(rig.join("Anna", RoomName{"lobby2"})), "ok");
    EXPECT_THAT(rig.names(), ElementsAre("Anna"));
}

TEST(ChatApp, OfTwoWhoWantANameAtTheSameTimeOneGetsIt) {
    ChatRig rig;
    const auto first = rig.begin_join("Anna");
    const auto second = rig.begin_join("anna");
    rig.settle();
    EXPECT_EQ(word_of(**first), "ok");
    EXPECT_EQ(word_of(**second), "name_taken");
    EXPECT_THAT(rig.told(), ElementsAre("join Anna"));
}

TEST(ChatApp, ANameThatCouldNotBeStoredIsFreeAgain) {
    ChatRig rig;
    rig.store.refusal = Errc::kStorageFull;
    EXPECT_EQ(word_of(rig.join("Anna")), "storage_full");
    EXPECT_EQ(word_of(rig.reserve("Petr")), "storage_full");
    rig.store.refusal.reset();
    EXPECT_EQ(word_of(rig.join("Petr")), "ok");
    EXPECT_EQ(word_of(rig.join("Anna")), "ok");
}

TEST(ChatApp, ACheckOfANameComesWithASuggestionThatIsFree) {
    ChatRig rig;
    EXPECT_EQ(rig.check_name("Anna"), "free");
    EXPECT_EQ(word_of(rig.join("Anna")), "ok");
    const auto verdict = rig.check_name("anna");
    EXPECT_THAT(verdict, testing::StartsWith("name_taken "));
    EXPECT_EQ(rig.check_name(verdict.substr(verdict.find(' ') + 1)), "free");
    EXPECT_THAT(rig.check_name(""), testing::StartsWith("name_invalid"));
    EXPECT_THAT(rig.check_name("You"), testing::StartsWith("name_reserved"));
    EXPECT_THAT(rig.told(), ElementsAre("join Anna")) << "asking takes nothing";
}

// --- Reservations ---

TEST(ChatApp, AReservedNameIsTakenButNobodyIsThere) {
    ChatRig rig;
    EXPECT_EQ(word_of(rig.reserve("Petr")), "ok");
    EXPECT_THAT(rig.names(), ElementsAre("(Petr)"));
    EXPECT_EQ(word_of(rig.join("Petr")), "name_taken");
}

TEST(ChatApp, WhoReservedANameComesWithTheFirstConnection) {
    ChatRig rig;
    const auto petr = rig.reserve("Petr");
    EXPECT_EQ(word_of(rig.connect(*petr)), "ok");
    EXPECT_EQ(word_of(rig.connect(*petr)), "ok");
    EXPECT_THAT(rig.names(), ElementsAre("Petr"));
    rig.disconnect(*petr);
    rig.advance(1min);
    EXPECT_THAT(rig.names(), ElementsAre("Petr"));
    rig.disconnect(*petr);
    rig.advance(5s);
    EXPECT_THAT(rig.told(), ElementsAre("reserve Petr", "join Petr", "leave Petr"));
}

TEST(ChatApp, AReservationIsHeldForTheGraceThenReleased) {
    ChatRig rig;
    const auto petr = rig.reserve("Petr");
    rig.advance(4'950ms);
    EXPECT_THAT(rig.names(), ElementsAre("(Petr)"));
    rig.advance(50ms);
    EXPECT_THAT(rig.names(), IsEmpty());
    EXPECT_THAT(rig.told(), ElementsAre("reserve Petr", "release Petr"));
    EXPECT_EQ(word_of(rig.connect(*petr)), "not_found");
}

TEST(ChatApp, TwoFirstConnectionsAtTheSameTimeAreOneArrival) {
    ChatRig rig;
    const auto petr = rig.reserve("Petr");
    const auto first = rig.begin_connect(*petr);
    const auto second = rig.begin_connect(*petr);
    rig.settle();
    EXPECT_EQ(word_of(**first), "ok");
    EXPECT_EQ(word_of(**second), "ok");
    EXPECT_THAT(rig.told(), ElementsAre("reserve Petr", "join Petr"));
    rig.disconnect(*petr);
    rig.advance(1min);
    EXPECT_THAT(rig.names(), ElementsAre("Petr"));
}

TEST(ChatApp, AnArrivalThatCouldNotBeStoredLeavesTheReservation) {
    ChatRig rig;
    const auto petr = rig.reserve("Petr");
    rig.advance(4s);
    rig.store.refusal = Errc::kOverloaded;
    EXPECT_EQ(word_of(rig.connect(*petr)), "overloaded");
    rig.store.refusal.reset();
    rig.advance(4s);
    EXPECT_EQ(word_of(rig.connect(*petr)), "ok");
    EXPECT_THAT(rig.names(), ElementsAre("Petr"));
}

TEST(ChatApp, WhoHasATokenConnectsWithNothingElse) {
    ChatRig rig;
    const auto anna = rig.join("Anna");
    EXPECT_EQ(word_of(rig.connect(anna->user)), "unknown_token");
    EXPECT_EQ(word_of(rig.connect({"nobody", "Anna"})), "not_found");
}

TEST(ChatApp, ALeaveThatOvertakesTheArrivalTakesEffectBehindIt) {
    ChatRig rig;
    const auto petr = rig.reserve("Petr");
    const auto arrival = rig.begin_connect(*petr);
    const auto departure = rig.begin_leave(*petr);
    rig.settle();
    EXPECT_EQ(word_of(**arrival), "ok");
    EXPECT_EQ(word_of(**departure), "ok");
    EXPECT_THAT(rig.names(), IsEmpty());
    EXPECT_THAT(rig.told(), ElementsAre("reserve Petr", "join Petr", "leave Petr"));
}

// --- Limits ---

TEST(ChatApp, ARoomHoldsAsManyAsItMay) {
    ChatRig rig{limited_to(2, 10)};
    const auto anna = rig.join("Anna");
    EXPECT_EQ(word_of(rig.reserve("Petr")), "ok");
    EXPECT_EQ(word_of(rig.join("Mia")), "limit_reached");
    EXPECT_EQ(word_of(rig.join("Mia", RoomName{"other"})), "ok");
    EXPECT_EQ(word_of(rig.leave(anna->user)), "ok");
    EXPECT_EQ(word_of(rig.join("Mia")), "ok");
}

TEST(ChatApp, ThereAreAsManyRoomsAsThereMayBe) {
    ChatRig rig{limited_to(10, 2)};
    const auto anna = rig.join("Anna");
    EXPECT_EQ(word_of(rig.join("Anna", RoomName{"two"})), "ok");
    EXPECT_EQ(word_of(rig.join("Anna", RoomName{"three"})), "limit_reached");
    EXPECT_EQ(word_of(rig.join("Mia", RoomName{"two"})), "ok");
    EXPECT_EQ(word_of(rig.leave(anna->user)), "ok");
    EXPECT_EQ(word_of(rig.join("Anna", RoomName{"three"})), "ok") << "an empty room is none";
}

// --- Who listens ---

class Recorder final : public RosterListener {
public:
    void on_roster_changed(const RoomName& room) override { words.push_back("@" + room.value()); }
    void on_gone(const RoomName& room, const User& user) override {
        words.push_back(user.name + "@" + room.value());
    }
    std::vector<std::string> words;
};

TEST(ChatApp, ListenersHearOfEveryStepOnce) {
    Recorder one;
    Recorder other;
    ChatRig rig;
    rig.listeners = {&one, &other};
    rig.restart();
    const auto petr = rig.reserve("Petr");
    EXPECT_EQ(word_of(rig.connect(*petr)), "ok");
    EXPECT_EQ(word_of(rig.connect(*petr)), "ok");
    EXPECT_EQ(word_of(rig.join("Petr")), "name_taken");
    EXPECT_EQ(word_of(rig.leave(*petr)), "ok");
    EXPECT_THAT(one.words, ElementsAre("@lobby", "@lobby", "Petr@lobby", "@lobby"));
    EXPECT_EQ(other.words, one.words);
}

TEST(ChatApp, ARosterComesWithThePlaceFromWhichItsReadersGoOn) {
    ChatRig rig;
    const auto entering = rig.begin_join("Anna");
    const auto roster = rig.roster();
    const auto told = rig.events(members_topic(ChatRig::kRoom).text());
    ASSERT_EQ(told.size(), 1U);
    const bool knows_anna = !roster.members.empty();
    EXPECT_EQ(knows_anna, told.front()->sequence <= roster.cursor.sequences.durable);
}

TEST(ChatApp, ARosterIsReadPageByPage) {
    ChatRig rig;
    for (const char* name : {"Anna", "Petr", "Olga", "Ivan", "Zoe"}) {
        EXPECT_EQ(word_of(rig.join(name)), "ok");
    }
    std::vector<std::string> pages;
    ChatApp::RosterQuery query{.room = ChatRig::kRoom, .bytes_max = 140};
    for (auto later = ChatApp::Roster::Later::kSome; later == ChatApp::Roster::Later::kSome;) {
        const auto page = rig.roster(query);
        pages.push_back(fmt::format("{}", fmt::join(ChatRig::names_of(page.members), " ")));
        query.after = page.members.back().since;
        later = page.later;
    }
    EXPECT_THAT(pages, ElementsAre("Anna Petr", "Olga Ivan", "Zoe"));
    query.bytes_max = 1;
    query.after = WallTime::min();
    EXPECT_EQ(rig.roster(query).members.size(), 1U);
}

}  // namespace
}  // namespace howl::products::chat
