// SPDX-License-Identifier: Apache-2.0
#include "apps/chat/chat_app.hpp"

#include <algorithm>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/chat/chat_rig_for_test.hpp"
#include "codec/sha256.hpp"

namespace howl::apps::chat {
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
    const auto anna = rig.enter("Anna");
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
    const auto anna = rig.enter("Anna");
    EXPECT_EQ(rig.roster().members.front().token_hash, codec::sha256_hex(anna->token));
    for (const auto& event : rig.events(members_topic(ChatRig::kRoom).text())) {
        EXPECT_THAT(event->data, Not(testing::HasSubstr(anna->token)));
        EXPECT_THAT(event->data, Not(testing::HasSubstr(codec::sha256_hex(anna->token))));
    }
}

TEST(ChatApp, AReloadIsNoLeaving) {
    ChatRig rig;
    const auto anna = rig.enter("Anna");
    rig.disconnect(anna->user);
    rig.advance(4'950ms);
    const auto again = rig.reenter(anna->token);
    EXPECT_EQ(again->user, anna->user);
    EXPECT_EQ(again->token, "");
    rig.advance(1min);
    EXPECT_THAT(rig.told(), ElementsAre("join Anna"));
}

TEST(ChatApp, AfterTheGraceTheMemberIsGoneAndTheNameIsFree) {
    ChatRig rig;
    const auto anna = rig.enter("Anna");
    rig.disconnect(anna->user);
    rig.advance(5s);
    EXPECT_THAT(rig.names(), IsEmpty());
    EXPECT_THAT(rig.told(), ElementsAre("join Anna", "leave Anna"));
    EXPECT_EQ(word_of(rig.reenter(anna->token)), "unknown_token");
    EXPECT_EQ(word_of(rig.enter("Anna")), "ok");
}

TEST(ChatApp, WhoIsThereTwiceGoesWithTheLastConnection) {
    ChatRig rig;
    const auto anna = rig.enter("Anna");
    EXPECT_EQ(word_of(rig.reenter(anna->token)), "ok");
    rig.disconnect(anna->user);
    rig.advance(1min);
    EXPECT_THAT(rig.names(), ElementsAre("Anna"));
    rig.disconnect(anna->user);
    rig.advance(5s);
    EXPECT_THAT(rig.names(), IsEmpty());
}

TEST(ChatApp, LeavingTakesEffectAtOnceWhateverConnectionsThereAre) {
    ChatRig rig;
    const auto anna = rig.enter("Anna");
    EXPECT_EQ(word_of(rig.reenter(anna->token)), "ok");
    EXPECT_EQ(word_of(rig.leave(anna->user)), "ok");
    EXPECT_THAT(rig.names(), IsEmpty());
    rig.disconnect(anna->user);
    rig.disconnect(anna->user);
    EXPECT_EQ(word_of(rig.leave(anna->user)), "not_found");
    EXPECT_THAT(rig.told(), ElementsAre("join Anna", "leave Anna"));
}

TEST(ChatApp, ATokenIsGoodInItsRoomOnly) {
    ChatRig rig;
    const auto anna = rig.enter("Anna");
    for (const std::string& token :
         {std::string{}, std::string(32, '0'), anna->token + "0", anna->user.id}) {
        EXPECT_EQ(word_of(rig.reenter(token)), "unknown_token") << token;
    }
    EXPECT_EQ(word_of(rig.reenter(anna->token, RoomName{"other"})), "unknown_token");
}

TEST(ChatApp, MembersAreListedInTheOrderInWhichTheyCame) {
    ChatRig rig;
    for (const char* name : {"Zoe", "Anna", "Mia", "Bob"}) {
        EXPECT_EQ(word_of(rig.enter(name)), "ok");
    }
    rig.clock.step_wall(-24h);
    EXPECT_EQ(word_of(rig.enter("Late")), "ok");
    EXPECT_THAT(rig.names(), ElementsAre("Zoe", "Anna", "Mia", "Bob", "Late"));
    rig.restart();
    EXPECT_EQ(word_of(rig.enter("Later")), "ok");
    EXPECT_THAT(rig.names(), ElementsAre("Zoe", "Anna", "Mia", "Bob", "Late", "Later"));
}

// --- Names ---

TEST(ChatApp, ANameIsTakenInEverySpellingOfIt) {
    ChatRig rig;
    EXPECT_EQ(word_of(rig.enter("Anna")), "ok");
    EXPECT_EQ(word_of(rig.enter(" anna ")), "name_taken");
    EXPECT_EQ(word_of(rig.enter("\xD0\x90nna")), "name_confusable") << "a Cyrillic A";
    EXPECT_EQ(word_of(rig.enter("")), "name_invalid");
    EXPECT_EQ(word_of(rig.enter("you")), "name_reserved");
    EXPECT_EQ(word_of(rig.reserve("ANNA")), "name_taken");
    EXPECT_THAT(rig.names(), ElementsAre("Anna"));
}

TEST(ChatApp, AnotherRoomHasOtherNames) {
    ChatRig rig;
    EXPECT_EQ(word_of(rig.enter("Anna")), "ok");
    EXPECT_EQ(word_of(rig.enter("Anna", RoomName{"lobby2"})), "ok");
    EXPECT_THAT(rig.names(), ElementsAre("Anna"));
}

TEST(ChatApp, OfTwoWhoWantANameAtTheSameTimeOneGetsIt) {
    ChatRig rig;
    const auto first = rig.begin_enter("Anna");
    const auto second = rig.begin_enter("anna");
    rig.settle();
    EXPECT_EQ(word_of(**first), "ok");
    EXPECT_EQ(word_of(**second), "name_taken");
    EXPECT_THAT(rig.told(), ElementsAre("join Anna"));
}

TEST(ChatApp, ANameThatCouldNotBeStoredIsFreeAgain) {
    ChatRig rig;
    rig.store.refusal = Errc::kStorageFull;
    EXPECT_EQ(word_of(rig.enter("Anna")), "storage_full");
    EXPECT_EQ(word_of(rig.reserve("Petr")), "storage_full");
    rig.store.refusal.reset();
    EXPECT_EQ(word_of(rig.enter("Petr")), "ok");
    EXPECT_EQ(word_of(rig.enter("Anna")), "ok");
}

TEST(ChatApp, AJudgementComesWithASuggestionThatIsFree) {
    ChatRig rig;
    EXPECT_EQ(rig.judge("Anna"), "free");
    EXPECT_EQ(word_of(rig.enter("Anna")), "ok");
    const auto verdict = rig.judge("anna");
    EXPECT_THAT(verdict, testing::StartsWith("name_taken "));
    EXPECT_EQ(rig.judge(verdict.substr(verdict.find(' ') + 1)), "free");
    EXPECT_THAT(rig.judge(""), testing::StartsWith("name_invalid"));
    EXPECT_THAT(rig.judge("You"), testing::StartsWith("name_reserved"));
    EXPECT_THAT(rig.told(), ElementsAre("join Anna")) << "asking takes nothing";
}

// --- Reservations ---

TEST(ChatApp, AReservedNameIsTakenButNobodyIsThere) {
    ChatRig rig;
    EXPECT_EQ(word_of(rig.reserve("Petr")), "ok");
    EXPECT_THAT(rig.names(), ElementsAre("(Petr)"));
    EXPECT_EQ(word_of(rig.enter("Petr")), "name_taken");
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

TEST(ChatApp, AReservationIsHeldForTheLeaseThenReleased) {
    ChatRig rig;
    const auto petr = rig.reserve("Petr");
    rig.advance(29'950ms);
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
    rig.advance(20s);
    rig.store.refusal = Errc::kOverloaded;
    EXPECT_EQ(word_of(rig.connect(*petr)), "overloaded");
    rig.store.refusal.reset();
    rig.advance(29s);
    EXPECT_EQ(word_of(rig.connect(*petr)), "ok");
    EXPECT_THAT(rig.names(), ElementsAre("Petr"));
}

TEST(ChatApp, WhoHasATokenConnectsWithNothingElse) {
    ChatRig rig;
    const auto anna = rig.enter("Anna");
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
    const auto anna = rig.enter("Anna");
    EXPECT_EQ(word_of(rig.reserve("Petr")), "ok");
    EXPECT_EQ(word_of(rig.enter("Mia")), "limit_reached");
    EXPECT_EQ(word_of(rig.enter("Mia", RoomName{"other"})), "ok");
    EXPECT_EQ(word_of(rig.leave(anna->user)), "ok");
    EXPECT_EQ(word_of(rig.enter("Mia")), "ok");
}

TEST(ChatApp, ThereAreAsManyRoomsAsThereMayBe) {
    ChatRig rig{limited_to(10, 2)};
    const auto anna = rig.enter("Anna");
    EXPECT_EQ(word_of(rig.enter("Anna", RoomName{"two"})), "ok");
    EXPECT_EQ(word_of(rig.enter("Anna", RoomName{"three"})), "limit_reached");
    EXPECT_EQ(word_of(rig.enter("Mia", RoomName{"two"})), "ok");
    EXPECT_EQ(word_of(rig.leave(anna->user)), "ok");
    EXPECT_EQ(word_of(rig.enter("Anna", RoomName{"three"})), "ok") << "an empty room is none";
}

// --- A store in trouble ---

TEST(ChatApp, ALeavingThatCannotBeStoredIsTriedEverySecond) {
    ChatRig rig;
    const auto anna = rig.enter("Anna");
    rig.disconnect(anna->user);
    rig.store.refusal = Errc::kStorageFull;
    rig.advance(10s);
    EXPECT_THAT(rig.names(), ElementsAre("Anna"));
    EXPECT_EQ(word_of(rig.enter("Anna")), "name_taken");
    rig.store.refusal.reset();
    rig.advance(1s);
    EXPECT_THAT(rig.names(), IsEmpty());
    EXPECT_THAT(rig.told(), ElementsAre("join Anna", "leave Anna"));
}

TEST(ChatApp, WhoComesBackBeforeTheNextTryStays) {
    ChatRig rig;
    const auto anna = rig.enter("Anna");
    rig.disconnect(anna->user);
    rig.store.refusal = Errc::kStorageFull;
    rig.advance(10s);
    EXPECT_EQ(word_of(rig.reenter(anna->token)), "ok");
    rig.store.refusal.reset();
    rig.advance(1min);
    EXPECT_THAT(rig.told(), ElementsAre("join Anna"));
}

TEST(ChatApp, ALeaveThatCannotBeStoredChangesNothing) {
    ChatRig rig;
    const auto anna = rig.enter("Anna");
    rig.store.refusal = Errc::kStorageFull;
    EXPECT_EQ(word_of(rig.leave(anna->user)), "storage_full");
    rig.store.refusal.reset();
    rig.advance(1min);
    EXPECT_THAT(rig.names(), ElementsAre("Anna"));
}

TEST(ChatApp, WhoEnteredInSpiteOfAnErrorIsWaitedForAndGoes) {
    ChatRig rig;
    rig.store.loses_answers = true;
    EXPECT_EQ(word_of(rig.enter("Anna")), "storage_failed");
    EXPECT_EQ(word_of(rig.reserve("Petr")), "storage_failed");
    rig.store.loses_answers = false;
    EXPECT_THAT(rig.names(), ElementsAre("Anna", "(Petr)"));
    rig.advance(1min);
    EXPECT_THAT(rig.names(), IsEmpty());
    EXPECT_THAT(rig.told(), ElementsAre("join Anna", "reserve Petr", "leave Anna", "release Petr"));
}

TEST(ChatApp, WhoLeftOrArrivedInSpiteOfAnErrorHas) {
    ChatRig rig;
    const auto anna = rig.enter("Anna");
    const auto petr = rig.reserve("Petr");
    rig.store.loses_answers = true;
    EXPECT_EQ(word_of(rig.leave(anna->user)), "storage_failed");
    EXPECT_EQ(word_of(rig.connect(*petr)), "storage_failed");
    EXPECT_THAT(rig.names(), ElementsAre("Petr"));
    rig.store.loses_answers = false;
    rig.advance(1min);
    EXPECT_THAT(rig.names(), IsEmpty());
}

TEST(ChatApp, WhoLeavesWhileTheirArrivalIsInDoubtHasLeft) {
    ChatRig rig;
    const auto petr = rig.reserve("Petr");
    rig.store.doubt = 10s;
    rig.store.keeps_back = true;
    EXPECT_EQ(word_of(rig.connect(*petr)), "storage_failed");
    rig.store.keeps_back = false;
    EXPECT_EQ(word_of(rig.leave(*petr)), "ok");
    rig.store.land();  // The arrival, too late: its version is gone.
    rig.advance(1min);
    EXPECT_THAT(rig.names(), IsEmpty());
    EXPECT_THAT(rig.told(), ElementsAre("reserve Petr", "release Petr"));
}

TEST(ChatApp, WhoComesBackWhileTheLeavingIsStoredHasLeft) {
    ChatRig rig;
    const auto anna = rig.enter("Anna");
    const auto first = rig.begin_leave(anna->user);
    const auto second = rig.begin_leave(anna->user);
    const auto back = rig.begin_reenter(anna->token);
    const auto namesake = rig.begin_enter("Anna");
    rig.settle();
    EXPECT_EQ(word_of(**first), "ok");
    EXPECT_EQ(word_of(**second), "busy");
    EXPECT_EQ(word_of(**back), "unknown_token");
    EXPECT_EQ(word_of(**namesake), "name_taken") << "until it is stored";
    EXPECT_THAT(rig.names(), IsEmpty());
    EXPECT_EQ(word_of(rig.enter("Anna")), "ok");
}

// --- Restarts ---

TEST(ChatApp, AfterARestartMembersHaveALeaseToComeBackWithin) {
    ChatRig rig;
    const auto anna = rig.enter("Anna");
    const auto petr = rig.reserve("Petr");
    EXPECT_EQ(word_of(rig.enter("Mia")), "ok");
    rig.restart();
    EXPECT_THAT(rig.names(), ElementsAre("Anna", "(Petr)", "Mia"));
    EXPECT_EQ(word_of(rig.enter("anna")), "name_taken");
    EXPECT_EQ(rig.reenter(anna->token)->user, anna->user);
    EXPECT_EQ(word_of(rig.connect(*petr)), "ok");
    rig.advance(29'950ms);
    EXPECT_THAT(rig.names(), ElementsAre("Anna", "Petr", "Mia"));
    rig.advance(50ms);
    EXPECT_THAT(rig.names(), ElementsAre("Anna", "Petr"));
    EXPECT_THAT(rig.told(),
                ElementsAre("join Anna", "reserve Petr", "join Mia", "join Petr", "leave Mia"));
}

TEST(ChatApp, AServerThatGoesDownSendsNobodyAway) {
    ChatRig rig;
    const auto anna = rig.enter("Anna");
    const auto petr = rig.reserve("Petr");
    const auto mia = rig.enter("Mia");
    rig.disconnect(anna->user);
    rig.app().stop();
    rig.app().stop();
    rig.disconnect(mia->user);
    rig.advance(1min);
    EXPECT_THAT(rig.names(), ElementsAre("Anna", "(Petr)", "Mia"));
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
    EXPECT_EQ(word_of(rig.enter("Petr")), "name_taken");
    EXPECT_EQ(word_of(rig.leave(*petr)), "ok");
    EXPECT_THAT(one.words, ElementsAre("@lobby", "@lobby", "Petr@lobby", "@lobby"));
    EXPECT_EQ(other.words, one.words);
}

TEST(ChatApp, ARosterComesWithThePlaceFromWhichItsReadersGoOn) {
    ChatRig rig;
    const auto entering = rig.begin_enter("Anna");
    const auto roster = rig.roster();
    const auto told = rig.events(members_topic(ChatRig::kRoom).text());
    ASSERT_EQ(told.size(), 1U);
    const bool knows_anna = !roster.members.empty();
    EXPECT_EQ(knows_anna, told.front()->sequence <= roster.cursor.sequences.durable);
}

// --- All of it at random ---

/// What the events up to now say of who is there.
std::vector<std::string> fold(ChatRig& rig) {
    std::vector<std::pair<std::string, std::string>> there;  // Id and word, in order of coming.
    for (const auto& event : rig.events(members_topic(ChatRig::kRoom).text())) {
        const auto user = parse_user(*parse_object(event->data)).value();
        const auto known =
            std::ranges::find(there, user.id, &std::pair<std::string, std::string>::first);
        if (event->type == "leave" || event->type == "release") {
            EXPECT_NE(known, there.end()) << "nobody leaves twice";
            EXPECT_EQ(known->second.starts_with('('), event->type == "release");
            there.erase(known);
        } else if (event->type == "join" && known != there.end()) {
            EXPECT_TRUE(known->second.starts_with('(')) << "nobody joins twice";
            known->second = user.name;
        } else {
            EXPECT_EQ(known, there.end());
            there.emplace_back(user.id, event->type == "join" ? user.name : "(" + user.name + ")");
        }
    }
    std::vector<std::string> words;
    for (const auto& [id, word] : there) {
        words.push_back(word);
    }
    return words;
}

/// Does what people do, in any order, with steps that overlap.
class RandomCrowd {
public:
    RandomCrowd(ChatRig& rig, std::uint64_t seed) : rig_(rig), random_(seed) {}

    void step() {
        switch (random_.below(12)) {
            case 0:
            case 1:
            case 2:
                entering_.push_back(rig_.begin_enter(name()));
                break;
            case 3:
                reserving_.push_back(
                    rig_.begin(rig_.app().reserve(AppRig::kElsewhere, ChatRig::kRoom, name())));
                break;
            case 4:
                if (!tokens_.empty()) {
                    entering_.push_back(rig_.begin_reenter(any(tokens_)));
                }
                break;
            case 5:
                if (!known_.empty()) {
                    const auto user = any(known_);
                    connecting_.emplace_back(user, rig_.begin_connect(user));
                }
                break;
            case 6:
                if (!known_.empty()) {
                    leaving_.push_back(rig_.begin_leave(any(known_)));
                }
                break;
            case 7:
            case 8:
                if (!connections_.empty()) {
                    const auto at = random_.below(connections_.size());
                    rig_.app().disconnect(ChatRig::kRoom, connections_[at].id);
                    connections_.erase(connections_.begin() + static_cast<std::ptrdiff_t>(at));
                }
                break;
            case 9:
                rig_.store.refusal =
                    random_.below(3) == 0 ? std::optional{Errc::kStorageFull} : std::nullopt;
                break;
            case 10:
                take_answers();
                break;
            default:
                rig_.advance(std::chrono::milliseconds{100 * random_.below(100)});
        }
    }

    void take_answers() {
        rig_.settle();
        for (const auto& pending : std::exchange(entering_, {})) {
            if (**pending) {
                note((**pending)->user);
                connections_.push_back((**pending)->user);
                if (!(**pending)->token.empty()) {
                    tokens_.push_back((**pending)->token);
                }
            }
        }
        for (const auto& pending : std::exchange(reserving_, {})) {
            if (**pending) {
                note(***pending);
            }
        }
        for (const auto& [user, pending] : std::exchange(connecting_, {})) {
            if (**pending) {
                connections_.push_back(user);
            }
        }
        leaving_.clear();
    }

    void restart() {
        take_answers();
        rig_.restart();
        connections_.clear();
    }

private:
    [[nodiscard]] std::string name() {
        std::string name = "Anna";
        name += static_cast<char>('0' + static_cast<char>(random_.below(8)));
        return name;
    }
    template <class T>
    [[nodiscard]] T any(const std::vector<T>& all) {
        return all[random_.below(all.size())];
    }
    void note(const User& user) { known_.push_back(user); }

    ChatRig& rig_;
    SeededRandom random_;
    std::vector<AppRig::Pending<Result<ChatApp::Membership>>> entering_;
    std::vector<AppRig::Pending<Result<User>>> reserving_;
    std::vector<std::pair<User, AppRig::Pending<Result<void>>>> connecting_;
    std::vector<AppRig::Pending<Result<void>>> leaving_;
    std::vector<User> known_;
    std::vector<User> connections_;
    std::vector<std::string> tokens_;
};

TEST(ChatApp, TheListOfMembersIsTheFoldOfTheirEvents) {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        SCOPED_TRACE(seed);
        ChatRig rig;
        RandomCrowd crowd{rig, seed};
        for (int round = 0; round < 20; ++round) {
            for (int i = 0; i < 20; ++i) {
                crowd.step();
            }
            crowd.take_answers();
            EXPECT_EQ(rig.names(), fold(rig));
            if (round % 5 == 4) {
                crowd.restart();
                EXPECT_EQ(rig.names(), fold(rig));
            }
        }
        rig.store.refusal.reset();
        crowd.restart();
        rig.advance(31s);
        EXPECT_THAT(rig.names(), IsEmpty());
        EXPECT_THAT(fold(rig), IsEmpty());
    }
}

}  // namespace
}  // namespace howl::apps::chat
