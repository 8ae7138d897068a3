// SPDX-License-Identifier: Apache-2.0
// What a /v4 PUT is told of the courier's work, whichever courier it is.
#include "apps/reports/move_courier.hpp"

#include <gtest/gtest.h>

#include "apps/reports/reports_rig_for_test.hpp"
#include "apps/reports/reports_v4_door.hpp"
#include "apps/reports/wanted_move.hpp"

namespace howl::apps::reports {
namespace {

using codec::http::Method;
using codec::http::Response;
using Progress = MoveCourier::Progress;

/// Brings what it was told to bring, and keeps the request.
class FakeCourier final : public MoveCourier {
public:
    [[nodiscard]] runtime::Task<Result<Progress>> send(hub::Hub& /*hub*/,
                                                       ReportsApp::MoveRequest wanted) override {
        request = std::move(wanted);
        co_return progress;
    }

    Result<Progress> progress = Progress::kApplied;
    ReportsApp::MoveRequest request;
};

class PutToCourier : public testing::Test {
protected:
    PutToCourier() { door_.add_routes(router_); }

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
    FakeCourier courier_;
    const ReportsV4Door door_{rig_.app, courier_, {}};
    transport::Router router_;
};

TEST_F(PutToCourier, GivesItTheWholeRequest) {
    static_cast<void>(put());
    EXPECT_EQ(courier_.request.report_id, kNobodys);
    EXPECT_EQ(courier_.request.to, Status::kQueued);
    EXPECT_EQ(courier_.request.actor, (Actor{kAnna, "v4"}));
    EXPECT_EQ(courier_.request.owner, kAnna);
    EXPECT_FALSE(courier_.request.origin);
}

TEST_F(PutToCourier, IsTakenWhateverBecameOfTheMove) {
    EXPECT_EQ(told(), "202 applied");
    courier_.progress = Progress::kUnderway;
    EXPECT_EQ(told(), "202 queued");
    courier_.progress = fail(Errc::kNotFound, "test");
    EXPECT_EQ(told(), "202 refused; reason=not_found");
    courier_.progress = fail(Errc::kIllegalState, "test");
    EXPECT_EQ(told(), "202 refused; reason=illegal_state");
    courier_.progress = fail(Errc::kLimitReached, "test");
    EXPECT_EQ(told(), "202 refused; reason=limit_reached");
    courier_.progress = fail(Errc::kVersionConflict, "test");
    EXPECT_EQ(told(), "202 refused; reason=version_conflict");
}

TEST_F(PutToCourier, IsNotTakenWhereNobodyKnows) {
    courier_.progress = fail(Errc::kBrokerUnavailable, "test");
    EXPECT_EQ(told(), "503 ");
    courier_.progress = fail(Errc::kStorageFailed, "test");
    EXPECT_EQ(told(), "503 ");
    EXPECT_EQ(put().body(), "The store failed; whether it was stored is unknown.");
}

TEST(DirectCourier, BringsTheMoveToTheApp) {
    ReportsRig rig;
    DirectCourier courier{rig.app};
    const auto id = rig.make();
    const auto send = [&](Status to) {
        return rig.result_of(courier.send(rig.elsewhere(), ReportsRig::request(id, to)));
    };
    EXPECT_EQ(send(Status::kQueued), Progress::kApplied);
    EXPECT_EQ(rig.state_of(id), "queued");
    EXPECT_EQ(send(Status::kFailed).error().code, Errc::kIllegalState);
}

}  // namespace
}  // namespace howl::apps::reports
