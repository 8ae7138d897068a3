// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace howl::loadtest {

/// The messages of a room that one member has received, by their offsets, which grow by one: a hole
/// is detected with the next message, and a message that fills it later is out of order.
///
/// Costs a few words without holes; each hole costs two more.
class OffsetLedger {
public:
    enum class Arrival : std::uint8_t {
        kInOrder,     ///< After all others; perhaps after a hole.
        kOutOfOrder,  ///< One that was missing.
        kDouble,      ///< Received before, or older than the beginning.
    };

    /// The first message expected is the one after `newest`, which is known already; 0: none is.
    explicit OffsetLedger(std::uint64_t newest) noexcept : last_(newest) {}

    Arrival take(std::uint64_t offset);

    /// How many of those up to `end`, inclusive, are missing.
    [[nodiscard]] std::uint64_t missing_until(std::uint64_t end) const noexcept;

private:
    struct Hole {
        std::uint64_t first;
        std::uint64_t last;
    };

    std::uint64_t last_;
    std::vector<Hole> holes_;
};

}  // namespace howl::loadtest
