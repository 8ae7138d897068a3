// SPDX-License-Identifier: Apache-2.0
#include "products/cloud/cloud_api.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "products/cloud/cloud_rig_for_test.hpp"
#include "products/json.hpp"

namespace howl::products::cloud {
namespace {

using namespace std::chrono_literals;
using codec::http::Method;
using codec::http::Request;
using codec::http::Response;
using testing::HasSubstr;

class CloudApiTest : public testing::Test {
protected:
    static constexpr auto kAll = "/api/cloud/instances";

    CloudApiTest() {
        router_.add_endpoint("/", response_policy_);
        add_routes(router_, response_policy_, style_, rig_.app());
    }

    transport::Reply ask_any(Method method, std::string path, std::string body = {},
                             std::vector<codec::http::Header> headers = {}) {
        Request request;
        request.method = method;
        request.path = std::move(path);
        request.body = std::move(body);
        request.headers = std::move(headers);
        return rig_.ask(router_, request);
    }
    Response ask(Method method, std::string path, std::string body = {},
                 std::vector<codec::http::Header> headers = {}) {
        return std::get<Response>(
            ask_any(method, std::move(path), std::move(body), std::move(headers)));
    }
    /// Status and code of a refusal: `400 bad_request`.
    std::string refusal(Method method, std::string path, std::string body = {},
                        std::vector<codec::http::Header> headers = {}) {
        const auto reply = ask(method, std::move(path), std::move(body), std::move(headers));
        const auto problem = parse_object(reply.body());
        const auto code = problem ? string_in(*problem, "code") : std::nullopt;
        return fmt::format("{} {}", reply.status(), code.value_or("none"));
    }
    static std::string member(const Response& reply, std::string_view name) {
        const auto object = parse_object(reply.body());
        return object ? std::string{string_in(*object, name).value_or("")} : "";
    }
    static std::string path_of(const std::string& id) { return fmt::format("{}/{}", kAll, id); }

