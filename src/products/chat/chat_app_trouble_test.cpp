// SPDX-License-Identifier: Apache-2.0
// The chat over a store in trouble, over restarts, and under chance.
#include <algorithm>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "products/chat/chat_rig_for_test.hpp"

namespace howl::products::chat {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// --- A store in trouble ---

TEST(ChatApp, ALeavingThatCannotBeStoredIsTriedEverySecond) {
    ChatRig rig;
    const auto anna = rig.join("Anna");
    rig.disconnect(anna->user);
    rig.store.refusal = Errc::kStorageFull;
    rig.advance(10s);
    EXPECT_THAT(rig.names(), ElementsAre("Anna"));
    EXPECT_EQ(word_of(rig.join("Anna")), "name_taken");
    rig.store.refusal.reset();
    rig.advance(1s);
    EXPECT_THAT(rig.names(), IsEmpty());
    EXPECT_THAT(rig.told(), ElementsAre("join Anna", "leave Anna"));
}

TEST(ChatApp, WhoComesBackBeforeTheNextTryStays) {
    ChatRig rig;
    const auto anna = rig.join("Anna");
    rig.disconnect(anna->user);
    rig.store.refusal = Errc::kStorageFull;
    rig.advance(10s);
    EXPECT_EQ(word_of(rig.rejoin(anna->token)), "ok");
    rig.store.refusal.reset();
    rig.advance(1min);
    EXPECT_THAT(rig.told(), ElementsAre("join Anna"));
}

TEST(ChatApp, ALeaveThatCannotBeStoredChangesNothing) {
    ChatRig rig;
    const auto anna = rig.join("Anna");
    rig.store.refusal = Errc::kStorageFull;
    EXPECT_EQ(word_of(rig.leave(anna->user)), "storage_full");
    rig.store.refusal.reset();
    rig.advance(1min);
    EXPECT_THAT(rig.names(), ElementsAre("Anna"));
}

TEST(ChatApp, WhoEnteredInSpiteOfAnErrorIsWaitedForAndGoes) {
    ChatRig rig;
    rig.store.loses_answers = true;
    EXPECT_EQ(word_of(rig.join("Anna")), "storage_failed");
    EXPECT_EQ(word_of(rig.reserve("Petr")), "storage_failed");
    rig.store.loses_answers = false;
    EXPECT_THAT(rig.names(), ElementsAre("Anna", "(Petr)"));
    rig.advance(5s);
    EXPECT_THAT(rig.names(), IsEmpty());
    EXPECT_THAT(rig.told(), ElementsAre("join Anna", "reserve Petr", "leave Anna", "release Petr"));
}

TEST(ChatApp, WhoLeftOrArrivedInSpiteOfAnErrorHas) {
    ChatRig rig;
    const auto anna = rig.join("Anna");
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
    const auto anna = rig.join("Anna");
    const auto first = rig.begin_leave(anna->user);
    const auto second = rig.begin_leave(anna->user);
    const auto back = rig.begin_rejoin(anna->token);
    const auto namesake = rig.begin_join("Anna");
    rig.settle();
    EXPECT_EQ(word_of(**first), "ok");
    EXPECT_EQ(word_of(**second), "busy");
    EXPECT_EQ(word_of(**back), "unknown_token");
    EXPECT_EQ(word_of(**namesake), "name_taken") << "until it is stored";
    EXPECT_THAT(rig.names(), IsEmpty());
    EXPECT_EQ(word_of(rig.join("Anna")), "ok");
}

// --- Restarts ---

TEST(ChatApp, AfterARestartMembersWithATokenHaveALeaseToComeBackWithin) {
    ChatRig rig;
    const auto anna = rig.join("Anna");
    EXPECT_EQ(word_of(rig.join("Mia")), "ok");
    rig.restart();
    EXPECT_THAT(rig.names(), ElementsAre("Anna", "Mia"));
    EXPECT_EQ(word_of(rig.join("anna")), "name_taken");
    EXPECT_EQ(rig.rejoin(anna->token)->user, anna->user);
    rig.advance(29'950ms);
    EXPECT_THAT(rig.names(), ElementsAre("Anna", "Mia"));
    rig.advance(50ms);
    EXPECT_THAT(rig.names(), ElementsAre("Anna"));
    EXPECT_THAT(rig.told(), ElementsAre("join Anna", "join Mia", "leave Mia"));
}

TEST(ChatApp, AfterARestartTheNamesOfThoseWithoutATokenAreFree) {
    ChatRig rig;
    const auto petr = rig.reserve("Petr");
    const auto olga = rig.reserve("Olga");
    EXPECT_EQ(word_of(rig.connect(*olga)), "ok");
    EXPECT_EQ(word_of(rig.join("Anna")), "ok");
    rig.restart();
    EXPECT_THAT(rig.names(), ElementsAre("Anna"));
    EXPECT_EQ(word_of(rig.connect(*petr)), "not_found");
    EXPECT_EQ(word_of(rig.reserve("Petr")), "ok");
    EXPECT_EQ(word_of(rig.join("Olga")), "ok");
    const auto told = rig.told();
    EXPECT_THAT(std::vector(told.begin(), told.begin() + 6),
                UnorderedElementsAre("reserve Petr", "reserve Olga", "join Olga", "join Anna",
                                     "release Petr", "leave Olga"));
}

TEST(ChatApp, ANameThatTheStoreKeepsOverARestartIsGivenUpLater) {
    ChatRig rig;
    EXPECT_EQ(word_of(rig.reserve("Petr")), "ok");
    rig.store.refusal = Errc::kStorageFull;
    rig.restart();
    EXPECT_THAT(rig.names(), ElementsAre("(Petr)"));
    rig.store.refusal.reset();
    rig.advance(1s);
    EXPECT_THAT(rig.names(), IsEmpty());
}

TEST(ChatApp, AServerThatGoesDownSendsNobodyAway) {
    ChatRig rig;
    const auto anna = rig.join("Anna");
    const auto petr = rig.reserve("Petr");
    const auto mia = rig.join("Mia");
    rig.disconnect(anna->user);
    rig.app().stop();
    rig.app().stop();
    rig.disconnect(mia->user);
    rig.advance(1min);
    EXPECT_THAT(rig.names(), ElementsAre("Anna", "(Petr)", "Mia"));
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
                entering_.push_back(rig_.begin_join(name()));
                break;
            case 3:
                reserving_.push_back(
                    rig_.begin(rig_.app().reserve(ProductRig::kElsewhere, ChatRig::kRoom, name())));
                break;
            case 4:
                if (!tokens_.empty()) {
                    entering_.push_back(rig_.begin_rejoin(any(tokens_)));
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
    std::vector<ProductRig::Pending<Result<ChatApp::Membership>>> entering_;
    std::vector<ProductRig::Pending<Result<User>>> reserving_;
    std::vector<std::pair<User, ProductRig::Pending<Result<void>>>> connecting_;
    std::vector<ProductRig::Pending<Result<void>>> leaving_;
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
}  // namespace howl::products::chat
