// SPDX-License-Identifier: Apache-2.0
#include "server/stateful_products.hpp"

#include <future>
#include <utility>

#include "products/system/stats.hpp"
#include "products/topics/topics_api.hpp"
#include "products/wisdom/wisdom_compat.hpp"

namespace howl::server {

namespace {

/// The task owns the promise: who waits may be gone before `set_value` has returned.
runtime::Task<void> keep_promise(runtime::Task<Result<void>> task,
                                 std::promise<Result<void>> promise) {
    promise.set_value(co_await std::move(task));
}

}  // namespace

std::vector<hub::TopicPolicies::Rule> product_topic_rules(const Config& config) {
    constexpr std::uint64_t kQuotesKept = 20;
    constexpr std::uint64_t kNumbersKept = 60;
    constexpr std::uint64_t kComingsKept = 10'000;
    constexpr std::uint64_t kCommandEventsKept = 10'000;
    constexpr std::uint64_t kReportEventsKept = 1000;  // Of each user.
    const hub::Retention messages{config.chat.history_count, config.chat.history_age};
    const hub::Retention comings{kComingsKept, config.chat.history_age};
    const hub::Retention commands{kCommandEventsKept, std::chrono::hours{24 * 30}};
    const hub::Retention moves{kReportEventsKept, std::chrono::hours{24 * 7}};
    return {
        {std::string{products::wisdom::kTopic}, {hub::Lane::kVolatile, {.count_max = kQuotesKept}}},
        {std::string{products::wisdom::kEnglishTopic},
         {hub::Lane::kVolatile, {.count_max = kQuotesKept}}},
        {std::string{products::system::kStatsTopic},
         {hub::Lane::kVolatile, {.count_max = kNumbersKept}}},
        {std::string{products::cloud::kTopic}, {hub::Lane::kDurable, commands}},
        {"howl:reports/*", {hub::Lane::kDurable, moves}},
        {"howl:chat/*", {hub::Lane::kDurable, messages}},
        {"howl:chat-members/*", {hub::Lane::kDurable, comings}},
        {"howl:chat-typing/*", {hub::Lane::kVolatile, {.count_max = 1}}},
        {std::string{products::chat::kRelayTopicPattern},
         {hub::Lane::kVolatile, {.count_max = 1}}}};
}

std::vector<hub::TopicPolicies::Rank> product_topic_ranks() {
    using hub::TopicRank;
    return {{"howl:inbox/*", TopicRank::kUser},
            {"howl:reports/*", TopicRank::kUser},
            {"howl:chat*", TopicRank::kUser},
            {std::string{products::topics::kReservedPrefix} + "*", TopicRank::kInternal}};
}

StatefulProducts::StatefulProducts(runtime::ShardGroup& shards, const std::vector<hub::Hub*>& homes,
                                   Stores& stores, const Config& config)
    : shards_(shards),
      cloud_owner_(*homes.front()),
      chat_owner_(*homes.back()),
      provider_(cloud_owner_.shard(), cloud_random_, config.cloud.simulated_failures_percent),
      cloud_(shards, cloud_owner_, stores.of(config.cloud_store), provider_, cloud_random_,
             config.cloud),
      chat_(shards, chat_owner_, stores.of(config.chat_store), chat_random_, config.chat),
      chat_api_(shards, chat_),
      relay_coordinator_(shards, chat_owner_, chat_),
      reports_(stores.of(config.reports_store), config.reports) {}

template <class Work>
Result<void> StatefulProducts::wait_for(hub::Hub& hub, Work work) {
    std::promise<Result<void>> promise;
    auto outcome = promise.get_future();
    auto begin = [&hub, work = std::move(work), promise = std::move(promise)]() mutable {
        hub.shard().tasks().spawn("load app", keep_promise(work(), std::move(promise)));
    };
    shards_.post(hub.shard_id(), std::move(begin));
    return outcome.get();
}

Result<void> StatefulProducts::load() {
    HOWL_TRY_VOID(wait_for(cloud_owner_, [this] { return cloud_.load(); }));
    return wait_for(chat_owner_, [this] { return chat_.load(); });
}

void StatefulProducts::begin_drain() {
    shards_.run_on_all([this](runtime::Shard& shard) {
        if (shard.id() == chat_owner_.shard_id()) {
            chat_.stop();
        }
    });
}

void StatefulProducts::stop() {
    begin_drain();
    shards_.run_on_all([this](runtime::Shard& shard) {
        if (shard.id() == cloud_owner_.shard_id()) {
            cloud_.stop();
        }
    });
}

}  // namespace howl::server
