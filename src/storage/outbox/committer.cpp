// SPDX-License-Identifier: Apache-2.0
#include "storage/outbox/committer.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "hub/record_check.hpp"

namespace howl::storage::outbox {

namespace {

std::vector<PendingEvent> pending_events(std::vector<hub::AppendBatch::Item> items) {
    std::vector<PendingEvent> events;
    events.reserve(items.size());
    for (auto& item : items) {
        events.push_back({std::move(item.event), item.retention});
    }
    return events;
}

}  // namespace

struct Committer::Work {
    hub::RecordChange change;
    PendingCommit commit;
    std::move_only_function<void(Result<hub::Receipts>)> done;  ///< Empty: it was called.
    SteadyTime deadline;
    Over commit_over;
    ItemTurns::Over turn_over{};

    void tell(Result<hub::Receipts> outcome) {
        if (done) {
            std::exchange(done, nullptr)(std::move(outcome));
        }
    }
};

void Committer::commit(hub::RecordChange change, hub::AppendBatch batch, SteadyTime deadline,
                       Over over) {
    const auto key = change.key;
    PendingCommit commit{random_uuid_text(random_), pending_events(std::move(batch.items))};
    auto work = std::make_shared<Work>(Work{std::move(change), std::move(commit),
                                            std::move(batch.done), deadline, std::move(over)});
    if (!turns_.is_free(key)) {
        // Whoever waits behind others is told in time, not when the turn comes.
        loop_.after(budget_.time_left(deadline), [work] {
            if (!work->turn_over) {
                work->tell(fail(Errc::kStorageFailed, "commit", "no time was left"));
            }
        });
    }
    turns_.take(key, [this, work](ItemTurns::Over turn_over) {
        work->turn_over = std::move(turn_over);
        begin(work);
    });
}

void Committer::begin(const WorkPtr& work) {
    if (!work->done || budget_.is_over(work->deadline)) {
        end(work, {Errc::kStorageFailed, "commit", "no time was left"});
    } else if (!recovery_.has_room()) {
        end(work, {Errc::kOverloaded, "commit", "too many items wait to be looked at"});
    } else if (recovery_.is_pending(work->change.key)) {
        // What an item has pending must not grow without bounds while the log refuses it.
        recovery_.resolve(work->change.key, [this, work](Result<void> resolved) {
            resolved ? write(work)
                     : end(work, {Errc::kStorageFailed, "commit", resolved.error().describe()});
        });
    } else {
        write(work);
    }
}

void Committer::write(const WorkPtr& work) {
    auto on_written = [this, work](Result<Item> item) {
        if (item) {
            relay(work, std::move(*item));
        } else if (item.error().code == Errc::kVersionConflict) {
            resolve_conflict(work);
        } else {
            recovery_.mark_uncertain(work->change.key);
            end(work, {Errc::kStorageFailed, "commit", item.error().describe()});
        }
    };
    foreign_.write(work->change, work->commit, work->deadline, std::move(on_written));
}

void Committer::resolve_conflict(const WorkPtr& work) {
    auto on_read = [this, work](Result<std::optional<Item>> item) {
        if (!item && item.error().code == Errc::kDamaged) {
            // Not what this commit would have written.
            end(work, {Errc::kVersionConflict, "commit", item.error().detail});
        } else if (!item) {
            recovery_.mark_uncertain(work->change.key);
            end(work, {Errc::kStorageFailed, "commit", item.error().describe()});
        } else if (*item && (*item)->has_commit(work->commit.token)) {
            relay(work, std::move(**item));
        } else {
            const bool is_there = *item && (*item)->record;
            const auto present = is_there ? (*item)->record->version : Version{0};
            const auto verdict = hub::check_version(work->change, present);
            // Where the versions agree now, they did not when it was refused.
            end(work, verdict ? Error{Errc::kVersionConflict, "commit", {}} : verdict.error());
        }
    };
    foreign_.read(work->change.key, work->deadline, std::move(on_read));
}

void Committer::relay(const WorkPtr& work, Item item) {
    recent_writes_.note(item.key, item.record);
    Relay::Waiting waiting{work->commit.token, std::exchange(work->done, nullptr)};
    if (work->commit.events.empty()) {
        relay_.announce(item, std::move(waiting));
        waiting = {};
    }
    relay_.run(std::move(item), std::move(waiting), [this, work](const Result<void>& outcome) {
        if (!outcome) {
            recovery_.mark_pending(work->change.key);
        }
        work->turn_over();
        work->commit_over();
    });
}

void Committer::end(const WorkPtr& work, Error error) {
    work->tell(std::unexpected(std::move(error)));
    work->turn_over();
    work->commit_over();
}

}  // namespace howl::storage::outbox
