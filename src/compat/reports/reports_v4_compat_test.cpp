// SPDX-License-Identifier: Apache-2.0
// What the endpoint /v4 says on the wire, through a whole server. Time is the test's, and stands at
// 2023-11-14T22:13:20Z until it is moved.
#include "products/reports/reports_app.hpp"
#include "server/live_server_for_test.hpp"

namespace howl::compat::reports {

using server::body_of;
using server::Config;
using server::LiveServer;
using server::RawClient;
using server::status_of;

namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;

const std::string kAnna = "?user_id=aaaaaaaa-0000-4000-8000-000000000001";
const std::string kBob = "?user_id=bbbbbbbb-0000-4000-8000-000000000002";
const std::string kNobodys = "00000000-0000-4000-8000-00000000000f";
const std::string kJson = "Content-Type: application/json\r\n";
constexpr const char* kUuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}";

class ReportsV4 : public ::testing::Test {
protected:
    /// The id of a new report.
    std::string create(const std::string& user = kAnna) {
        const auto body = body_of(howl_.post("/v4/new/report" + user, ""));
        const auto at = body.find(R"("reportId":")");
        EXPECT_NE(at, std::string::npos) << body;
        return at == std::string::npos ? kNobodys : body.substr(at + 12, 36);
    }
    std::string put(const std::string& body, const std::string& headers = kJson,
                    const std::string& target = "/v4/report" + kAnna) {
        return howl_.ask("PUT " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers +
                         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    }
    std::string move(const std::string& id, const std::string& status,
                     const std::string& user = kAnna) {
        return put(R"({"id":")" + id + R"(", "status":")" + status + R"("})", kJson,
                   "/v4/report" + user);
    }
    /// What became of a PUT; its reply is the same empty 202 whatever that is.
    std::string fate(const std::string& reply) {
        constexpr std::string_view kHeader = "Howl-Move: ";
        EXPECT_EQ(status_of(reply), 202) << reply;
        EXPECT_THAT(body_of(reply), IsEmpty());
        const auto at = reply.find(kHeader);
        return at == std::string::npos
                   ? "none"
                   : reply.substr(at + kHeader.size(), reply.find('\r', at) - at - kHeader.size());
    }
    /// A stream behind the frame that tells its place.
    RawClient open_stream(const std::string& user = kAnna, const std::string& headers = {}) {
        auto client = howl_.connect();
        client.send("GET /v4/sse" + user + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n");
        static_cast<void>(client.read_until("\r\n\r\n"));
        EXPECT_THAT(client.read_until("\n\n"), MatchesRegex("id: [a-z0-9.]+\n\n"));
        return client;
    }
    /// The next frame, without its id.
    static std::string frame(RawClient& client) {
        const auto bytes = client.read_until("\n\n");
        return bytes.starts_with("id: ") ? bytes.substr(bytes.find('\n') + 1) : bytes;
    }

    LiveServer howl_{[](Config& config) {
        config.of<products::reports::ReportsSettings>().allowed_origins = {"*"};
    }};
};

TEST_F(ReportsV4, ACreateIsAnsweredAsTheOriginalDoes) {
    const auto reply = howl_.post("/v4/new/report" + kAnna, "whatever", "Content-Type: x/y\r\n");
    EXPECT_THAT(reply,
                MatchesRegex(std::string{"HTTP/1.1 201 Created\r\n"
                                         "Date: Tue, 14 Nov 2023 22:13:20 GMT\r\n"
                                         "Content-Type: application/json\r\n"
                                         "access-control-allow-origin: \\*\r\n"
                                         "access-control-expose-headers: \\*\r\n"
                                         "vary: origin\r\n"
                                         "vary: access-control-request-method\r\n"
                                         "vary: access-control-request-headers\r\n"
                                         "Content-Length: 124\r\n\r\n"
                                         "\\{\"userId\":\"aaaaaaaa-0000-4000-8000-000000000001\","
                                         "\"reportId\":\""} +
                             kUuid + "\",\"reportStatus\":\"pending\"\\}"));
}

TEST_F(ReportsV4, TheListShowsTheUsersAlone) {
    EXPECT_EQ(body_of(howl_.get("/v4/reports" + kAnna)), "[]");
    const auto id = create();
    create(kBob);
    EXPECT_EQ(fate(move(id, "queued")), "applied");
    EXPECT_EQ(body_of(howl_.get("/v4/reports" + kAnna)),
              R"([{"userId":"aaaaaaaa-0000-4000-8000-000000000001","reportId":")" + id +
                  R"(","reportStatus":"queued"}])");
}

