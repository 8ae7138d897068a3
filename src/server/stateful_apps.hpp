// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "apps/chat/chat_app.hpp"
#include "apps/chat/chat_door.hpp"
#include "apps/chat/relay_desk.hpp"
#include "apps/cloud/cloud_app.hpp"
#include "apps/cloud/simulated_provider.hpp"
#include "apps/reports/reports_app.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "hub/hub.hpp"
#include "hub/topic_policy.hpp"
#include "runtime/shard_group.hpp"
#include "server/config.hpp"
#include "server/stores.hpp"

namespace howl::server {

/// How the topics of the apps are kept.
[[nodiscard]] std::vector<hub::TopicPolicies::Rule> app_topic_rules(const Config& config);
/// Whose the topics of the apps are; all others are of whoever publishes.
[[nodiscard]] std::vector<hub::TopicPolicies::Rank> app_topic_ranks();

/// The apps that have a state of their own: how they begin and end. Cloud and chat live on a home
/// shard each; the reports keep theirs in the store alone and have neither beginning nor end.
///
/// Thread: the server's, which is not a shard's.
class StatefulApps {
public:
    /// `homes`: where apps may live; they spread over them.
    StatefulApps(runtime::ShardGroup& shards, const std::vector<hub::Hub*>& homes, Stores& stores,
                 const Config& config);

    /// Reads what is stored; returns when every app is ready. Errors: the store's.
    /// Requires: shards and log run.
    [[nodiscard]] Result<void> load();
    /// From here on nobody leaves the chat because their connection has gone: it is the server that
    /// goes. Idempotent.
    void begin_drain();
    /// Ends what the apps have in work; it goes on after the next start. Idempotent.
    /// Requires: `load` was called, shards run.
    void stop();

    [[nodiscard]] apps::cloud::CloudApp& cloud() noexcept { return cloud_; }
    [[nodiscard]] apps::chat::ChatApp& chat() noexcept { return chat_; }
    [[nodiscard]] apps::chat::ChatDoor& chat_door() noexcept { return chat_door_; }
    [[nodiscard]] apps::chat::RelayDesk& relay_desk() noexcept { return relay_desk_; }
    [[nodiscard]] apps::reports::ReportsApp& reports() noexcept { return reports_; }

private:
    /// Runs the task that `work` makes on the home of `hub`, and waits for it.
    template <class Work>
    [[nodiscard]] Result<void> wait_for(hub::Hub& hub, Work work);

    runtime::ShardGroup& shards_;
    hub::Hub& cloud_home_;
    hub::Hub& chat_home_;
    SystemRandom cloud_random_;  // Each its own: they live on different threads.
    SystemRandom chat_random_;
    apps::cloud::SimulatedProvider provider_;
    apps::cloud::CloudApp cloud_;
    apps::chat::ChatApp chat_;
    apps::chat::ChatDoor chat_door_;
    apps::chat::RelayDesk relay_desk_;
    apps::reports::ReportsApp reports_;
};

}  // namespace howl::server
