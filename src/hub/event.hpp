// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "hub/topic_name.hpp"

namespace howl::hub {

/// The two ways through the event log: with the disk, or without.
enum class Lane : std::uint8_t { kDurable, kVolatile };

/// What a publisher hands in, checked by `check_new_event` before it comes to the log.
struct NewEvent {
    TopicName topic;
    std::string type{};             ///< Empty: the default type, `message`.
    std::string content_type{};     ///< Media type of `data`, empty: unknown.
    std::string data{};             ///< At most `limits::kEventBytesMax`.
    std::string idempotency_key{};  ///< Empty: none. Its scope is the topic.
    PublisherId publisher{};        ///< For whom a key is remembered.
};

/// Errors: `kInvalidEventType`, `kInvalidContentType`, `kInvalidIdempotencyKey`, `kBodyTooLarge`,
/// `kInvalidUtf8` (data is text: it travels in SSE lines and JSON).
[[nodiscard]] Result<void> check_new_event(const NewEvent& event);
/// Errors: `kInvalidIdempotencyKey`; empty is none, which is right.
[[nodiscard]] Result<void> check_idempotency_key(std::string_view key);

/// What was published. Immutable, shared between shards.
struct Event {
    TopicName topic;
    Offset offset;
    Sequence sequence;
    Lane lane = Lane::kDurable;
    WallTime time;
    std::string type;
    std::string content_type;
    std::string data;
};

using EventRef = std::shared_ptr<const Event>;

}  // namespace howl::hub
