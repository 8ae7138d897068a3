// SPDX-License-Identifier: Apache-2.0
#include "transport/http/router.hpp"

#include <gtest/gtest.h>

#include "transport/http/router_rig_for_test.hpp"

namespace howl::transport {
namespace {

namespace http = codec::http;
using http::Method;
using runtime::Task;

/// A door that says everything in its own way.
class RudeManners final : public DoorManners {
public:
    [[nodiscard]] const OriginRule& origins() const override { return rule_; }
    [[nodiscard]] http::Response render(const Error& error) const override {
        return http::Response::text(error.entry().http_status, "go away");
    }
    void finish(const http::Request&, http::Response& response) const override {
        response.set("X-Rude", "yes");
    }

private:
    OriginRule rule_{{"*"}};
};

/// A router whose routes answer with their own name and what the wildcard stood for.
class Routes : public RouterRig {
protected:
    Routes() { router_.add_door("/", api_); }

    void add(Method method, const std::string& pattern, const DoorManners& manners) {
        router_.add(method, pattern, manners,
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

    ApiManners api_{OriginRule{{"https://app.example"}}};
    RudeManners rude_;
};

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
    EXPECT_EQ(body(Method::kGet, "/t/%2e%2e/events"), "/t/*/events [..]");
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

TEST_F(Routes, OptionsTellsTheMethods) {
    add(Method::kGet, "/page", api_);
    const auto reply = ask(Method::kOptions, "/page");
    EXPECT_EQ(reply.status(), 204);
    EXPECT_EQ(reply.header("Allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(reply.header("Access-Control-Allow-Methods"), "");
    EXPECT_EQ(ask(Method::kOptions, "*").status(), 204);
}

TEST_F(Routes, APreflightIsAnsweredAndOnlyAnAllowedOriginMayReadIt) {
    add(Method::kPost, "/act", api_);
    const http::Header wish{"Access-Control-Request-Method", "POST"};
    const auto allowed = ask(Method::kOptions, "/act", {wish, {"Origin", "https://app.example"}});
    EXPECT_EQ(allowed.status(), 204);
    EXPECT_EQ(allowed.header("Access-Control-Allow-Origin"), "https://app.example");
    EXPECT_EQ(allowed.header("Access-Control-Allow-Methods"), "POST, OPTIONS");
    EXPECT_EQ(allowed.header("Access-Control-Allow-Headers"),
              "Content-Type, Idempotency-Key, Last-Event-ID, Cache-Control");
    EXPECT_EQ(allowed.header("Access-Control-Max-Age"), "600");
    EXPECT_EQ(allowed.header("Vary"), "Origin");
    const auto refused = ask(Method::kOptions, "/act", {wish, {"Origin", "https://evil.example"}});
    EXPECT_EQ(refused.header("Access-Control-Allow-Origin"), "");
}

TEST_F(Routes, AForeignPageMayNotChangeStateButMayReadWithoutSeeing) {
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
    const auto read = ask(Method::kGet, "/thing", {evil});
    EXPECT_EQ(read.status(), 200);
    EXPECT_EQ(read.header("Access-Control-Allow-Origin"), "");
    EXPECT_EQ(read.header("Vary"), "Origin");
}

TEST_F(Routes, AForeignPageMayNotOpenASocket) {
    router_.add(Method::kGet, "/ws", api_, socket);
    http::Request request;
    request.path = "/ws";
    EXPECT_TRUE(std::holds_alternative<WebSocketReply>(answer(request)));
    request.headers = {{"Origin", "https://app.example"}};
    EXPECT_TRUE(std::holds_alternative<WebSocketReply>(answer(request)));
    request.headers = {{"Host", "evil.example"}, {"Origin", "http://evil.example"}};
    auto refused = answer(request);
    ASSERT_TRUE(std::holds_alternative<http::Response>(refused));
    EXPECT_EQ(std::get<http::Response>(refused).status(), 403);
}

TEST_F(Routes, TheLongestDoorPrefixDecidesTheManners) {
    router_.add_door("/v2/", rude_);
    add(Method::kPost, "/v2/message", rude_);
    EXPECT_EQ(body(Method::kGet, "/v2/nothing"), "go away");
    EXPECT_EQ(ask(Method::kGet, "/v2/nothing").header("X-Rude"), "yes");
    EXPECT_EQ(ask(Method::kGet, "/v2/message").status(), 405);
    EXPECT_EQ(ask(Method::kGet, "/v2/message").header("Allow"), "POST, OPTIONS");
    EXPECT_EQ(ask(Method::kGet, "/v2").header("Content-Type"), "application/problem+json");
    EXPECT_EQ(&router_.manners_at("/v2/x"), static_cast<const DoorManners*>(&rude_));
    EXPECT_EQ(&router_.manners_at("*"), static_cast<const DoorManners*>(&api_));
}

TEST_F(Routes, ADoorAtTheRootTakesTheListenersMannersOver) {
    router_.add_door("/", rude_);
    EXPECT_EQ(body(Method::kGet, "/nothing"), "go away");
    EXPECT_EQ(ask(Method::kOptions, "/nothing").header("X-Rude"), "yes");
}

TEST_F(Routes, AnErrorOfAHandlerIsRenderedByItsDoor) {
    router_.add(Method::kGet, "/api/full", api_, failing);
    router_.add(Method::kGet, "/rude/full", rude_, failing);
    const auto api = ask(Method::kGet, "/api/full");
    EXPECT_EQ(api.status(), 507);
    EXPECT_EQ(api.body(),
              R"({"type":"about:blank","title":"The disk is full; nothing was stored.",)"
              R"("status":507,"code":"storage_full","detail":"no room"})");
    EXPECT_EQ(api.header("X-Content-Type-Options"), "nosniff");
    const auto rude = ask(Method::kGet, "/rude/full");
    EXPECT_EQ(rude.status(), 507);
    EXPECT_EQ(rude.body(), "go away");
    EXPECT_EQ(rude.header("X-Rude"), "yes");
}

TEST_F(Routes, AnOriginCannotSplitTheReply) {
    add(Method::kGet, "/page", rude_);
    const ApiManners everyone{OriginRule{{"*"}}};
    add(Method::kGet, "/open", everyone);
    const auto reply = ask(Method::kGet, "/open", {{"Origin", "http://a\r\nSet-Cookie: b"}});
    EXPECT_EQ(reply.header("Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(reply.header("Set-Cookie"), "");
}

}  // namespace
}  // namespace howl::transport
