// SPDX-License-Identifier: Apache-2.0
#include "compat/cloud/cloud_toggle_encoders.hpp"

#include <chrono>
#include <cstdlib>

#include <gtest/gtest.h>

#include "compat/cloud/notice_event_for_test.hpp"

namespace howl::compat::cloud {
namespace {

using namespace std::chrono;
using State = InstanceState;
using Kind = OperationKind;

std::string us_time_at(int hour, int minute, int second) {
    std::tm time{};
    time.tm_year = 126;
    time.tm_mon = 0;
    time.tm_mday = 2;
    time.tm_hour = hour;
    time.tm_min = minute;
    time.tm_sec = second;
    return us_time(time);
}

TEST(UsTime, HasTwelveHoursAndPadsMinutesAndSecondsOnly) {
    EXPECT_EQ(us_time_at(0, 0, 0), "12:00:00 AM 1/2/2026");
    EXPECT_EQ(us_time_at(0, 59, 59), "12:59:59 AM 1/2/2026");
    EXPECT_EQ(us_time_at(1, 2, 3), "1:02:03 AM 1/2/2026");
    EXPECT_EQ(us_time_at(11, 59, 59), "11:59:59 AM 1/2/2026");
    EXPECT_EQ(us_time_at(12, 0, 0), "12:00:00 PM 1/2/2026");
    EXPECT_EQ(us_time_at(13, 0, 0), "1:00:00 PM 1/2/2026");
    EXPECT_EQ(us_time_at(23, 59, 59), "11:59:59 PM 1/2/2026");
}

/// In a zone whose day differs from that of UTC, so that a forgotten conversion shows.
class ToggleEncoder : public ::testing::Test {
protected:
    ToggleEncoder() { set_zone("XXX10"); }
    ~ToggleEncoder() override {
        if (zone_before_.empty()) {
            ::unsetenv("TZ");
        } else {
            ::setenv("TZ", zone_before_.c_str(), 1);
        }
        ::tzset();
    }
    static void set_zone(const char* zone) {
        ::setenv("TZ", zone, 1);
        ::tzset();
    }
    [[nodiscard]] static std::string bytes_of(const hub::Event& event) {
        return CloudToggleEncoder{}.encode(event, cursor_for_test());
    }

private:
    const std::string zone_before_ = std::getenv("TZ") == nullptr ? "" : std::getenv("TZ");
};

TEST_F(ToggleEncoder, ACreateIsAnnouncedInTheServersLocalTime) {
    EXPECT_EQ(bytes_of(event_for_test("received", Kind::kCreate)),
              "id: aaaa.8.bbbb.3\n"
              "event: message\n"
              R"(data: {"id":"23186bf2-2418-4a65-a38d-d3bee4a383b9","info":"Create command",)"
              R"("timestamp":"11:39:57 PM 11/20/2026","timeStamp":"11:39:57 PM 11/20/2026"})"
              "\n\n");
}

TEST_F(ToggleEncoder, WhatIsDoneHasBothSpellings) {
    EXPECT_EQ(bytes_of(event_for_test("created", Kind::kCreate)),
              "id: aaaa.8.bbbb.3\n"
              "event: message\n"
              R"(data: {"id":"23186bf2-2418-4a65-a38d-d3bee4a383b9","info":"Created",)"
              R"("timeStamp":"11:39:57 PM 11/20/2026","timestamp":"11:39:57 PM 11/20/2026"})"
              "\n\n");
    for (const auto& [type, kind, info] :
         std::initializer_list<std::tuple<const char*, Kind, const char*>>{
             {"started", Kind::kStart, R"("info":"Started",)"},
             {"stopped", Kind::kStop, R"("info":"Stopped",)"},
             {"removed", Kind::kRemove, R"("info":"Removed",)"},
             {"failed", Kind::kStart, R"("info":"Failed",)"},
         }) {
        EXPECT_TRUE(bytes_of(event_for_test(type, kind)).contains(info)) << info;
    }
}

TEST_F(ToggleEncoder, OtherCommandsAreNotAnnounced) {
    for (const auto kind : {Kind::kStart, Kind::kStop, Kind::kRemove}) {
        EXPECT_EQ(bytes_of(event_for_test("received", kind)), "");
    }
    EXPECT_EQ(bytes_of(event_for_test("renamed", Kind::kCreate)), "");
}

TEST_F(ToggleEncoder, PlaceAndGapReachNoListenerOfMessages) {
    const CloudToggleEncoder encoder;
    EXPECT_EQ(encoder.encode_joined(cursor_for_test()), "id: aaaa.8.bbbb.3\n\n");
    EXPECT_EQ(encoder.encode_reset(topic_name(), cursor_for_test()),
              "id: aaaa.8.bbbb.3\nevent: reset\ndata: {}\n\n");
}

TEST(StateEncoder, TellsSocketsOfStartsAndStopsOnly) {
    const CloudStateEncoder encoder;
    const auto text = [&](const hub::Event& event) {
        return encoder.encode(event, cursor_for_test());
    };
    EXPECT_EQ(text(event_for_test("started", Kind::kStart, State::kRunning)),
              R"([{"id":"23186bf2-2418-4a65-a38d-d3bee4a383b9","state":"running"}])");
    EXPECT_EQ(text(event_for_test("stopped", Kind::kStop, State::kStopped)),
              R"([{"id":"23186bf2-2418-4a65-a38d-d3bee4a383b9","state":"stopped"}])");
    for (const auto* type : {"received", "failed"}) {
        EXPECT_EQ(text(event_for_test(type, Kind::kStart)), "") << type;
    }
    EXPECT_EQ(text(event_for_test("created", Kind::kCreate)), "");
    EXPECT_EQ(text(event_for_test("removed", Kind::kRemove)), "");
    EXPECT_EQ(encoder.encode(event_for_test("created", Kind::kCreate), cursor_for_test()), "");
    EXPECT_EQ(encoder.encode_reset(topic_name(), cursor_for_test()), "");
}

TEST(StateEncoder, AListIsOfThoseThatExistWithoutTheirTimes) {
    const auto in_the_making =
        while_it_runs(Kind::kCreate, instance_for_test(State::kStopped, "b"));
    EXPECT_EQ(states_text({instance_for_test(State::kRunning, "a"), in_the_making,
                           instance_for_test(State::kStopped, "c")}),
              R"([{"id":"a","state":"running"},{"id":"c","state":"stopped"}])");
    EXPECT_EQ(states_text({}), "[]");
}

}  // namespace
}  // namespace howl::compat::cloud
