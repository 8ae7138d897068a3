// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <unordered_map>
#include <vector>

#include <boost/intrusive/list.hpp>

#include "base/ids.hpp"
#include "hub/cursor.hpp"
#include "hub/mailbox.hpp"
#include "hub/sequencer.hpp"
#include "hub/session_sink.hpp"
#include "hub/topic_name.hpp"
#include "runtime/shard.hpp"

namespace howl::hub {

class Reader;

/// One session reading one topic, linked into its shard's topic while live.
struct Subscription
    : boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
    SessionSink* sink = nullptr;
};

/// The topics of one shard and who reads them there: the last step of the fan-out.
///
/// An event is encoded once for each door and transport, then given to every subscription in a
/// plain loop over an intrusive list: no lookup, no lock and no allocation per reader.
///
/// ```
///   Hub 1---* LocalTopic 1---* encoder group 1---* Subscription *---1 Reader 1---1 session
/// ```
class Hub {
public:
    Hub(runtime::Shard& shard, Sequencer& sequencer);
    ~Hub();
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;

    [[nodiscard]] runtime::Shard& shard() noexcept { return shard_; }
    [[nodiscard]] ShardId shard_id() const noexcept { return shard_.id(); }
    [[nodiscard]] Sequencer& sequencer() noexcept { return sequencer_; }
    /// Readers of `topic` on this shard, those that still replay included.
    [[nodiscard]] std::size_t readers_of(const TopicName& topic) const;

private:
    friend class Reader;

    using Subscriptions =
        boost::intrusive::list<Subscription, boost::intrusive::constant_time_size<false>>;
    struct EncoderGroup {
        const EventEncoder* encoder;
        Subscriptions subscriptions;
    };
    struct LocalTopic {
        std::list<EncoderGroup> groups;  ///< A list: subscriptions know the address of theirs.
        std::size_t readers = 0;
    };

    void enter(const TopicName& topic);
    void leave(const TopicName& topic);
    void link(const TopicName& topic, const EventEncoder& encoder, Subscription& subscription);

    std::uint64_t add_pending(Reader& reader);
    void drop_pending(std::uint64_t id) { pending_.erase(id); }
    [[nodiscard]] Reader* pending(std::uint64_t id);

    void drain_mailbox();
    void fan_out(const Delivery& delivery);

    // Constant after construction.
    runtime::Shard& shard_;
    Sequencer& sequencer_;
    // Shard-local state.
    std::unordered_map<TopicName, LocalTopic> topics_;
    std::unordered_map<std::uint64_t, Reader*> pending_;  ///< Readers that wait for an answer.
    std::uint64_t next_pending_ = 1;
    std::vector<Mailbox::Item> taken_;
    // Shared.
    Mailbox mailbox_;
};

}  // namespace howl::hub
