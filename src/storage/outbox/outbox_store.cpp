// SPDX-License-Identifier: Apache-2.0
#include "storage/outbox/outbox_store.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <ranges>
#include <set>
#include <utility>

#include "hub/record_check.hpp"

namespace howl::storage::outbox {

using hub::Record;

OutboxStore::OutboxStore(ForeignStore& foreign, WorkLoop& loop, hub::Store& node,
                         const hub::TopicPolicies& policies, const Clock& clock, Random& random,
                         OutboxOptions options)
    : foreign_(foreign),
      loop_(loop),
      node_(node),
      options_(std::move(options)),
      budget_(clock, options_.commit_time),
      in_flight_(options_.name, options_.in_flight_max),
      recent_writes_(clock),
      turns_(loop),
      relay_(node, policies, foreign, loop, options_),
      recovery_(foreign, budget_, loop, turns_, relay_, recent_writes_, clock, random),
      committer_(foreign, budget_, loop, turns_, relay_, recovery_, recent_writes_, random) {}

/// What a foreign store calls its errors is not the port's: that a table is missing does not mean
/// that a record is.
Error OutboxStore::port_error(const Error& error) const {
    if (error.code == Errc::kOverloaded || error.code == Errc::kDraining ||
        error.code == Errc::kDamaged) {
        return error;
    }
    return {Errc::kStorageFailed, options_.name, error.describe()};
}

// --- Start and stop ---

void OutboxStore::start(Started started) {
    loop_.post([this, started = std::move(started)]() mutable {
        auto on_open = [this, started = std::move(started)](Result<void> open) mutable {
            if (open) {
                recover(std::move(started));
            } else {
                started(std::move(open));
            }
        };
        foreign_.open(std::move(on_open));
    });
}

void OutboxStore::recover(Started started) {
    auto kinds = foreign_.kinds();
    std::set<std::string> known_kinds(kinds.begin(), kinds.end());
    auto on_known = [this, kinds = std::move(kinds),
                     started = std::move(started)](Result<void> known) mutable {
        if (known) {
            recover_kinds(std::move(kinds), std::move(started));
        } else {
            started(std::move(known));
        }
    };
    relay_.remember_earlier(std::move(known_kinds), std::move(on_known));
}

void OutboxStore::recover_kinds(std::vector<std::string> kinds, Started started) {
    if (kinds.empty()) {
        relay_.forget_earlier();
        in_flight_.open();
        started({});
        return;
    }
    const auto kind = std::move(kinds.back());
    kinds.pop_back();
    auto on_page = [this](std::vector<Item> page, ForeignStore::GoOn go_on) {
        resolve_page(std::move(page), std::move(go_on));
    };
    auto on_read = [this, kinds = std::move(kinds),
                    started = std::move(started)](Result<void> outcome) mutable {
        if (outcome) {
            recover_kinds(std::move(kinds), std::move(started));
        } else {
            started(std::move(outcome));
        }
    };
    foreign_.list_unresolved(kind, std::move(on_page), std::move(on_read));
}

void OutboxStore::resolve_page(std::vector<Item> page, ForeignStore::GoOn go_on) {
    if (page.empty()) {
        go_on({});
        return;
    }
    Item item = std::move(page.back());
    page.pop_back();
    auto on_relayed = [this, key = item.key, page = std::move(page),
                       go_on = std::move(go_on)](const Result<void>& outcome) mutable {
        if (!outcome) {
            recovery_.mark_pending(key);  // One item that can't be relayed now stops no server.
        }
        resolve_page(std::move(page), std::move(go_on));
    };
    // Nothing else is taken before the start is over, so it is every item's turn.
    relay_.run(std::move(item), {}, std::move(on_relayed));
}

void OutboxStore::stop(std::move_only_function<void()> stopped) {
    loop_.post([this] { recovery_.stop(); });
    in_flight_.close(std::move(stopped));
}

// --- Reading ---

Result<void> OutboxStore::admit(const std::string& kind) {
    HOWL_TRY_VOID(foreign_.check_kind(kind));
    return in_flight_.acquire();
}

void OutboxStore::get(hub::RecordKey key, GetDone done) {
    if (auto admitted = admit(key.kind); !admitted) {
        done(std::unexpected(std::move(admitted).error()));
        return;
    }
    auto on_read = [this, done = std::move(done)](Result<std::optional<Item>> item) mutable {
        if (!item) {
            done(std::unexpected(port_error(item.error())));
        } else {
            done(*item ? std::move((*item)->record) : std::nullopt);
        }
        in_flight_.release();
    };
    loop_.post([this, key = std::move(key), on_read = std::move(on_read)]() mutable {
        foreign_.read(key, budget_.deadline(), std::move(on_read));
    });
}

void OutboxStore::list(Query query, ListDone done) {
    const auto kind = query.kind;
    // Whatever the log has of these records when this begins is in their items already.
    auto work = [this, query = std::move(query)](Listed answer) mutable {
        auto on_head = [this, query = std::move(query),
                        answer = std::move(answer)](Result<hub::RecordList> relayed) mutable {
            loop_.post([this, query = std::move(query), answer = std::move(answer),
                        relayed = std::move(relayed)]() mutable {
                if (relayed) {
                    gather(query, ForeignStore::Columns::kAll, relayed->through, std::move(answer));
                } else {
                    answer(std::unexpected(std::move(relayed).error()));
                }
            });
        };
        node_.list({.kind = options_.relayed_kind}, std::move(on_head));
    };
    read_list(kind, std::move(done), std::move(work));
}

void OutboxStore::count(Query query, CountDone done) {
    const auto kind = query.kind;
    auto count = [done = std::move(done)](Result<hub::RecordList> listed) mutable {
        if (listed) {
            done(listed->records.size());
        } else {
            done(std::unexpected(std::move(listed).error()));
        }
    };
    auto work = [this, query = std::move(query)](Listed answer) {
        gather(query, ForeignStore::Columns::kWithoutData, Sequence{0}, std::move(answer));
    };
    read_list(kind, std::move(count), std::move(work));
}

void OutboxStore::read_list(const std::string& kind, Listed done,
                            std::move_only_function<void(Listed)> work) {
    if (auto admitted = admit(kind); !admitted) {
        done(std::unexpected(std::move(admitted).error()));
        return;
    }
    auto release_then = [this, done = std::move(done)](Result<hub::RecordList> listed) mutable {
        done(std::move(listed));
        in_flight_.release();
    };
    loop_.post([work = std::move(work), done = std::move(release_then)]() mutable {
        work(std::move(done));
    });
}

void OutboxStore::gather(const Query& query, ForeignStore::Columns columns, Sequence through,
                         Listed done) {
    struct Gathered {
        std::map<std::string, Record> records;
        std::size_t bytes = 0;
    };
    auto gathered = std::make_shared<Gathered>();
    auto on_page = [this, gathered](std::vector<Item> page, ForeignStore::GoOn go_on) {
        for (auto& item : page) {
            if (item.record) {
                gathered->bytes += item.record->data.size() + sizeof(Record);
                gathered->records.insert_or_assign(std::move(item.key.id), std::move(*item.record));
            }
        }
        go_on(gathered->bytes <= options_.list_bytes_max
                  ? Result<void>{}
                  : fail(Errc::kStorageFailed, "list records", "too many to hold in memory"));
    };
    auto on_read = [this, gathered, query, through,
                    done = std::move(done)](Result<void> outcome) mutable {
        if (!outcome) {
            done(std::unexpected(port_error(outcome.error())));
            return;
        }
        if (foreign_.is_late(query)) {
            recent_writes_.correct(query, gathered->records);
        }
        hub::RecordList list{{}, through};
        for (auto& record : gathered->records | std::views::values) {
            list.records.push_back(std::move(record));
        }
        done(std::move(list));
    };
    foreign_.list(query, columns, std::move(on_page), std::move(on_read));
}

// --- Commits ---

void OutboxStore::commit(hub::RecordChange change, hub::AppendBatch batch) {
    auto admitted = check_commit(change, batch);
    if (admitted) {
        admitted = in_flight_.acquire();
    }
    if (!admitted) {
        batch.done(std::unexpected(std::move(admitted).error()));
        return;
    }
    loop_.post([this, deadline = budget_.deadline(), change = std::move(change),
                batch = std::move(batch)]() mutable {
        committer_.commit(std::move(change), std::move(batch), deadline,
                          [this] { in_flight_.release(); });
    });
}

Result<void> OutboxStore::check_commit(const hub::RecordChange& change,
                                       const hub::AppendBatch& batch) const {
    HOWL_TRY_VOID(hub::check_record_change(change));
    HOWL_TRY_VOID(foreign_.check_change(change));
    std::size_t bytes = 0;
    for (const auto& item : batch.items) {
        const auto& event = item.event;
        if (!event.idempotency_key.empty()) {
            return fail(Errc::kBadRequest, "commit", "an event with an idempotency key");
        }
        bytes += event.data.size() + event.topic.text().size();
    }
    if (bytes > options_.events_bytes_max) {
        return fail(Errc::kBodyTooLarge, "commit", "the events of one commit");
    }
    return {};
}

}  // namespace howl::storage::outbox
