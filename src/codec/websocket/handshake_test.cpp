// SPDX-License-Identifier: Apache-2.0
#include "codec/websocket/handshake.hpp"

#include <functional>

#include <gtest/gtest.h>

namespace howl::codec::websocket {
namespace {

/// The request of RFC 6455 section 1.3.
HandshakeRequest rfc_request() {
    return {.method = "GET",
            .http_minor = 1,
            .upgrade = "websocket",
            .connection = "Upgrade",
            .sec_websocket_version = "13",
            .sec_websocket_key = "dGhlIHNhbXBsZSBub25jZQ==",
            .body = Body::kAbsent};
}

Result<std::string> check_with(const std::function<void(HandshakeRequest&)>& change) {
    HandshakeRequest request = rfc_request();
    change(request);
    return check_handshake(request);
}

TEST(Handshake, AnswersTheExampleOfRfc6455Section13) {
    EXPECT_EQ(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    EXPECT_EQ(check_handshake(rfc_request()).value(), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(Handshake, TakesListsInAnyCase) {
    for (const std::string_view upgrade : {"websocket", "WebSocket", "WEBSOCKET", " websocket\t",
                                           "h2c, websocket", "websocket,h2c", ", ,websocket"}) {
        EXPECT_TRUE(check_with([&](auto& request) { request.upgrade = upgrade; })) << upgrade;
    }
    for (const std::string_view connection :
         {"Upgrade", "upgrade", "UPGRADE", "keep-alive, Upgrade", "Upgrade,keep-alive",
          "keep-alive ,\tupgrade\t, x", ",Upgrade,"}) {
        EXPECT_TRUE(check_with([&](auto& request) { request.connection = connection; }))
            << connection;
    }
    EXPECT_TRUE(check_with([](auto& request) { request.sec_websocket_version = " 13 "; }));
    EXPECT_TRUE(check_with(
        [](auto& request) { request.sec_websocket_key = " dGhlIHNhbXBsZSBub25jZQ== "; }));
    EXPECT_TRUE(check_with([](auto& request) { request.http_minor = 2; }));
}

TEST(Handshake, AsksForVersion13OfWebsocket) {
    for (const std::string_view upgrade : {"", " ", ",", "h2c", "websockets", "web socket",
                                           "websocket/13", "websocket h2c", "xwebsocket"}) {
        EXPECT_EQ(check_with([&](auto& request) { request.upgrade = upgrade; }).error().code,
                  Errc::kUpgradeRequired)
            << upgrade;
    }
    for (const std::string_view connection : {"", "close", "keep-alive", "upgrades", "up,grade"}) {
        EXPECT_EQ(check_with([&](auto& request) { request.connection = connection; }).error().code,
                  Errc::kUpgradeRequired)
            << connection;
    }
    for (const std::string_view version : {"", "8", "7", "0", "12", "14", "013", "13, 8", "8, 13",
                                           "13, 13", "1 3", "thirteen", "-13"}) {
        EXPECT_EQ(check_with([&](auto& request) { request.sec_websocket_version = version; })
                      .error()
                      .code,
                  Errc::kUpgradeRequired)
            << version;
    }
}

TEST(Handshake, RefusesOtherMethods) {
    for (const std::string_view method : {"POST", "PUT", "HEAD", "OPTIONS", "CONNECT", "get", ""}) {
        EXPECT_EQ(check_with([&](auto& request) { request.method = method; }).error().code,
                  Errc::kMethodNotAllowed)
            << method;
    }
}

TEST(Handshake, RefusesOldHttpABodyAndABadKey) {
    EXPECT_EQ(check_with([](auto& request) { request.http_minor = 0; }).error().code,
              Errc::kBadRequest);
    EXPECT_EQ(check_with([](auto& request) { request.body = Body::kPresent; }).error().code,
              Errc::kBadRequest);
    EXPECT_EQ(check_with([](auto& request) { request.sec_websocket_key = ""; }).error().code,
              Errc::kBadRequest);
}

TEST(Handshake, KnowsAKeyOf16Bytes) {
    for (const std::string_view key :
         {"dGhlIHNhbXBsZSBub25jZQ==", "AAAAAAAAAAAAAAAAAAAAAA==", "+/+/+/+/+/+/+/+/+/+/+w=="}) {
        EXPECT_TRUE(is_valid_key(key)) << key;
    }
    for (const std::string_view key :
         {"", "==", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ",
          "dGhlIHNhbXBsZSBub25jZQ===", "dGhlIHNhbXBsZSBub25jZSE=", "dGhlIHNhbXBsZSBub25j",
          "dGhlIHNhbXBsZSBub25jZQ==,", "dGhlIHNhbXBsZSBub25j-Q==", "dGhlIHNhbXBsZSBub25j_Q==",
          "dGhlIHNhbXBsZSBub2 jZQ==", "dGhlIHNhbXBsZSBub2=jZQ==", "dGhlIHNhbXBsZSBub25jZQ= ",
          "dGhlIHNhbXBsZSBub25jZ\xC3\xA9=="}) {
        EXPECT_FALSE(is_valid_key(key)) << key;
        EXPECT_EQ(check_with([&](auto& request) { request.sec_websocket_key = key; }).error().code,
                  Errc::kBadRequest)
            << key;
    }
}

TEST(Handshake, NamesTheStatusThatTheClientGets) {
    const auto status = [](const std::function<void(HandshakeRequest&)>& change) {
        return check_with(change).error().entry().http_status;
    };
    EXPECT_EQ(status([](auto& request) { request.method = "POST"; }), 405);
    EXPECT_EQ(status([](auto& request) { request.sec_websocket_version = "8"; }), 426);
    EXPECT_EQ(status([](auto& request) { request.sec_websocket_key = "short"; }), 400);
}

}  // namespace
}  // namespace howl::codec::websocket
