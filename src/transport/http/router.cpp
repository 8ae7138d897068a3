// SPDX-License-Identifier: Apache-2.0
#include "transport/http/router.hpp"

#include <algorithm>
#include <utility>

#include <boost/beast/core/string.hpp>

#include "base/assert.hpp"
#include "codec/http/target.hpp"
#include "telemetry/metrics.hpp"

namespace howl::transport {

namespace http = codec::http;
using http::Method;

namespace {

std::string_view method_name(Method method) {
    switch (method) {
        case Method::kGet:
            return "GET";
        case Method::kHead:
            return "HEAD";
        case Method::kPost:
            return "POST";
        case Method::kPut:
            return "PUT";
        case Method::kPatch:
            return "PATCH";
        case Method::kDelete:
            return "DELETE";
        case Method::kOptions:
            return "OPTIONS";
        case Method::kOther:
            return "";
    }
    return "";
}

bool changes_state(Method method) {
    return method != Method::kGet && method != Method::kHead && method != Method::kOptions;
}

/// What `*` stands for, where `pattern` matches `path`.
std::optional<std::string_view> wildcard_in(std::string_view pattern, std::string_view path) {
    const auto star = pattern.find('*');
    if (star == std::string_view::npos) {
        return pattern == path ? std::optional{std::string_view{}} : std::nullopt;
    }
    const auto head = pattern.substr(0, star);
    const auto tail = pattern.substr(star + 1);
    if (path.size() <= head.size() + tail.size() || !path.starts_with(head) ||
        !path.ends_with(tail)) {
        return std::nullopt;
    }
    return path.substr(head.size(), path.size() - head.size() - tail.size());
}

/// Two Origins are none that could be trusted.
bool origin_allowed(const DoorManners& manners, const http::Request& request) {
    const auto is_origin = [](const http::Header& header) {
        return boost::beast::iequals(header.name, "Origin");
    };
    return std::ranges::count_if(request.headers, is_origin) <= 1 &&
           manners.origins().allows(request.header("Origin"), request.header("Host"));
}

std::string decode_wildcard(std::string_view encoded) {
    std::string out;
    for (const auto& segment : http::decode_path_segments("/" + std::string{encoded})) {
        out += "/" + segment;  // An empty first segment stays one.
    }
    return out.substr(std::min<std::size_t>(out.size(), 1));
}

void append_method(std::string& list, std::string_view name) {
    if (list.contains(name)) {
        return;
    }
    list += list.empty() ? "" : ", ";
    list += name;
}

}  // namespace

http::Response DoorManners::render(const Error& error) const {
    return http::Response::problem(error);
}

http::Response DoorManners::preflight(const http::Request& request,
                                      std::string_view allowed) const {
    auto response = http::Response::no_content();
    response.set("Allow", allowed);
    if (request.has_header("Access-Control-Request-Method")) {
        response.set("Access-Control-Allow-Methods", allowed);
        response.set("Access-Control-Allow-Headers",
                     "Content-Type, Idempotency-Key, Last-Event-ID, Cache-Control");
        response.set("Access-Control-Max-Age", "600");
    }
    return response;
}

void DoorManners::finish(const http::Request& request, http::Response& response) const {
    response.add("Vary", "Origin");
    const auto origin = request.header("Origin");
    if (!origin.empty() && origins().allows(origin, request.header("Host"))) {
        response.set("Access-Control-Allow-Origin",
                     origins().allows_everyone() ? std::string_view{"*"} : origin);
        response.set("Access-Control-Expose-Headers", "*");
    }
    response.set("X-Content-Type-Options", "nosniff");
}

void Router::add_door(std::string prefix, const DoorManners& manners) {
    const auto no_longer = std::ranges::find_if(
        doors_, [&](const auto& door) { return door.first.size() <= prefix.size(); });
    doors_.insert(no_longer, {std::move(prefix), &manners});
}

void Router::add(Method method, std::string pattern, const DoorManners& manners,
                 RouteHandler handler) {
    const auto is_wild = [](const Route& route) { return route.pattern.contains('*'); };
    const auto place =
        pattern.contains('*') ? routes_.end() : std::ranges::find_if(routes_, is_wild);
    routes_.insert(place, {method, std::move(pattern), &manners, std::move(handler)});
}

const DoorManners& Router::manners_at(std::string_view path) const {
    for (const auto& [prefix, manners] : doors_) {
        if (path.starts_with(prefix)) {
            return *manners;
        }
    }
    HOWL_ASSERT(!doors_.empty());
    return *doors_.back().second;
}

Router::Match Router::match(Method method, std::string_view path) const {
    Match out;
    const Method wanted = method == Method::kHead ? Method::kGet : method;
    for (const auto& route : routes_) {
        const auto wildcard = wildcard_in(route.pattern, path);
        if (!wildcard) {
            continue;
        }
        append_method(out.allowed, method_name(route.method));
        if (route.method == Method::kGet) {
            append_method(out.allowed, "HEAD");
        }
        if (out.route == nullptr && route.method == wanted) {
            out.route = &route;
            out.wildcard = *wildcard;
        }
    }
    if (!out.allowed.empty()) {
        append_method(out.allowed, "OPTIONS");
    }
    return out;
}

runtime::Task<Reply> Router::answer(const http::Request& request, Edge& edge,
                                    std::string_view peer) const {
    if (!hosts_.allows(request.header("Host"))) {
        telemetry::count(Errc::kMisdirected);
        co_return http::Response::problem({Errc::kMisdirected, "route", {}});
    }
    const auto found = match(request.method, request.path);
    const DoorManners& manners =
        found.route != nullptr ? *found.route->manners : manners_at(request.path);
    const auto refuse = [&](const Error& error) {
        telemetry::count(error.code);
        auto response = manners.render(error);
        if (error.code == Errc::kMethodNotAllowed) {
            response.set("Allow", found.allowed);
        }
        manners.finish(request, response);
        return response;
    };
    if (request.method == Method::kOptions && found.route == nullptr) {
        auto response = manners.preflight(request, found.allowed);
        manners.finish(request, response);
        co_return response;
    }
    if (found.route == nullptr) {
        co_return refuse(
            {found.allowed.empty() ? Errc::kNotFound : Errc::kMethodNotAllowed, "route", {}});
    }
    if (changes_state(request.method) && !origin_allowed(manners, request)) {
        co_return refuse({Errc::kOriginRefused, "route", {}});
    }
    Exchange exchange{request, edge, decode_wildcard(found.wildcard), peer};
    auto reply = co_await found.route->handler(exchange);
    if (!reply) {
        co_return refuse(reply.error());
    }
    if (auto* response = std::get_if<http::Response>(&*reply)) {
        manners.finish(request, *response);
    } else if (auto* stream = std::get_if<SseReply>(&*reply)) {
        manners.finish(request, stream->head);
    } else if (!origin_allowed(manners, request)) {
        co_return refuse({Errc::kOriginRefused, "WebSocket handshake", {}});
    }
    co_return std::move(*reply);
}

}  // namespace howl::transport
