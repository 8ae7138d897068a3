// SPDX-License-Identifier: Apache-2.0
#include "loadtest/offset_ledger.hpp"

#include <algorithm>

namespace howl::loadtest {

OffsetLedger::Arrival OffsetLedger::take(std::uint64_t offset) {
    if (offset > last_) {
        if (offset - last_ > 1) {
            holes_.push_back({last_ + 1, offset - 1});
        }
        last_ = offset;
        return Arrival::kInOrder;
    }
    const auto hole = std::ranges::find_if(
        holes_, [offset](const Hole& each) { return each.first <= offset && offset <= each.last; });
    if (hole == holes_.end()) {
        return Arrival::kDouble;
    }
    const Hole behind{offset + 1, hole->last};
    hole->last = offset - 1;
    if (hole->last < hole->first) {
        holes_.erase(hole);
    }
    if (behind.first <= behind.last) {
        holes_.push_back(behind);
    }
    return Arrival::kOutOfOrder;
}

std::uint64_t OffsetLedger::missing_until(std::uint64_t end) const noexcept {
    std::uint64_t missing = end > last_ ? end - last_ : 0;
    for (const Hole& hole : holes_) {
        if (hole.first <= end) {
            missing += std::min(hole.last, end) - hole.first + 1;
        }
    }
    return missing;
}

}  // namespace howl::loadtest
