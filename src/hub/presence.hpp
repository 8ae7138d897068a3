// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/mutex.hpp"
#include "base/result.hpp"
#include "hub/topic_name.hpp"

namespace howl::hub {

/// Who is in a topic now, over all shards.
///
/// A member is there as long as one of their sessions is: several tabs are one member. It says what
/// sessions say of themselves; whether a name is theirs is for the app to decide.
///
/// Shared; its mutex is held for map operations, on joining and leaving only.
class Presence {
public:
    static constexpr std::size_t kNameBytesMax = 64;

    /// One session's stay; the destructor ends it.
    class Stay {
    public:
        Stay() = default;
        Stay(Stay&& other) noexcept
            : presence_(std::exchange(other.presence_, nullptr)),
              topic_(std::move(other.topic_)),
              name_(std::move(other.name_)) {}
        Stay& operator=(Stay&& other) noexcept {
            std::swap(presence_, other.presence_);
            std::swap(topic_, other.topic_);
            std::swap(name_, other.name_);
            return *this;
        }
        ~Stay();

    private:
        friend class Presence;
        Stay(Presence& presence, std::string topic, std::string name)
            : presence_(&presence), topic_(std::move(topic)), name_(std::move(name)) {}

        Presence* presence_ = nullptr;
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

    /// A session enters under a name: 1-64 bytes of UTF-8 without control characters.
    /// Errors: `kInvalidQuery`.
    [[nodiscard]] Result<Stay> enter(const TopicName& topic, std::string_view name);
    [[nodiscard]] Members members(const TopicName& topic, std::size_t most) const;
    /// Topics that somebody is in.
    [[nodiscard]] std::size_t topics_for_test() const;

private:
    void leave(const std::string& topic, const std::string& name);

    mutable Mutex mutex_;
    std::unordered_map<std::string, std::map<std::string, std::size_t>> topics_
        HOWL_GUARDED_BY(mutex_);
};

}  // namespace howl::hub
