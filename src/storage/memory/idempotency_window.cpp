// SPDX-License-Identifier: Apache-2.0
#include "storage/memory/idempotency_window.hpp"

#include <utility>

#include "base/assert.hpp"
#include "base/limits.hpp"
#include "hub/topic_ledger.hpp"

namespace howl::storage::memory {

std::string IdempotencyWindow::scoped_key(std::uint64_t topic_id, std::string_view key) {
    return std::to_string(topic_id) + ' ' + std::string{key};
}

const IdempotencyWindow::Entry* IdempotencyWindow::find(const std::string& scoped_key) const {
    const auto found = entries_.find(scoped_key);
    return found == entries_.end() ? nullptr : &found->second;
}

void IdempotencyWindow::remember(std::string scoped_key, const PublisherId& publisher,
                                 const Entry& entry, WallTime now) {
    const bool added = entries_.emplace(scoped_key, entry).second;
    HOWL_ASSERT(added);
    quota_.add(publisher);
    by_age_.push_back({now, std::move(scoped_key), publisher});
}

void IdempotencyWindow::expire(WallTime now) {
    const auto cutoff = hub::expiry_cutoff(now, limits::kIdempotencyWindow);
    while (!by_age_.empty() && by_age_.front().since <= cutoff) {
        forget_oldest();
    }
}

void IdempotencyWindow::forget_oldest() {
    quota_.remove(by_age_.front().publisher);
    entries_.erase(by_age_.front().scoped_key);
    by_age_.pop_front();
}

}  // namespace howl::storage::memory
