// SPDX-License-Identifier: Apache-2.0
#include "storage/memory/memory_store.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hub/record_check.hpp"

namespace howl::storage::memory {
namespace {

using hub::Record;
using hub::RecordChange;
using hub::RecordKey;

/// A record's share of containers and allocator, about.
constexpr std::size_t kRecordOverheadBytes = 256;

/// The key is in the map and in the record.
std::size_t bytes_of(const RecordKey& key, const std::string& owner, const std::string& data) {
    return kRecordOverheadBytes + 2 * (key.kind.size() + key.id.size()) + owner.size() +
           data.size();
}

}  // namespace

void MemoryStore::get(RecordKey key, GetDone done) {
    if (!log_.is_running()) {
        done(fail(Errc::kDraining, "get record"));
        return;
    }
    std::optional<Record> found;
    {
        const MutexLock lock{mutex_};
        if (const auto at = records_.find(key); at != records_.end()) {
            found = at->second;
        }
    }
    done(std::move(found));
}

void MemoryStore::list(Query query, ListDone done) {
    if (!log_.is_running()) {
        done(fail(Errc::kDraining, "list records"));
        return;
    }
    hub::RecordList found;
    log_.look_at_head([&](Sequence head) {
        found.through = head;
        visit(query, [&found](const Record& record) { found.records.push_back(record); });
    });
    done(std::move(found));
}

void MemoryStore::count(Query query, CountDone done) {
    if (!log_.is_running()) {
        done(fail(Errc::kDraining, "count records"));
        return;
    }
    std::uint64_t found = 0;
    visit(query, [&found](const Record&) { ++found; });
    done(found);
}

template <class Visit>
void MemoryStore::visit(const Query& query, Visit visit_one) {
    const MutexLock lock{mutex_};
    // No record has the empty id, and it sorts before every other.
    for (auto at = records_.lower_bound({query.kind, ""});
         at != records_.end() && at->first.kind == query.kind; ++at) {
        if (!query.owner || at->second.owner == *query.owner) {
            visit_one(at->second);
        }
    }
}

void MemoryStore::commit(RecordChange change, hub::AppendBatch batch) {
    if (auto sound = hub::check_record_change(change); !sound) {
        batch.done(std::unexpected(std::move(sound).error()));
        return;
    }
    batch.updates.push_back(hub::update_of(change));
    log_.append_with(std::move(batch), [this, change = std::move(change)]() mutable {
        return apply(std::move(change));
    });
}

Result<void> MemoryStore::apply(RecordChange change) {
    const MutexLock lock{mutex_};
    const auto present = records_.find(change.key);
    const bool exists = present != records_.end();
    HOWL_TRY_VOID(hub::check_version(change, exists ? present->second.version : Version{0}));
    const std::size_t bytes_before =
        exists ? bytes_of(present->first, present->second.owner, present->second.data) : 0;
    if (!change.data) {
        if (exists) {
            records_.erase(present);
        }
        bytes_ -= bytes_before;
        return {};
    }
    const std::size_t bytes_after =
        bytes_ - bytes_before + bytes_of(change.key, change.owner, *change.data);
    if (bytes_after > bytes_max_) {
        return fail(Errc::kStorageFull, "commit");
    }
    bytes_ = bytes_after;
    const Version version = change.expected.next();
    records_.insert_or_assign(
        change.key, Record{change.key, std::move(change.owner), version, std::move(*change.data)});
    return {};
}

}  // namespace howl::storage::memory
