// SPDX-License-Identifier: Apache-2.0
#include "products/reports/reports_api.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "products/json.hpp"
#include "products/reports/reports_rig_for_test.hpp"

namespace howl::products::reports {
namespace {

using codec::http::Method;
using codec::http::Request;
using codec::http::Response;
using testing::HasSubstr;

class ReportsApiTest : public testing::Test {
protected:
    ReportsApiTest() {
        router_.add_endpoint("/", response_policy_);
        add_routes(router_, response_policy_, style_, rig_.app);
    }

    transport::Reply ask_any(Method method, const std::string& target, std::string body = {},
                             std::vector<codec::http::Header> headers = {}) {
        Request request;
        request.method = method;
        const auto mark = target.find('?');
        request.path = target.substr(0, mark);
        request.query = mark == std::string::npos ? "" : target.substr(mark + 1);
        request.body = std::move(body);
        request.headers = std::move(headers);
        return rig_.ask(router_, request);
    }
    Response ask(Method method, const std::string& target, std::string body = {},
                 std::vector<codec::http::Header> headers = {}) {
        return std::get<Response>(ask_any(method, target, std::move(body), std::move(headers)));
    }
    /// Status and code of a refusal: `400 bad_request`.
    std::string refusal(Method method, const std::string& target, std::string body = {},
                        std::vector<codec::http::Header> headers = {}) {
        const auto reply = ask(method, target, std::move(body), std::move(headers));
        const auto problem = parse_object(reply.body());
        const auto code = problem ? string_in(*problem, "code") : std::nullopt;
        return fmt::format("{} {}", reply.status(), code.value_or("none"));
    }
    std::string create(const std::string& user = kAnna) {
        const auto reply = ask(Method::kPost, all(user));
        return std::string{string_in(parse_object(reply.body()).value(), "id").value()};
    }
    static std::string all(const std::string& user = kAnna) {
        return "/api/reports?user_id=" + user;
    }
    static std::string one(const std::string& id, const std::string& user = kAnna) {
        return fmt::format("/api/reports/{}?user_id={}", id, user);
    }

