// SPDX-License-Identifier: Apache-2.0
#include "transport/http/router.hpp"

#include <utility>

#include <gtest/gtest.h>

#include "telemetry/metrics.hpp"
#include "transport/http/router_rig_for_test.hpp"

namespace howl::transport {
namespace {

namespace http = codec::http;
using http::Method;
using runtime::Task;

/// An endpoint with an error format and a header of its own.
class CustomResponsePolicy final : public ResponsePolicy {
public:
    [[nodiscard]] const OriginRule& origins() const override { return rule_; }
    [[nodiscard]] http::Response render(const Error& error) const override {
        return http::Response::text(error.entry().http_status, "go away");
    }
    void finish(const http::Request&, http::Response& response) const override {
        response.set("X-Custom", "yes");
    }

private:
    OriginRule rule_{{"*"}};
};

/// A router whose routes answer with their own name and the wildcard's value.
class Routes : public RouterRig {
protected:
    Routes() { router_.add_endpoint("/", api_); }

    void add(Method method, const std::string& pattern, const ResponsePolicy& response_policy) {
        router_.add(method, pattern, response_policy,
                    [pattern](Exchange& exchange) { return named(pattern, exchange.wildcard); });
    }
    static Task<Result<Reply>> named(std::string pattern, std::string wildcard) {
        co_return http::Response::text(200, pattern + " [" + wildcard + "]");
    }
    static Task<Result<Reply>> failing(Exchange& /*exchange*/) {
        co_return fail(Errc::kStorageFull, "test", "no room");
    }
    static Task<Result<Reply>> socket(Exchange& /*exchange*/) { co_return WebSocketReply{}; }

    std::string body(Method method, std::string_view path) { return ask(method, path).body(); }