TEST_F(ReportsV4, EveryTabOfTheUserHearsOfItAndNobodyElse) {
    auto first = open_stream();
    auto second = open_stream();
    auto other = open_stream(kBob);
    const auto id = create();
    EXPECT_EQ(fate(move(id, "queued")), "applied");
    for (auto* const tab : {&first, &second}) {
        EXPECT_EQ(frame(*tab),
                  "event: report_created\n"
                  "data: {\"userId\":\"aaaaaaaa-0000-4000-8000-000000000001\",\"reportId\":\"" +
                      id + "\",\"reportStatus\":\"pending\"}\n\n");
        EXPECT_EQ(frame(*tab),
                  "event: report_status_update\n"
                  "data: {\"id\":\"" +
                      id + "\",\"status\":\"queued\"}\n\n");
    }
    const auto bobs = create(kBob);
    EXPECT_THAT(frame(other), HasSubstr(bobs));
    EXPECT_THAT(first.poll(), IsEmpty());
}

TEST_F(ReportsV4, AClientThatComesBackGetsWhatItMissed) {
    auto before = open_stream();
    const auto id = create();
    const auto created = before.read_until("\n\n");
    const auto place = created.substr(4, created.find('\n') - 4);
    EXPECT_EQ(fate(move(id, "canceled")), "applied");
    auto after = howl_.connect();
    after.send("GET /v4/sse" + kAnna + " HTTP/1.1\r\nHost: 127.0.0.1\r\nLast-Event-ID: " + place +
               "\r\n\r\n");
    static_cast<void>(after.read_until("\r\n\r\n"));
    EXPECT_EQ(frame(after), "event: report_status_update\ndata: {\"id\":\"" + id +
                                "\",\"status\":\"canceled\"}\n\n");
    static_cast<void>(open_stream(kAnna, "Last-Event-ID: from another server\r\n"));
}

TEST_F(ReportsV4, SilenceIsBrokenAfterThirtySeconds) {
    auto client = open_stream();
    howl_.advance(29s);
    EXPECT_THAT(client.poll(), IsEmpty());
    howl_.advance(2s);
    EXPECT_EQ(client.read_until("\n\n"), ": keep-alive-text\n\n");
}

