// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "hub/store.hpp"

namespace howl::storage::outbox {

/// The records that this process wrote lately, to be put over a list that comes late.
///
/// An owner index follows its table after a moment, commonly well below a second. Who has written a
/// record must find it in the next list all the same.
///
/// Thread: the loop's.
/// Limits: `age_max`, `count_max` and `bytes_max`; reached: the oldest are forgotten, and a list
/// may be as late as its index.
class RecentWrites {
public:
    struct Limits {
        std::chrono::milliseconds age_max = std::chrono::minutes{1};
        /// 160 commits a second for all of the age.
        std::size_t count_max = 10'000;
        std::size_t bytes_max = std::size_t{32} * 1024 * 1024;
    };

    explicit RecentWrites(const Clock& clock) : RecentWrites(clock, Limits{}) {}
    RecentWrites(const Clock& clock, Limits limits) : clock_(clock), limits_(limits) {}

    /// The record as a commit has left it; nothing: it was removed.
    void note(const hub::RecordKey& key, std::optional<hub::Record> record);
    /// Corrects `listed`, which an index answered to `query`; by id, rising.
    void correct(const hub::Store::Query& query, std::map<std::string, hub::Record>& listed);

private:
    struct Note {
        hub::RecordKey key;
        std::optional<hub::Record> record;
        SteadyTime since;
        [[nodiscard]] std::size_t bytes() const {
            return key.kind.size() + key.id.size() + (record ? record->data.size() : 0);
        }
    };
    using Notes = std::list<Note>;

    void forget(Notes::iterator note);
    void forget_old();

    const Clock& clock_;
    const Limits limits_;
    Notes notes_;  ///< Oldest first.
    std::map<hub::RecordKey, Notes::iterator> by_key_;
    std::size_t bytes_ = 0;
};

}  // namespace howl::storage::outbox
