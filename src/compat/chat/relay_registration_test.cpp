// SPDX-License-Identifier: Apache-2.0
// How clients of `chat-relay` register over HTTP, through a whole server.
#include "products/chat/chat_app.hpp"
#include "server/live_server_for_test.hpp"

namespace howl::compat::chat {

using server::body_of;
using server::Config;
using server::LiveServer;
using server::status_of;

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kEndpoint = "/compat/chat-relay/";
constexpr std::string_view kTaken = R"({"status":"error","message":"This name is already taken!"})";

class RelayRegistration : public ::testing::Test {
protected:
    std::string add(const std::string& body, const std::string& headers = {}) {
        return howl_.post(std::string{kEndpoint} + "new-user", body, headers);
    }

    LiveServer howl_;
};

TEST_F(RelayRegistration, AFreeNameIsRegistered) {
    const auto reply = add(R"({"name":"Anna"})");
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(reply, HasSubstr("Content-Type: application/json; charset=utf-8\r\n"));
    EXPECT_THAT(reply, HasSubstr("ETag: W/\"52-"));
    EXPECT_THAT(
        body_of(reply),
        MatchesRegex(R"re(\{"status":"ok","user":\{"id":"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-)re"
                     R"re([89ab][0-9a-f]{3}-[0-9a-f]{12}","name":"Anna"\}\})re"));
}

TEST_F(RelayRegistration, TheBodyIsJsonWhateverItsType) {
    EXPECT_EQ(status_of(add(R"({"name":"Anna"})", "Content-Type: text/plain\r\n")), 200);
    EXPECT_EQ(status_of(add(R"({"name":"Petr","x":1})", "Content-Type: image/png\r\n")), 200);
}

TEST_F(RelayRegistration, ANameThatIsNotFreeIs409) {
    EXPECT_EQ(status_of(add(R"({"name":"Anna"})")), 200);
    for (const auto* name : {"Anna", "anna", "\u0410nna", "You", "\u0412\u044b"}) {
        const auto reply = add(R"({"name":")" + std::string{name} + R"("})");
        EXPECT_EQ(status_of(reply), 409) << name;
        EXPECT_EQ(body_of(reply), kTaken) << name;
    }
}

TEST_F(RelayRegistration, WhatIsNoNameIs400AndTheServerLives) {
    for (const auto* body :
         {"", "{}", "[]", R"([{"name":"Anna"}])", R"({"x":1})", R"({"name":""})", R"({"name":5})",
          R"({"name":null})", R"({"name":["Anna"]})", R"({"name":" "})", R"({"name":"\t"})"}) {
        const auto reply = add(body);
        EXPECT_EQ(status_of(reply), 400) << body;
        EXPECT_EQ(body_of(reply), kTaken) << body;
    }
    EXPECT_EQ(howl_.open_socket(kEndpoint).read_frame(), "81:[]");
}

TEST_F(RelayRegistration, ANameThatCanBeNobodysIsRefusedInItsOwnWords) {
    for (const auto& name :
         {std::string(200, 'a'), std::string{R"(a\u0000b)"}, std::string{"!!!"}}) {
        const auto reply = add(R"({"name":")" + name + R"("})");
        EXPECT_EQ(status_of(reply), 400) << name;
        EXPECT_EQ(body_of(reply), R"({"status":"error","message":"A name is 1-32 visible )"
                                  R"(characters of readable text."})")
            << name;
    }
}

TEST_F(RelayRegistration, WhatIsNoJsonOfItsKindIsAPage) {
    for (const auto* body : {"{", R"("Anna")", "5", "null", "name=Anna"}) {
        const auto reply = add(body);
        EXPECT_EQ(status_of(reply), 400) << body;
        EXPECT_THAT(reply, HasSubstr("Content-Type: text/html; charset=utf-8\r\n"));
        EXPECT_THAT(reply, HasSubstr("<pre>Bad Request</pre>"));
    }
    const auto reply = add(R"({"name":")" + std::string(103'000, 'x') + R"("})");
    EXPECT_EQ(status_of(reply), 413);
    EXPECT_THAT(reply, HasSubstr("<pre>Payload Too Large</pre>"));
}

TEST_F(RelayRegistration, AnUnknownRouteIsAPageThatNamesIt) {
    EXPECT_THAT(howl_.get("/compat/chat-relay/ping"),
                AllOf(StartsWith("HTTP/1.1 404 Not Found\r\n"),
                      HasSubstr("<pre>Cannot GET /compat/chat-relay/ping</pre>")));
    EXPECT_THAT(howl_.post("/compat/chat-relay/force-remove-user", R"({"name":"Anna"})"),
                HasSubstr("<pre>Cannot POST /compat/chat-relay/force-remove-user</pre>"));
}

TEST(RelayCompatElsewhere, AFullRoomIsSaidInTheSameShape) {
    LiveServer howl{
        [](Config& config) { config.of<products::chat::ChatSettings>().members_max = 1; }};
    const std::string path = std::string{kEndpoint} + "new-user";
    EXPECT_EQ(status_of(howl.post(path, R"({"name":"Anna"})")), 200);
    const auto reply = howl.post(path, R"({"name":"Petr"})");
    EXPECT_EQ(status_of(reply), 409);
    EXPECT_EQ(body_of(reply),
              R"({"status":"error","message":"There are as many of them as there may be."})");
}

TEST(RelayCompatElsewhere, OnTheOriginalPortPagesOfEveryOriginAreLetIn) {
    LiveServer howl{[](Config& config) {
        config.listeners = {{"127.0.0.1:0", {{"inbox"}, {"chat-relay", "/", {"*"}}}}};
    }};
    const std::string origin = "Origin: https://elsewhere.example\r\n";
    EXPECT_THAT(
        howl.post("/new-user", R"({"name":"Anna"})", origin),
        AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("Access-Control-Allow-Origin: *\r\n")));
    const auto preflight = howl.ask("OPTIONS /new-user HTTP/1.1\r\nHost: a\r\n" + origin +
                                    "Access-Control-Request-Headers: content-type\r\n\r\n");
    EXPECT_THAT(preflight,
                AllOf(StartsWith("HTTP/1.1 204 No Content\r\n"),
                      HasSubstr("Access-Control-Allow-Origin: *\r\n"),
                      HasSubstr("Access-Control-Allow-Methods: GET,HEAD,PUT,PATCH,POST,DELETE\r\n"),
                      HasSubstr("Access-Control-Allow-Headers: content-type\r\n"),
                      HasSubstr("Vary: Access-Control-Request-Headers\r\n")));
    EXPECT_THAT(howl.open_socket("/").read_frame(), HasSubstr(R"("name":"Anna")"));
    EXPECT_THAT(howl.open_socket("/ws").read_frame(), HasSubstr(R"("name":"Anna")"));
}

TEST_F(RelayRegistration, InItsUsualPlaceItKnowsOnlyItsOwnPages) {
    const auto reply = add(R"({"name":"Anna"})", "Origin: https://elsewhere.example\r\n");
    EXPECT_EQ(status_of(reply), 403);
    EXPECT_THAT(reply, Not(HasSubstr("Access-Control-Allow-Origin")));
    EXPECT_THAT(add(R"({"name":"Anna"})", "Origin: http://127.0.0.1\r\n"),
                HasSubstr("Access-Control-Allow-Origin: http://127.0.0.1\r\n"));
}

}  // namespace
}  // namespace howl::compat::chat
