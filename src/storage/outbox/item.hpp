// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/event_log.hpp"
#include "hub/store.hpp"

namespace howl::storage::outbox {

/// An event that the node's log has still to get. Whose its topic is (`hub::TopicRank`) is not
/// kept: the node says so when it gets it.
struct PendingEvent {
    hub::NewEvent event;
    hub::Retention retention;
};

/// The events of one commit.
struct PendingCommit {
    std::string token;
    std::vector<PendingEvent> events;
};

/// What a foreign store keeps under one key.
struct Item {
    hub::RecordKey key;
    /// Nothing: a tombstone, which stays until its events are relayed.
    std::optional<hub::Record> record;
    std::string token;  ///< Names the item's last commit. Empty: no Howl has written it.
    std::vector<PendingCommit> pending;  ///< Oldest first; none of them is without events.

    [[nodiscard]] bool is_tombstone() const { return !record; }
    /// True if the commit named `token` is in it, as the last one or with events that wait.
    [[nodiscard]] bool has_commit(std::string_view wanted) const {
        const auto is_wanted = [wanted](const PendingCommit& commit) {
            return commit.token == wanted;
        };
        return token == wanted || std::ranges::any_of(pending, is_wanted);
    }
};

}  // namespace howl::storage::outbox
