// SPDX-License-Identifier: Apache-2.0
#include "hub/mailbox.hpp"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace howl::hub {
namespace {

TEST(Mailbox, WakesOnceForABurst) {
    int woken = 0;
    Mailbox mailbox{[&] { ++woken; }};
    std::vector<Mailbox::Item> taken;
    mailbox.push([] {});
    mailbox.push([] {});
    EXPECT_EQ(woken, 1);
    mailbox.take(taken);
    EXPECT_EQ(taken.size(), 2U);
    mailbox.push([] {});
    EXPECT_EQ(woken, 2);
}

TEST(Mailbox, KeepsTheOrderOfDeliveriesAndActions) {
    Mailbox mailbox{[] {}};
    std::vector<int> ran;
    mailbox.push([&] { ran.push_back(1); });
    mailbox.push(Delivery{});
    mailbox.push([&] { ran.push_back(2); });
    std::vector<Mailbox::Item> taken(7);
    mailbox.take(taken);
    ASSERT_EQ(taken.size(), 3U);
    EXPECT_TRUE(std::holds_alternative<Delivery>(taken[1]));
    std::get<Mailbox::Action>(taken[0])();
    std::get<Mailbox::Action>(taken[2])();
    EXPECT_THAT(ran, testing::ElementsAre(1, 2));
}

TEST(Mailbox, LosesNothingBetweenThreads) {
    constexpr int kThreads = 4;
    constexpr int kEach = 1000;
    std::atomic<int> woken = 0;
    Mailbox mailbox{[&] { ++woken; }};
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([&] {
            for (int sent = 0; sent < kEach; ++sent) {
                mailbox.push(Delivery{});
            }
        });
    }
    std::size_t got = 0;
    int full_boxes = 0;
    std::vector<Mailbox::Item> taken;
    while (got < kThreads * kEach) {
        mailbox.take(taken);
        full_boxes += taken.empty() ? 0 : 1;
        got += taken.size();
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(woken, full_boxes);
}

}  // namespace
}  // namespace howl::hub
