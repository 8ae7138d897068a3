// SPDX-License-Identifier: Apache-2.0
#include "products/on_shard.hpp"

#include <future>
#include <utility>

namespace howl::products {

namespace {

/// The task owns the promise: who waits may be gone before `set_value` has returned.
runtime::Task<void> keep_promise(runtime::Task<Result<void>> task,
                                 std::promise<Result<void>> promise) {
    promise.set_value(co_await std::move(task));
}

}  // namespace

void run_on(runtime::ShardGroup& shards, ShardId shard, const std::function<void()>& work) {
    shards.run_on_all([&](runtime::Shard& each) {
        if (each.id() == shard) {
            work();
        }
    });
}

Result<void> complete_on(runtime::ShardGroup& shards, hub::Hub& hub,
                         std::function<runtime::Task<Result<void>>()> work) {
    std::promise<Result<void>> promise;
    auto outcome = promise.get_future();
    auto begin = [&hub, work = std::move(work), promise = std::move(promise)]() mutable {
        hub.shard().tasks().spawn("start product", keep_promise(work(), std::move(promise)));
    };
    shards.post(hub.shard_id(), std::move(begin));
    return outcome.get();
}

}  // namespace howl::products
