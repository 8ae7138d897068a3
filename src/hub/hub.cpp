// SPDX-License-Identifier: Apache-2.0
#include "hub/hub.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "hub/reader.hpp"
#include "telemetry/metrics.hpp"

namespace howl::hub {

Hub::Hub(runtime::Shard& shard, Sequencer& sequencer, const access::AccessPolicy& policy)
    : shard_(shard),
      sequencer_(sequencer),
      gate_(shard, sequencer, policy),
      mailbox_([this] { shard_.post([this] { drain_mailbox(); }); }) {
    sequencer_.attach(shard_.id(), mailbox_);
}

Hub::~Hub() {
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
    if (topics_[topic].readers++ == 0) {
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
    auto& groups = topics_.at(topic).groups;
    auto group = std::ranges::find(groups, &encoder, &EncoderGroup::encoder);
    if (group == groups.end()) {
        groups.push_back({&encoder, {}});
        group = std::prev(groups.end());
    }
    group->subscriptions.push_back(subscription);
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
    std::uint64_t delivered = 0;
    const auto topic = topics_.find(delivery.event->topic);
    if (topic == topics_.end()) {
        return delivered;  // The last reader left while the event was on its way.
    }
    const Cursor cursor{sequencer_.epochs(), delivery.sequences};
    for (auto& group : topic->second.groups) {
        if (group.subscriptions.empty()) {
            continue;
        }
        auto bytes = group.encoder->encode(*delivery.event, cursor);
        if (bytes.empty()) {
            continue;
        }
        const auto frame = make_frame(std::move(bytes));
        for (auto& subscription : group.subscriptions) {
            subscription.sink->deliver(frame);
            ++delivered;
        }
        telemetry::count(telemetry::Counter::kFramesEncoded);
    }
    return delivered;
}

}  // namespace howl::hub
