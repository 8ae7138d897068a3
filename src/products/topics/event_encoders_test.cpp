// SPDX-License-Identifier: Apache-2.0
#include "products/topics/event_encoders.hpp"

#include <gtest/gtest.h>

namespace howl::products::topics {
namespace {

const hub::Cursor kCursor{{Epoch{"aaaa1111"}, Epoch{"bbbb2222"}}, {Sequence{5}, Sequence{9}}};

hub::Event event_of(std::string type, std::string data) {
    return {.topic = *hub::TopicName::parse("room/1"),
            .offset = Offset{3},
            .sequence = Sequence{5},
            .lane = hub::Lane::kDurable,
            .time = WallTime{std::chrono::milliseconds{1'700'000'000'007}},
            .type = std::move(type),
            .content_type = "text/plain",
            .data = std::move(data)};
}

TEST(SseEncoder, WritesPositionTypeAndData) {
    const SseEncoder encoder{SseEncoder::Data::kRaw};
    EXPECT_EQ(encoder.encode(event_of("", "hello"), kCursor),
              "id: aaaa1111.5.bbbb2222.9\ndata: hello\n\n");
    EXPECT_EQ(encoder.encode(event_of("joined", "a\nb\r\nc\rd"), kCursor),
              "id: aaaa1111.5.bbbb2222.9\nevent: joined\ndata: a\ndata: b\ndata: c\ndata: d\n\n");
    EXPECT_EQ(encoder.encode(event_of("", ""), kCursor), "id: aaaa1111.5.bbbb2222.9\ndata: \n\n");
}

TEST(SseEncoder, DataCannotForgeAField) {
    const SseEncoder encoder{SseEncoder::Data::kRaw};
    EXPECT_EQ(encoder.encode(event_of("", "x\n\nevent: reset\nid: evil"), kCursor),
              "id: aaaa1111.5.bbbb2222.9\ndata: x\ndata: \ndata: event: reset\ndata: id: evil\n\n");
}

TEST(SseEncoder, AnEnvelopeIsOneLineOfJsonAndSaysTheTypeItself) {
    const SseEncoder encoder{SseEncoder::Data::kEnvelope};
    EXPECT_EQ(encoder.encode(event_of("joined", "a\n\"b\""), kCursor),
              "id: aaaa1111.5.bbbb2222.9\n"
              R"(data: {"topic":"room/1","epoch":"aaaa1111","offset":3,"type":"joined",)"
              R"("time":"2023-11-14T22:13:20.007Z","data":"a\n\"b\""})"
              "\n\n");
}

TEST(SseEncoder, JoiningAndResetCarryThePosition) {
    const SseEncoder encoder{SseEncoder::Data::kRaw};
    EXPECT_EQ(encoder.encode_joined(kCursor), "id: aaaa1111.5.bbbb2222.9\n\n");
    EXPECT_EQ(encoder.encode_reset(*hub::TopicName::parse("a~:/b"), kCursor),
              "id: aaaa1111.5.bbbb2222.9\nevent: reset\ndata: {\"topic\":\"a~:/b\"}\n\n");
}

TEST(PageDrain, TellsWhenToComeBack) {
    EXPECT_EQ(page_drain(std::chrono::milliseconds{2672}),
              "event: drain\ndata: {\"retryMs\":2672}\n\n");
}

TEST(PageHeartbeat, IsAnEventWithTheTimeAndNoPlace) {
    EXPECT_EQ(page_heartbeat(WallTime{std::chrono::milliseconds{1'700'000'000'007}},
                             std::chrono::seconds{10}),
              "event: hb\ndata: {\"time\":\"2023-11-14T22:13:20.007Z\",\"everyMs\":10000}\n\n");
}

TEST(EnvelopeEncoder, WritesTheEpochOfTheEventsLane) {
    auto event = event_of("", "x");
    event.lane = hub::Lane::kVolatile;
    EXPECT_EQ(EnvelopeEncoder{EnvelopeEncoder::Cursors::kLeftOut}.encode(event, kCursor),
              R"({"topic":"room/1","epoch":"bbbb2222","offset":3,"type":"message",)"
              R"("time":"2023-11-14T22:13:20.007Z","data":"x"})");
}

TEST(EnvelopeEncoder, SaysResetButNotJoined) {
    const EnvelopeEncoder encoder{EnvelopeEncoder::Cursors::kLeftOut};
    const auto topic = *hub::TopicName::parse("a");
    EXPECT_EQ(encoder.encode_reset(topic, kCursor), R"({"topic":"a","type":"reset"})");
    EXPECT_EQ(encoder.encode_joined(kCursor), "");
}

hub::Event binary_event() {
    auto event = event_of("shot", std::string("\0\xFF\n", 3));
    event.kind = hub::DataKind::kBinary;
    return event;
}

TEST(SseEncoder, ShowsBinaryDataAsBase64) {
    EXPECT_EQ(SseEncoder{SseEncoder::Data::kRaw}.encode(binary_event(), kCursor),
              "id: aaaa1111.5.bbbb2222.9\nevent: shot\ndata: AP8K\n\n");
    EXPECT_TRUE(SseEncoder{SseEncoder::Data::kEnvelope}
                    .encode(binary_event(), kCursor)
                    .ends_with(R"(,"data":"AP8K","encoding":"base64"})"
                               "\n\n"));
}

TEST(SseEncoder, SaysWhichPatternMayHaveLostEvents) {
    const auto pattern = *hub::TopicPattern::parse("news/*");
    EXPECT_EQ(SseEncoder{SseEncoder::Data::kRaw}.encode_pattern_reset(pattern, kCursor),
              "id: aaaa1111.5.bbbb2222.9\nevent: reset\ndata: {\"pattern\":\"news/*\"}\n\n");
}

TEST(EnvelopeEncoder, ABinaryEventIsItsEnvelopeALineFeedAndItsBytes) {
    const EnvelopeEncoder encoder{EnvelopeEncoder::Cursors::kLeftOut};
    EXPECT_TRUE(encoder.is_binary(binary_event()));
    EXPECT_FALSE(encoder.is_binary(event_of("", "text")));
    EXPECT_EQ(encoder.encode(binary_event(), kCursor),
              R"({"topic":"room/1","epoch":"aaaa1111","offset":3,"type":"shot",)"
              R"("time":"2023-11-14T22:13:20.007Z","encoding":"binary"})" +
                  std::string("\n\0\xFF\n", 4));
}

TEST(EnvelopeEncoder, ShowsWhereTheReaderStandsWhereItIsAskedTo) {
    const EnvelopeEncoder encoder{EnvelopeEncoder::Cursors::kShown};
    EXPECT_EQ(encoder.encode_joined(kCursor),
              R"({"type":"joined","cursor":"aaaa1111.5.bbbb2222.9"})");
    EXPECT_TRUE(encoder.encode(event_of("", "x"), kCursor)
                    .ends_with(R"("data":"x","cursor":"aaaa1111.5.bbbb2222.9"})"));
    EXPECT_EQ(encoder.encode_reset(*hub::TopicName::parse("a"), kCursor),
              R"({"topic":"a","type":"reset","cursor":"aaaa1111.5.bbbb2222.9"})");
    EXPECT_EQ(EnvelopeEncoder{EnvelopeEncoder::Cursors::kLeftOut}.encode_joined(kCursor), "");
}

}  // namespace
}  // namespace howl::products::topics
