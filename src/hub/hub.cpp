// SPDX-License-Identifier: Apache-2.0
#include "hub/hub.hpp"

#include <algorithm>
#include <utility>

#include <boost/container/small_vector.hpp>

#include "base/assert.hpp"
#include "base/limits.hpp"
#include "hub/reader.hpp"
#include "telemetry/metrics.hpp"

namespace howl::hub {

/// One event on its way to the sessions of a shard. It is encoded once for each encoder, in however
/// many lists of readers that stands.
class Hub::FanOut {
public:
    FanOut(const Event& event, const Cursor& cursor) : event_(event), cursor_(cursor) {}

    void to_all(Subscribers& subscribers) {
        for (auto& group : subscribers.groups()) {
            if (const auto* frame = frame_for(group)) {
                for (auto& link : group.links) {
                    link.sink->deliver(*frame);
                    ++delivered_;
                }
            }
        }
    }
    /// The same where a reader may come several times: by name and by patterns, or in several of
    /// the event's topics.
    void to_each_reader_once(Subscribers& subscribers) {
        const auto mark = mark_of(event_);
        for (auto& group : subscribers.groups()) {
            if (const auto* frame = frame_for(group)) {
                for (auto& link : group.links) {
                    if (link.reader->takes(mark)) {
                        link.sink->deliver(*frame);
                        ++delivered_;
                    }
                }
            }
        }
    }
    [[nodiscard]] std::uint64_t delivered() const noexcept { return delivered_; }

private:
    struct Encoded {
        const EventEncoder* encoder;
        FrameRef frame;  ///< Null: its readers are not told of the event.
    };

    [[nodiscard]] const FrameRef* frame_for(const Subscribers::Group& group) {
        if (group.links.empty()) {
            return nullptr;
        }
        auto found = std::ranges::find(encoded_, group.encoder, &Encoded::encoder);
        if (found == encoded_.end()) {
            encoded_.push_back({group.encoder, encode(*group.encoder)});
            found = std::prev(encoded_.end());
        }
        return found->frame == nullptr ? nullptr : &found->frame;
    }
    [[nodiscard]] FrameRef encode(const EventEncoder& encoder) const {
        auto bytes = encoder.encode(event_, cursor_);
        if (bytes.empty()) {
            return {};
        }
        telemetry::count(telemetry::Counter::kFramesEncoded);
        return make_frame(std::move(bytes));
    }

