// SPDX-License-Identifier: Apache-2.0
// What a /v4 PUT is told of the dispatcher's work, whichever dispatcher it is.
#include "compat/reports/move_dispatcher.hpp"

#include <gtest/gtest.h>

#include "compat/reports/reports_v4_compat.hpp"
#include "compat/reports/wanted_move.hpp"
#include "products/reports/reports_rig_for_test.hpp"

namespace howl::compat::reports {

using products::reports::Actor;
using products::reports::kAnna;
using products::reports::kNobodys;
using products::reports::ReportsRig;

namespace {

using codec::http::Method;
using codec::http::Response;
using Progress = MoveDispatcher::Progress;

/// Brings what it was told to bring, and keeps the request.
class FakeDispatcher final : public MoveDispatcher {
public:
    [[nodiscard]] runtime::Task<Result<Progress>> send(hub::Hub& /*hub*/,
                                                       ReportsApp::MoveRequest wanted) override {
        request = std::move(wanted);
        co_return progress;
    }

    Result<Progress> progress = Progress::kApplied;
    ReportsApp::MoveRequest request;
};

class PutToDispatcher : public testing::Test {
protected:
    PutToDispatcher() { endpoint_.add_routes(router_); }

    Response put() {
        codec::http::Request request;
        request.method = Method::kPut;
        request.path = "/v4/report";
        request.query = "user_id=" + kAnna;
        request.headers = {{"Content-Type", "application/json"}};
        request.body = WantedMove{kNobodys, Status::kQueued}.text();
        return std::get<Response>(rig_.ask(router_, request));
    }
    /// Status and `Howl-Move`.
    std::string told() {
        const auto reply = put();
        return fmt::format("{} {}", reply.status(), reply.header("Howl-Move"));
    }

    ReportsRig rig_;
    FakeDispatcher dispatcher_;
    const ReportsV4Compat endpoint_{rig_.app, dispatcher_, {}};
    transport::Router router_;
};

TEST_F(PutToDispatcher, GivesItTheWholeRequest) {
    static_cast<void>(put());
    EXPECT_EQ(dispatcher_.request.report_id, kNobodys);
    EXPECT_EQ(dispatcher_.request.to, Status::kQueued);
    EXPECT_EQ(dispatcher_.request.actor, (Actor{kAnna, "v4"}));
    EXPECT_EQ(dispatcher_.request.owner, kAnna);
    EXPECT_FALSE(dispatcher_.request.origin);
}

TEST_F(PutToDispatcher, IsTakenWhateverBecameOfTheMove) {
    EXPECT_EQ(told(), "202 applied");
    dispatcher_.progress = Progress::kUnderway;
    EXPECT_EQ(told(), "202 queued");
    dispatcher_.progress = fail(Errc::kNotFound, "test");
    EXPECT_EQ(told(), "202 refused; reason=not_found");
    dispatcher_.progress = fail(Errc::kIllegalState, "test");
    EXPECT_EQ(told(), "202 refused; reason=illegal_state");
    dispatcher_.progress = fail(Errc::kLimitReached, "test");
    EXPECT_EQ(told(), "202 refused; reason=limit_reached");
    dispatcher_.progress = fail(Errc::kVersionConflict, "test");
    EXPECT_EQ(told(), "202 refused; reason=version_conflict");
}

TEST_F(PutToDispatcher, IsNotTakenWhereNobodyKnows) {
    dispatcher_.progress = fail(Errc::kBrokerUnavailable, "test");
    EXPECT_EQ(told(), "503 ");
    dispatcher_.progress = fail(Errc::kStorageFailed, "test");
    EXPECT_EQ(told(), "503 ");
    EXPECT_EQ(put().body(), "The store failed; whether it was stored is unknown.");
}

TEST(DirectMoveDispatcher, BringsTheMoveToTheApp) {
    ReportsRig rig;
    DirectMoveDispatcher dispatcher{rig.app};
    const auto id = rig.make();
    const auto send = [&](Status to) {
        return rig.result_of(dispatcher.send(rig.elsewhere(), ReportsRig::request(id, to)));
    };
    EXPECT_EQ(send(Status::kQueued), Progress::kApplied);
    EXPECT_EQ(rig.state_of(id), "queued");
    EXPECT_EQ(send(Status::kFailed).error().code, Errc::kIllegalState);
}

}  // namespace
}  // namespace howl::compat::reports
