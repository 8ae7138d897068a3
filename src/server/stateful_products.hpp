// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "hub/hub.hpp"
#include "hub/topic_policy.hpp"
#include "products/chat/chat_api.hpp"
#include "products/chat/chat_app.hpp"
#include "products/chat/relay_coordinator.hpp"
#include "products/cloud/cloud_app.hpp"
#include "products/cloud/simulated_provider.hpp"
#include "products/reports/reports_app.hpp"
#include "runtime/shard_group.hpp"
#include "server/config.hpp"
#include "server/stores.hpp"

namespace howl::server {

/// How the topics of the apps are kept.
[[nodiscard]] std::vector<hub::TopicPolicies::Rule> product_topic_rules(const Config& config);
/// Whose the topics of the apps are; all others are of whoever publishes.
[[nodiscard]] std::vector<hub::TopicPolicies::Rank> product_topic_ranks();

/// The apps that have a state of their own: how they begin and end. Cloud and chat live on a home
/// shard each; the reports keep theirs in the store alone and have neither beginning nor end.
///
/// Thread: the server's, which is not a shard's.
class StatefulProducts {
public:
    /// `homes`: where apps may live; they spread over them.
    StatefulProducts(runtime::ShardGroup& shards, const std::vector<hub::Hub*>& homes,
                     Stores& stores, const Config& config);

    /// Reads what is stored; returns when every app is ready. Errors: the store's.
    /// Requires: shards and log run.
    [[nodiscard]] Result<void> load();
    /// From here on nobody leaves the chat because their connection has gone: it is the server that
    /// goes. Idempotent.
    void begin_drain();
    /// Ends what the apps have in work; it goes on after the next start. Idempotent.
    /// Requires: `load` was called, shards run.
    void stop();

    [[nodiscard]] products::cloud::CloudApp& cloud() noexcept { return cloud_; }
    [[nodiscard]] products::chat::ChatApp& chat() noexcept { return chat_; }
    [[nodiscard]] products::chat::ChatApi& chat_api() noexcept { return chat_api_; }
    [[nodiscard]] products::chat::RelayCoordinator& relay_coordinator() noexcept {
        return relay_coordinator_;
    }
    [[nodiscard]] products::reports::ReportsApp& reports() noexcept { return reports_; }

private:
    /// Runs the task that `work` makes on the home of `hub`, and waits for it.
    template <class Work>
    [[nodiscard]] Result<void> wait_for(hub::Hub& hub, Work work);

    runtime::ShardGroup& shards_;
    hub::Hub& cloud_owner_;
    hub::Hub& chat_owner_;
    SystemRandom cloud_random_;  // Each its own: they live on different threads.
    SystemRandom chat_random_;
    products::cloud::SimulatedProvider provider_;
    products::cloud::CloudApp cloud_;
    products::chat::ChatApp chat_;
    products::chat::ChatApi chat_api_;
    products::chat::RelayCoordinator relay_coordinator_;
    products::reports::ReportsApp reports_;
};

}  // namespace howl::server
