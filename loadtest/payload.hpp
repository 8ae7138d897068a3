// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace howl::loadtest {

/// Part of every published event, so that a reader can measure its latency and detect a hole or a
/// repeat.
struct Stamp {
    std::uint64_t nanos = 0;   ///< Steady clock when the event was due: a late publisher counts.
    std::uint64_t number = 0;  ///< 1, 2, 3, ... in the order of publishing.
};

/// Now, on the clock of `Stamp::nanos`; the same for all processes of a machine.
[[nodiscard]] std::uint64_t steady_nanos() noexcept;

/// `~howl~`, 19 digits, `-`, 9 digits, `~`: ASCII that no transport escapes.
inline constexpr std::size_t kStampBytes = 36;

/// A stamp, padded with letters to `bytes`. Requires: `bytes` >= `kStampBytes`.
[[nodiscard]] std::string make_payload(std::size_t bytes, const Stamp& stamp);

/// Overwrites the stamp that starts at `at` with another one.
void write_stamp(char* at, const Stamp& stamp) noexcept;

/// Finds stamps in the events of one stream, which all have them at about the same position: that
/// of the last one is tried first, and only a new digit in an offset costs a search.
class StampFinder {
public:
    [[nodiscard]] std::optional<Stamp> find(std::string_view event) noexcept;
    /// Where the last found stamp started.
    [[nodiscard]] std::size_t position() const noexcept { return position_; }

private:
    std::size_t position_ = 0;
};

}  // namespace howl::loadtest