    const Event& event_;
    const Cursor& cursor_;
    boost::container::small_vector<Encoded, 4> encoded_;
    std::uint64_t delivered_ = 0;
};

Hub::Hub(runtime::Shard& shard, Sequencer& sequencer, const access::AccessPolicy& policy)
    : shard_(shard),
      sequencer_(sequencer),
      gate_(shard, sequencer, policy),
      mailbox_([this] { shard_.post([this] { drain_mailbox(); }); }) {
    sequencer_.attach(shard_.id(), mailbox_);
}

Hub::~Hub() {
    drop_cached_topics();
    HOWL_ASSERT(topics_.empty());
}

std::size_t Hub::readers_of(const TopicName& topic) const {
    here_.check();
    const auto found = topics_.find(topic);
    return found == topics_.end() ? 0 : found->second.readers;
}

void Hub::follow(const std::string& kind, RecordFollower& follower) {
    here_.check();
    if (!followers_.contains(kind)) {
        sequencer_.follow(shard_.id(), kind);
    }
    followers_.emplace(kind, &follower);
}

void Hub::unfollow(const std::string& kind, RecordFollower& follower) {
    const auto [begin, end] = followers_.equal_range(kind);
    const auto found = std::find_if(
        begin, end, [&follower](const auto& entry) { return entry.second == &follower; });
    if (found == end) {
        return;
    }
    followers_.erase(found);
    if (!followers_.contains(kind)) {
        sequencer_.unfollow(shard_.id(), kind);
    }
}

void Hub::tell_followers(const RecordUpdate& update) {
    const auto [begin, end] = followers_.equal_range(update.key.kind);
    for (auto follower = begin; follower != end; ++follower) {
        follower->second->on_update(update);
    }
}

void Hub::enter(const TopicName& topic) {
    here_.check();
    const auto [found, is_new] = topics_.try_emplace(topic);
    if (found->second.readers++ == 0) {
        cached_topics_ -= is_new ? 0 : 1;
        sequencer_.watch(shard_.id(), topic);
    }
}

void Hub::leave(const TopicName& topic) {
    here_.check();
    const auto found = topics_.find(topic);
    HOWL_ASSERT(found != topics_.end());
    if (--found->second.readers == 0) {
        sequencer_.unwatch(shard_.id(), topic);
        topics_.erase(found);
    }
}

void Hub::link(const TopicName& topic, const EventEncoder& encoder, SubscriberLink& subscription) {
    here_.check();
    topics_.at(topic).subscribers.link(encoder, subscription);
}

void Hub::enter(const TopicPattern& pattern) {
    here_.check();
    if (patterns_.enter(pattern) == LocalPatterns::Change::kFirst) {
        sequencer_.watch(shard_.id(), pattern);
    }
}

void Hub::leave(const TopicPattern& pattern) {
    here_.check();
    if (patterns_.leave(pattern) == LocalPatterns::Change::kLast) {
        sequencer_.unwatch(shard_.id(), pattern);
    }
    if (patterns_.empty()) {
        drop_cached_topics();
    }
}

void Hub::link(const TopicPattern& pattern, const EventEncoder& encoder, SubscriberLink& link) {
    here_.check();
    patterns_.subscribers_of(pattern).link(encoder, link);
}

Result<void> Hub::check_patterns(std::span<const TopicPattern> patterns, const Cursor* after) {
    return sequencer_.check_patterns(patterns, after);
}

Hub::LocalTopic* Hub::topic_for_delivery(const TopicName& name) {
    auto found = topics_.find(name);
    if (found == topics_.end()) {
        if (patterns_.empty()) {
            return nullptr;  // The last reader left while the event was on its way.
        }
        if (cached_topics_ >= limits::kMatchedTopicsCachedMax) {
            drop_cached_topics();
        }
        found = topics_.try_emplace(name).first;
        ++cached_topics_;
    }
    patterns_.match(name, found->second.patterns);
    return &found->second;
}

void Hub::drop_cached_topics() {
    if (cached_topics_ > 0) {
        std::erase_if(topics_, [](const auto& topic) { return topic.second.readers == 0; });
        cached_topics_ = 0;
    }
}

std::uint64_t Hub::add_pending(Reader& reader) {
    here_.check();
    pending_.emplace(next_pending_, &reader);
    return next_pending_++;
}

Reader* Hub::pending(std::uint64_t id) {
    here_.check();
    const auto found = pending_.find(id);
    return found == pending_.end() ? nullptr : found->second;
}

void Hub::drain_mailbox() {
    here_.check();
    static_cast<void>(shard_.now());  // The turn's time starts before its longest piece of work.
    mailbox_.take(taken_);
    for (auto& item : taken_) {
        if (const auto* delivery = std::get_if<Delivery>(&item)) {
            fan_out(*delivery);
        } else if (const auto* update = std::get_if<RecordUpdateRef>(&item)) {
            tell_followers(**update);
        } else {
            std::get<Mailbox::Action>(item)();
        }
    }
    taken_.clear();
}

void Hub::fan_out(const Delivery& delivery) {
    here_.check();
    const auto delivered = deliver(delivery);
    if (delivered == 0) {
        return;
    }
    telemetry::count(telemetry::Counter::kEventsDelivered, delivered);
    telemetry::observe(telemetry::Histogram::kPublishToQueue,
                       shard_.clock().steady_now() - delivery.committed);
    if (!oldest_unwritten_) {
        oldest_unwritten_ = delivery.committed;
    }
}

void Hub::on_written() {
    here_.check();
    if (const auto oldest = std::exchange(oldest_unwritten_, std::nullopt)) {
        telemetry::observe(telemetry::Histogram::kPublishToKernel,
                           shard_.clock().steady_now() - *oldest);
    }
}

std::uint64_t Hub::deliver(const Delivery& delivery) {
    LocalTopic* const topic = topic_for_delivery(delivery.event->topic);
    if (topic == nullptr) {
        return 0;
    }
    const Cursor cursor{sequencer_.epochs(), delivery.sequences};
    FanOut fan_out{*delivery.event, cursor};
    if (topic->patterns.found.empty() && !delivery.event->place.is_shared()) {
        fan_out.to_all(topic->subscribers);
        return fan_out.delivered();
    }
    fan_out.to_each_reader_once(topic->subscribers);
    for (const auto& pattern : topic->patterns.found) {
        fan_out.to_each_reader_once(pattern->subscribers);
    }
    return fan_out.delivered();
}

}  // namespace howl::hub
