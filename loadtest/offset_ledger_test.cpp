// SPDX-License-Identifier: Apache-2.0
#include "loadtest/offset_ledger.hpp"

#include <initializer_list>

#include <gtest/gtest.h>

namespace howl::loadtest {
namespace {

using Arrival = OffsetLedger::Arrival;

/// A ledger that has seen no history, after `offsets`.
OffsetLedger after(std::initializer_list<std::uint64_t> offsets) {
    OffsetLedger ledger{0};
    for (const auto offset : offsets) {
        ledger.take(offset);
    }
    return ledger;
}

TEST(OffsetLedger, MissesNothingOfAWholeRow) {
    OffsetLedger ledger{7};
    EXPECT_EQ(ledger.take(8), Arrival::kInOrder);
    EXPECT_EQ(ledger.take(9), Arrival::kInOrder);
    EXPECT_EQ(ledger.missing_until(9), 0U);
}

TEST(OffsetLedger, MissesTheBeginningAMiddleAndTheEnd) {
    EXPECT_EQ(after({3, 4, 7}).missing_until(7), 4U);
    EXPECT_EQ(after({3, 4, 7}).missing_until(10), 7U);
    EXPECT_EQ(after({3, 4, 7}).missing_until(5), 3U);
    EXPECT_EQ(after({}).missing_until(5), 5U);
}

TEST(OffsetLedger, SeesADouble) {
    OffsetLedger ledger = after({1, 2, 4});
    EXPECT_EQ(ledger.take(4), Arrival::kDouble);
    EXPECT_EQ(ledger.take(1), Arrival::kDouble);
    EXPECT_EQ(ledger.missing_until(4), 1U);
}

TEST(OffsetLedger, TakesWhatTheSnapshotHadForADouble) {
    EXPECT_EQ(OffsetLedger{7}.take(7), Arrival::kDouble);
}

TEST(OffsetLedger, FillsAHoleOnceAndOutOfOrder) {
    OffsetLedger ledger = after({1, 6});
    EXPECT_EQ(ledger.take(4), Arrival::kOutOfOrder);
    EXPECT_EQ(ledger.take(4), Arrival::kDouble);
    EXPECT_EQ(ledger.take(2), Arrival::kOutOfOrder);
    EXPECT_EQ(ledger.missing_until(6), 2U);
    EXPECT_EQ(ledger.take(3), Arrival::kOutOfOrder);
    EXPECT_EQ(ledger.take(5), Arrival::kOutOfOrder);
    EXPECT_EQ(ledger.missing_until(6), 0U);
}

}  // namespace
}  // namespace howl::loadtest
