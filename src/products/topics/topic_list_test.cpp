// SPDX-License-Identifier: Apache-2.0
#include "products/topics/topic_list.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "hub/output_memory.hpp"
#include "products/product_rig_for_test.hpp"
#include "products/turns.hpp"

namespace howl::products::topics {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class TopicListTest : public testing::Test {
protected:
    void publish(const std::vector<std::string>& names) {
        for (const auto& name : names) {
            hub::NewEvent event{.topic = *hub::TopicName::parse(name), .data = "x"};
            rig_.sequencer.publish(ProductRig::kElsewhere, {std::move(event)}, [](const auto&) {});
        }
        rig_.settle();
    }
    /// `t/0001`, `t/0002`, ...
    void publish_many(int count) {
        std::vector<std::string> names;
        for (int i = 1; i <= count; ++i) {
            names.push_back(fmt::format("t/{:04}", i));
        }
        publish(names);
    }
    runtime::Task<Result<std::string>> begun(TopicPage page) {
        return topic_list_text(rig_.elsewhere(), access::kAnyone, std::move(page));
    }
    std::string list(TopicPage page) { return *rig_.result_of(begun(std::move(page))); }

    ProductRig rig_{{{"v/*", {hub::Lane::kVolatile, {.count_max = 1}}}}};
    runtime::Shard& shard_{rig_.shards.at(ProductRig::kElsewhere)};
};

TEST_F(TopicListTest, ShowsNameLaneAndLastOffset) {
    EXPECT_EQ(list({.prefix = "", .after = "", .limit = 10}), R"({"topics":[],"more":false})");
    publish({"v/1", "b", "a", "a"});
    EXPECT_EQ(list({.prefix = "", .after = "", .limit = 10}),
              R"({"topics":[{"topic":"a","lane":"durable","lastOffset":2},)"
              R"({"topic":"b","lane":"durable","lastOffset":1},)"
              R"({"topic":"v/1","lane":"volatile","lastOffset":1}],"more":false})");
}

TEST_F(TopicListTest, SaysMoreWhereThereIsMore) {
    publish({"a", "b", "c"});
    EXPECT_THAT(list({.prefix = "", .after = "", .limit = 3}), HasSubstr(R"("more":false)"));
    const auto page = list({.prefix = "", .after = "", .limit = 2});
    EXPECT_THAT(page, HasSubstr(R"("more":true)"));
    EXPECT_THAT(page, Not(HasSubstr(R"("topic":"c")")));
    EXPECT_THAT(list({.prefix = "", .after = "b", .limit = 2}),
                StartsWith(R"({"topics":[{"topic":"c",)"));
}

TEST_F(TopicListTest, HidesTheTopicsOfOurOwnApps) {
    publish({"howl:inbox/v3/eve", "howl:", "howl", "howl~"});
    EXPECT_EQ(list({.prefix = "howl", .after = "", .limit = 2}),
              R"({"topics":[{"topic":"howl","lane":"durable","lastOffset":1},)"
              R"({"topic":"howl~","lane":"durable","lastOffset":1}],"more":false})");
    EXPECT_EQ(list({.prefix = "howl:inbox", .after = "", .limit = 10}),
              R"({"topics":[],"more":false})");
}

// However many topics there are, a turn sees to a few of them, and others are served between two.
TEST_F(TopicListTest, APageIsMadeInShortTurns) {
    publish_many(1001);
    const auto page = rig_.begin(begun({.prefix = "", .after = "", .limit = 1000}));
    std::size_t turns_of_others = 0;
    std::function<void()> another = [&] {
        if (!page->has_value()) {
            ++turns_of_others;
            shard_.post([&another] { another(); });
        }
    };
    shard_.post([&another] { another(); });
    rig_.settle();
    EXPECT_GE(turns_of_others, 1000 / kThingsPerTurnMax);
    EXPECT_THAT(page->value().value(), HasSubstr(R"({"topic":"t/1000",)"));
    EXPECT_THAT(page->value().value(), Not(HasSubstr("t/1001")));
    EXPECT_THAT(page->value().value(), HasSubstr(R"("more":true)"));
}

TEST_F(TopicListTest, IsRefusedWhileAnswersThatNobodyReadsFillTheMemory) {
    hub::OutputMemory::set_max(10);
    const hub::OutputMemory::Hold unread{10};
    const auto refused = rig_.result_of(begun({.prefix = "", .after = "", .limit = 10}));
    hub::OutputMemory::set_max(limits::kOutputBytesMax);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::kOverloaded);
}

}  // namespace
}  // namespace howl::products::topics
