// SPDX-License-Identifier: Apache-2.0
#include "products/reports/report.hpp"

#include <type_traits>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "products/reports/report_notice.hpp"

namespace howl::products::reports {
namespace {

static_assert(std::is_nothrow_move_constructible_v<ReportNotice>);

constexpr WallTime kTime{std::chrono::seconds{1'700'000'000}};
const std::string kAnna = "aaaaaaaa-0000-4000-8000-000000000001";

Report sample() {
    return {"0a1b2c3d-0000-4000-8000-000000000000",
            kAnna,
            {{Status::kPending, kTime, {kAnna, "api"}, 1},
             {Status::kQueued, kTime + std::chrono::milliseconds{7}, {"kafka", "kafka"}, 1}},
            {{"c1/v4_messages/0/w", 41}}};
}

constexpr auto kSampleText =
    R"({"id":"0a1b2c3d-0000-4000-8000-000000000000","userId":"aaaaaaaa-0000-4000-8000-000000000001",)"
    R"("status":"queued","history":[)"
    R"({"status":"pending","at":"2023-11-14T22:13:20.000Z","by":"aaaaaaaa-0000-4000-8000-000000000001","via":"api","attempt":1},)"
    R"({"status":"queued","at":"2023-11-14T22:13:20.007Z","by":"kafka","via":"kafka","attempt":1}],)"
    R"("consumed":{"c1/v4_messages/0/w":41}})";

/// The matrix of the original demo, row by row: which moves there are, and no others.
TEST(ReportStatus, ExactlyEightOfThirtySixMovesAreLegal) {
    constexpr std::array<std::string_view, 6> kMatrix{
        // To: pending, queued, processing, canceled, failed, completed.
        ".x.x..",  // From pending.
        "..xx..",  // From queued.
        "....xx",  // From processing.
        "x.....",  // From canceled.
        "x.....",  // From failed.
        "......",  // From completed.
    };
    for (const Status from : kStatuses) {
        for (const Status to : kStatuses) {
            const bool legal =
                kMatrix[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)] == 'x';
            EXPECT_EQ(may_move(from, to), legal) << name_of(from) << " to " << name_of(to);
        }
    }
}

TEST(ReportStatus, HasItsNameOnEveryWire) {
    EXPECT_EQ(names_of(kStatuses), "pending, queued, processing, canceled, failed, completed");
    for (const Status status : kStatuses) {
        EXPECT_EQ(status_from(name_of(status)), status);
    }
    for (const std::string_view name : {"", "Pending", "cancelled", "pending ", "done"}) {
        EXPECT_EQ(status_from(name), std::nullopt) << name;
    }
}

TEST(Report, IsStoredAsText) {
    EXPECT_EQ(sample().text(), kSampleText);
    EXPECT_EQ(Report::parse(kSampleText), sample());
}

TEST(Report, OfAnotherProgramSaysOnlyItsStatus) {
    const auto report = Report::parse(R"({"status":"failed"})").value();
    EXPECT_EQ(report.status(), Status::kFailed);
    EXPECT_EQ(report.attempt(), 1U);
    EXPECT_EQ(report.history, (std::vector<Move>{{Status::kFailed, WallTime{}, {}, 1}}));
    EXPECT_EQ(Report::parse(report.text()), report);
}

TEST(Report, RefusesWhatIsNone) {
    for (
        const std::string_view text :
        {"", "{}", R"({"status":"done"})", R"({"status":7})", R"({"status":"queued","history":[]})",
         R"({"status":"queued","history":{}})", R"({"status":"queued","history":[7]})",
         R"({"status":"queued","history":[{}]})",
         R"({"history":[{"status":"queued","at":"now","by":"","via":"","attempt":1}]})",
         R"({"history":[{"status":"queued","at":"2023-11-14T22:13:20.000Z","by":"","via":"","attempt":-1}]})",
         R"({"status":"queued","consumed":{"s":-1}})",
         R"({"status":"queued","consumed":{"s":"1"}})"}) {
        const auto report = Report::parse(text);
        ASSERT_FALSE(report) << text;
        EXPECT_EQ(report.error().code, Errc::kInvalidJson) << text;
    }
}

TEST(Report, CutShortIsNone) {
    const std::string_view whole = kSampleText;
    for (std::size_t length = 0; length < whole.size(); ++length) {
        EXPECT_FALSE(Report::parse(whole.substr(0, length))) << length;
    }
}

TEST(Report, OfTheGreatestSizeFitsIntoOneRecord) {
    Report report = sample();
    report.history.clear();
    for (std::uint64_t attempt = 1; attempt <= Report::kAttemptsMax; ++attempt) {
        for (const Status step :
             {Status::kPending, Status::kQueued, Status::kProcessing, Status::kFailed}) {
            report.history.push_back({step, kTime, {kAnna, "kafka"}, attempt});
        }
    }
    for (std::size_t stream = 0; stream < Report::kStreamsMax; ++stream) {
        constexpr std::size_t kClusterTopicAndWord = 300;
        report.consumed.emplace(fmt::format("{}{}", stream, std::string(kClusterTopicAndWord, 't')),
                                std::uint64_t{1} << 62U);
    }
    EXPECT_LT(report.text().size(), limits::kEventBytesMax);
}

// --- What events say ---

constexpr auto kNoticeText =
    R"({"id":"0a1b2c3d-0000-4000-8000-000000000000","userId":"aaaaaaaa-0000-4000-8000-000000000001",)"
    R"("status":"queued","attempt":1,"version":2,"createdAt":"2023-11-14T22:13:20.000Z",)"
    R"("updatedAt":"2023-11-14T22:13:20.007Z","allowed":["processing","canceled"],)"
    R"("move":{"status":"queued","at":"2023-11-14T22:13:20.007Z","by":"kafka","via":"kafka","attempt":1}})";

TEST(ReportNotice, IsTheReportWithItsNewestMove) {
    const auto notice = ReportNotice::of(sample(), Version{2});
    EXPECT_EQ(notice.text(), kNoticeText);
    EXPECT_EQ(ReportNotice::parse(kNoticeText), notice);
}

TEST(ReportNotice, OfACompletedReportAllowsNothing) {
    Report report = sample();
    report.history.back().to = Status::kCompleted;
    EXPECT_NE(ReportNotice::of(report, Version{4}).text().find(R"("allowed":[])"),
              std::string::npos);
}

TEST(ReportNotice, CutShortIsNone) {
    const std::string_view whole = kNoticeText;
    for (std::size_t length = 0; length < whole.size(); ++length) {
        EXPECT_FALSE(ReportNotice::parse(whole.substr(0, length))) << length;
    }
    EXPECT_FALSE(ReportNotice::parse("{}"));
}

TEST(ReportNotice, GoesToItsUser) {
    const auto event = event_of(kMoved, ReportNotice::of(sample(), Version{2}));
    EXPECT_EQ(event.topic.text(), "howl:reports/aaaaaaaa-0000-4000-8000-000000000001");
    EXPECT_EQ(event.type, "report_status_update");
    EXPECT_EQ(event.content_type, "application/json");
    EXPECT_EQ(event.data, kNoticeText);
    EXPECT_EQ(event.idempotency_key, "");
}

}  // namespace
}  // namespace howl::products::reports
