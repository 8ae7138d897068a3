// SPDX-License-Identifier: Apache-2.0
#include "apps/express_manners.hpp"

#include <gtest/gtest.h>

namespace howl::apps {
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
    const ExpressManners manners{{"*"}};
    auto response = manners.render({Errc::kNotFound, "route", {}});
    manners.finish(request, response);
    return response;
}

Response finished(const ExpressManners& manners, std::string_view origin) {
    Response response{200};
    manners.finish(get("/", {{"Origin", std::string{origin}}}), response);
    return response;
}

TEST(ExpressManners, AnUnknownRouteNamesTheRequestOnItsPage) {
    const auto response = not_found(get("/nowhere"));
    EXPECT_EQ(response.status(), 404);
    EXPECT_EQ(response.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(response.header("Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(response.body(),
              "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
              "<title>Error</title>\n</head>\n<body>\n<pre>Cannot GET /nowhere</pre>\n"
              "</body>\n</html>\n");
}

TEST(ExpressManners, AWrongMethodIsAnUnknownRoute) {
    const ExpressManners manners{{"*"}};
    EXPECT_EQ(manners.render({Errc::kMethodNotAllowed, "route", {}}).status(), 404);
}

TEST(ExpressManners, APathCannotWriteIntoThePage) {
    const auto page = not_found(get("/<script>'\"&")).body();
    EXPECT_NE(page.find("<pre>Cannot GET /&lt;script&gt;&#39;&quot;&amp;</pre>"),
              std::string::npos);
}

TEST(ExpressManners, AnErrorIsAPageWithItsReason) {
    const ExpressManners manners{{"*"}};
    const auto response = manners.render({Errc::kBodyTooLarge, "body", {}});
    EXPECT_EQ(response.status(), 413);
    EXPECT_EQ(response.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_NE(response.body().find("<pre>Payload Too Large</pre>"), std::string::npos);
}

TEST(ExpressManners, APreflightIsAnsweredAsRecorded) {
    const ExpressManners manners{{"*"}};
    const auto request = get("/new-user", {{"Access-Control-Request-Headers", "content-type"}});
    auto response = manners.preflight(request, "POST");
    manners.finish(request, response);
    EXPECT_EQ(response.status(), 204);
    EXPECT_EQ(response.header("Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(response.header("Access-Control-Allow-Methods"), "GET,HEAD,PUT,PATCH,POST,DELETE");
    EXPECT_EQ(response.header("Access-Control-Allow-Headers"), "content-type");
    EXPECT_EQ(response.header("Vary"), "Access-Control-Request-Headers");
}

TEST(ExpressManners, AListOfOriginsIsReflectedAndOthersGetNothing) {
    const ExpressManners manners{{"https://chat.example"}};
    const auto known = finished(manners, "https://chat.example");
    EXPECT_EQ(known.header("Access-Control-Allow-Origin"), "https://chat.example");
    EXPECT_EQ(known.header("Vary"), "Origin");
    EXPECT_EQ(finished(manners, "https://evil.example").header("Access-Control-Allow-Origin"), "");
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
}  // namespace howl::apps
