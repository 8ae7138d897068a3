// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "access/access_policy.hpp"
#include "base/ids.hpp"
#include "hub/cursor.hpp"
#include "hub/gate.hpp"
#include "hub/local_patterns.hpp"
#include "hub/mailbox.hpp"
#include "hub/record.hpp"
#include "hub/sequencer.hpp"
#include "hub/session_sink.hpp"
#include "hub/subscribers.hpp"
#include "hub/topic_name.hpp"
#include "hub/topic_pattern.hpp"
#include "runtime/shard.hpp"

namespace howl::hub {

class Reader;

/// The topics of one shard and who reads them there: the last step of the fan-out.
///
/// An event is encoded once for each endpoint and transport, then given to every subscription in a
/// plain loop over an intrusive list: no lookup, no lock and no allocation per reader. A topic that
/// is read by patterns knows them, so that an event is compared with none.
///
/// ```
///   Hub 1---* LocalTopic 1---* encoder group 1---* SubscriberLink *---1 Reader 1---1 session
///               | *
///               * LocalPatterns::Pattern 1---* encoder group 1---* SubscriberLink
/// ```
class Hub {
public:
    Hub(runtime::Shard& shard, Sequencer& sequencer, const access::AccessPolicy& policy);
    ~Hub();
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;

    [[nodiscard]] runtime::Shard& shard() noexcept { return shard_; }
    [[nodiscard]] ShardId shard_id() const noexcept { return shard_.id(); }
    /// The way into the log and out of it.
    [[nodiscard]] Gate& gate() noexcept { return gate_; }
    /// Readers of `topic` on this shard, those that still replay included.
    [[nodiscard]] std::size_t readers_of(const TopicName& topic) const;
    /// Whether readers of `patterns` that start at `after` (null: now) can be served as things
    /// stand. Errors: `kOverloaded` where the node reads as many patterns as it may;
    /// `kPatternTooWide`.
    [[nodiscard]] Result<void> check_patterns(std::span<const TopicPattern> patterns,
                                              const Cursor* after);

    /// From now on `follower` hears of every committed change of a record of `kind`, until
    /// `unfollow`, which may also be called once the shard has ended.
    void follow(const std::string& kind, RecordFollower& follower);
    void unfollow(const std::string& kind, RecordFollower& follower);

    /// Everything that was delivered so far has been offered to the kernel. Peers for which it had
    /// no room get theirs later; how slow they are is not the server's latency.
    void on_written();

    // --- What the node's order says; see `Sequencer` ---

    [[nodiscard]] Cursor head() const { return sequencer_.head(); }
    [[nodiscard]] const PerLane<Epoch>& epochs() const noexcept { return sequencer_.epochs(); }
    [[nodiscard]] const TopicPolicy& policy_of(const TopicName& topic) const {
        return sequencer_.policy_of(topic);
    }
    /// True while any shard has readers of `topic`.
    [[nodiscard]] bool is_watched(const TopicName& topic) const {
        return sequencer_.is_watched(topic);
    }
    void list(Store& store, Store::Query query,
              std::move_only_function<void(Result<Sequencer::RecordSnapshot>)> done) {
        sequencer_.list(shard_id(), store, std::move(query), std::move(done));
    }
    void fence(std::move_only_function<void(Cursor)> then) {
        sequencer_.fence(shard_id(), std::move(then));
    }
    void check_continuity(std::span<const TopicName> topics, const Cursor& after,
                          std::move_only_function<void(Result<Sequencer::Continuity>)> done) {
        sequencer_.check_continuity(shard_id(), topics, after, std::move(done));
    }

private:
    friend class Reader;

    struct LocalTopic {
        Subscribers subscribers{};
        std::size_t readers = 0;  ///< By name. 0: it is here because patterns were looked up.
        LocalPatterns::Matches patterns{};
    };
    class FanOut;

    void enter(const TopicName& topic);
    void leave(const TopicName& topic);
    void link(const TopicName& topic, const EventEncoder& encoder, SubscriberLink& subscription);
    void enter(const TopicPattern& pattern);
    void leave(const TopicPattern& pattern);
    void link(const TopicPattern& pattern, const EventEncoder& encoder, SubscriberLink& link);
    /// The topic with its patterns; null where nobody can be reading it.
    [[nodiscard]] LocalTopic* topic_for_delivery(const TopicName& name);
    void drop_cached_topics();

    std::uint64_t add_pending(Reader& reader);
    void drop_pending(std::uint64_t id) {
        here_.check();
        pending_.erase(id);
    }
    [[nodiscard]] Reader* pending(std::uint64_t id);

    void drain_mailbox();
    void tell_followers(const RecordUpdate& update);
    void fan_out(const Delivery& delivery);
    /// Gives `delivery` to all that read its topic here, and says how many they were.
    [[nodiscard]] std::uint64_t deliver(const Delivery& delivery);

    // Constant after construction.
    runtime::Shard& shard_;
    Sequencer& sequencer_;
    Gate gate_;
    // Shard-local state.
    [[no_unique_address]] runtime::ShardCheck here_;
    std::unordered_map<TopicName, LocalTopic> topics_;
    std::unordered_multimap<std::string, RecordFollower*> followers_;  ///< By kind.
    std::size_t cached_topics_ = 0;  ///< Of `topics_`: those that nobody reads by name.
    LocalPatterns patterns_;
    std::unordered_map<std::uint64_t, Reader*> pending_;  ///< Readers that wait for an answer.
    std::uint64_t next_pending_ = 1;
    std::vector<Mailbox::Item> taken_;
    std::optional<SteadyTime>
        oldest_unwritten_;  ///< Commit of the oldest event since `on_written`.
    // Shared.
    Mailbox mailbox_;
};

}  // namespace howl::hub
