// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <typeindex>
#include <vector>

#include "base/assert.hpp"
#include "base/clock.hpp"
#include "hub/hub.hpp"
#include "hub/presence_store.hpp"
#include "hub/store.hpp"
#include "hub/subscriber_counts.hpp"
#include "products/node_state.hpp"
#include "products/settings.hpp"
#include "runtime/shard_group.hpp"
#include "transport/http/router.hpp"
#include "transport/sse/sse_style.hpp"

namespace howl::products {

/// What products let others use, by its type: who speaks another protocol finds the app that it
/// speaks for.
/// Thread: the server's, while products are built.
class SharedParts {
public:
    template <class T>
    void offer(T& part) {
        parts_[typeid(T)] = &part;
    }
    /// Requires: its product stands earlier in the list.
    template <class T>
    [[nodiscard]] T& get() const {
        const auto found = parts_.find(typeid(T));
        HOWL_ASSERT(found != parts_.end());
        return *static_cast<T*>(found->second);
    }

private:
    std::map<std::type_index, void*> parts_;
};

/// What the server has for its products. All of it outlives them.
struct Services {
    const ProductSettings& settings;
    const Clock& clock;
    runtime::ShardGroup& shards;
    std::vector<hub::Hub*> hubs;  ///< By shard; state may live on any of them.
    std::function<hub::Store&(StoreChoice)> store;
    const hub::SubscriberCounts& subscribers;
    hub::PresenceStore& presence;
    NodeState node;
    /// Of Howl's own API.
    const transport::ResponsePolicy& response_policy;
    const transport::SseStyle& event_style;
    /// The silence before something is sent on a stream of a page of the portal.
    std::chrono::milliseconds page_heartbeat;
    /// Whether visitors may see which topics there are.
    enum class TopicNames : std::uint8_t { kPrivate, kListed } topic_names;
    SharedParts& parts;
};

}  // namespace howl::products
