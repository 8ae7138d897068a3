// SPDX-License-Identifier: Apache-2.0
#include "storage/outbox/recent_writes.hpp"

#include <iterator>
#include <utility>

namespace howl::storage::outbox {

void RecentWrites::note(const hub::RecordKey& key, std::optional<hub::Record> record) {
    if (const auto earlier = by_key_.find(key); earlier != by_key_.end()) {
        forget(earlier->second);
    }
    notes_.push_back({key, std::move(record), clock_.steady_now()});
    by_key_.emplace(key, std::prev(notes_.end()));
    bytes_ += notes_.back().bytes();
    forget_old();
}

void RecentWrites::correct(const hub::Store::Query& query,
                           std::map<std::string, hub::Record>& listed) {
    forget_old();
    for (auto at = by_key_.lower_bound({query.kind, ""});
         at != by_key_.end() && at->first.kind == query.kind; ++at) {
        const auto& record = at->second->record;
        const auto found = listed.find(at->first.id);
        if (record && found != listed.end() && found->second.version > record->version) {
            continue;  // Somebody else has written it since.
        }
        if (found != listed.end()) {
            listed.erase(found);
        }
        if (record && (!query.owner || record->owner == *query.owner)) {
            listed.emplace(at->first.id, *record);
        }
    }
}

void RecentWrites::forget(Notes::iterator note) {
    bytes_ -= note->bytes();
    by_key_.erase(note->key);
    notes_.erase(note);
}

void RecentWrites::forget_old() {
    const auto now = clock_.steady_now();
    while (!notes_.empty() && (now - notes_.front().since > limits_.age_max ||
                               notes_.size() > limits_.count_max || bytes_ > limits_.bytes_max)) {
        forget(notes_.begin());
    }
}

}  // namespace howl::storage::outbox
