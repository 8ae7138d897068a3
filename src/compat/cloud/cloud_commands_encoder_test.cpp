// SPDX-License-Identifier: Apache-2.0
#include "compat/cloud/cloud_commands_encoder.hpp"

#include <chrono>

#include <gtest/gtest.h>

#include "compat/cloud/notice_event_for_test.hpp"

namespace howl::compat::cloud {
namespace {

using namespace std::chrono;
using State = InstanceState;
using Kind = OperationKind;

class CommandsEncoder : public ::testing::Test {
protected:
    [[nodiscard]] std::string bytes_of(const hub::Event& event) const {
        return encoder_.encode(event, cursor_for_test());
    }

    ManualClock clock_;
    const CloudCommandsEncoder encoder_{clock_};
};

TEST(MoscowTime, IsThreeHoursAheadOfUtcInTwoDigitsEach) {
    EXPECT_EQ(moscow_time(november_morning()), "21.11.2026, 12:39:57");
    EXPECT_EQ(moscow_time(sys_days{2026y / February / 1} + 6h + 5min + 3s), "01.02.2026, 09:05:03");
    EXPECT_EQ(moscow_time(sys_days{2026y / July / 1} + 12h), "01.07.2026, 15:00:00")
        << "no summer time";
}

TEST(MoscowTime, BeginsItsDayAtNineInTheEveningUtc) {
    const auto evening = sys_days{2026y / December / 31} + 21h;
    EXPECT_EQ(moscow_time(evening - 1ms), "31.12.2026, 23:59:59");
    EXPECT_EQ(moscow_time(evening), "01.01.2027, 00:00:00");
    EXPECT_EQ(moscow_time(sys_days{2028y / February / 28} + 21h), "29.02.2028, 00:00:00");
    EXPECT_EQ(moscow_time(sys_days{2026y / January / 1} + 9h), "01.01.2026, 12:00:00");
}

TEST_F(CommandsEncoder, ACommandIsOneLogEntry) {
    EXPECT_EQ(bytes_of(event_for_test("received", Kind::kCreate)),
              "id:aaaa.8.bbbb.3\n"
              R"(data:{"date":"21.11.2026, 12:39:57","info":"Received \"Create command\"",)"
              R"("server":"23186bf2-2418-4a65-a38d-d3bee4a383b9"})"
              "\n\n");
    for (const auto& [kind, info] : std::initializer_list<std::pair<Kind, std::string>>{
             {Kind::kStart, R"("info":"Received \"Start command\"")"},
             {Kind::kStop, R"("info":"Received \"Stop command\"")"},
             {Kind::kRemove, R"("info":"Received \"Remove command\"")"},
         }) {
        EXPECT_TRUE(bytes_of(event_for_test("received", kind)).contains(info)) << info;
    }
}

TEST_F(CommandsEncoder, WhatIsDoneIsALogEntryWithThePlaceBeforeItThenTheChange) {
    EXPECT_EQ(bytes_of(event_for_test("created", Kind::kCreate)),
              "id:aaaa.7.bbbb.3\n"
              R"(data:{"date":"21.11.2026, 12:39:57","info":"Created",)"
              R"("server":"23186bf2-2418-4a65-a38d-d3bee4a383b9"})"
              "\n\n"
              "id:aaaa.8.bbbb.3\n"
              R"(data:{"action":"created","instance":{)"
              R"("id":"23186bf2-2418-4a65-a38d-d3bee4a383b9","state":"Stopped"}})"
              "\n\n");
}

TEST_F(CommandsEncoder, StatesHaveACapitalAndWhatWasRemovedKeepsItsLast) {
    for (const auto& [type, kind, state, info, change] :
         std::initializer_list<std::tuple<const char*, Kind, State, const char*, const char*>>{
             {"started", Kind::kStart, State::kRunning, R"("info":"Started")",
              R"(data:{"action":"started","instance":{"id":"23186bf2-2418-4a65-a38d-d3bee4a383b9",)"
              R"("state":"Running"}})"},
             {"stopped", Kind::kStop, State::kStopped, R"("info":"Stopped")",
              R"(data:{"action":"stopped","instance":{"id":"23186bf2-2418-4a65-a38d-d3bee4a383b9",)"
              R"("state":"Stopped"}})"},
             {"removed", Kind::kRemove, State::kRunning, R"("info":"Removed")",
              R"(data:{"action":"removed","instance":{"id":"23186bf2-2418-4a65-a38d-d3bee4a383b9",)"
              R"("state":"Running"}})"},
         }) {
        const auto bytes = bytes_of(event_for_test(type, kind, state));
        EXPECT_TRUE(bytes.contains(info)) << bytes;
        EXPECT_TRUE(bytes.ends_with(std::string{change} + "\n\n")) << bytes;
    }
}

TEST_F(CommandsEncoder, AFailureIsALogEntryAlone) {
    EXPECT_EQ(bytes_of(event_for_test("failed", Kind::kCreate)),
              "id:aaaa.8.bbbb.3\n"
              R"(data:{"date":"21.11.2026, 12:39:57","info":"Failed \"Create command\"",)"
              R"("server":"23186bf2-2418-4a65-a38d-d3bee4a383b9"})"
              "\n\n");
}

TEST_F(CommandsEncoder, WhatTheOriginalHasNoWordForIsNotSaid) {
    EXPECT_EQ(bytes_of(event_for_test("renamed", Kind::kStart)), "");
    EXPECT_EQ(bytes_of(event_for_test("started", Kind::kStop)), "");
    auto unreadable = event_for_test("started", Kind::kStart);
    unreadable.data = "{";
    EXPECT_EQ(bytes_of(unreadable), "");
    EXPECT_EQ(encoder_.encode_joined(cursor_for_test()), "");
}

TEST_F(CommandsEncoder, AGapIsALineOfTheWorklog) {
    EXPECT_EQ(encoder_.encode_reset(topic_name(), cursor_for_test()),
              "id:aaaa.8.bbbb.3\n"
              R"(data:{"date":"15.11.2023, 01:13:20",)"
              R"("info":"Events were missed; please reload this page","server":"unknown"})"
              "\n\n");
}

TEST(CommandsGreeting, IsTheOriginalsComment) {
    EXPECT_EQ(ok_comment(), ":ok\n\n");
    EXPECT_EQ(place_frame(cursor_for_test()), "id:aaaa.8.bbbb.3\n\n");
}

TEST(CommandsGreeting, MakesTheCardsOfWhatIsThere) {
    const auto in_the_making =
        while_it_runs(Kind::kCreate, instance_for_test(State::kStopped, "c"));
    const auto in_removal = while_it_runs(Kind::kRemove, instance_for_test(State::kRunning, "b"));
    EXPECT_EQ(
        snapshot_frames({instance_for_test(State::kStopped, "a"), in_removal, in_the_making}),
        "data:{\"action\":\"created\",\"instance\":{\"id\":\"a\",\"state\":\"Stopped\"}}\n\n"
        "data:{\"action\":\"created\",\"instance\":{\"id\":\"b\",\"state\":\"Stopped\"}}\n\n"
        "data:{\"action\":\"started\",\"instance\":{\"id\":\"b\",\"state\":\"Running\"}}\n\n");
    EXPECT_EQ(snapshot_frames({}), "");
}

}  // namespace
}  // namespace howl::compat::cloud
