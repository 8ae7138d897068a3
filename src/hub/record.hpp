// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"

namespace howl::hub {

/// Names a record: what it is, and which one. 1-64 and 1-255 bytes.
struct RecordKey {
    std::string kind;
    std::string id;
    [[nodiscard]] auto operator<=>(const RecordKey&) const = default;
};

/// A stored thing with a version: an instance, a report, a member.
struct Record {
    RecordKey key;
    std::string owner;  ///< Whose it is: a user, a room; empty: nobody's. At most 255 bytes.
    Version version;    ///< 1 when it was made; every commit adds one.
    std::string data;   ///< The app's own text, at most `limits::kEventBytesMax`.
    [[nodiscard]] bool operator==(const Record&) const = default;
};

/// Records, and where in the durable lane the moment is that they are of.
struct RecordList {
    std::vector<Record> records;
    /// Every change is in it that events up to here announce, and, where the store can list one
    /// moment, none that a later event announces. So a reader that goes on behind it misses
    /// nothing. May be ahead of what the log has reported.
    Sequence through;
};

/// What a commit does to one record.
struct RecordChange {
    RecordKey key;
    /// What the record's version must be; 0: there must be none.
    Version expected;
    std::string owner;
    /// The record's new text. Empty: the record is removed, and its name is free again.
    std::optional<std::string> data;
};

/// What a commit has made of one record, for those who follow its kind.
struct RecordUpdate {
    RecordKey key;
    std::optional<Record> record;  ///< Nothing: it was removed.
};

/// One for all shards. Immutable.
using RecordUpdateRef = std::shared_ptr<const RecordUpdate>;

/// What `change` makes of its record where it is stored.
[[nodiscard]] inline RecordUpdate update_of(const RecordChange& change) {
    RecordUpdate update{change.key, std::nullopt};
    if (change.data) {
        update.record = Record{change.key, change.owner, change.expected.next(), *change.data};
    }
    return update;
}

/// Hears of every committed change of the records of one kind, whoever made it, in the order of
/// the log: before the events of the same commit, and before its completion. See `Hub::follow`.
class RecordFollower {
public:
    virtual ~RecordFollower() = default;
    virtual void on_update(const RecordUpdate& update) = 0;
};

}  // namespace howl::hub
