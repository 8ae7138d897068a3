// SPDX-License-Identifier: Apache-2.0
#include "products/reports/reports_api.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "base/limits.hpp"
#include "products/json.hpp"
#include "products/publishing.hpp"
#include "products/reading.hpp"
#include "products/reports/report_json.hpp"
#include "products/reports/report_list.hpp"
#include "products/reports/report_notice.hpp"
#include "products/topics/event_encoders.hpp"
#include "products/uuid.hpp"

namespace howl::products::reports {

namespace http = codec::http;
namespace json = boost::json;
using http::Method;
using http::Response;
using runtime::Task;
using transport::Exchange;
using transport::Reply;

namespace {

constexpr std::string_view kVia = "api";
constexpr std::string_view kAll = "/api/reports";

const topics::SseEncoder kEvents{topics::SseEncoder::Data::kRaw};

Result<std::string> user_of(const Exchange& exchange) {
    auto user = parse_uuid(exchange.request.query_value("user_id").value_or(""));
    if (!user) {
        return fail(Errc::kInvalidQuery, "reports", "user_id is a UUID");
    }
    return std::move(*user);
}

Result<std::string> report_id_of(const Exchange& exchange) {
    auto id = parse_uuid(exchange.wildcard);
    if (!id) {
        return fail(Errc::kNotFound, "reports", "there is no such report");
    }
    return std::move(*id);
}

Actor actor_of(const std::string& user) {
    return {user, std::string{kVia}};
}

std::string text_of(const ReportsApp::Stored& stored) {
    auto object = head_object(ReportNotice::of(stored.report, stored.version));
    object["history"] = history_array(stored.report.history);
    return json::serialize(object);
}

Result<ReportsApp::NewReport> new_report(const Exchange& exchange) {
    HOWL_TRY(user, user_of(exchange));
    HOWL_TRY(key, idempotency_key_of(exchange.request));
    auto actor = actor_of(user);
    return ReportsApp::NewReport{std::move(user), std::move(actor), std::move(key)};
}

Task<Result<Reply>> create(Exchange& exchange, ReportsApp& app) {
    HOWL_CO_TRY(wanted, new_report(exchange));
    auto& sessions = exchange.sessions;
    HOWL_CO_TRY(made, co_await app.create(sessions.hub(), sessions.random(), std::move(wanted)));
    const auto& report = made.stored.report;
    const std::uint16_t status = made.freshness == hub::Freshness::kNew ? 201 : 200;
    auto response = Response::json(status, text_of(made.stored));
    response.set("Location", fmt::format("{}/{}?user_id={}", kAll, report.id, report.user));
    co_return response;
}

Result<ReportsApp::MoveRequest> move_request(const Exchange& exchange) {
    HOWL_TRY(user, user_of(exchange));
    HOWL_TRY(id, report_id_of(exchange));
    HOWL_TRY(object, parse_object(exchange.request.body));
    HOWL_TRY(to, wanted_status_in(object));
    auto actor = actor_of(user);
    return ReportsApp::MoveRequest{std::move(id), to, std::move(actor), std::move(user)};
}

Task<Result<Reply>> change(Exchange& exchange, ReportsApp& app) {
    HOWL_CO_TRY(request, move_request(exchange));
    HOWL_CO_TRY(moved, co_await app.move(exchange.hub(), std::move(request)));
    co_return Response::json(200, text_of(moved.stored));
}

/// The reports behind the one that `?after=ID` names, at most `?limit=N` of them.
Result<std::span<const ReportsApp::Stored>> asked_for(const http::Request& request,
                                                      std::span<const ReportsApp::Stored> reports) {
    HOWL_TRY(limit,
             query_number(request, "limit", limits::kHistoryPageMax, 1, limits::kHistoryPageMax));
    if (const auto after = request.query_value("after")) {
        const auto is_it = [&after](const auto& stored) { return stored.report.id == *after; };
        const auto found = std::ranges::find_if(reports, is_it);
        if (found == reports.end()) {
            return fail(Errc::kInvalidQuery, "reports", "after is the id of a report of this user");
        }
        reports = {std::next(found), reports.end()};
    }
    return reports.first(std::min<std::size_t>(reports.size(), limit));
}

Task<Result<Reply>> list(Exchange& exchange, ReportsApp& app) {
    HOWL_CO_TRY(user, user_of(exchange));
    HOWL_CO_TRY(listing, co_await app.list(exchange.hub(), std::move(user)));
    HOWL_CO_TRY(asked, asked_for(exchange.request, listing.reports));
    HOWL_CO_TRY(page, co_await page_of(exchange.shard(), asked, &text_of, PageEnd::kOldest));
    auto response = Response::json(200, std::move(page.text));
    response.set("Howl-Cursor", listing.cursor.text());
    if (page.shown > 0 && &asked[page.shown - 1] != &listing.reports.back()) {
        response.set("Howl-Next", asked[page.shown - 1].report.id);
    }
    co_return response;
}

Task<Result<Reply>> show(Exchange& exchange, ReportsApp& app) {
    HOWL_CO_TRY(user, user_of(exchange));
    HOWL_CO_TRY(id, report_id_of(exchange));
    HOWL_CO_TRY(found, co_await app.find(exchange.hub(), std::move(user), std::move(id)));
    co_return Response::json(200, text_of(found));
}

Result<Reply> follow(const Exchange& exchange, const transport::SseStyle& style) {
    HOWL_TRY(user, user_of(exchange));
    HOWL_TRY(start, resume_point_of(exchange.request));
    transport::SseReply reply;
    reply.style = &style;
    reply.subscription = session::Subscription{{topic_of(user)}, std::move(start), &kEvents};
    return reply;
}

}  // namespace

void add_routes(transport::Router& router, const transport::ResponsePolicy& response_policy,
                const transport::SseStyle& style, ReportsApp& app) {
    const auto one = fmt::format("{}/*", kAll);
    const auto list_all = [&app](Exchange& exchange) { return list(exchange, app); };
    const auto make = [&app](Exchange& exchange) { return create(exchange, app); };
    const auto show_one = [&app](Exchange& exchange) { return show(exchange, app); };
    const auto move = [&app](Exchange& exchange) { return change(exchange, app); };
    const auto read_events = [&style](Exchange& exchange) {
        return transport::ready(follow(exchange, style));
    };
    router.add(Method::kGet, std::string{kAll}, response_policy, list_all);
    router.add(Method::kPost, std::string{kAll}, response_policy, make);
    router.add(Method::kGet, one, response_policy, show_one);
    router.add(Method::kPatch, one, response_policy, move);
    router.add_stream(fmt::format("{}/events", kAll), response_policy, read_events);
}

}  // namespace howl::products::reports
