// SPDX-License-Identifier: Apache-2.0
// A whole server with Kafka, seen from outside.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/kafka/kafka_mock_for_test.hpp"
#include "server/live_server_for_test.hpp"
#include "telemetry/metrics.hpp"

namespace howl::compat::inbox {

using server::Config;
using server::default_listener;
using server::LiveServer;
using server::Server;
using server::status_of;

namespace {

using telemetry::Counter;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

TEST(KafkaServer, AMessageFromKafkaReachesItsReader) {
    broker::kafka::KafkaMock kafka;
    kafka.create("v3_messages", 1);
    kafka.create("v4_messages", 1);
    LiveServer howl{[&](Config& config) {
        config.kafka.brokers = kafka.brokers();
        config.kafka.sources[0].begin = {.at = broker::kafka::Begin::At::kBeginning};
    }};
    auto john = howl.connect();
    john.send("GET /v3/sse?username=john HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    EXPECT_THAT(john.read_until("\r\n\r\n"), HasSubstr(" 200 "));
    kafka.write("v3_messages", 0, {"jane:hi, jane", "john:hi 🐺"});
    EXPECT_THAT(john.read_until("data: hi 🐺\n\n"), Not(HasSubstr("jane")));
}

TEST(KafkaServer, WhereAMessageCameFromIsForPagesAndNotForOldClients) {
    broker::kafka::KafkaMock kafka;
    kafka.create("v3_messages", 1);
    kafka.create("v4_messages", 1);
    LiveServer howl{[&](Config& config) {
        config.kafka.brokers = kafka.brokers();
        config.kafka.sources[0].begin = {.at = broker::kafka::Begin::At::kBeginning};
    }};
    auto old = howl.connect();
    old.send("GET /v3/sse?username=john HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    EXPECT_THAT(old.read_until("\r\n\r\n"), HasSubstr(" 200 "));
    EXPECT_THAT(old.read_until("\n\n"), MatchesRegex("id: [a-z0-9.]+\n\n"));
    auto page = howl.connect();
    page.send("GET /api/events?topic=howl:inbox/v3/john&envelope=json HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_THAT(page.read_until("event: hb\n"), HasSubstr(" 200 "));
    kafka.write("v3_messages", 0, {"john:hi 🐺"});
    EXPECT_THAT(old.read_until("\n\n"), MatchesRegex("id: [a-z0-9.]+\ndata: hi 🐺\n\n"));
    EXPECT_THAT(page.read_until(R"("data":"hi 🐺"})"), HasSubstr(R"("type":"kafka",)"));
    EXPECT_EQ(status_of(howl.post("/v3/message?username=john", "posted")), 204);
    EXPECT_THAT(old.read_until("\n\n"), MatchesRegex("id: [a-z0-9.]+\ndata: posted\n\n"));
    EXPECT_THAT(page.read_until(R"("data":"posted"})"), HasSubstr(R"("type":"message",)"));
}

TEST(KafkaServer, ServesAndStopsWhileNoBrokerCanBeReached) {
    const auto before = telemetry::value(Counter::kKafkaFailures);
    LiveServer howl{[](Config& config) { config.kafka.brokers = "127.0.0.1:1"; }};
    howl.eventually([&] { return telemetry::value(Counter::kKafkaFailures) > before; });
    EXPECT_EQ(status_of(howl.get("/readyz")), 200);
    EXPECT_EQ(status_of(howl.post("/v3/message?username=john", "hi")), 204);
    howl.server().stop();
}

TEST(KafkaServer, RefusesToStartWithASourceThatCantWork) {
    const SystemClock clock;
    Config config;
    config.data_dir = ":memory:";
    config.shards = 1;
    config.listeners = {default_listener("127.0.0.1:0")};
    config.kafka.brokers = "127.0.0.1:1";
    config.kafka.sources = {{.topic = "a", .target = "howl:mine"}};
    const auto started = Server::start(std::move(config), clock);
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Errc::kInvalidConfig);
}

}  // namespace
}  // namespace howl::compat::inbox
