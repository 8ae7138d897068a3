// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "hub/store.hpp"
#include "storage/outbox/item.hpp"

namespace howl::storage::outbox {

/// A store elsewhere that can change one item at a time, on a condition (port).
///
/// That is all an outbox asks of it: no transaction over items, and no part in the node's log. Each
/// record is one item, which also keeps the events of its commits until they are relayed.
///
/// A call that fails with an error that is not named here says nothing about what was done: it may
/// have been executed, once or twice, or may be until `RecoveryQueue::kUncertainTime` is over.
///
/// Thread: the loop's; the answers (`done`) come there too, also before a call has returned.
class ForeignStore {
public:
    using Done = std::move_only_function<void(Result<void>)>;
    using ReadDone = std::move_only_function<void(Result<std::optional<Item>>)>;
    using WriteDone = std::move_only_function<void(Result<Item>)>;
    /// A page was read; `go_on` with nothing asks for the next, with an error ends it.
    using GoOn = std::move_only_function<void(Result<void>)>;
    using OnPage = std::function<void(std::vector<Item> page, GoOn go_on)>;
    /// What a list needs of each item.
    enum class Columns : std::uint8_t { kAll, kWithoutData };

    virtual ~ForeignStore() = default;

    // --- What it keeps. Thread: any ---

    [[nodiscard]] virtual std::vector<std::string> kinds() const = 0;
    /// Errors: `kInvalidConfig` for a kind that it does not keep.
    [[nodiscard]] virtual Result<void> check_kind(const std::string& kind) const = 0;
    /// Whether it could keep `change`, which `hub::check_record_change` has passed. Errors: those
    /// of `check_kind`; `kInvalidUtf8` where it knows only text.
    [[nodiscard]] virtual Result<void> check_change(const hub::RecordChange& change) const = 0;

    // --- One item ---

    /// Whether it can be worked with. Before anything else. Errors: `kInvalidConfig`.
    virtual void open(Done done) = 0;
    /// The item as the last write has left it; nothing where there is none. Errors: `kDamaged` for
    /// one that can't be read.
    virtual void read(const hub::RecordKey& key, SteadyTime deadline, ReadDone done) = 0;
    /// The commit itself: sets or removes the record if its version is the expected one, appends
    /// the events, if any, to what is pending, names the item's last commit by `commit.token`, and
    /// gives the item as it is then. Errors: `kVersionConflict` where it was not executed, or
    /// executed before; none of its own else.
    virtual void write(const hub::RecordChange& change, const PendingCommit& commit,
                       SteadyTime deadline, WriteDone done) = 0;
    /// Takes the pending events out of the item, of a tombstone the whole item, if no commit has
    /// come since `seen.token`. Errors: `kVersionConflict` if one has.
    virtual void clear(const Item& seen, Done done) = 0;

    // --- Many items, page by page; those that can't be read are noted and left out ---

    /// The items of the query's records, in any order, maybe of several moments. Tombstones may be
    /// among them. Errors: those of `on_page`.
    virtual void list(const hub::Store::Query& query, Columns columns, OnPage on_page,
                      Done done) = 0;
    /// True if such a list may miss what was written a moment ago. Thread: any.
    [[nodiscard]] virtual bool is_late(const hub::Store::Query& query) const = 0;
    /// The items with pending events, and the tombstones. Errors: those of `on_page`.
    virtual void list_unresolved(const std::string& kind, OnPage on_page, Done done) = 0;
};

}  // namespace howl::storage::outbox
