// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <list>
#include <utility>

#include <boost/intrusive/list.hpp>

#include "hub/session_sink.hpp"

namespace howl::hub {

class Reader;

/// One reader of one topic or pattern, linked into it on its shard while live.
struct SubscriberLink
    : boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
    SessionSink* sink = nullptr;
    Reader* reader = nullptr;
};

/// The live readers of one topic or pattern on one shard, by encoder.
class Subscribers {
public:
    using Links =
        boost::intrusive::list<SubscriberLink, boost::intrusive::constant_time_size<false>>;
    struct Group {
        const EventEncoder* encoder;
        Links links;
    };

    void link(const EventEncoder& encoder, SubscriberLink& link);
    [[nodiscard]] std::list<Group>& groups() noexcept { return groups_; }

private:
    std::list<Group> groups_;  ///< A list: links know the address of theirs.
};

inline void Subscribers::link(const EventEncoder& encoder, SubscriberLink& link) {
    for (auto& group : groups_) {
        if (group.encoder == &encoder) {
            group.links.push_back(link);
            return;
        }
    }
    groups_.push_back({&encoder, {}});
    groups_.back().links.push_back(link);
}

}  // namespace howl::hub
