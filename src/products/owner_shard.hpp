// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <utility>

#include "hub/cursor.hpp"
#include "hub/hub.hpp"
#include "runtime/shard_group.hpp"
#include "runtime/task.hpp"

namespace howl::products {

/// The shard where an app's state lives, and the way there.
///
/// An event may be heard on one shard while the change that it announces still lies in the mailbox
/// of another. Who has heard of an outcome may go on from it: what is asked here is done behind a
/// fence, when the state holds everything that anybody can have heard of (see `hub::Hub::fence`).
///
/// Thread: `ask` from any shard.
class OwnerShard {
public:
    OwnerShard(runtime::ShardGroup& shards, hub::Hub& hub) : shards_(shards), hub_(hub) {}

    [[nodiscard]] hub::Hub& hub() const noexcept { return hub_; }
    [[nodiscard]] runtime::Shard& shard() const noexcept { return hub_.shard(); }

    /// Has `work` done on the home shard and brings its answer back to `from`, the caller's shard.
    /// `work` is given the fence's cursor and a move-only `void(T)`, which it calls once, at any
    /// time.
    template <class T, class Work>
    [[nodiscard]] runtime::Task<T> ask(ShardId from, Work work) {
        auto behind_fence = [this, work = std::move(work)](auto done) mutable {
            auto act = [work = std::move(work), done = std::move(done)](hub::Cursor now) mutable {
                work(std::move(now), std::move(done));
            };
            hub_.fence(std::move(act));
        };
        return shards_.call<T>(from, hub_.shard_id(), std::move(behind_fence));
    }

    /// Has `work` done on the home shard, as soon as may be.
    void post(std::move_only_function<void()> work) {
        shards_.post(hub_.shard_id(), std::move(work));
    }

private:
    runtime::ShardGroup& shards_;
    hub::Hub& hub_;
};

}  // namespace howl::products
