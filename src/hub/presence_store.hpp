// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "hub/topic_name.hpp"
#include "runtime/task.hpp"

namespace howl::hub {

/// Who is in a topic now (port).
///
/// A member is there as long as one of their sessions is: several tabs are one member. It says what
/// sessions say of themselves; whether a name is theirs is for the app to decide.
///
/// Coming and going is noted at once, on the thread of the session. Asking is a task, since others
/// than this process may have to be asked.
///
/// Source: docs/adr/0031.
/// Thread: any.
class PresenceStore {
public:
    static constexpr std::size_t kNameBytesMax = 64;

    /// One session's stay; the destructor ends it.
    class Stay {
    public:
        Stay() = default;
        Stay(Stay&& other) noexcept
            : store_(std::exchange(other.store_, nullptr)),
              topic_(std::move(other.topic_)),
              name_(std::move(other.name_)) {}
        Stay& operator=(Stay&& other) noexcept {
            std::swap(store_, other.store_);
            std::swap(topic_, other.topic_);
            std::swap(name_, other.name_);
            return *this;
        }
        ~Stay();

    private:
        friend class PresenceStore;
        Stay(PresenceStore& store, std::string topic, std::string name)
            : store_(&store), topic_(std::move(topic)), name_(std::move(name)) {}

        PresenceStore* store_ = nullptr;
        std::string topic_;
        std::string name_;
    };

    struct Member {
        std::string name;
        std::size_t sessions = 0;
        [[nodiscard]] bool operator==(const Member&) const = default;
    };
    struct Members {
        std::vector<Member> first;  ///< By name, at most as many as were asked for.
        std::size_t count = 0;      ///< All of them.
    };

    PresenceStore() = default;
    PresenceStore(const PresenceStore&) = delete;
    PresenceStore& operator=(const PresenceStore&) = delete;
    virtual ~PresenceStore() = default;

    /// A session enters under a name: 1-64 bytes of UTF-8 without control characters.
    /// Errors: `kInvalidQuery`.
    [[nodiscard]] Result<Stay> enter(const TopicName& topic, std::string_view name);
    /// Completes on `from`, the caller's shard. Errors: the adapter's.
    [[nodiscard]] virtual runtime::Task<Result<Members>> members(ShardId from, TopicName topic,
                                                                 std::size_t most) const = 0;

protected:
    /// One more session under the name, which is a good one.
    virtual void add(const std::string& topic, const std::string& name) = 0;
    /// One less. Requires: `add` was called for it.
    virtual void remove(const std::string& topic, const std::string& name) = 0;
};

}  // namespace howl::hub
