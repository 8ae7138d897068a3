// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "hub/event.hpp"

namespace howl::hub {

/// One of something for each lane.
template <class T>
struct PerLane {
    T durable{};
    T volatile_lane{};

    [[nodiscard]] T& operator[](Lane lane) noexcept {
        return lane == Lane::kDurable ? durable : volatile_lane;
    }
    [[nodiscard]] const T& operator[](Lane lane) const noexcept {
        return lane == Lane::kDurable ? durable : volatile_lane;
    }
    [[nodiscard]] bool operator==(const PerLane&) const = default;
};

inline constexpr Lane kLanes[] = {Lane::kDurable, Lane::kVolatile};

/// Where a reader of any set of topics stands: everything up to here has been seen.
///
/// Because the node has one sequencer, this one pair of numbers is enough for any set of topics. It
/// is what an SSE `id:` carries, so that a plain browser `EventSource` resumes by itself.
struct Cursor {
    PerLane<Epoch> epochs;
    PerLane<Sequence> sequences;

    /// `epoch.sequence.epoch.sequence`, durable lane first; at most 72 bytes of `[a-z0-9.]`, so
    /// that `Last-Event-ID` never triggers a CORS preflight.
    [[nodiscard]] std::string text() const;
    /// Errors: `kInvalidCursor`.
    [[nodiscard]] static Result<Cursor> parse(std::string_view text);
    [[nodiscard]] bool operator==(const Cursor&) const = default;
};

/// Where a reader of one topic stands.
struct Position {
    Epoch epoch;
    Offset offset;
    [[nodiscard]] bool operator==(const Position&) const = default;
};

/// `[a-z0-9]{1,16}`. Errors: `kInvalidCursor`.
[[nodiscard]] Result<Epoch> parse_epoch(std::string_view text);

}  // namespace howl::hub