    CloudRig rig_;
    const transport::ApiResponsePolicy response_policy_{transport::OriginRule{{}}};
    const transport::SseStyle style_;
    transport::Router router_;
};

constexpr auto kRun = R"({"state":"running"})";
constexpr auto kHalt = R"({"state":"stopped"})";

TEST_F(CloudApiTest, AnEmptyListHasACursor) {
    const auto reply = ask(Method::kGet, kAll);
    EXPECT_EQ(reply.status(), 200);
    EXPECT_EQ(reply.body(), "[]");
    EXPECT_EQ(reply.header("Howl-Cursor"), "d1.0.v1.0");
    EXPECT_EQ(reply.header("Content-Type"), "application/json");
}

TEST_F(CloudApiTest, ACreateIsAcceptedAndShown) {
    const auto reply = ask(Method::kPost, kAll, R"({"name":"web-1"})");
    EXPECT_EQ(reply.status(), 202);
    const auto id = member(reply, "id");
    const auto operation = member(reply, "opId");
    EXPECT_EQ(reply.body(),
              fmt::format(R"({{"status":"ok","opId":"{}","id":"{}"}})", operation, id));
    const auto shown = fmt::format(
        R"({{"id":"{}","state":"stopped","timestamp":"2023-11-14T22:13:20.000Z","name":"web-1",)"
        R"("op":{{"id":"{}","kind":"create","startedAt":"2023-11-14T22:13:20.000Z","durationMs":20000}}}})",
        id, operation);
    EXPECT_EQ(ask(Method::kGet, path_of(id)).body(), shown);
    const auto list = ask(Method::kGet, kAll);
    EXPECT_EQ(list.body(), fmt::format("[{}]", shown));
    EXPECT_EQ(list.header("Howl-Cursor"), "d1.1.v1.0");
    EXPECT_EQ(rig_.last_notice().operation.endpoint, "api");
}

TEST_F(CloudApiTest, TheBodyOfACreateIsOptional) {
    EXPECT_EQ(ask(Method::kPost, kAll).status(), 202);
    EXPECT_EQ(ask(Method::kPost, kAll, "{}").status(), 202);
    EXPECT_EQ(ask(Method::kPost, kAll, R"({"name":"","more":[1]})").status(), 202);
    EXPECT_EQ(rig_.snapshot().instances.size(), 3U);
}

TEST_F(CloudApiTest, PatchStartsAndStopsAndDeleteRemoves) {
    const auto id = rig_.make();
    EXPECT_EQ(ask(Method::kPatch, path_of(id), kRun).status(), 202);
    EXPECT_EQ(rig_.state_of(id), "stopped+start");
    rig_.advance(20s);
    EXPECT_EQ(ask(Method::kPatch, path_of(id), kHalt).status(), 202);
    EXPECT_EQ(rig_.state_of(id), "running+stop");
    rig_.advance(20s);
    const auto reply = ask(Method::kDelete, path_of(id));
    EXPECT_EQ(reply.status(), 202);
    EXPECT_EQ(member(reply, "id"), id);
    EXPECT_EQ(rig_.state_of(id), "stopped+remove");
    rig_.advance(20s);
    EXPECT_EQ(refusal(Method::kGet, path_of(id)), "404 not_found");
}

TEST_F(CloudApiTest, RefusesWhatTheStateDoesNotAllow) {
    const auto id = rig_.make();
    EXPECT_EQ(refusal(Method::kPatch, path_of(id), kHalt), "409 illegal_state");
    EXPECT_EQ(ask(Method::kPatch, path_of(id), kRun).status(), 202);
    EXPECT_EQ(refusal(Method::kPatch, path_of(id), kRun), "409 busy");
    EXPECT_EQ(refusal(Method::kDelete, path_of(id)), "409 busy");
}

TEST_F(CloudApiTest, WhatIsNotThereIsNotFound) {
    static_cast<void>(rig_.make());
    for (const std::string path : {"/api/cloud/instances/unknown", "/api/cloud/instances/a/b",
                                   "/api/cloud/instances/a%2Fb", "/api/cloud/instances//"}) {
        EXPECT_EQ(refusal(Method::kGet, path), "404 not_found") << path;
        EXPECT_EQ(refusal(Method::kPatch, path, kRun), "404 not_found") << path;
        EXPECT_EQ(refusal(Method::kDelete, path), "404 not_found") << path;
    }
    EXPECT_EQ(refusal(Method::kGet, "/api/cloud/instances/"), "404 not_found");
    EXPECT_EQ(refusal(Method::kPut, kAll), "405 method_not_allowed");
}

TEST_F(CloudApiTest, RefusesABodyOfAnotherShape) {
    const auto path = path_of(rig_.make());
    for (const auto* body : {"", "{", "state=running"}) {
        EXPECT_EQ(refusal(Method::kPatch, path, body), "400 invalid_json") << body;
    }
    for (const auto* body : {"[]", "\"running\"", "{}", R"({"state":"Running"})", R"({"state":1})",
                             R"({"state":null})"}) {
        EXPECT_EQ(refusal(Method::kPatch, path, body), "400 bad_request") << body;
    }
    EXPECT_EQ(refusal(Method::kPost, kAll, "{"), "400 invalid_json");
    for (const auto* body : {"[]", "7"}) {
        EXPECT_EQ(refusal(Method::kPost, kAll, body), "400 bad_request") << body;
    }
    EXPECT_THAT(ask(Method::kPatch, path, "{}").body(),
                HasSubstr("state is 'running' or 'stopped'"));
    EXPECT_EQ(rig_.told().size(), 2U);
}

std::string named(std::string_view name) {
    return fmt::format(R"({{"name":"{}"}})", name);
}

TEST_F(CloudApiTest, ANameIsShortTextWithoutControlCharacters) {
    for (const auto& body : {named(std::string(65, 'a')), named("a\\u0000"), named("a\\nb"),
                             named("\x7f"), named("\\u0085"), named("\xC2\x9F"),
                             std::string{R"({"name":5})"}, std::string{R"({"name":null})"}}) {
        EXPECT_EQ(refusal(Method::kPost, kAll, body), "400 bad_request") << body;
    }
    for (const auto& body :
         {named(std::string(64, 'a')), named("\xC2\xA0 \xC3\x85 \xF0\x9F\x90\xBA")}) {
        EXPECT_EQ(ask(Method::kPost, kAll, body).status(), 202) << body;
    }
    EXPECT_EQ(rig_.snapshot().instances.back().name, "\xC2\xA0 \xC3\x85 \xF0\x9F\x90\xBA");
}

TEST_F(CloudApiTest, ARepeatedCreateGetsTheSameAnswer) {
    const auto first = ask(Method::kPost, kAll, "", {{"Idempotency-Key", "k"}});
    const auto second = ask(Method::kPost, kAll, "", {{"Idempotency-Key", "k"}});
    EXPECT_EQ(second.status(), 202);
    EXPECT_EQ(first.body(), second.body());
    EXPECT_EQ(rig_.snapshot().instances.size(), 1U);
}

TEST_F(CloudApiTest, RefusesAnIdempotencyKeyThatIsNone) {
    for (const auto& key : {std::string{}, std::string(65, 'k'), std::string{"k\xC3\x85"}}) {
        EXPECT_EQ(refusal(Method::kPost, kAll, "", {{"Idempotency-Key", key}}),
                  "400 invalid_idempotency_key");
    }
}

/// The frames of all events, as this stream would send them.
std::vector<std::string> frames_of(CloudRig& rig, const transport::SseReply& stream) {
    std::vector<std::string> frames;
    for (const auto& event : rig.events(kTopic)) {
        const hub::Cursor cursor{rig.sequencer.epochs(), {event->sequence, Sequence{0}}};
        frames.push_back(stream.subscription->encoder->encode(*event, cursor));
    }
    return frames;
}

TEST_F(CloudApiTest, TheEventStreamSaysWhatBecomesOfACommand) {
    const auto id = rig_.make();
    const auto reply = ask_any(Method::kGet, "/api/cloud/events");
    const auto& stream = std::get<transport::SseReply>(reply);
    EXPECT_EQ(stream.subscription->topics, std::vector{topic()});
    EXPECT_TRUE(std::holds_alternative<hub::FromNow>(stream.subscription->start));
    const auto frames = frames_of(rig_, stream);
    ASSERT_EQ(frames.size(), 2U);
    const auto operation = rig_.last_notice().operation.id;
    EXPECT_EQ(frames[1], fmt::format("id: d1.2.v1.0\nevent: created\ndata: {{\"opId\":\"{}\","
                                     "\"kind\":\"create\",\"durationMs\":20000,\"door\":\"test\","
                                     "\"instance\":{{\"id\":\"{}\",\"state\":\"stopped\","
                                     "\"timestamp\":\"2023-11-14T22:13:20.000Z\"}}}}\n\n",
                                     operation, id));
}

TEST_F(CloudApiTest, TheEventStreamGoesOnFromTheListsCursor) {
    static_cast<void>(rig_.make());
    const std::string cursor{ask(Method::kGet, kAll).header("Howl-Cursor")};
    const auto reply = ask_any(Method::kGet, "/api/cloud/events", "", {{"Last-Event-ID", cursor}});
    const auto& stream = std::get<transport::SseReply>(reply);
    EXPECT_EQ(std::get<hub::Cursor>(stream.subscription->start).text(), "d1.2.v1.0");
    const auto foreign = ask_any(Method::kGet, "/api/cloud/events", "", {{"Last-Event-ID", "?"}});
    const auto& reset = std::get<transport::SseReply>(foreign);
    EXPECT_EQ(std::get<hub::Cursor>(reset.subscription->start).text(), "0.0.0.0");
}

TEST_F(CloudApiTest, APageOfAnotherOriginChangesNothing) {
    EXPECT_EQ(refusal(Method::kPost, kAll, "", {{"Origin", "http://evil.example"}}),
              "403 origin_refused");
    EXPECT_EQ(rig_.snapshot().instances.size(), 0U);
}

}  // namespace
}  // namespace howl::products::cloud
