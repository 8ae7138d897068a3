// SPDX-License-Identifier: Apache-2.0
#include "products/inbox/inbox_api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hub/local_subscriber_counts.hpp"
#include "hub/reader_rig_for_test.hpp"
#include "products/product_rig_for_test.hpp"

namespace howl::products::inbox {
namespace {

using codec::http::Header;
using codec::http::Method;
using codec::http::Response;
using hub::RecordingSink;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class InboxApiTest : public ::testing::Test {
protected:
    InboxApiTest() {
        router_.add_endpoint("/", response_policy_);
        add_api_routes(router_, response_policy_, subscribers_);
    }

    Response post(const std::string& path, const std::string& text,
                  std::vector<Header> headers = {}) {
        codec::http::Request request;
        request.method = Method::kPost;
        request.path = path;
        request.headers = std::move(headers);
        request.body = text;
        return std::get<Response>(rig_.ask(router_, request));
    }
    std::unique_ptr<hub::Reader> read(hub::Hub& hub, const std::string& topic) {
        auto reader = std::make_unique<hub::Reader>(
            hub, sink_, encoder_, std::vector{*hub::TopicName::parse(topic)}, hub::FromNow{});
        rig_.settle();
        return reader;
    }

    ProductRig rig_;
    hub::WordEncoder encoder_;
    RecordingSink sink_;

private:
    const hub::LocalSubscriberCounts subscribers_{rig_.shards, {&rig_.home(), &rig_.elsewhere()}};
    const transport::ApiResponsePolicy response_policy_{transport::OriginRule{}};
    transport::Router router_;
};

TEST_F(InboxApiTest, AMessageIsStoredForItsUserAndAnsweredWithItsPlace) {
    const auto reply = post("/api/inbox/anna/messages", "hello");
    EXPECT_EQ(reply.status(), 201);
    EXPECT_EQ(reply.body(),
              R"({"topic":"howl:inbox/v3/anna","epoch":"d1","offset":1,"sessions":0})");
    const auto kept = rig_.events("howl:inbox/v3/anna");
    ASSERT_THAT(kept, SizeIs(1));
    EXPECT_EQ(kept[0]->data, "hello");
    EXPECT_EQ(kept[0]->type, "");
}

TEST_F(InboxApiTest, CountsTheStreamsOfThatUserOnAllShards) {
    auto first = read(rig_.home(), "howl:inbox/v3/anna");
    auto second = read(rig_.home(), "howl:inbox/v3/anna");
    const auto third = read(rig_.elsewhere(), "howl:inbox/v3/anna");
    const auto other = read(rig_.elsewhere(), "howl:inbox/v3/bob");
    EXPECT_THAT(post("/api/inbox/anna/messages", "1").body(), EndsWith(R"("sessions":3})"));
    first.reset();
    second.reset();
    EXPECT_THAT(post("/api/inbox/anna/messages", "2").body(), EndsWith(R"("sessions":1})"));
}

TEST_F(InboxApiTest, ARetryWithItsKeyStoresNothingTwice) {
    const std::vector<Header> key{{"Idempotency-Key", "k"}};
    EXPECT_EQ(post("/api/inbox/anna/messages", "x", key).status(), 201);
    const auto again = post("/api/inbox/anna/messages", "x", key);
    EXPECT_EQ(again.status(), 200);
    EXPECT_THAT(again.body(), HasSubstr(R"("offset":1,)"));
    EXPECT_EQ(post("/api/inbox/anna/messages", "y", key).status(), 409);
    EXPECT_THAT(rig_.events("howl:inbox/v3/anna"), SizeIs(1));
}

TEST_F(InboxApiTest, AUserMayHaveAnyNameThatFitsATopic) {
    EXPECT_THAT(post("/api/inbox/%D0%96%20%F0%9F%90%BA/messages", "x").body(),
                HasSubstr(R"("topic":"howl:inbox/v3/~D0~96~20~F0~9F~90~BA")"));
    EXPECT_THAT(post("/api/inbox/a%2Fb/messages", "x").body(),
                HasSubstr(R"("topic":"howl:inbox/v3/a~2Fb")"));
    EXPECT_EQ(post("/api/inbox/a/b/messages", "x").status(), 404) << "the slash has one spelling";
    const auto long_name = post("/api/inbox/" + std::string(256, 'a') + "/messages", "x");
    EXPECT_EQ(long_name.status(), 400);
    EXPECT_THAT(long_name.body(), HasSubstr(R"("code":"invalid_topic")"));
}

TEST_F(InboxApiTest, WhatIsNoTextIsRefusedAndStoredNowhere) {
    EXPECT_THAT(post("/api/inbox/anna/messages", "\xff").body(),
                HasSubstr(R"("code":"invalid_utf8")"));
    EXPECT_THAT(post("/api/inbox/anna/messages", std::string(65'537, 'x')).body(),
                HasSubstr(R"("code":"body_too_large")"));
    EXPECT_EQ(post("/api/inbox/anna/messages", "x", {{"Origin", "https://evil.example"}}).status(),
              403);
    EXPECT_THAT(rig_.events("howl:inbox/v3/anna"), IsEmpty());
}

}  // namespace
}  // namespace howl::products::inbox