    ApiResponsePolicy api_{OriginRule{{"https://app.example"}}};
    CustomResponsePolicy custom_;
};

std::uint64_t observed(const telemetry::Series& series) {
    return telemetry::value(series).count;
}
telemetry::Series time_of(std::string method, std::string pattern) {
    return telemetry::series(telemetry::Histogram::kRequestTime,
                             {std::move(method), std::move(pattern)});
}

TEST_F(Routes, TheTimeOfARequestIsObservedByThePatternOfItsRoute) {
    add(Method::kGet, "/timed/*", api_);
    add(Method::kPost, "/timed/*", api_);
    const auto reads = time_of("GET", "/timed/*");
    const auto writes = time_of("POST", "/timed/*");
    const auto before = std::pair{observed(reads), observed(writes)};
    ask(Method::kGet, "/timed/one");
    ask(Method::kHead, "/timed/two");
    ask(Method::kPost, "/timed/three");
    EXPECT_EQ(observed(reads), before.first + 2);
    EXPECT_EQ(observed(writes), before.second + 1);
}

TEST_F(Routes, RequestsWithoutARouteAreObservedTogetherAndSoAreFiles) {
    router_.add_public(Method::kGet, "/one.js", api_,
                       [](Exchange&) { return named("one.js", {}); });
    const telemetry::Series other{telemetry::Histogram::kRequestTime};
    const auto before = std::pair{observed(other), observed(time_of("GET", "files"))};
    ask(Method::kGet, "/nowhere");
    ask(Method::kDelete, "/one.js");
    ask(Method::kGet, "/one.js");
    EXPECT_EQ(observed(other), before.first + 2);
    EXPECT_EQ(observed(time_of("GET", "files")), before.second + 1);
}

TEST_F(Routes, APlainPathIsPreferredToAWildcardWhateverCameFirst) {
    add(Method::kGet, "/api/topics/*/events", api_);
    add(Method::kGet, "/api/topics/all/events", api_);
    EXPECT_EQ(body(Method::kGet, "/api/topics/all/events"), "/api/topics/all/events []");
    EXPECT_EQ(body(Method::kGet, "/api/topics/one/events"), "/api/topics/*/events [one]");
}

TEST_F(Routes, AWildcardStandsForOneOrMoreSegmentsAndIsDecoded) {
    add(Method::kGet, "/t/*/events", api_);
    EXPECT_EQ(body(Method::kGet, "/t/a/b/c/events"), "/t/*/events [a/b/c]");
    EXPECT_EQ(body(Method::kGet, "/t/a%20b/%D0%96/events"), "/t/*/events [a b/\xD0\x96]");
    EXPECT_EQ(body(Method::kGet, "/t/a%2Fb/events"), "/t/*/events [a/b]");
    EXPECT_EQ(body(Method::kGet, "/t/events/events"), "/t/*/events [events]");
    EXPECT_EQ(body(Method::kGet, "/t/a%3Ab%40/events"), "/t/*/events [a:b@]");
    for (const char* second_spelling : {"/t/%2e%2e/events", "/t/%61/events", "/t/a%2Fb%5F/events",
                                        "/t/%7e/events", "/t/%39/events"}) {
        EXPECT_EQ(ask(Method::kGet, second_spelling).status(), 404) << second_spelling;
    }
    for (const char* path :
         {"/t/events", "/t//events", "/t", "/t/a/event", "/x/a/events", "/t/a/events/"}) {
        EXPECT_EQ(ask(Method::kGet, path).status(), 404) << path;
    }
}

TEST_F(Routes, EmptySegmentsOfAWildcardAreNotSwallowed) {
    add(Method::kGet, "/t/*/events", api_);
    EXPECT_EQ(body(Method::kGet, "/t//a/events"), "/t/*/events [/a]");
    EXPECT_EQ(body(Method::kGet, "/t/a//b/events"), "/t/*/events [a//b]");
    EXPECT_EQ(body(Method::kGet, "/t/a//events"), "/t/*/events [a/]");
    EXPECT_EQ(body(Method::kGet, "/t/%2Fa/events"), "/t/*/events [/a]");
}

TEST_F(Routes, PathsAreComparedByteByByte) {
    add(Method::kGet, "/healthz", api_);
    for (const char* path :
         {"/Healthz", "/healthz/", "//healthz", "/health%7a", "/healthz%00", "*", "/"}) {
        EXPECT_EQ(ask(Method::kGet, path).status(), 404) << path;
    }
}

TEST_F(Routes, AnUnknownPathIs404AndAWrongMethod405WithEveryMethodOfThePath) {
    add(Method::kPost, "/t/*/events", api_);
    add(Method::kGet, "/t/*/events", api_);
    add(Method::kDelete, "/t/*/events", api_);
    EXPECT_EQ(ask(Method::kGet, "/nowhere").status(), 404);
    EXPECT_EQ(ask(Method::kGet, "/nowhere").header("Allow"), "");
    for (const Method method : {Method::kPut, Method::kPatch, Method::kOther}) {
        const auto reply = ask(method, "/t/a/events");
        EXPECT_EQ(reply.status(), 405);
        EXPECT_EQ(reply.header("Allow"), "POST, GET, HEAD, DELETE, OPTIONS");
        EXPECT_EQ(reply.header("Content-Type"), "application/problem+json");
    }
}

TEST_F(Routes, HeadGoesToTheHandlerOfGetOnly) {
    add(Method::kGet, "/page", api_);
    add(Method::kPost, "/act", api_);
    EXPECT_EQ(body(Method::kHead, "/page"), "/page []");
    EXPECT_EQ(ask(Method::kHead, "/act").status(), 405);
    EXPECT_EQ(ask(Method::kHead, "/act").header("Allow"), "POST, OPTIONS");
}

TEST_F(Routes, OptionsListsTheMethods) {
    add(Method::kGet, "/page", api_);
    const auto reply = ask(Method::kOptions, "/page");
    EXPECT_EQ(reply.status(), 204);
    EXPECT_EQ(reply.header("Allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(reply.header("Access-Control-Allow-Methods"), "");
    EXPECT_EQ(ask(Method::kOptions, "*").status(), 204);
}

TEST_F(Routes, APreflightIsAnsweredAndOnlyAnAllowedOriginMayReadIt) {
    add(Method::kPost, "/act", api_);
    const http::Header requested{"Access-Control-Request-Method", "POST"};
    const auto allowed =
        ask(Method::kOptions, "/act", {requested, {"Origin", "https://app.example"}});
    EXPECT_EQ(allowed.status(), 204);
    EXPECT_EQ(allowed.header("Access-Control-Allow-Origin"), "https://app.example");
    EXPECT_EQ(allowed.header("Access-Control-Allow-Methods"), "POST, OPTIONS");
    EXPECT_EQ(allowed.header("Access-Control-Allow-Headers"),
              "Content-Type, Idempotency-Key, Last-Event-ID, Cache-Control");
    EXPECT_EQ(allowed.header("Access-Control-Max-Age"), "600");
    EXPECT_EQ(allowed.header("Vary"), "Origin");
    const auto refused =
        ask(Method::kOptions, "/act", {requested, {"Origin", "https://evil.example"}});
    EXPECT_EQ(refused.header("Access-Control-Allow-Origin"), "");
}

TEST_F(Routes, NoHandlerRunsForAForeignPage) {
    for (const Method method :
         {Method::kGet, Method::kPost, Method::kPut, Method::kPatch, Method::kDelete}) {
        add(method, "/thing", api_);
    }
    const http::Header evil{"Origin", "https://evil.example"};
    for (const Method method : {Method::kPost, Method::kPut, Method::kPatch, Method::kDelete}) {
        EXPECT_EQ(ask(method, "/thing", {evil}).status(), 403);
        EXPECT_EQ(ask(method, "/thing", {{"Origin", "null"}}).status(), 403);
        EXPECT_EQ(ask(method, "/thing", {{"Origin", "https://app.example"}}).status(), 200);
        EXPECT_EQ(ask(method, "/thing").status(), 200);
    }
    int runs = 0;
    const auto count = [&runs](Exchange& /*exchange*/) {
        ++runs;
        return ready(http::Response::no_content());
    };
    router_.add(Method::kGet, "/counted", api_, count);
    for (const auto& more : std::initializer_list<http::Header>{
             {"X-Plain", "yes"}, {"Accept", "text/event-stream"}, {"Upgrade", "websocket"}}) {
        const auto refused = ask(Method::kGet, "/counted", {evil, more});
        EXPECT_EQ(refused.status(), 403) << more.value;
        EXPECT_EQ(refused.header("Access-Control-Allow-Origin"), "");
        EXPECT_EQ(refused.header("Vary"), "Origin");
        EXPECT_EQ(runs, 0);
        EXPECT_EQ(ask(Method::kGet, "/counted", {{"Origin", "https://app.example"}, more}).status(),
                  204);
        EXPECT_EQ(std::exchange(runs, 0), 1);
    }
    EXPECT_EQ(ask(Method::kPost, "/counted", {evil}).status(), 403) << "before it is told 405";
}

/// Fetch Metadata of a request: Sec-Fetch-Site, -Mode and -Dest.
struct Load {
    const char* site;
    const char* mode;
    const char* dest;
};

std::vector<http::Header> headers_of(const Load& load) {
    return {{"Sec-Fetch-Site", load.site},
            {"Sec-Fetch-Mode", load.mode},
            {"Sec-Fetch-Dest", load.dest}};
}

constexpr Load kForeignSubresources[] = {
    {"cross-site", "no-cors", "image"},    {"same-site", "no-cors", "script"},
    {"cross-site", "no-cors", "empty"},    {"cross-site", "navigate", "iframe"},
    {"same-site", "navigate", "iframe"},   {"cross-site", "navigate", "frame"},
    {"cross-site", "navigate", "embed"},   {"cross-site", "navigate", "object"},
    {"cross-site", "navigate", ""},        {"cross-site", "", "document"},
    {"cross-site", "no-cors", "document"}, {"cross-site", "cors", "empty"},
};

TEST_F(Routes, AnImageOrAFrameOfAnotherSiteIsAForeignPageToo) {
    add(Method::kGet, "/thing", api_);
    add(Method::kGet, "/open", custom_);
    for (const auto& load : kForeignSubresources) {
        const auto said = std::string{load.site} + " " + load.mode + " " + load.dest;
        EXPECT_EQ(ask(Method::kGet, "/thing", headers_of(load)).status(), 403) << said;
        EXPECT_EQ(ask(Method::kHead, "/thing", headers_of(load)).status(), 403) << said;
        EXPECT_EQ(ask(Method::kGet, "/open", headers_of(load)).status(), 200) << said;
    }
    for (const Load& own :
         {Load{"same-origin", "no-cors", "image"}, Load{"same-origin", "cors", "empty"},
          Load{"same-origin", "navigate", "iframe"}, Load{"none", "navigate", "document"}}) {
        EXPECT_EQ(ask(Method::kGet, "/thing", headers_of(own)).status(), 200) << own.mode;
    }
    for (const char* mode : {"no-cors", "cors", "websocket"}) {
        auto headers = headers_of({"cross-site", mode, "empty"});
        headers.push_back({"Origin", "https://app.example"});
        EXPECT_EQ(ask(Method::kGet, "/thing", headers).status(), 200)
            << "a listed page says its origin";
    }
}

TEST_F(Routes, ALinkOfAnotherSiteLeadsToADocumentAndOpensNoStream) {
    int runs = 0;
    const auto stream = [&runs](Exchange& /*exchange*/) {
        ++runs;
        return ready(SseReply{});
    };
    const auto named_after = [](Exchange& exchange) { return named("mixed", exchange.wildcard); };
    const auto mixed = [](const http::Request& request) { return request.path.ends_with("sse"); };
    add(Method::kGet, "/thing", api_);
    router_.add_stream("/stream", api_, stream);
    router_.add_stream("/mixed/*", api_, named_after, mixed);
    router_.add(Method::kGet, "/undeclared", api_, stream);
    router_.add_stream("/open", custom_, stream);
    for (const char* site : {"cross-site", "same-site"}) {
        const auto link = headers_of({site, "navigate", "document"});
        EXPECT_EQ(ask(Method::kGet, "/thing", link).status(), 200) << "somebody has followed it";
        EXPECT_EQ(ask(Method::kGet, "/stream", link).status(), 403);
        EXPECT_EQ(ask(Method::kGet, "/mixed/sse", link).status(), 403);
        EXPECT_EQ(ask(Method::kGet, "/mixed/json", link).status(), 200);
        EXPECT_EQ(runs, 0);
        EXPECT_EQ(ask(Method::kGet, "/undeclared", link).status(), 403) << "what came of it";
        EXPECT_EQ(std::exchange(runs, 0), 1);
        http::Request request;
        request.headers = link;
        request.path = "/open";
        EXPECT_TRUE(std::holds_alternative<SseReply>(answer(request)));
        EXPECT_EQ(std::exchange(runs, 0), 1);
    }
    http::Request typed;
    typed.path = "/stream";
    typed.headers = headers_of({"none", "navigate", "document"});
    EXPECT_TRUE(std::holds_alternative<SseReply>(answer(typed)));
}

TEST_F(Routes, WhatIsPublicIsReadWithoutBeingSeen) {
    const auto file = [](Exchange& /*exchange*/) { return ready(http::Response::text(200, "x")); };
    router_.add_public(Method::kGet, "/file", api_, file);
    const http::Header evil{"Origin", "https://evil.example"};
    const auto read = ask(Method::kGet, "/file", {evil});
    EXPECT_EQ(read.status(), 200);
    EXPECT_EQ(read.header("Access-Control-Allow-Origin"), "");
    EXPECT_EQ(ask(Method::kGet, "/file", {evil, {"Upgrade", "websocket"}}).status(), 403);
    EXPECT_EQ(ask(Method::kPost, "/file", {evil}).status(), 403);
}

TEST_F(Routes, AnEncodedBodyIsRefusedWithWhatIsAccepted) {
    add(Method::kPost, "/act", api_);
    const auto post = [this](const char* coding, const char* body) {
        http::Request request;
        request.method = Method::kPost;
        request.path = "/act";
        request.body = body;
        request.headers = {{"Content-Encoding", coding}};
        return std::get<http::Response>(answer(std::move(request)));
    };
    for (const char* coding : {"gzip", "identity, gzip", "br;q=1", "aes128gcm"}) {
        const auto refused = post(coding, "x");
        EXPECT_EQ(refused.status(), 415) << coding;
        EXPECT_EQ(refused.header("Accept-Encoding"), "identity");
        EXPECT_NE(refused.body().find("unsupported_data"), std::string::npos);
    }
    EXPECT_EQ(post("identity", "x").status(), 200);
    EXPECT_EQ(post("", "x").status(), 200);
    EXPECT_EQ(post("gzip", "").status(), 200) << "there is nothing to decode";
}

TEST_F(Routes, AForeignPageMayNotOpenASocket) {
    router_.add(Method::kGet, "/ws", api_, socket);
    http::Request request;
    request.path = "/ws";
    request.headers = {{"Upgrade", "websocket"}};
    EXPECT_TRUE(std::holds_alternative<WebSocketReply>(answer(request)));
    request.headers = {{"Origin", "https://app.example"}};
    EXPECT_TRUE(std::holds_alternative<WebSocketReply>(answer(request)));
    request.headers = {{"Host", "evil.example"}, {"Origin", "http://evil.example"}};
    auto refused = answer(request);
    ASSERT_TRUE(std::holds_alternative<http::Response>(refused));
    EXPECT_EQ(std::get<http::Response>(refused).status(), 403);
}

TEST_F(Routes, TheLongestPrefixDecidesTheResponsePolicy) {
    router_.add_endpoint("/v2/", custom_);
    add(Method::kPost, "/v2/message", custom_);
    EXPECT_EQ(body(Method::kGet, "/v2/nothing"), "go away");
    EXPECT_EQ(ask(Method::kGet, "/v2/nothing").header("X-Custom"), "yes");
    EXPECT_EQ(ask(Method::kGet, "/v2/message").status(), 405);
    EXPECT_EQ(ask(Method::kGet, "/v2/message").header("Allow"), "POST, OPTIONS");
    EXPECT_EQ(ask(Method::kGet, "/v2").header("Content-Type"), "application/problem+json");
    EXPECT_EQ(&router_.response_policy_at("/v2/x"), static_cast<const ResponsePolicy*>(&custom_));
    EXPECT_EQ(&router_.response_policy_at("*"), static_cast<const ResponsePolicy*>(&api_));
}

TEST_F(Routes, APrefixAtTheRootReplacesTheListenersResponsePolicy) {
    router_.add_endpoint("/", custom_);
    EXPECT_EQ(body(Method::kGet, "/nothing"), "go away");
    EXPECT_EQ(ask(Method::kOptions, "/nothing").header("X-Custom"), "yes");
}

TEST_F(Routes, AnErrorOfAHandlerIsRenderedByItsResponsePolicy) {
    router_.add(Method::kGet, "/api/full", api_, failing);
    router_.add(Method::kGet, "/custom/full", custom_, failing);
    const auto api = ask(Method::kGet, "/api/full");
    EXPECT_EQ(api.status(), 507);
    EXPECT_EQ(api.body(),
              R"({"type":"about:blank","title":"The disk is full; nothing was stored.",)"
              R"("status":507,"code":"storage_full","detail":"no room"})");
    EXPECT_EQ(api.header("X-Content-Type-Options"), "nosniff");
    const auto custom = ask(Method::kGet, "/custom/full");
    EXPECT_EQ(custom.status(), 507);
    EXPECT_EQ(custom.body(), "go away");
    EXPECT_EQ(custom.header("X-Custom"), "yes");
}

TEST_F(Routes, AnOriginCannotSplitTheReply) {
    add(Method::kGet, "/page", custom_);
    const ApiResponsePolicy everyone{OriginRule{{"*"}}};
    add(Method::kGet, "/open", everyone);
    const auto reply = ask(Method::kGet, "/open", {{"Origin", "http://a\r\nSet-Cookie: b"}});
    EXPECT_EQ(reply.header("Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(reply.header("Set-Cookie"), "");
}

}  // namespace
}  // namespace howl::transport