TEST_F(ReportsV4, AStreamHasTheHeadOfTheOriginal) {
    auto client = howl_.connect();
    client.send("GET /v4/sse" + kAnna + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    const auto head = client.read_until("\r\n\r\n");
    EXPECT_EQ(status_of(head), 200);
    EXPECT_THAT(head, HasSubstr("Content-Type: text/event-stream\r\n"));
    EXPECT_THAT(head, HasSubstr("Cache-Control: no-cache\r\n"));
    EXPECT_THAT(head, HasSubstr("access-control-allow-origin: *\r\n"));
}

// --- Moves ---

TEST_F(ReportsV4, APutTellsItsFateInAHeaderAlone) {
    const auto id = create();
    const auto reply = move(id, "queued");
    EXPECT_EQ(reply,
              "HTTP/1.1 202 Accepted\r\n"
              "Date: Tue, 14 Nov 2023 22:13:20 GMT\r\n"
              "Howl-Move: applied\r\n"
              "access-control-allow-origin: *\r\n"
              "access-control-expose-headers: *\r\n"
              "vary: origin\r\n"
              "vary: access-control-request-method\r\n"
              "vary: access-control-request-headers\r\n"
              "Content-Length: 0\r\n\r\n");
    EXPECT_EQ(fate(move(id, "queued")), "refused; reason=illegal_state");
    EXPECT_EQ(fate(move(id, "canceled", kBob)), "refused; reason=not_found");
    EXPECT_EQ(fate(move(kNobodys, "queued")), "refused; reason=not_found");
}

TEST_F(ReportsV4, AnyFormOfAUuidIsTaken) {
    const auto id = create();
    EXPECT_EQ(fate(put(R"({"status":"queued","extra":{},"id":"{)" + id + R"(}"})", kJson,
                       "/v4/report?user_id=urn:uuid:AAAAAAAA-0000-4000-8000-000000000001")),
              "applied");
}

// --- What the original refuses, in its words ---

TEST_F(ReportsV4, AUserIsAskedForFirst) {
    for (const std::string target : {"/v4/sse", "/v4/reports"}) {
        const auto reply = howl_.get(target);
        EXPECT_EQ(status_of(reply), 400);
        EXPECT_THAT(reply, HasSubstr("Content-Type: text/plain; charset=utf-8\r\n"));
        EXPECT_EQ(body_of(reply), "Failed to deserialize query string: missing field `user_id`");
    }
    EXPECT_EQ(status_of(howl_.post("/v4/new/report", "")), 400);
    EXPECT_EQ(status_of(put("{", "", "/v4/report")), 400);
    EXPECT_THAT(body_of(howl_.get("/v4/reports?user_id=anna")),
                HasSubstr("Failed to deserialize query string: UUID parsing failed"));
}

TEST_F(ReportsV4, ThenTheMediaTypeThenTheSyntaxThenTheMeaning) {
    const std::string right = R"({"id":")" + kNobodys + R"(","status":"queued"})";
    for (const std::string headers : {"", "Content-Type: text/plain\r\n"}) {
        const auto reply = put(right, headers);
        EXPECT_EQ(status_of(reply), 415);
        EXPECT_EQ(body_of(reply), "Expected request with `Content-Type: application/json`");
    }
    for (const std::string body : {"", "{", "queued", "{\"id\":\"\xff\"}"}) {
        const auto reply = put(body);
        EXPECT_EQ(status_of(reply), 400) << body;
        EXPECT_THAT(body_of(reply), HasSubstr("Failed to parse the request body as JSON: "));
    }
    for (const auto& body :
         {std::string{"[]"}, std::string{"7"}, std::string{"{}"}, std::string{R"({"id":7})"},
          R"({"id":")" + kNobodys + R"("})", R"({"id":")" + kNobodys + R"(","status":"done"})",
          std::string{R"({"id":"7","status":"queued"})"}}) {
        const auto reply = put(body);
        EXPECT_EQ(status_of(reply), 422) << body;
        EXPECT_THAT(body_of(reply),
                    HasSubstr("Failed to deserialize the JSON body into the target type: "));
    }
    EXPECT_EQ(fate(put(right, "Content-Type: application/json; charset=utf-8\r\n")),
              "refused; reason=not_found");
}

TEST_F(ReportsV4, NoBodyHarmsTheServer) {
    const auto nested = std::string(100'000, '[');
    EXPECT_EQ(status_of(put(nested)), 400);
    EXPECT_EQ(status_of(put(std::string(2'000'000, ' '))), 413);
    EXPECT_EQ(status_of(put(R"({"id":")" + std::string(1'000'000, 'a') + R"("})")), 422);
    EXPECT_EQ(status_of(howl_.get("/v4/reports" + kAnna)), 200);
}

TEST_F(ReportsV4, OtherPathsAndMethodsHaveNoBody) {
    const auto unknown = howl_.get("/v4/nothing");
    EXPECT_EQ(status_of(unknown), 404);
    EXPECT_THAT(body_of(unknown), IsEmpty());
    const auto wrong = howl_.get("/v4/report" + kAnna);
    EXPECT_EQ(status_of(wrong), 405);
    EXPECT_THAT(wrong, HasSubstr("Allow: PUT, OPTIONS\r\n"));
    EXPECT_THAT(body_of(wrong), IsEmpty());
    const auto preflight = howl_.ask(
        "OPTIONS /v4/report HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Origin: http://any.example\r\n\r\n");
    EXPECT_EQ(status_of(preflight), 200);
    EXPECT_THAT(preflight, HasSubstr("access-control-allow-methods: *\r\n"));
}

// --- Where it stands ---

TEST(ReportsV4AtItsPlace, IsOpenOnlyWhereItIsConfigured) {
    LiveServer howl{
        [](Config& config) { config.listeners.front().endpoints = {{"portal"}, {"api"}}; }};
    EXPECT_EQ(status_of(howl.get("/v4/reports" + kAnna)), 404);
    EXPECT_EQ(status_of(howl.get("/api/reports" + kAnna)), 200);
}

TEST(ReportsV4AtItsPlace, StandsBesideAnEndpointThatTakesEveryPath) {
    LiveServer howl{[](Config& config) {
        config.listeners.push_back(
            {"127.0.0.1:0", {{"inbox"}, {"reports"}, {"cloud-toggle", "/", {"*"}}}});
    }};
    RawClient client{howl.port(1)};
    client.send(LiveServer::post_text("/v4/new/report" + kAnna, ""));
    EXPECT_EQ(status_of(client.read_reply()), 201);
    client.send("GET /v4/reports" + kAnna + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    EXPECT_THAT(body_of(client.read_reply()), HasSubstr(R"("reportStatus":"pending")"));
}

TEST(ReportsV4AtItsPlace, NoForeignPageReadsOrWritesByDefault) {
    LiveServer howl;
    const std::string foreign = "Origin: https://evil.example\r\n";
    for (const auto& reply :
         {howl.post("/v4/new/report" + kAnna, "", foreign),
          howl.get("/v4/reports" + kAnna, foreign), howl.get("/v4/sse" + kAnna, foreign)}) {
        EXPECT_EQ(status_of(reply), 403);
        EXPECT_THAT(reply, Not(HasSubstr("access-control-allow-origin")));
    }
    EXPECT_EQ(body_of(howl.get("/v4/reports" + kAnna)), "[]");
}

TEST(ReportsV4AtItsPlace, LetsInOnlyPagesThatTheConfigurationNames) {
    LiveServer howl{[](Config& config) {
        config.of<products::reports::ReportsSettings>().allowed_origins = {"https://app.example"};
    }};
    EXPECT_EQ(
        status_of(howl.post("/v4/new/report" + kAnna, "", "Origin: https://evil.example\r\n")),
        403);
    const auto reply = howl.post("/v4/new/report" + kAnna, "", "Origin: https://app.example\r\n");
    EXPECT_EQ(status_of(reply), 201);
    EXPECT_THAT(reply, HasSubstr("access-control-allow-origin: https://app.example\r\n"));
    EXPECT_THAT(reply, Not(HasSubstr("access-control-allow-origin: *")));
}

}  // namespace
}  // namespace howl::compat::reports
