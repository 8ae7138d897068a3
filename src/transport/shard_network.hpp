// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "codec/websocket/deflate.hpp"
#include "session/session_group.hpp"
#include "transport/connection_budget.hpp"
#include "transport/connection_list.hpp"
#include "transport/framed_encoder.hpp"
#include "transport/settings.hpp"

namespace howl::transport {

/// The network side of one shard: what its listeners, connections and channels share.
///
/// ```
///   ShardNetwork 1---* Listener ---> HttpConnection (a request at a time) ---> Channel + Session
/// ```
class ShardNetwork {
public:
    ShardNetwork(session::SessionGroup& sessions, const TransportSettings& settings,
                 ConnectionBudget& budget)
        : sessions_(sessions), settings_(settings), budget_(budget) {}
    ShardNetwork(const ShardNetwork&) = delete;
    ShardNetwork& operator=(const ShardNetwork&) = delete;

    /// A request that has begun is answered, then its connection ends. New ones are refused.
    void drain() {
        draining_ = true;
        connections_.drain();
    }
    [[nodiscard]] bool draining() const noexcept { return draining_; }

    [[nodiscard]] runtime::Shard& shard() noexcept { return sessions_.shard(); }
    [[nodiscard]] session::SessionGroup& sessions() noexcept { return sessions_; }
    [[nodiscard]] ConnectionList& connections() noexcept { return connections_; }
    [[nodiscard]] const TransportSettings& settings() const noexcept { return settings_; }
    [[nodiscard]] ConnectionBudget& budget() noexcept { return budget_; }
    [[nodiscard]] codec::websocket::Inflater& inflater() noexcept { return inflater_; }
    [[nodiscard]] codec::websocket::Deflater& deflater() noexcept { return deflater_; }
    [[nodiscard]] FramedEncoders& encoders() noexcept { return encoders_; }

private:
    // Constant after construction.
    session::SessionGroup& sessions_;
    const TransportSettings& settings_;
    ConnectionBudget& budget_;
    // Shard-local state.
    ConnectionList connections_;
    codec::websocket::Inflater inflater_;
    codec::websocket::Deflater deflater_;
    FramedEncoders encoders_{deflater_};
    bool draining_ = false;
};

}  // namespace howl::transport
