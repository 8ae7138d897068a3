// SPDX-License-Identifier: Apache-2.0
#include "hub/local_subscriber_counts.hpp"

namespace howl::hub {

runtime::Task<std::size_t> LocalSubscriberCounts::count(ShardId from, TopicName topic) const {
    std::size_t readers = 0;
    for (Hub* const hub : hubs_) {
        auto ask = [hub, &topic](auto answer) { answer(hub->readers_of(topic)); };
        const auto here = co_await shards_.call<std::size_t>(from, hub->shard_id(), std::move(ask));
        readers += here;
    }
    co_return readers;
}

}  // namespace howl::hub
