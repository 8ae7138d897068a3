// SPDX-License-Identifier: Apache-2.0
#include "cli/since.hpp"

#include <gtest/gtest.h>

#include "products/reading.hpp"

namespace howl::cli {
namespace {

std::string since(std::string_view text) {
    const auto now = products::parse_iso_time("2026-11-30T20:00:00.250Z").value();
    const auto found = parse_since(text, now);
    return found ? products::iso_time(*found) : "refused";
}

TEST(Since, IsADurationAMomentOrTheBeginning) {
    EXPECT_EQ(since("10m"), "2026-11-30T19:50:00.250Z");
    EXPECT_EQ(since("1d"), "2026-11-29T20:00:00.250Z");
    EXPECT_EQ(since("2026-11-30"), "2026-11-30T00:00:00.000Z");
    EXPECT_EQ(since("2026-11-30T19:00:00Z"), "2026-11-30T19:00:00.000Z");
    EXPECT_EQ(since("2026-11-30T19:00:00.125Z"), "2026-11-30T19:00:00.125Z");
    EXPECT_EQ(since("beginning"), "1970-01-01T00:00:00.000Z");
}

TEST(Since, AnythingElseIsRefused) {
    for (const char* text : {"", "10", "yesterday", "2026-13-01", "2026-11-30T19:00:00",
                             "2026-11-30T19:00:00+01:00", "2026-11-30T25:00:00Z", "-1m", "Z"}) {
        EXPECT_EQ(since(text), "refused") << text;
    }
}

}  // namespace
}  // namespace howl::cli
