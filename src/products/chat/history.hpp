// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "hub/event.hpp"
#include "hub/hub.hpp"
#include "products/chat/member.hpp"
#include "runtime/task.hpp"

namespace howl::products::chat {

inline constexpr std::uint64_t kHistoryLimit = 50;
inline constexpr std::uint64_t kHistoryLimitMax = 200;
/// Data of one page, which has to fit into a reader's queue. Reached: the page is shorter, but
/// shows one message at least.
inline constexpr std::size_t kHistoryBytesMax = std::size_t{256} * 1024;
/// Behind every message there will ever be.
inline constexpr Offset kBeforeNothing{INT64_MAX};
inline constexpr Sequence kThroughAll{INT64_MAX};

/// Which messages of a room: the newest `limit` of those before `before` that had been published at
/// `through`.
struct HistoryQuery {
    RoomName room{};
    Offset before = kBeforeNothing;
    Sequence through = kThroughAll;
    std::uint64_t limit = kHistoryLimit;
    std::size_t bytes_max = kHistoryBytesMax;  ///< Of data.
};

struct MessagePage {
    std::vector<hub::EventRef> events{};  ///< By offset, rising.
    enum class Older : std::uint8_t { kNone, kSome } older = Older::kNone;
};

/// Errors: those of `hub::EventLog::history`.
[[nodiscard]] runtime::Task<Result<MessagePage>> messages_of(hub::Hub& hub,
                                                             const access::Principal& who,
                                                             HistoryQuery query);

}  // namespace howl::products::chat
