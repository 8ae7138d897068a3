// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace howl::loadtest {

/// What one member has got of a room's messages, by their offsets, which grow by one: a hole is
/// seen when the next one comes, and what fills it later came out of order.
///
/// Costs a few words as long as all is well; each hole costs two more.
class OffsetLedger {
public:
    enum class Arrival : std::uint8_t {
        kInOrder,     ///< Behind all others; perhaps over a hole.
        kOutOfOrder,  ///< One that was missing.
        kDouble,      ///< Here before, or older than the beginning.
    };

    /// The first message to come is the one behind `newest`, which is known already; 0: none is.
    explicit OffsetLedger(std::uint64_t newest) noexcept : last_(newest) {}

    Arrival take(std::uint64_t offset);

    /// How many of those up to `end`, inclusive, have not come.
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
