// SPDX-License-Identifier: Apache-2.0
#include "compat/axum_response_policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "products/topics/event_encoders.hpp"

namespace howl::compat {
namespace {

using codec::http::Request;
using codec::http::Response;
using testing::ElementsAre;

const AxumResponsePolicy kResponsePolicy{{"*"}};

Request request_with(std::vector<codec::http::Header> headers, std::string query = {}) {
    Request request;
    request.headers = std::move(headers);
    request.query = std::move(query);
    return request;
}

std::string shown(const Response& response) {
    return std::to_string(response.status()) + " " + response.body();
}

TEST(AxumResponsePolicy, SayWhatAnExtractorFoundWrong) {
    EXPECT_EQ(shown(kResponsePolicy.render({Errc::kInvalidQuery, "", "missing field `user_id`"})),
              "400 Failed to deserialize query string: missing field `user_id`");
    EXPECT_EQ(shown(kResponsePolicy.render({Errc::kInvalidJson, "", "syntax error"})),
              "400 Failed to parse the request body as JSON: syntax error");
    EXPECT_EQ(shown(kResponsePolicy.render({Errc::kBadRequest, "", "id: it is a UUID"})),
              "422 Failed to deserialize the JSON body into the target type: id: it is a UUID");
    EXPECT_EQ(shown(kResponsePolicy.render({Errc::kUnsupportedData, "", {}})),
              "415 Expected request with `Content-Type: application/json`");
    EXPECT_EQ(kResponsePolicy.render({Errc::kUnsupportedData, "", {}}).header("Content-Type"),
              "text/plain; charset=utf-8");
}

TEST(AxumResponsePolicy, SayNothingOfWhatThereIsNot) {
    EXPECT_EQ(shown(kResponsePolicy.render({Errc::kNotFound, "route", {}})), "404 ");
    EXPECT_EQ(shown(kResponsePolicy.render({Errc::kMethodNotAllowed, "route", {}})), "405 ");
}

TEST(AxumResponsePolicy, OtherErrorsAreTextOfOurs) {
    EXPECT_EQ(shown(kResponsePolicy.render({Errc::kStorageFull, "", {}})),
              "507 The disk is full; nothing was stored.");
    EXPECT_EQ(shown(kResponsePolicy.render({Errc::kLimitReached, "", "enough"})), "409 enough");
}

TEST(AxumResponsePolicy, EveryReplyIsForEveryPage) {
    Response response{404};
    kResponsePolicy.finish(request_with({{"Origin", "https://any.example"}}), response);
    EXPECT_EQ(response.header("access-control-allow-origin"), "*");
    EXPECT_EQ(response.header("access-control-expose-headers"), "*");
    std::vector<std::string> vary;
    for (const auto& header : response.headers()) {
        if (header.name == "vary") {
            vary.push_back(header.value);
        }
    }
    EXPECT_THAT(vary, ElementsAre("origin", "access-control-request-method",
                                  "access-control-request-headers"));
    const auto preflight = kResponsePolicy.preflight(request_with({}), "GET");
    EXPECT_EQ(shown(preflight), "200 ");
    EXPECT_EQ(preflight.header("access-control-allow-methods"), "*");
    EXPECT_EQ(preflight.header("access-control-allow-headers"), "*");
}

TEST(AxumResponsePolicy, AListOfOriginsLetsInOnlyThose) {
    const AxumResponsePolicy response_policy{{"https://app.example"}};
    Response to_friend{200};
    response_policy.finish(request_with({{"Origin", "https://app.example"}}), to_friend);
    EXPECT_EQ(to_friend.header("access-control-allow-origin"), "https://app.example");
    Response to_stranger{200};
    response_policy.finish(request_with({{"Origin", "https://evil.example"}}), to_stranger);
    EXPECT_EQ(to_stranger.header("access-control-allow-origin"), "");
}

TEST(AxumQuery, IsAFieldThatHasToBeThere) {
    EXPECT_EQ(axum_query(request_with({}, "a=1&user_id=x%20y"), "user_id"), "x y");
    EXPECT_EQ(axum_query(request_with({}, "user_id="), "user_id"), "");
    EXPECT_EQ(axum_query(request_with({}), "user_id").error().detail, "missing field `user_id`");
}

TEST(AxumJson, IsAskedForByItsMediaType) {
    for (const std::string type :
         {"application/json", "Application/JSON", "application/json; charset=utf-8",
          "application/json ;charset=utf-8", "application/merge-patch+json"}) {
        EXPECT_TRUE(check_axum_json(request_with({{"Content-Type", type}}))) << type;
    }
    for (const std::string type :
         {"", " ", ";", "text/json", "text/plain", "application/", "application/+json", "json",
          "application/jsonp", "application/x-www-form-urlencoded"}) {
        const auto checked = check_axum_json(request_with({{"Content-Type", type}}));
        ASSERT_FALSE(checked) << type;
        EXPECT_EQ(checked.error().code, Errc::kUnsupportedData);
    }
    EXPECT_FALSE(check_axum_json(request_with({})));
}

TEST(AxumStream, GoesOnFromAPlaceOfOursAndFromNowOtherwise) {
    const auto style = axum_style(std::chrono::seconds{30});
    using products::topics::SseEncoder;
    const SseEncoder encoder{SseEncoder::Data::kRaw};
    const auto topic = *hub::TopicName::parse("howl:test");
    const auto start_with = [&](const std::string& id) {
        const auto reply =
            axum_stream(request_with({{"Last-Event-ID", id}}), style, topic, encoder);
        EXPECT_EQ(reply.head.header("Cache-Control"), "no-cache");
        return reply.subscription->start;
    };
    EXPECT_TRUE(std::holds_alternative<hub::Cursor>(start_with("d1.7.v1.0")));
    EXPECT_TRUE(std::holds_alternative<hub::FromNow>(start_with("from another server")));
    EXPECT_TRUE(std::holds_alternative<hub::FromNow>(start_with("")));
    EXPECT_EQ(style.heartbeat_comment, "keep-alive-text");
}

}  // namespace
}  // namespace howl::compat
