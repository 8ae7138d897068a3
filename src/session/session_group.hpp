// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include <boost/intrusive/list.hpp>

#include "base/random.hpp"
#include "hub/hub.hpp"
#include "runtime/shard.hpp"
#include "session/settings.hpp"

namespace howl::session {

template <class Tag>
using SessionHook =
    boost::intrusive::list_base_hook<boost::intrusive::tag<Tag>,
                                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// A session's places in the lists of its shard.
struct SessionNode : SessionHook<struct TouchedTag>, SessionHook<struct OpenTag> {};

/// What the sessions of one shard share.
class SessionGroup {
public:
    SessionGroup(hub::Hub& hub, const Settings& settings, Random& random)
        : hub_(hub), settings_(settings), random_(random) {}
    SessionGroup(const SessionGroup&) = delete;
    SessionGroup& operator=(const SessionGroup&) = delete;

    [[nodiscard]] runtime::Shard& shard() noexcept { return hub_.shard(); }
    [[nodiscard]] hub::Hub& hub() noexcept { return hub_; }
    [[nodiscard]] const Settings& settings() const noexcept { return settings_; }
    [[nodiscard]] Random& random() noexcept { return random_; }
    [[nodiscard]] std::size_t open_count() const noexcept { return open_count_; }

private:
    friend class Session;
    friend class SessionFlusher;

    template <class Tag>
    using List = boost::intrusive::list<SessionNode, boost::intrusive::base_hook<SessionHook<Tag>>,
                                        boost::intrusive::constant_time_size<false>>;

    // Constant after construction.
    hub::Hub& hub_;
    const Settings& settings_;
    Random& random_;
    // Shard-local state.
    [[no_unique_address]] runtime::ShardCheck here_;
    List<TouchedTag> touched_;  ///< With output to be written at the end of the turn.
    List<OpenTag> open_;
    std::size_t open_count_ = 0;
    // Reported to the metrics once a turn, not once a delivery.
    std::uint64_t writes_ = 0;
    std::uint64_t bytes_written_ = 0;
    std::int64_t queued_bytes_ = 0;  ///< In the queues of all sessions.
};

}  // namespace howl::session
