// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "hub/event_log.hpp"
#include "hub/record.hpp"

namespace howl::hub {

/// Keeps records and the events that announce their changes, in one atomic commit (port).
///
/// A state and its event can't part: after any crash the records are the fold of the events. Two
/// who change the same record are put in order by its version, and the second learns of the first.
/// One commit changes one record, so that stores which know no wider transaction can serve.
///
/// A store works together with the event log of the durable lane and keeps its hours: nothing is
/// taken before the log's `start` or after its `stop`.
///
/// Source: docs/adr/0009.
/// Thread: any, also at the same time.
class Store {
public:
    using GetDone = std::move_only_function<void(Result<std::optional<Record>>)>;
    using ListDone = std::move_only_function<void(Result<RecordList>)>;
    using CountDone = std::move_only_function<void(Result<std::uint64_t>)>;

    /// Which records: those of a kind, or of a kind and an owner.
    struct Query {
        std::string kind;
        std::optional<std::string> owner{};
    };

    virtual ~Store() = default;

    /// The record as it was last committed; nothing where there is none. `done` may be called on
    /// any thread, also before this returns. Errors: `kStorageFailed`, `kOverloaded`, `kDraining`;
    /// `kDamaged` where there is one that can't be read, which is noted (`note_unreadable`).
    virtual void get(RecordKey key, GetDone done) = 0;
    /// All of them at one moment, by id, rising, and where in the log that moment is. `done` and
    /// errors as for `get`, but that those which can't be read are noted and left out.
    virtual void list(Query query, ListDone done) = 0;
    /// How many there are, for a bound, without reading each: what can't be read may be among them.
    /// `done` and errors as for `get`.
    virtual void count(Query query, CountDone done) = 0;

    /// How long after `kStorageFailed` a commit may still be made. Until then a look that does not
    /// find it proves nothing.
    [[nodiscard]] virtual std::chrono::milliseconds uncertain_time() const { return {}; }

    /// Changes the record and appends the events, both or neither. The events take their place in
    /// the log's order and reach its listener, and with them what the record has become
    /// (`CommittedBatch::updates`); `batch.done` comes as the log says, at most once durable.
    /// Errors: those of `EventLog::append`, and `kVersionConflict`, after which nothing was stored.
    /// A record that can't be read is there all the same: its name is not free.
    virtual void commit(RecordChange change, AppendBatch batch) = 0;
};

}  // namespace howl::hub
