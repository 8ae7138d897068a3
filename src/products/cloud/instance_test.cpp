// SPDX-License-Identifier: Apache-2.0
#include "products/cloud/instance.hpp"

#include <gtest/gtest.h>

#include "products/cloud/notice.hpp"

namespace howl::products::cloud {
namespace {

using std::chrono::milliseconds;

constexpr WallTime kMoment{milliseconds{1'795'254'706'551}};

Instance stopped() {
    Instance instance;
    instance.id = "i-1";
    instance.timestamp = kMoment;
    instance.created_at = kMoment;
    instance.created_by = "op-0";
    return instance;
}

Operation starting() {
    return {"op-1", OperationKind::kStart, kMoment, milliseconds{20'000}, "api"};
}

Instance everything() {
    Instance instance = stopped();
    instance.state = InstanceState::kRunning;
    instance.operation = starting();
    instance.name = "\"web\" \u00e9";
    instance.idempotency_key = "k 1";
    return instance;
}

TEST(Instance, WhatMayBeginDependsOnTheState) {
    struct Case {
        InstanceState state;
        OperationKind kind;
        bool legal;
    };
    using enum OperationKind;
    for (const auto& [state, kind, legal] :
         {Case{InstanceState::kStopped, kCreate, false},
          Case{InstanceState::kStopped, kStart, true}, Case{InstanceState::kStopped, kStop, false},
          Case{InstanceState::kStopped, kRemove, true},
          Case{InstanceState::kRunning, kCreate, false},
          Case{InstanceState::kRunning, kStart, false}, Case{InstanceState::kRunning, kStop, true},
          Case{InstanceState::kRunning, kRemove, true}}) {
        Instance instance = stopped();
        instance.state = state;
        const auto verdict = check_may_begin(instance, kind);
        EXPECT_EQ(verdict.has_value(), legal) << name_of(state) << " " << name_of(kind);
        if (!legal) {
            EXPECT_EQ(verdict.error().code, Errc::kIllegalState);
        }
    }
}

TEST(Instance, NothingMayBeginWhileAnOperationRuns) {
    for (const auto running : {OperationKind::kCreate, OperationKind::kRemove}) {
        Instance instance = stopped();
        instance.operation = starting();
        instance.operation->kind = running;
        for (const auto kind :
             {OperationKind::kStart, OperationKind::kStop, OperationKind::kRemove}) {
            EXPECT_EQ(check_may_begin(instance, kind).error().code, Errc::kBusy);
        }
    }
}

TEST(Instance, ExistsOnceItsCreateIsOver) {
    Instance instance = stopped();
    EXPECT_TRUE(instance.exists());
    instance.operation = starting();
    EXPECT_TRUE(instance.exists());
    instance.operation->kind = OperationKind::kCreate;
    EXPECT_FALSE(instance.exists());
}

TEST(Instance, TheApiShowsWhatIsThere) {
    EXPECT_EQ(api_text(stopped()),
              R"({"id":"i-1","state":"stopped","timestamp":"2026-11-21T09:51:46.551Z"})");
    EXPECT_EQ(api_text(everything()),
              R"({"id":"i-1","state":"running","timestamp":"2026-11-21T09:51:46.551Z",)"
              R"("name":"\"web\" é","op":{"id":"op-1","kind":"start",)"
              R"("startedAt":"2026-11-21T09:51:46.551Z","durationMs":20000}})");
}

TEST(Instance, WhatIsStoredIsReadAgain) {
    for (const auto& instance : {stopped(), everything()}) {
        EXPECT_EQ(Instance::parse(instance.text()).value(), instance) << instance.text();
    }
    EXPECT_EQ(stopped().text(),
              R"({"id":"i-1","state":"stopped","timestamp":"2026-11-21T09:51:46.551Z",)"
              R"("createdAt":"2026-11-21T09:51:46.551Z","createdBy":"op-0"})");
}

TEST(Instance, AnythingElseIsRefused) {
    for (const std::string_view text :
         {"", "{}", R"({"id":5,"state":"stopped","timestamp":"2026-11-21T09:51:46.551Z"})",
          R"({"id":"a","state":"paused","timestamp":"2026-11-21T09:51:46.551Z"})",
          R"({"id":"a","state":"stopped","timestamp":"yesterday"})",
          R"({"id":"a","state":"stopped","timestamp":"2026-11-21T09:51:46.551Z","op":{}})",
          R"({"id":"a","state":"stopped","timestamp":"2026-11-21T09:51:46.551Z","op":{"id":"o",)"
          R"("kind":"start","startedAt":"2026-11-21T09:51:46.551Z","durationMs":-1}})",
          R"({"id":"a","state":"stopped","timestamp":"2026-11-21T09:51:46.551Z","op":{"id":"o",)"
          R"("kind":"dance","startedAt":"2026-11-21T09:51:46.551Z","durationMs":1}})"}) {
        const auto instance = Instance::parse(text);
        ASSERT_FALSE(instance.has_value()) << text;
        EXPECT_EQ(instance.error().code, Errc::kInvalidJson);
    }
}

TEST(Notice, SaysTheOperationAndTheInstanceAfterIt) {
    const Notice notice{starting(), stopped()};
    EXPECT_EQ(notice.text(),
              R"({"opId":"op-1","kind":"start","durationMs":20000,"door":"api","instance":)"
              R"({"id":"i-1","state":"stopped","timestamp":"2026-11-21T09:51:46.551Z"}})");
    const auto read = Notice::parse(notice.text()).value();
    EXPECT_EQ(read.operation.id, "op-1");
    EXPECT_EQ(read.operation.kind, OperationKind::kStart);
    EXPECT_EQ(read.operation.duration, milliseconds{20'000});
    EXPECT_EQ(read.operation.endpoint, "api");
    EXPECT_EQ(read.instance.id, "i-1");
    EXPECT_EQ(read.error_code, "");
}

TEST(Notice, OfARunningOperationKnowsWhenItBegan) {
    const auto read = Notice::parse(Notice{starting(), everything()}.text()).value();
    EXPECT_EQ(read.operation, starting());
    EXPECT_EQ(read.instance.operation, starting());
}

TEST(Notice, OfAFailureNamesTheError) {
    const Notice notice{starting(), stopped(), "internal"};
    EXPECT_TRUE(notice.text().ends_with(R"(,"error":"internal"})"));
    EXPECT_EQ(Notice::parse(notice.text())->error_code, "internal");
}

TEST(Notice, AnythingElseIsRefused) {
    for (const std::string_view text :
         {"", "{}", R"({"opId":"o","kind":"start","durationMs":1,"door":"api"})",
          R"({"opId":"o","kind":"start","durationMs":1,"door":"api","instance":{}})",
          R"({"opId":"o","kind":"start","durationMs":1,"door":5,"instance":)"
          R"({"id":"a","state":"stopped","timestamp":"2026-11-21T09:51:46.551Z"}})"}) {
        const auto notice = Notice::parse(text);
        ASSERT_FALSE(notice.has_value()) << text;
        EXPECT_EQ(notice.error().code, Errc::kInvalidJson);
    }
}

}  // namespace
}  // namespace howl::products::cloud
