// SPDX-License-Identifier: Apache-2.0
#include "hub/local_presence.hpp"

#include <optional>
#include <thread>
#include <type_traits>

#include <gtest/gtest.h>

namespace howl::hub {
namespace {

static_assert(std::is_nothrow_move_constructible_v<LocalPresence::Stay>);
static_assert(!std::is_copy_constructible_v<LocalPresence::Stay>);

const TopicName kLobby = TopicName::parse("lobby").value();

TEST(LocalPresence, SeveralSessionsAreOneMemberUntilTheLastLeaves) {
    LocalPresence presence;
    std::optional first = presence.enter(kLobby, "Анна").value();
    std::optional second = presence.enter(kLobby, "Анна").value();
    std::optional bob = presence.enter(kLobby, "Bob").value();
    EXPECT_EQ(presence.members_now(kLobby, 10).first,
              (std::vector<LocalPresence::Member>{{"Bob", 1}, {"Анна", 2}}));
    first.reset();
    EXPECT_EQ(presence.members_now(kLobby, 10).count, 2U);
    second.reset();
    EXPECT_EQ(presence.topics_for_test(), 1U);
    bob.reset();
    EXPECT_EQ(presence.members_now(kLobby, 10).count, 0U);
    EXPECT_EQ(presence.topics_for_test(), 0U);
}

TEST(LocalPresence, AMovedStayEndsOnceAndAnAssignedOneEndsTheOld) {
    LocalPresence presence;
    {
        auto stay = presence.enter(kLobby, "a").value();
        auto moved = std::move(stay);
        EXPECT_EQ(presence.members_now(kLobby, 10).count, 1U);
        moved = presence.enter(kLobby, "b").value();
        EXPECT_EQ(presence.members_now(kLobby, 10).first,
                  (std::vector<LocalPresence::Member>{{"b", 1}}));
    }
    EXPECT_EQ(presence.members_now(kLobby, 10).count, 0U);
}

TEST(LocalPresence, ListsNoMoreThanAskedAndCountsAll) {
    LocalPresence presence;
    std::vector<LocalPresence::Stay> stays;
    for (int i = 0; i < 20; ++i) {
        stays.push_back(presence.enter(kLobby, std::to_string(i)).value());
    }
    EXPECT_EQ(presence.members_now(kLobby, 5).first.size(), 5U);
    EXPECT_EQ(presence.members_now(kLobby, 5).count, 20U);
}

TEST(LocalPresence, RefusesNamesThatCouldHarmALogOrAPage) {
    LocalPresence presence;
    for (const std::string& bad :
         {std::string{}, std::string(65, 'a'), std::string{"a\nb"}, std::string("a\0b", 3),
          std::string{"\x7F"}, std::string{"\xFF"}}) {
        EXPECT_EQ(presence.enter(kLobby, bad).error().code, Errc::kInvalidQuery);
    }
}

TEST(LocalPresence, ThreadsComeAndGoWithoutATrace) {
    LocalPresence presence;
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&presence] {
            for (int i = 0; i < 1000; ++i) {
                const auto stay = presence.enter(kLobby, std::to_string(i % 7)).value();
            }
        });
    }
    threads.clear();
    EXPECT_EQ(presence.members_now(kLobby, 10).count, 0U);
    EXPECT_EQ(presence.topics_for_test(), 0U);
}

}  // namespace
}  // namespace howl::hub
