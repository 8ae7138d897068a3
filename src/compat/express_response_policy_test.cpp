// SPDX-License-Identifier: Apache-2.0
#include "compat/express_response_policy.hpp"

#include <gtest/gtest.h>

namespace howl::compat {
namespace {

using codec::http::Method;
using codec::http::Request;
using codec::http::Response;

Request get(std::string path, std::vector<codec::http::Header> headers = {}) {
    Request request;
    request.method_text = "GET";
    request.path = std::move(path);
    request.headers = std::move(headers);
    return request;
}

Request with_body(std::string body) {
    Request request;
    request.body = std::move(body);
    return request;
}

Response not_found(const Request& request) {
    const ExpressResponsePolicy response_policy{{"*"}};
    auto response = response_policy.render({Errc::kNotFound, "route", {}});
    response_policy.finish(request, response);
    return response;
}

Response finished(const ExpressResponsePolicy& response_policy, std::string_view origin) {
    Response response{200};
    response_policy.finish(get("/", {{"Origin", std::string{origin}}}), response);
    return response;
}

TEST(ExpressResponsePolicy, AnUnknownRouteNamesTheRequestOnItsPage) {
    const auto response = not_found(get("/nowhere"));
    EXPECT_EQ(response.status(), 404);
    EXPECT_EQ(response.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(response.header("Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(response.body(),
              "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
              "<title>Error</title>\n</head>\n<body>\n<pre>Cannot GET /nowhere</pre>\n"
              "</body>\n</html>\n");
}

TEST(ExpressResponsePolicy, AWrongMethodIsAnUnknownRoute) {
    const ExpressResponsePolicy response_policy{{"*"}};
    EXPECT_EQ(response_policy.render({Errc::kMethodNotAllowed, "route", {}}).status(), 404);
}

TEST(ExpressResponsePolicy, APathCannotWriteIntoThePage) {
    const auto page = not_found(get("/<script>'\"&")).body();
    EXPECT_NE(page.find("<pre>Cannot GET /&lt;script&gt;&#39;&quot;&amp;</pre>"),
              std::string::npos);
}

TEST(ExpressResponsePolicy, AnErrorIsAPageWithItsReason) {
    const ExpressResponsePolicy response_policy{{"*"}};
    const auto response = response_policy.render({Errc::kBodyTooLarge, "body", {}});
    EXPECT_EQ(response.status(), 413);
    EXPECT_EQ(response.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_NE(response.body().find("<pre>Payload Too Large</pre>"), std::string::npos);
}

TEST(ExpressResponsePolicy, APreflightIsAnsweredAsRecorded) {
    const ExpressResponsePolicy response_policy{{"*"}};
    const auto request = get("/new-user", {{"Access-Control-Request-Headers", "content-type"}});
    auto response = response_policy.preflight(request, "POST");
    response_policy.finish(request, response);
    EXPECT_EQ(response.status(), 204);
    EXPECT_EQ(response.header("Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(response.header("Access-Control-Allow-Methods"), "GET,HEAD,PUT,PATCH,POST,DELETE");
    EXPECT_EQ(response.header("Access-Control-Allow-Headers"), "content-type");
    EXPECT_EQ(response.header("Vary"), "Access-Control-Request-Headers");
}

TEST(ExpressResponsePolicy, AListOfOriginsIsReflectedAndOthersGetNothing) {
    const ExpressResponsePolicy response_policy{{"https://chat.example"}};
    const auto known = finished(response_policy, "https://chat.example");
    EXPECT_EQ(known.header("Access-Control-Allow-Origin"), "https://chat.example");
    EXPECT_EQ(known.header("Vary"), "Origin");
    EXPECT_EQ(
        finished(response_policy, "https://evil.example").header("Access-Control-Allow-Origin"),
        "");
}

TEST(ExpressBody, NothingIsAnEmptyObject) {
    EXPECT_EQ(*express_body(with_body("")), boost::json::object{});
}

TEST(ExpressBody, OnlyObjectsAndArraysAreTaken) {
    EXPECT_TRUE(express_body(with_body(R"({"name":"Anna"})")).has_value());
    EXPECT_TRUE(express_body(with_body("[]")).has_value());
    for (const auto* body : {"5", "\"Anna\"", "null", "{", "{}x", "  "}) {
        ASSERT_FALSE(express_body(with_body(body)).has_value()) << body;
        EXPECT_EQ(express_body(with_body(body)).error().code, Errc::kInvalidJson) << body;
    }
}

TEST(ExpressBody, MayHaveAHundredKilobytes) {
    const std::string whole = "[" + std::string(kExpressBodyBytesMax - 2, ' ') + "]";
    EXPECT_TRUE(express_body(with_body(whole)).has_value());
    EXPECT_EQ(express_body(with_body(whole + " ")).error().code, Errc::kBodyTooLarge);
}

TEST(ExpressJson, CarriesTheEtagOfTheOriginal) {
    // What the npm package `etag` makes of an empty body.
    EXPECT_EQ(express_etag(""), "W/\"0-2jmj7l5rSw0yVb/vlWAYkK/YBwk\"");
    const auto response = express_json(201, "{}");
    EXPECT_EQ(response.header("Content-Type"), "application/json; charset=utf-8");
    EXPECT_EQ(response.header("ETag"), express_etag("{}"));
}

TEST(ExpressJson, AClientThatHasItGets304) {
    const auto etag = express_etag("{}");
    const auto again = express_json(get("/", {{"If-None-Match", etag}}), "{}");
    EXPECT_EQ(again.status(), 304);
    EXPECT_EQ(again.header("ETag"), etag);
    EXPECT_EQ(again.body(), "");
    EXPECT_EQ(express_json(get("/", {{"If-None-Match", "W/\"2-other\""}}), "{}").status(), 200);
}

}  // namespace
}  // namespace howl::compat
