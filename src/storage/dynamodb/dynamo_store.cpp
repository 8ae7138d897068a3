// SPDX-License-Identifier: Apache-2.0
#include "storage/dynamodb/dynamo_store.hpp"

#include <map>
#include <memory>
#include <optional>
#include <ranges>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/utf8.hpp"
#include "hub/record_check.hpp"
#include "storage/dynamodb/requests.hpp"
#include "storage/dynamodb/table_setup.hpp"

namespace howl::storage::dynamodb {

using hub::Record;

namespace {

/// What DynamoDB calls its errors is not the port's: that a table is missing does not mean that a
/// record is.
Error port_error(const Error& error) {
    if (error.code == Errc::kOverloaded || error.code == Errc::kDraining ||
        error.code == Errc::kDamaged) {
        return error;
    }
    return {Errc::kStorageFailed, "dynamodb", error.describe()};
}

}  // namespace

DynamoStore::DynamoStore(RequestLoop& loop, hub::Store& node, const hub::TopicPolicies& policies,
                         std::vector<Table> tables, const Clock& clock, Random& random,
                         const DynamoSettings& settings)
    : loop_(loop),
      settings_(settings),
      tables_(std::move(tables)),
      in_flight_(settings.requests_max + settings.queue_max),
      recent_writes_(clock),
      turns_(loop),
      calls_(loop, clock, random, settings_),
      lister_(calls_),
      relay_(node, policies, calls_, loop),
      recovery_(tables_, calls_, loop, turns_, relay_, recent_writes_, clock, random),
      committer_(calls_, loop, turns_, relay_, recovery_, recent_writes_, random) {}

// --- Start and stop ---

void DynamoStore::start(Started started) {
    loop_.post([this, started = std::move(started)]() mutable {
        auto on_checked = [this, started = std::move(started)](Result<void> checked) mutable {
            if (checked) {
                recover(std::move(started));
            } else {
                started(std::move(checked));
            }
        };
        check_tables(calls_, tables_, std::move(on_checked));
    });
}

void DynamoStore::recover(Started started) {
    std::set<std::string> kinds;
    std::vector<const Table*> tables;
    for (const auto& [kind, table] : tables_.by_kind()) {
        kinds.insert(kind);
        tables.push_back(&table);
    }
    auto on_known = [this, tables = std::move(tables),
                     started = std::move(started)](Result<void> known) mutable {
        if (known) {
            recover_tables(std::move(tables), std::move(started));
        } else {
            started(std::move(known));
        }
    };
    relay_.remember_earlier(std::move(kinds), std::move(on_known));
}

void DynamoStore::recover_tables(std::vector<const Table*> tables, Started started) {
    if (tables.empty()) {
        relay_.forget_earlier();
        in_flight_.open();
        started({});
        return;
    }
    const Table& table = *tables.back();
    tables.pop_back();
    auto on_page = [this, &table](std::vector<Item> page, Lister::GoOn go_on) {
        resolve_page(table, std::move(page), std::move(go_on));
    };
    auto on_read = [this, tables = std::move(tables),
                    started = std::move(started)](Result<void> outcome) mutable {
        if (outcome) {
            recover_tables(std::move(tables), std::move(started));
        } else {
            started(std::move(outcome));
        }
    };
    lister_.read(table, unresolved_request(table), std::move(on_page), std::move(on_read));
}

void DynamoStore::resolve_page(const Table& table, std::vector<Item> page, Lister::GoOn go_on) {
    if (page.empty()) {
        go_on({});
        return;
    }
    Item item = std::move(page.back());
    page.pop_back();
    // Nothing else is taken before the start is over, so it is every item's turn.
    auto id = item.id;
    hub::RecordKey key{table.kind, id};
    relay_.run(
        table, std::move(id), std::move(item), {},
        [this, &table, key = std::move(key), page = std::move(page),
         go_on = std::move(go_on)](const Result<void>& outcome) mutable {
            if (!outcome) {
                recovery_.mark_pending(key);  // One item that can't be relayed now stops no server.
            }
            resolve_page(table, std::move(page), std::move(go_on));
        });
}

void DynamoStore::stop(std::move_only_function<void()> stopped) {
    loop_.post([this] { recovery_.stop(); });
    in_flight_.close(std::move(stopped));
}

// --- Reading ---

void DynamoStore::get(hub::RecordKey key, GetDone done) {
    const auto table = table_of(key.kind);
    auto admitted = table ? in_flight_.acquire() : std::unexpected(table.error());
    if (!admitted) {
        done(std::unexpected(std::move(admitted).error()));
        return;
    }
    auto on_read = [this, table = *table,
                    done = std::move(done)](const Result<boost::json::object>& answer) mutable {
        auto item = item_in(*table, answer, "Item");
        if (!item) {
            done(std::unexpected(port_error(item.error())));
        } else {
            done(*item ? std::move((*item)->record) : std::nullopt);
        }
        in_flight_.release();
    };
    loop_.post(
        [this, table = *table, id = std::move(key.id), on_read = std::move(on_read)]() mutable {
            calls_.make("GetItem", get_request(*table, id), calls_.deadline(), std::move(on_read));
        });
}

void DynamoStore::list(Query query, ListDone done) {
    read_list(std::move(query), Columns::kAll, std::move(done));
}

void DynamoStore::count(Query query, CountDone done) {
    read_list(std::move(query), Columns::kWithoutData,
              [done = std::move(done)](Result<std::vector<Record>> listed) mutable {
                  if (listed) {
                      done(listed->size());
                  } else {
                      done(std::unexpected(std::move(listed).error()));
                  }
              });
}

void DynamoStore::read_list(Query query, Columns columns, Listed done) {
    const auto table = table_of(query.kind);
    auto admitted = table ? in_flight_.acquire() : std::unexpected(table.error());
    if (!admitted) {
        done(std::unexpected(std::move(admitted).error()));
        return;
    }
    auto release_then = [this, done = std::move(done)](Result<std::vector<Record>> listed) mutable {
        done(std::move(listed));
        in_flight_.release();
    };
    loop_.post([this, table = *table, query = std::move(query), columns,
                done = std::move(release_then)]() mutable {
        gather(*table, query, columns, std::move(done));
    });
}

void DynamoStore::gather(const Table& table, const Query& query, Columns columns, Listed done) {
    struct Gathered {
        std::map<std::string, Record> records;
        std::size_t bytes = 0;
    };
    auto gathered = std::make_shared<Gathered>();
    auto on_page = [gathered](std::vector<Item> page, Lister::GoOn go_on) {
        for (auto& item : page) {
            if (item.record) {
                gathered->bytes += item.record->data.size() + sizeof(Record);
                auto id = item.record->key.id;
                gathered->records.insert_or_assign(std::move(id), std::move(*item.record));
            }
        }
        go_on(gathered->bytes <= kListBytesMax
                  ? Result<void>{}
                  : fail(Errc::kStorageFailed, "list records", "too many to hold in memory"));
    };
    auto on_read = [this, gathered, query, done = std::move(done)](Result<void> outcome) mutable {
        if (!outcome) {
            done(std::unexpected(port_error(outcome.error())));
            return;
        }
        if (!is_consistent(query)) {
            recent_writes_.correct(query, gathered->records);
        }
        std::vector<Record> records;
        for (auto& record : gathered->records | std::views::values) {
            records.push_back(std::move(record));
        }
        done(std::move(records));
    };
    lister_.read(table, list_request(table, query, columns), std::move(on_page),
                 std::move(on_read));
}

// --- Commits ---

void DynamoStore::commit(hub::RecordChange change, hub::AppendBatch batch) {
    auto admitted = check_commit(change, batch);
    if (admitted) {
        admitted = in_flight_.acquire();
    }
    if (!admitted) {
        batch.done(std::unexpected(std::move(admitted).error()));
        return;
    }
    loop_.post([this, deadline = calls_.deadline(), change = std::move(change),
                batch = std::move(batch)]() mutable {
        const Table& table = *tables_.find(change.key.kind);
        committer_.commit(table, std::move(change), std::move(batch), deadline,
                          [this] { in_flight_.release(); });
    });
}

Result<void> DynamoStore::check_commit(const hub::RecordChange& change,
                                       const hub::AppendBatch& batch) const {
    HOWL_TRY_VOID(hub::check_record_change(change));
    HOWL_TRY(table, table_of(change.key.kind));
    if (!is_valid_utf8(change.key.id) || !is_valid_utf8(change.owner)) {
        return fail(Errc::kInvalidUtf8, "commit", fmt::format("a name in {}", table->name));
    }
    std::size_t bytes = 0;
    for (const auto& item : batch.items) {
        const auto& event = item.event;
        if (!event.idempotency_key.empty()) {
            return fail(Errc::kBadRequest, "commit", "an event with an idempotency key");
        }
        bytes += event.data.size() + event.topic.text().size();
    }
    if (bytes > kEventsBytesMax) {
        return fail(Errc::kBodyTooLarge, "commit", "the events of one commit");
    }
    return {};
}

Result<const Table*> DynamoStore::table_of(const std::string& kind) const {
    const Table* const table = tables_.find(kind);
    if (table == nullptr) {
        return fail(Errc::kInvalidConfig, "dynamodb", fmt::format("no table for {}", kind));
    }
    return table;
}

}  // namespace howl::storage::dynamodb
