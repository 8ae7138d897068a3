// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <unordered_map>

#include "base/mutex.hpp"
#include "hub/presence_store.hpp"

namespace howl::hub {

/// Who is in a topic of this process, over all its shards.
///
/// Shared; its mutex is held for map operations, on joining, leaving and asking only.
/// Thread: any. Errors: none.
class LocalPresence final : public PresenceStore {
public:
    [[nodiscard]] runtime::Task<Result<Members>> members(ShardId from, TopicName topic,
                                                         std::size_t most) const override;
    /// The same, at once.
    [[nodiscard]] Members members_now(const TopicName& topic, std::size_t most) const;
    /// Topics that somebody is in.
    [[nodiscard]] std::size_t topics_for_test() const;

private:
    void add(const std::string& topic, const std::string& name) override;
    void remove(const std::string& topic, const std::string& name) override;

    mutable Mutex mutex_;
    std::unordered_map<std::string, std::map<std::string, std::size_t>> topics_
        HOWL_GUARDED_BY(mutex_);
};

}  // namespace howl::hub