    ReportsRig rig_;
    const transport::ApiResponsePolicy response_policy_{transport::OriginRule{{}}};
    const transport::SseStyle style_;
    transport::Router router_;
};

constexpr auto kQueue = R"({"status":"queued"})";

TEST_F(ReportsApiTest, AnEmptyListHasACursor) {
    const auto reply = ask(Method::kGet, all());
    EXPECT_EQ(reply.status(), 200);
    EXPECT_EQ(reply.body(), "[]");
    EXPECT_EQ(reply.header("Howl-Cursor"), "d1.0.v1.0");
}

TEST_F(ReportsApiTest, ACreateAndAMoveAreShownInTheWordsOfTheContract) {
    const auto made = ask(Method::kPost, all());
    EXPECT_EQ(made.status(), 201);
    const auto id = std::string{string_in(parse_object(made.body()).value(), "id").value()};
    EXPECT_EQ(made.header("Location"), one(id));
    const auto first = fmt::format(
        R"({{"status":"pending","at":"2023-11-14T22:13:20.000Z","by":"{}","via":"api","attempt":1}})",
        kAnna);
    EXPECT_EQ(
        made.body(),
        fmt::format(
            R"({{"id":"{}","userId":"{}","status":"pending","attempt":1,"version":1,)"
            R"("createdAt":"2023-11-14T22:13:20.000Z","updatedAt":"2023-11-14T22:13:20.000Z",)"
            R"("allowed":["queued","canceled"],"history":[{}]}})",
            id, kAnna, first));
    rig_.advance(std::chrono::milliseconds{50});
    const auto moved = ask(Method::kPatch, one(id), kQueue);
    EXPECT_EQ(moved.status(), 200);
    const auto shown = fmt::format(
        R"({{"id":"{}","userId":"{}","status":"queued","attempt":1,"version":2,)"
        R"("createdAt":"2023-11-14T22:13:20.000Z","updatedAt":"2023-11-14T22:13:20.050Z",)"
        R"("allowed":["processing","canceled"],"history":[{},)"
        R"({{"status":"queued","at":"2023-11-14T22:13:20.050Z","by":"{}","via":"api","attempt":1}}]}})",
        id, kAnna, first, kAnna);
    EXPECT_EQ(moved.body(), shown);
    EXPECT_EQ(ask(Method::kGet, one(id)).body(), shown);
    const auto list = ask(Method::kGet, all());
    EXPECT_EQ(list.body(), fmt::format("[{}]", shown));
    EXPECT_EQ(list.header("Howl-Cursor"), "d1.2.v1.0");
}

TEST_F(ReportsApiTest, ARepeatedCreateIsAnsweredWithTheFirstOnesReport) {
    const std::vector<codec::http::Header> key{{"Idempotency-Key", "key-1"}};
    const auto first = ask(Method::kPost, all(), {}, key);
    const auto again = ask(Method::kPost, all(), {}, key);
    EXPECT_EQ(first.status(), 201);
    EXPECT_EQ(again.status(), 200);
    EXPECT_EQ(again.body(), first.body());
    EXPECT_EQ(again.header("Location"), first.header("Location"));
    EXPECT_EQ(refusal(Method::kPost, all(), {}, {{"Idempotency-Key", std::string(65, 'k')}}),
              "400 invalid_idempotency_key");
}

TEST_F(ReportsApiTest, IdsMayBeWrittenInAnyForm) {
    const auto id = create();
    std::string bare = id;
    std::erase(bare, '-');
    EXPECT_EQ(ask(Method::kGet, one("urn:uuid:" + id, "%7B" + kAnna + "%7D")).status(), 200);
    EXPECT_EQ(ask(Method::kPatch, one(bare), kQueue).status(), 200);
    EXPECT_EQ(rig_.state_of(id), "queued");
}

TEST_F(ReportsApiTest, WithoutAUserNothingGoes) {
    for (const std::string query : {"", "?user_id=", "?user_id=anna", "?username=anna"}) {
        EXPECT_EQ(refusal(Method::kGet, "/api/reports" + query), "400 invalid_query");
        EXPECT_EQ(refusal(Method::kPost, "/api/reports" + query), "400 invalid_query");
        EXPECT_EQ(refusal(Method::kGet, "/api/reports/events" + query), "400 invalid_query");
        const auto path = "/api/reports/" + kNobodys + query;
        EXPECT_EQ(refusal(Method::kGet, path), "400 invalid_query");
        EXPECT_EQ(refusal(Method::kPatch, path, kQueue), "400 invalid_query");
    }
}

TEST_F(ReportsApiTest, NobodySeesOrMovesAnothersReport) {
    const auto id = create(kBob);
    EXPECT_EQ(refusal(Method::kGet, one(id)), "404 not_found");
    EXPECT_EQ(refusal(Method::kPatch, one(id), kQueue), "404 not_found");
    EXPECT_EQ(ask(Method::kGet, all()).body(), "[]");
    EXPECT_EQ(rig_.find(id, kBob).version, Version{1});
}

TEST_F(ReportsApiTest, WhatIsNotThereIsNotFound) {
    for (const auto& id : {kNobodys, std::string{"unknown"}, std::string{"a/b"}}) {
        EXPECT_EQ(refusal(Method::kGet, one(id)), "404 not_found") << id;
        EXPECT_EQ(refusal(Method::kPatch, one(id), kQueue), "404 not_found") << id;
    }
}

TEST_F(ReportsApiTest, RefusesWhatIsNoMove) {
    const auto id = create();
    for (const std::string body : {"", "queued", "{", "{\"status\":\"\xff\"}"}) {
        EXPECT_EQ(refusal(Method::kPatch, one(id), body), "400 invalid_json") << body;
    }
    for (const std::string body : {"[]", "{}", R"({"status":"done"})", R"({"status":1})"}) {
        EXPECT_EQ(refusal(Method::kPatch, one(id), body), "400 bad_request") << body;
    }
    EXPECT_EQ(rig_.find(id).version, Version{1});
}

TEST_F(ReportsApiTest, AnIllegalMoveIsToldWhatIsAllowed) {
    const auto reply = ask(Method::kPatch, one(create()), R"({"status":"completed"})");
    EXPECT_EQ(reply.status(), 409);
    EXPECT_THAT(reply.body(), HasSubstr(R"("code":"illegal_state")"));
    EXPECT_THAT(reply.body(), HasSubstr("from pending to: queued, canceled"));
}

TEST_F(ReportsApiTest, AStoreInTroubleIsNotTheClientsFault) {
    const auto id = create();
    rig_.store.refusal = Errc::kStorageFull;
    EXPECT_EQ(refusal(Method::kPatch, one(id), kQueue), "507 storage_full");
    EXPECT_EQ(refusal(Method::kPost, all()), "507 storage_full");
    rig_.store.read_refusal = Errc::kStorageFailed;
    EXPECT_EQ(refusal(Method::kGet, all()), "503 read_failed");
    EXPECT_EQ(refusal(Method::kGet, one(id)), "503 read_failed");
}

TEST_F(ReportsApiTest, TheStreamFollowsTheUsersTopic) {
    const auto events = "/api/reports/events?user_id=" + kAnna;
    const auto reply = ask_any(Method::kGet, events + "&lastEventId=d1.0.v1.0");
    const auto& stream = std::get<transport::SseReply>(reply);
    ASSERT_EQ(stream.subscription->topics.size(), 1U);
    EXPECT_EQ(stream.subscription->topics.front().text(), "howl:reports/" + kAnna);
    EXPECT_EQ(refusal(Method::kGet, events + "&lastEventId=nonsense"), "400 invalid_cursor");
}

}  // namespace
}  // namespace howl::products::reports
