// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
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

/// What an event's data is.
enum class DataKind : std::uint8_t {
    kText,    ///< UTF-8.
    kBinary,  ///< Any bytes. Protocols of text show them as base64.
};

/// Which copy an event is of one that was published to several topics at once. The copies stand
/// behind one another in the log.
struct PlaceInGroup {
    std::uint16_t index = 0;
    std::uint16_t count = 1;
    [[nodiscard]] bool is_shared() const noexcept { return count > 1; }
    [[nodiscard]] bool operator==(const PlaceInGroup&) const = default;
};

/// What a publisher hands in, checked by `check_new_event` before it comes to the log.
struct NewEvent {
    TopicName topic;
    std::string type{};             ///< Empty: the default type, `message`.
    std::string content_type{};     ///< Media type of `data`, empty: unknown.
    std::string data{};             ///< At most `limits::kEventBytesMax`.
    std::string idempotency_key{};  ///< Empty: none. Its scope is the topic.
    PublisherId publisher{};        ///< For whom a key is remembered.
    DataKind kind = DataKind::kText;
    /// Of an event of several topics: all of them, so that a key stands for the whole. Set by the
    /// sequencer.
    std::string group{};
};

/// Errors: `kInvalidEventType`, `kInvalidContentType`, `kInvalidIdempotencyKey`, `kBodyTooLarge`,
/// `kInvalidUtf8` (text travels in SSE lines and JSON).
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
    DataKind kind = DataKind::kText;
    PlaceInGroup place{};

    /// The sequence of the last copy: who has seen one of them has seen all.
    [[nodiscard]] Sequence group_end() const noexcept {
        return Sequence{sequence.value() + place.count - 1U - place.index};
    }
};

/// Tells an event from those that a reader gets before and after it; the copies of one event have
/// the same.
using DeliveryMark = std::uint64_t;
[[nodiscard]] inline DeliveryMark mark_of(const Event& event) noexcept {
    return (event.group_end().value() << 1U) | (event.lane == Lane::kDurable ? 0U : 1U);
}

using EventRef = std::shared_ptr<const Event>;

}  // namespace howl::hub
