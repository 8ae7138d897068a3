// SPDX-License-Identifier: Apache-2.0
#include "cli/report_text.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace howl::cli {
namespace {

constexpr std::string_view kQueued =
    R"({"id":"6f1c0c2e-0000-4000-8000-000000000001","userId":"u","status":"queued","attempt":1,)"
    R"("version":2,"createdAt":"2026-11-21T09:51:46.551Z","updatedAt":"2026-11-21T09:52:00.000Z",)"
    R"("allowed":["processing","canceled"],"history":[]})";
constexpr std::string_view kCompleted =
    R"({"id":"6f1c0c2e-0000-4000-8000-000000000002","userId":"u","status":"completed",)"
    R"("attempt":12,"version":40,"createdAt":"2026-11-21T09:51:46.551Z",)"
    R"("updatedAt":"2026-11-21T10:00:00.000Z","allowed":[],"history":[]})";

TEST(ReportText, ShowsAListAsATable) {
    const auto list = fmt::format("[{},{}]", kQueued, kCompleted);
    EXPECT_EQ(
        report_table(list).value(),
        "ID                                    STATUS      ATTEMPT  UPDATED                   "
        "ALLOWED\n"
        "6f1c0c2e-0000-4000-8000-000000000001  queued            1  2026-11-21T09:52:00.000Z  "
        "processing, canceled\n"
        "6f1c0c2e-0000-4000-8000-000000000002  completed        12  2026-11-21T10:00:00.000Z  "
        "-\n");
}

TEST(ReportText, ShowsOnlyTheHeadOfAnEmptyList) {
    EXPECT_EQ(
        report_table("[]").value(),
        "ID                                    STATUS      ATTEMPT  UPDATED                   "
        "ALLOWED\n");
}

TEST(ReportText, GivesScriptsTheIdAlone) {
    EXPECT_EQ(report_id_line(kQueued).value(), "6f1c0c2e-0000-4000-8000-000000000001\n");
}

TEST(ReportText, ShowsTheStatusAndTheAllowedMoves) {
    EXPECT_EQ(report_line(kQueued).value(),
              "6f1c0c2e-0000-4000-8000-000000000001 is queued, attempt 1; allowed: processing, "
              "canceled\n");
    EXPECT_EQ(report_line(kCompleted).value(),
              "6f1c0c2e-0000-4000-8000-000000000002 is completed, attempt 12; allowed: -\n");
}

TEST(ReportText, ShowsAnEventInOneLine) {
    EXPECT_EQ(report_event_line(
                  R"({"id":"r-1","userId":"u","status":"queued","attempt":1,"version":2,)"
                  R"("updatedAt":"2026-11-21T09:52:00.000Z","allowed":["processing","canceled"],)"
                  R"("move":{"status":"queued","at":"2026-11-21T09:52:00.000Z","by":"kafka",)"
                  R"("via":"kafka","attempt":1}})")
                  .value(),
              "2026-11-21T09:52:00.000Z  r-1  queued      attempt 1, by kafka via kafka\n");
}

TEST(ReportText, RefusesWhatIsNoReport) {
    EXPECT_EQ(report_table("{}").error().code, Errc::kInvalidJson);
    EXPECT_EQ(report_table("[1]").error().code, Errc::kInvalidJson);
    EXPECT_EQ(report_table("[{}]").error().code, Errc::kInvalidJson);
    EXPECT_EQ(report_table("<html>").error().code, Errc::kInvalidJson);
    EXPECT_EQ(report_line(R"({"id":"r-1"})").error().code, Errc::kInvalidJson);
    EXPECT_EQ(report_event_line(kQueued).error().code, Errc::kInvalidJson);  // It names no move.
}

}  // namespace
}  // namespace howl::cli
