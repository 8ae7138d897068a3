// SPDX-License-Identifier: Apache-2.0
#include "broker/kafka/topic_flow.hpp"

#include <gtest/gtest.h>

#include "broker/kafka/log_budget.hpp"

namespace howl::broker::kafka {
namespace {

using namespace std::chrono_literals;

TEST(TopicFlow, NamesTheTopicAfterTheKeyWhereverItIsMarked) {
    const auto flow = TopicFlow::create({"a/{key}/b/{key}", "tick", "howl:"});
    ASSERT_TRUE(flow);
    const auto event = flow->event_of({.offset = 1, .key = "x.1", .value = "v"});
    ASSERT_TRUE(event);
    EXPECT_EQ(event->topic.text(), "a/x.1/b/x.1");
    EXPECT_EQ(event->type, "tick");
    EXPECT_EQ(event->data, "v");
}

TEST(TopicFlow, ATombstoneBecomesAnEventOfItsType) {
    const auto flow = TopicFlow::create({"in/{key}", "order", "howl:"});
    ASSERT_TRUE(flow);
    const auto tombstone = flow->event_of({.key = "42"});
    ASSERT_TRUE(tombstone);
    EXPECT_EQ(tombstone->topic.text(), "in/42");
    EXPECT_EQ(tombstone->type, "tombstone");
    EXPECT_EQ(tombstone->data, "");
    EXPECT_EQ(flow->event_of({.key = "42", .value = ""})->type, "order") << "an empty value";
    EXPECT_EQ(flow->event_of(Record{.offset = 1}).error().code, Errc::kBadRequest) << "no key";
}

TEST(TopicFlow, AKeyCantLeadIntoHowlsOwnTopics) {
    const auto flow = TopicFlow::create({"{key}", "", "howl:"});
    ASSERT_TRUE(flow);
    const auto event = flow->event_of({.key = "howl:inbox/v3/eve", .value = "v"});
    ASSERT_FALSE(event);
    EXPECT_EQ(event.error().code, Errc::kTopicReserved);
}

TEST(TopicFlow, WithoutAMarkTheKeyIsIgnored) {
    const auto flow = TopicFlow::create({"all", "", "howl:"});
    EXPECT_TRUE(flow->event_of({.value = "v"}));
    EXPECT_TRUE(flow->event_of({.key = "no topic's name", .value = ""}));
}

TEST(TopicFlow, RefusesATargetThatCanNeverWork) {
    for (const std::string_view target : {"", "\xFF", "howl:inbox/v3/{key}"}) {
        const auto flow = TopicFlow::create({std::string{target}, "", "howl:"});
        ASSERT_FALSE(flow) << target;
        EXPECT_EQ(flow.error().code, Errc::kInvalidConfig);
    }
    EXPECT_FALSE(TopicFlow::create({"a", "two words", "howl:"}));
}

TEST(LogBudget, LetsABurstThroughThenOneInASecondAndCountsTheRest) {
    LogBudget budget;
    SteadyTime now{1h};
    for (std::uint64_t i = 0; i < LogBudget::kBurst; ++i) {
        EXPECT_EQ(budget.try_take(now), 0U);
    }
    EXPECT_EQ(budget.try_take(now), std::nullopt);
    EXPECT_EQ(budget.try_take(now + 999ms), std::nullopt);
    EXPECT_EQ(budget.try_take(now + 1s), 2U);
    EXPECT_EQ(budget.try_take(now + 1s), std::nullopt);
    EXPECT_EQ(budget.try_take(now + 2s), 1U);
}

}  // namespace
}  // namespace howl::broker::kafka
