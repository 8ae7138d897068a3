// SPDX-License-Identifier: Apache-2.0
// What `/v1`, `/v2` and `/v3` say on the wire, through a whole server.
#include "products/inbox/inbox.hpp"
#include "server/live_server_for_test.hpp"

namespace howl::compat::inbox {

using products::inbox::InboxSettings;
using server::body_of;
using server::Config;
using server::LiveServer;
using server::RawClient;
using server::status_of;

namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view kInboxHeaders =
    "access-control-allow-origin: *\r\naccess-control-expose-headers: *\r\nvary: origin\r\n"
    "vary: access-control-request-method\r\nvary: access-control-request-headers\r\n";

/// As the original let everyone in.
void let_everyone_in(Config& config) {
    config.of<InboxSettings>().allowed_origins = {"*"};
}

TEST(InboxCompat, V1SaysHiAtOnceAndEveryFifteenSecondsWithKeepAlivesBetween) {
    LiveServer howl{let_everyone_in};
    auto client = howl.connect();
    client.send("GET /v1/sse?username=U HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto head = client.read_until("\r\n\r\n");
    EXPECT_THAT(head, HasSubstr("Content-Type: text/event-stream\r\n"));
    EXPECT_THAT(head, HasSubstr("Cache-Control: no-cache\r\n"));
    EXPECT_THAT(head, HasSubstr(std::string{kInboxHeaders}));
    EXPECT_EQ(client.read_until("\n\n"), "data: hi!\n\n");
    for (int i = 0; i < 4; ++i) {
        howl.advance(3s);
        EXPECT_EQ(client.read_until("\n\n"), ": keep-alive-text\n\n");
    }
    howl.advance(3s);
    EXPECT_EQ(client.read_until("\n\n"), "data: hi!\n\n");
}

TEST(InboxCompat, AMessageReachesEveryTabOfItsUserAndNobodyElse) {
    LiveServer howl{let_everyone_in};
    std::vector<RawClient> tabs;
    for (const char* target :
         {"/v2/sse?username=U", "/v2/sse?username=U", "/v2/sse?username=u", "/v3/sse?username=U"}) {
        tabs.push_back(howl.connect());
        tabs.back().send("GET " + std::string{target} + " HTTP/1.1\r\nHost: a\r\n\r\n");
        static_cast<void>(tabs.back().read_until("\r\n\r\n"));
        EXPECT_THAT(tabs.back().read_until("\n\n"), MatchesRegex("id: [a-z0-9.]+\n\n"));
    }
    const auto reply = howl.post("/v2/message?username=U", "one\ntwo\rthree");
    EXPECT_EQ(reply, "HTTP/1.1 204 No Content\r\nDate: Tue, 14 Nov 2023 22:13:20 GMT\r\n" +
                         std::string{kInboxHeaders} + "\r\n");
    for (int tab = 0; tab < 2; ++tab) {
        EXPECT_THAT(tabs[static_cast<std::size_t>(tab)].read_until("\n\n"),
                    MatchesRegex("id: [a-z0-9.]+\ndata: one\ndata: two\ndata: three\n\n"));
    }
    howl.settle();
    EXPECT_EQ(tabs[2].poll(), "");
    EXPECT_EQ(tabs[3].poll(), "");
    howl.advance(30s);
    EXPECT_EQ(tabs[3].read_until("\n\n"), ": keep-alive-text\n\n");
}

TEST(InboxCompat, AnyNameIsAUserAlsoNone) {
    LiveServer howl;
    for (const std::string name :
         {"", "%D0%96", "a%2Fb", "a%20b", "~", "%7E", "a:b", "..%2F..", "%00"}) {
        auto client = howl.connect();
        client.send("GET /v2/sse?username=" + name + " HTTP/1.1\r\nHost: a\r\n\r\n");
        static_cast<void>(client.read_until("\n\n"));
        EXPECT_EQ(status_of(howl.post("/v2/message?username=" + name, "to " + name)), 204) << name;
        EXPECT_THAT(client.read_until("data: to " + name + "\n\n"), Not(HasSubstr("data: to x")))
            << name;
    }
}

TEST(InboxCompat, AnAbsentUserResumesWhatWasKept) {
    LiveServer howl;
    std::string last;
    {
        auto client = howl.connect();
        client.send("GET /v3/sse?username=U HTTP/1.1\r\nHost: a\r\n\r\n");
        static_cast<void>(client.read_until("\r\n\r\n"));
        last = client.read_until("\n\n");
    }
    howl.post("/v3/message?username=U", "while you were away");
    auto back = howl.connect();
    back.send("GET /v3/sse?username=U HTTP/1.1\r\nHost: a\r\nLast-Event-ID: " +
              last.substr(4, last.size() - 6) + "\r\n\r\n");
    EXPECT_THAT(back.read_until("away\n\n"), HasSubstr("\ndata: while you were away\n\n"));
    auto stranger = howl.connect();
    stranger.send("GET /v3/sse?username=U HTTP/1.1\r\nHost: a\r\nLast-Event-ID: not-ours\r\n\r\n");
    EXPECT_THAT(stranger.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 200 "));
}

TEST(InboxCompat, MistakesAreAnsweredAsTheOriginalsFrameworkDid) {
    LiveServer howl{let_everyone_in};
    for (const std::string request :
         {"GET /v1/sse", "GET /v2/sse", "GET /v3/sse?user=U", "POST /v2/message"}) {
        const auto reply = howl.ask(request + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
        EXPECT_EQ(status_of(reply), 400) << request;
        EXPECT_THAT(reply, HasSubstr("Content-Type: text/plain; charset=utf-8\r\n"));
        EXPECT_EQ(body_of(reply), "Failed to deserialize query string: missing field `username`");
    }
    const auto unknown = howl.get("/v2/nothing");
    EXPECT_EQ(status_of(unknown), 404);
    EXPECT_EQ(body_of(unknown), "");
    EXPECT_THAT(unknown, HasSubstr(std::string{kInboxHeaders}));
    const auto wrong = howl.get("/v2/message?username=U");
    EXPECT_EQ(status_of(wrong), 405);
    EXPECT_THAT(wrong, HasSubstr("Allow: POST, OPTIONS\r\n"));
    EXPECT_EQ(body_of(wrong), "");
    EXPECT_EQ(status_of(howl.post("/v2/message?username=U", "\xC3")), 400);
}

TEST(InboxCompat, AnyOptionsIs200AndOpen) {
    LiveServer howl{let_everyone_in};
    for (const std::string path : {"/v1/sse", "/v2/message", "/v3/nothing"}) {
        const auto reply = howl.ask(
            "OPTIONS " + path + " HTTP/1.1\r\nHost: a\r\nOrigin: http://localhost:5173\r\n\r\n");
        EXPECT_EQ(status_of(reply), 200) << path;
        EXPECT_THAT(
            reply,
            HasSubstr("access-control-allow-methods: *\r\naccess-control-allow-headers: *\r\n"));
        EXPECT_THAT(reply, HasSubstr(std::string{kInboxHeaders}));
        EXPECT_EQ(body_of(reply), "");
    }
}

TEST(InboxCompat, NoForeignPageMayUseItUnlessTheOperatorSaysSo) {
    LiveServer howl;
    const std::string foreign = "Origin: http://other.example\r\n";
    for (const std::string endpoint : {"/v2", "/v3"}) {
        const auto posted = howl.post(endpoint + "/message?username=U", "x", foreign);
        EXPECT_EQ(status_of(posted), 403);
        EXPECT_THAT(posted, Not(HasSubstr("access-control-allow-origin")));
        EXPECT_EQ(status_of(howl.get(endpoint + "/sse?username=U", foreign)), 403);
    }
    EXPECT_EQ(status_of(howl.get("/v1/sse?username=U", foreign)), 403);
    EXPECT_EQ(status_of(howl.post("/v2/message?username=U", "x", "Origin: http://127.0.0.1\r\n")),
              204);
}

TEST(InboxCompat, OnlyListedPagesMayUseItWhereTheOperatorSaysSo) {
    LiveServer howl{[](Config& config) {
        config.of<InboxSettings>().allowed_origins = {"http://mine.example"};
    }};
    EXPECT_EQ(
        status_of(howl.post("/v2/message?username=U", "x", "Origin: http://other.example\r\n")),
        403);
    const auto mine = howl.post("/v2/message?username=U", "x", "Origin: http://mine.example\r\n");
    EXPECT_EQ(status_of(mine), 204);
    EXPECT_THAT(mine, HasSubstr("access-control-allow-origin: http://mine.example\r\n"));
}

TEST(InboxCompat, WhatABrowserSendsPlainlyNamesTheSameUserAsEncoded) {
    LiveServer howl;
    auto reader = howl.connect();
    reader.send("GET /v2/sse?username=[a|b]{x}^_^100% HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_THAT(reader.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 200 "));
    EXPECT_EQ(status_of(howl.post("/v2/message?username=%5Ba%7Cb%5D%7Bx%7D%5E_%5E100%25", "hi")),
              204);
    static_cast<void>(reader.read_until("data: hi\n\n"));
}

}  // namespace
}  // namespace howl::compat::inbox
