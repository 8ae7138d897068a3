// SPDX-License-Identifier: Apache-2.0
#include "compat/reports/reports_v4_compat.hpp"

#include <utility>

#include <fmt/format.h>

#include "compat/reports/reports_v4_encoder.hpp"
#include "compat/reports/wanted_move.hpp"
#include "products/reports/report_list.hpp"
#include "products/reports/report_notice.hpp"
#include "products/uuid.hpp"

namespace howl::compat::reports {

using codec::http::Method;
using codec::http::Response;
using products::parse_uuid;
using products::reports::Actor;
using products::reports::PageEnd;
using products::reports::topic_of;
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
    HOWL_CO_TRY(user, user_of(exchange));
    ReportsApp::NewReport wanted{user, {user, std::string{kVia}}};
    auto& sessions = exchange.sessions;
    HOWL_CO_TRY(made, co_await app.create(sessions.hub(), sessions.random(), std::move(wanted)));
    co_return Response::json(201, text_of(made.stored));
}

Task<Result<Reply>> list(Exchange& exchange, ReportsApp& app) {
    HOWL_CO_TRY(user, user_of(exchange));
    HOWL_CO_TRY(listing, co_await app.list(exchange.hub(), std::move(user)));
    // The original has no pages, and its clients show what is going on: the newest.
    HOWL_CO_TRY(page,
                co_await page_of(exchange.shard(), listing.reports, &text_of, PageEnd::kNewest));
    co_return Response::json(200, std::move(page.text));
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

Result<Reply> reply_to(const Result<MoveDispatcher::Progress>& progress) {
    Response response{202};
    if (progress) {
        const bool is_applied = *progress == MoveDispatcher::Progress::kApplied;
        response.set("Howl-Move", is_applied ? "applied" : "queued");
    } else if (is_refusal(progress.error().code)) {
        const auto reason = progress.error().entry().name;
        response.set("Howl-Move", fmt::format("refused; reason={}", reason));
    } else {
        return std::unexpected(progress.error());
    }
    return response;
}

Task<Result<Reply>> move(Exchange& exchange, MoveDispatcher& dispatcher) {
    HOWL_CO_TRY(request, move_request(exchange));
    co_return reply_to(co_await dispatcher.send(exchange.hub(), std::move(request)));
}

}  // namespace

ReportsV4Compat::ReportsV4Compat(ReportsApp& app, MoveDispatcher& dispatcher,
                                 std::vector<std::string> allowed_origins)
    : app_(app),
      dispatcher_(dispatcher),
      response_policy_(std::move(allowed_origins)),
      style_(axum_style(app.settings().keep_alive)) {}

void ReportsV4Compat::add_routes(transport::Router& router) const {
    const auto open = [this](Exchange& exchange) {
        return transport::ready(open_stream(exchange, style_));
    };
    const auto make = [this](Exchange& exchange) { return create(exchange, app_); };
    const auto list_all = [this](Exchange& exchange) { return list(exchange, app_); };
    const auto put = [this](Exchange& exchange) { return move(exchange, dispatcher_); };
    router.add_endpoint("/v4/", response_policy_);
    router.add_stream("/v4/sse", response_policy_, open);
    router.add(Method::kPost, "/v4/new/report", response_policy_, make);
    router.add(Method::kGet, "/v4/reports", response_policy_, list_all);
    router.add(Method::kPut, "/v4/report", response_policy_, put);
}

}  // namespace howl::compat::reports
