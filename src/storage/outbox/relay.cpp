// SPDX-License-Identifier: Apache-2.0
#include "storage/outbox/relay.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "telemetry/metrics.hpp"

namespace howl::storage::outbox {
namespace {

std::uint64_t count_events(const std::vector<PendingCommit>& pending) {
    std::uint64_t count = 0;
    for (const auto& commit : pending) {
        count += commit.events.size();
    }
    return count;
}

}  // namespace

struct Relay::Work {
    Item item;
    Waiting waiting;
    Done done;
    std::size_t next = 0;  ///< Of `item.pending`.
};

Relay::~Relay() {
    for (const auto& [key, known] : known_) {
        show_pending(key, 0);
    }
}

void Relay::run(Item item, Waiting waiting, Done done) {
    show_pending(item.key, count_events(item.pending));
    relay_next(std::make_unique<Work>(Work{std::move(item), std::move(waiting), std::move(done)}));
}

std::vector<hub::AppendBatch::Item> Relay::ranked(std::vector<PendingEvent> events) const {
    std::vector<hub::AppendBatch::Item> items;
    items.reserve(events.size());
    for (auto& [event, retention] : events) {
        const auto rank = policies_.rank_of(event.topic);
        items.push_back({std::move(event), retention, rank});
    }
    return items;
}

void Relay::relay_next(WorkPtr work) {
    if (work->next == work->item.pending.size()) {
        clear(std::move(work));
        return;
    }
    auto& [token, events] = work->item.pending[work->next];
    const auto& key = work->item.key;
    hub::RecordChange small{{options_.relayed_kind, token}, Version{0}, key.kind, key.id};
    known_[key].tokens.insert(token);
    decltype(Waiting::done) tell;
    if (work->waiting.token == token) {
        tell = std::exchange(work->waiting.done, nullptr);
    }
    hub::AppendBatch batch{ranked(std::move(events)), nullptr};
    if (work->next + 1 == work->item.pending.size()) {
        batch.updates.push_back({key, work->item.record});
    }
    batch.done = [this, work = std::move(work),
                  tell = std::move(tell)](Result<hub::Receipts> receipts) mutable {
        Result<void> outcome;
        if (!receipts && receipts.error().code != Errc::kVersionConflict) {
            outcome = std::unexpected(receipts.error());
        }
        if (tell) {
            // Here, on the log's thread: what the caller hears keeps the order of the log.
            tell(receipts ? std::move(receipts)
                          : fail(Errc::kStorageFailed, "relay", receipts.error().describe()));
        }
        loop_.post([this, work = std::move(work), outcome = std::move(outcome)]() mutable {
            on_relayed(std::move(work), std::move(outcome));
        });
    };
    node_.commit(std::move(small), std::move(batch));
}

void Relay::announce(const Item& item, Waiting waiting) {
    const auto& key = item.key;
    known_[key].tokens.insert(waiting.token);
    hub::AppendBatch batch;
    batch.updates.push_back({key, item.record});
    batch.done = [tell = std::move(waiting.done)](Result<hub::Receipts> receipts) mutable {
        tell(receipts ? std::move(receipts)
                      : fail(Errc::kStorageFailed, "relay", receipts.error().describe()));
    };
    node_.commit({{options_.relayed_kind, waiting.token}, Version{0}, key.kind, key.id},
                 std::move(batch));
}

void Relay::on_relayed(WorkPtr work, Result<void> outcome) {
    if (!outcome) {
        finish(std::move(work), std::move(outcome));
        return;
    }
    ++work->next;
    relay_next(std::move(work));
}

void Relay::clear(WorkPtr work) {
    const Item& item = work->item;
    show_pending(item.key, 0);
    if (item.pending.empty() && !item.is_tombstone()) {
        finish(std::move(work), {});
        return;
    }
    auto on_cleared = [this, work = std::move(work)](Result<void> outcome) mutable {
        finish(std::move(work), std::move(outcome));
    };
    foreign_.clear(item, std::move(on_cleared));
}

void Relay::finish(WorkPtr work, Result<void> outcome) {
    if (outcome) {
        forget(work->item.key);
    }
    if (work->waiting.done) {
        work->waiting.done(fail(Errc::kStorageFailed, "relay",
                                outcome ? "its events were gone" : outcome.error().describe()));
    }
    work->done(std::move(outcome));
}

void Relay::show_pending(const hub::RecordKey& key, std::uint64_t events) {
    const auto known = known_.find(key);
    const auto shown = known == known_.end() ? 0 : known->second.pending_events;
    if (events == shown) {
        return;
    }
    telemetry::adjust(options_.pending_events,
                      static_cast<std::int64_t>(events) - static_cast<std::int64_t>(shown));
    known_[key].pending_events = events;
}

void Relay::forget(const hub::RecordKey& key) {
    show_pending(key, 0);
    const auto known = known_.find(key);
    if (known == known_.end()) {
        return;
    }
    for (const auto& token : known->second.tokens) {
        // What stays behind of a commit that fails, the next start forgets.
        node_.commit({{options_.relayed_kind, token}, Version{1}, {}, std::nullopt},
                     {{}, [](const Result<hub::Receipts>& /*see above*/) {}});
    }
    known_.erase(known);
    earlier_.erase(key);
}

void Relay::remember_earlier(std::set<std::string> kinds, Done done) {
    auto take = [this, kinds = std::move(kinds),
                 done = std::move(done)](Result<hub::RecordList> listed) mutable {
        loop_.post([this, kinds = std::move(kinds), done = std::move(done),
                    listed = std::move(listed)]() mutable {
            if (!listed) {
                done(std::unexpected(listed.error()));
                return;
            }
            for (auto& record : listed->records) {
                if (kinds.contains(record.owner)) {
                    hub::RecordKey item{std::move(record.owner), std::move(record.data)};
                    known_[item].tokens.insert(std::move(record.key.id));
                    earlier_.insert(std::move(item));
                }
            }
            done({});
        });
    };
    node_.list({.kind = options_.relayed_kind}, std::move(take));
}

void Relay::forget_earlier() {
    // What was relayed again at this start has left the set already.
    for (const auto& key : std::exchange(earlier_, {})) {
        forget(key);
    }
}

}  // namespace howl::storage::outbox
