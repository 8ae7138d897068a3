// SPDX-License-Identifier: Apache-2.0
// The load client reads what the raw baseline sends, over real sockets: a small server and its
// clients without HTTP.
#include "loadtest/load_client.hpp"

#include <gtest/gtest.h>

#include "loadtest/raw_baseline.hpp"

namespace howl::loadtest {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

constexpr std::size_t kReaders = 20;

class BaselineRun : public ::testing::Test {
protected:
    void start(Transport transport, BodyFraming framing, const std::string& event) {
        baseline = RawBaseline::create(kReaders).value();
        client = LoadClient::create({.crowd = {.endpoint = baseline->endpoint(),
                                               .transport = transport,
                                               .opening = Opening::kBare,
                                               .bare_framing = framing,
                                               .connections = kReaders,
                                               .stalling = 2},
                                     .topic = ""})
                     .value();
        client->record_into(&latencies);
        baseline->use_event(event, framing);
        client->open_all();
        turn_until([&] { return client->all_settled(); });
        ASSERT_EQ(client->open_count(), kReaders);
    }

    void send(std::uint64_t count, std::uint64_t first_number) {
        ASSERT_TRUE(baseline->start(
            {.rate_per_second = 10'000, .count = count, .first_number = first_number}));
        turn_until([&] { return baseline->done(); });
        EXPECT_EQ(baseline->failure(), "");
        EXPECT_EQ(baseline->sent(), count);
    }

    template <class Condition>
    void turn_until(Condition condition) {
        const auto deadline = std::chrono::steady_clock::now() + 10s;
        while (!condition() && std::chrono::steady_clock::now() < deadline) {
            client->turn(1ms);
        }
        EXPECT_TRUE(condition());
    }

    std::unique_ptr<RawBaseline> baseline;
    std::unique_ptr<LoadClient> client;
    Histogram latencies;
};

const std::string kFrame = "\x81\x28"s + make_payload(40, {});
const std::string kBlock = "id: e.1\ndata: " + make_payload(40, {}) + "\n\n";

TEST_F(BaselineRun, EveryReaderSeesEveryFrame) {
    start(Transport::kWebSocket, BodyFraming::kPlain, kFrame);
    send(50, 1);
    turn_until([&] { return client->counts().events == 50 * kReaders; });
    EXPECT_EQ(client->counts().repeats, 0U);
    EXPECT_EQ(client->counts().skipped, 0U);
    EXPECT_EQ(client->wire_bytes(), 50 * kReaders * kFrame.size());
    EXPECT_EQ(client->flowing_events(), 50 * (kReaders - 2));
    EXPECT_EQ(latencies.count(), 50 * (kReaders - 2));
    EXPECT_EQ(client->readers_at(50), kReaders);
    EXPECT_EQ(client->sample_event().size(), kFrame.size());
    EXPECT_EQ(baseline->refused(), 0U);
}

TEST_F(BaselineRun, SeesRepeatsAndHoles) {
    start(Transport::kWebSocket, BodyFraming::kPlain, kFrame);
    send(5, 1);
    send(5, 4);
    send(1, 20);
    turn_until([&] { return client->counts().events == 11 * kReaders; });
    EXPECT_EQ(client->counts().repeats, 2 * kReaders);
    EXPECT_EQ(client->counts().skipped, 11 * kReaders);
}

TEST_F(BaselineRun, ReadsSseBlocks) {
    start(Transport::kSse, BodyFraming::kPlain, kBlock);
    send(50, 1);
    turn_until([&] { return client->counts().events == 50 * kReaders; });
    EXPECT_EQ(client->sample_event().size(), kBlock.size());
}

TEST_F(BaselineRun, ReadsChunkedSseBlocks) {
    start(Transport::kSse, BodyFraming::kChunked, kBlock);
    send(50, 1);
    turn_until([&] { return client->counts().events == 50 * kReaders; });
    EXPECT_EQ(client->wire_bytes(), 50 * kReaders * as_chunk(kBlock).size());
}

TEST_F(BaselineRun, CountsAMalformedStreamAsItsEnd) {
    start(Transport::kWebSocket, BodyFraming::kPlain, "\x71\x28"s + make_payload(40, {}));
    send(1, 1);
    turn_until([&] { return client->open_count() == 0; });
    EXPECT_EQ(client->endings().at("malformed frame"), kReaders);
}

TEST_F(BaselineRun, StalledReadersReadOnLater) {
    start(Transport::kWebSocket, BodyFraming::kPlain, kFrame);
    client->stall();
    send(10, 1);
    turn_until([&] { return client->counts().events == 10 * (kReaders - 2); });
    client->unstall();
    turn_until([&] { return client->counts().events == 10 * kReaders; });
    EXPECT_EQ(client->flowing_open(), kReaders - 2);
}

TEST_F(BaselineRun, ReadersAreGoneAfterADrop) {
    start(Transport::kWebSocket, BodyFraming::kPlain, kFrame);
    client->drop_all();
    EXPECT_EQ(client->open_count(), 0U);
    EXPECT_TRUE(client->all_settled());
    EXPECT_EQ(client->ended_count(), 0U);
}

TEST(LoadClient, ReportsWhyItCannotConnect) {
    // A port that was free a moment ago, and that nobody listens on.
    const Endpoint nobody = RawBaseline::create(1).value()->endpoint();
    auto client =
        LoadClient::create({.crowd = {.endpoint = nobody, .connections = 3}, .topic = ""}).value();
    client->open_all();
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!client->all_settled() && std::chrono::steady_clock::now() < deadline) {
        client->turn(1ms);
    }
    EXPECT_EQ(client->failed_count(), 3U);
    EXPECT_EQ(client->open_count(), 0U);
    EXPECT_NE(client->first_failure(), "");
}

TEST(LoadClient, MakesAResumeQueryFromAnEvent) {
    EXPECT_EQ(resume_query(R"({"topic":"a","epoch":"x7","offset":12,"type":"","data":"d"})"),
              "?after=12&epoch=x7");
    EXPECT_EQ(resume_query(R"({"epoch":"x7","offset":12})"), "?after=12&epoch=x7");
    EXPECT_EQ(resume_query(R"({"type":"reset"})"), "");
}

}  // namespace
}  // namespace howl::loadtest
