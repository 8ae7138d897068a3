// SPDX-License-Identifier: Apache-2.0
#include "hub/storing.hpp"

#include <utility>

namespace howl::hub {

using runtime::Task;

namespace {

/// What failed was a read, so nobody need fear that something may have been stored.
template <class T>
Result<T> as_read(Result<T> answer) {
    if (!answer && answer.error().code == Errc::kStorageFailed) {
        answer.error().code = Errc::kReadFailed;
    }
    return answer;
}

/// A store answers on a thread of its own; `done` is called on the shard.
auto on_shard(Hub& hub, auto done) {
    return [&hub, done = std::move(done)](auto stored) mutable {
        auto answer = as_read(std::move(stored));
        hub.shard().post([done = std::move(done), answer = std::move(answer)]() mutable {
            std::move(done)(std::move(answer));
        });
    };
}

}  // namespace

Task<Result<std::optional<Record>>> get_record(Hub& hub, Store& store, RecordKey key) {
    auto start = [&hub, &store, key = std::move(key)](auto done) mutable {
        store.get(std::move(key), on_shard(hub, std::move(done)));
    };
    return runtime::completion_of<Result<std::optional<Record>>>(std::move(start));
}

Task<Result<Sequencer::RecordSnapshot>> list_records(Hub& hub, Store& store, Store::Query query) {
    using Snapshot = Result<Sequencer::RecordSnapshot>;
    auto start = [&hub, &store, query = std::move(query)](auto done) mutable {
        auto finish = [done = std::move(done)](Snapshot listed) mutable {
            std::move(done)(as_read(std::move(listed)));
        };
        hub.list(store, std::move(query), std::move(finish));
    };
    return runtime::completion_of<Snapshot>(std::move(start));
}

Task<Result<std::uint64_t>> count_records(Hub& hub, Store& store, Store::Query query) {
    auto start = [&hub, &store, query = std::move(query)](auto done) mutable {
        store.count(std::move(query), on_shard(hub, std::move(done)));
    };
    return runtime::completion_of<Result<std::uint64_t>>(std::move(start));
}

Task<Result<Receipts>> commit_record(Hub& hub, Store& store, const access::Principal& who,
                                     RecordChange change, std::vector<NewEvent> events) {
    auto start = [&hub, &store, who, change = std::move(change),
                  events = std::move(events)](auto done) mutable {
        hub.gate().commit(who, store, std::move(change), std::move(events), std::move(done));
    };
    return runtime::completion_of<Result<Receipts>>(std::move(start));
}

}  // namespace howl::hub
