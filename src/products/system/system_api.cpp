// SPDX-License-Identifier: Apache-2.0
#include "products/system/system_api.hpp"

#include <memory>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "telemetry/metrics.hpp"
#include "transport/http/page_policy.hpp"

namespace howl::products::system {

using codec::http::Method;
using codec::http::Response;
using runtime::Task;
using transport::Exchange;
using transport::Reply;

namespace {

std::string_view name_of(Readiness readiness) {
    switch (readiness) {
        case Readiness::kStarting:
            return "starting";
        case Readiness::kReady:
            return "ready";
        case Readiness::kDraining:
            return "draining";
        case Readiness::kStoreFailed:
            return "store failed";
    }
    return "unknown";
}

Response status(std::uint16_t code, std::string_view text) {
    auto response =
        Response::json(code, boost::json::serialize(boost::json::object{{"status", text}}));
    response.set("Cache-Control", "no-store");
    return response;
}

Task<Result<Reply>> health(Exchange& /*exchange*/) {
    co_return status(200, "ok");
}

/// The reason is the operator's: file, SQLite's code and errno, no paths.
Response refuses_writes(Readiness now, const Error& trouble) {
    const auto words = now == Readiness::kReady ? "store refuses writes" : name_of(now);
    auto response = Response::json(
        503, boost::json::serialize(boost::json::object{
                 {"status", words},
                 {"store", {{"code", trouble.entry().name}, {"detail", trouble.detail}}}}));
    response.set("Cache-Control", "no-store");
    return response;
}

Task<Result<Reply>> ready(const NodeState& node) {
    const auto now = node.readiness.load();
    if (const auto trouble = node.trouble()) {
        co_return refuses_writes(now, *trouble);
    }
    co_return status(now == Readiness::kReady ? 200 : 503, name_of(now));
}

Task<Result<Reply>> metrics(Exchange& /*exchange*/) {
    auto response = Response::text(200, telemetry::metrics_text());
    response.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    response.set("Cache-Control", "no-store");
    co_return response;
}

Response page(std::string_view content_type, std::string_view body) {
    auto response = Response::text(200, std::string{body});
    response.set("Content-Type", content_type);
    response.set("Cache-Control", "no-cache");
    transport::set_page_headers(
        response, "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'");
    return response;
}

Task<Result<Reply>> home(Exchange& /*exchange*/) {
    co_return page("text/html; charset=utf-8", home_page());
}

Task<Result<Reply>> style(Exchange& /*exchange*/) {
    co_return page("text/css; charset=utf-8", home_style());
}

Task<Result<Reply>> api_document(Exchange& /*exchange*/) {
    auto response = Response::json(200, std::string{openapi_document()});
    response.set("Cache-Control", "no-cache");
    co_return response;
}

Task<Result<Reply>> numbers(const Stats& stats) {
    auto response = Response::json(200, stats.text());
    response.set("Cache-Control", "no-store");
    co_return response;
}

}  // namespace

void add_routes(transport::Router& router, const transport::ResponsePolicy& response_policy,
                NodeState node) {
    // A coroutine keeps a reference to it: it lives as long as the route.
    const auto answer_ready = [node = std::make_shared<const NodeState>(std::move(node))](
                                  Exchange& /*exchange*/) { return ready(*node); };
    router.add_public(Method::kGet, "/", response_policy, home);
    router.add_public(Method::kGet, "/home.css", response_policy, style);
    router.add_probe("/healthz", response_policy, health);
    router.add_probe("/readyz", response_policy, answer_ready);
    router.add_probe("/metrics", response_policy, metrics);
}

void add_api_routes(transport::Router& router, const transport::ResponsePolicy& response_policy,
                    const Stats& stats) {
    const auto answer_stats = [&stats](Exchange& /*exchange*/) { return numbers(stats); };
    router.add(Method::kGet, "/api/openapi.json", response_policy, api_document);
    router.add(Method::kGet, "/api/stats", response_policy, answer_stats);
}

}  // namespace howl::products::system
