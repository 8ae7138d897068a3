// SPDX-License-Identifier: Apache-2.0
#include "apps/reports/reports_v4_door.hpp"

#include <utility>

#include <fmt/format.h>

#include "apps/reports/report_list.hpp"
#include "apps/reports/report_notice.hpp"
#include "apps/reports/reports_v4_encoder.hpp"
#include "apps/reports/wanted_move.hpp"
#include "apps/uuid.hpp"

namespace howl::apps::reports {

using codec::http::Method;
using codec::http::Response;
using runtime::Task;
using transport::Exchange;
using transport::Reply;

namespace {

constexpr std::string_view kVia = "v4";

const ReportsV4Encoder kEncoder;

Result<std::string> user_of(const Exchange& exchange) {
    HOWL_TRY(text, axum_query(exchange.request, "user_id"));
    auto user = parse_uuid(text);
    if (!user) {
        return fail(Errc::kInvalidQuery, "reports", "UUID parsing failed: user_id is no UUID");
    }
    return std::move(*user);
}

Result<Reply> open_stream(const Exchange& exchange, const transport::SseStyle& style) {
    HOWL_TRY(user, user_of(exchange));
    return axum_stream(exchange.request, style, topic_of(user), kEncoder);
}

std::string text_of(const ReportsApp::Stored& stored) {
    return v4_text(ReportNotice::of(stored.report, stored.version));
}

Task<Result<Reply>> create(Exchange& exchange, ReportsApp& app) {
    auto user = user_of(exchange);
    if (!user) {
        co_return std::unexpected(std::move(user).error());
    }
    ReportsApp::NewReport wanted{*user, {*user, std::string{kVia}}};
    auto& edge = exchange.edge;
    const auto made = co_await app.create(edge.hub(), edge.random(), std::move(wanted));
    if (!made) {
        co_return std::unexpected(made.error());
    }
    co_return Response::json(201, text_of(made->stored));
}

Task<Result<Reply>> list(Exchange& exchange, ReportsApp& app) {
    auto user = user_of(exchange);
    if (!user) {
        co_return std::unexpected(std::move(user).error());
    }
    const auto listing = co_await app.list(exchange.edge.hub(), std::move(*user));
    if (!listing) {
        co_return std::unexpected(listing.error());
    }
    auto text = co_await array_of(exchange.edge.shard(), listing->reports, &text_of);
    co_return Response::json(200, std::move(text));
}

/// In the order in which the original's extractors look at a request.
Result<ReportsApp::MoveRequest> move_request(const Exchange& exchange) {
    HOWL_TRY(user, user_of(exchange));
    HOWL_TRY_VOID(check_axum_json(exchange.request));
    HOWL_TRY(wanted, WantedMove::parse(exchange.request.body));
    Actor actor{user, std::string{kVia}};
    return ReportsApp::MoveRequest{std::move(wanted.report_id), wanted.to, std::move(actor),
                                   std::move(user)};
}

/// What the state machine refuses, old clients take for done: the original never told them.
bool is_refusal(Errc code) {
    return code == Errc::kNotFound || code == Errc::kIllegalState || code == Errc::kLimitReached ||
           code == Errc::kVersionConflict;
}

Result<Reply> reply_to(const Result<MoveCourier::Fate>& fate) {
    Response response{202};
    if (fate) {
        const bool is_applied = *fate == MoveCourier::Fate::kApplied;
        response.set("Howl-Move", is_applied ? "applied" : "queued");
    } else if (is_refusal(fate.error().code)) {
        const auto reason = fate.error().entry().name;
        response.set("Howl-Move", fmt::format("refused; reason={}", reason));
    } else {
        return std::unexpected(fate.error());
    }
    return response;
}

Task<Result<Reply>> move(Exchange& exchange, MoveCourier& courier) {
    auto request = move_request(exchange);
    if (!request) {
        co_return std::unexpected(std::move(request).error());
    }
    co_return reply_to(co_await courier.send(exchange.edge.hub(), std::move(*request)));
}

}  // namespace

ReportsV4Door::ReportsV4Door(ReportsApp& app, MoveCourier& courier)
    : app_(app),
      courier_(courier),
      manners_(app.settings().allowed_origins),
      style_(axum_style(app.settings().keep_alive)) {}

void ReportsV4Door::add_routes(transport::Router& router) const {
    const auto open = [this](Exchange& exchange) {
        return transport::ready(open_stream(exchange, style_));
    };
    const auto make = [this](Exchange& exchange) { return create(exchange, app_); };
    const auto list_all = [this](Exchange& exchange) { return list(exchange, app_); };
    const auto put = [this](Exchange& exchange) { return move(exchange, courier_); };
    router.add_door("/v4/", manners_);
    router.add(Method::kGet, "/v4/sse", manners_, open);
    router.add(Method::kPost, "/v4/new/report", manners_, make);
    router.add(Method::kGet, "/v4/reports", manners_, list_all);
    router.add(Method::kPut, "/v4/report", manners_, put);
}

}  // namespace howl::apps::reports
