// SPDX-License-Identifier: Apache-2.0
#include "telemetry/log.hpp"

#include <gtest/gtest.h>

namespace howl::telemetry {
namespace {

TEST(Log, TextQuotesOnlyWhatNeedsIt) {
    EXPECT_EQ(format_line(LogFormat::kText, "info", "listening",
                          {{"address", "127.0.0.1:8080"}, {"name", "a b"}}),
              "info    listening address=127.0.0.1:8080 name=\"a b\"");
}

TEST(Log, NoValueCanForgeALine) {
    const auto line =
        format_line(LogFormat::kText, "info", "x", {{"topic", "a\nerror forged\x1B[2J"}});
    EXPECT_EQ(line, "info    x topic=\"a\\nerror forged\\u001b[2J\"");
}

TEST(Log, JsonEscapesKeysAndValues) {
    EXPECT_EQ(format_line(LogFormat::kJson, "error", "say \"hi\"", {{"n", 5}, {"v", "a\r\nb"}}),
              R"("level":"error","message":"say \"hi\"","n":"5","v":"a\r\nb")");
}

}  // namespace
}  // namespace howl::telemetry
