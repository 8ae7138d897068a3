// SPDX-License-Identifier: Apache-2.0
#include "transport/http/router.hpp"

#include <algorithm>
#include <utility>

#include <boost/beast/core/string.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <fmt/format.h>

#include "base/assert.hpp"
#include "codec/http/preferences.hpp"
#include "codec/http/target.hpp"
#include "hub/output_memory.hpp"
#include "telemetry/metrics.hpp"

namespace howl::transport {

namespace http = codec::http;
using http::Method;

namespace {

constexpr std::string_view kEncodedBody = "encoded body";
constexpr std::string_view kLinkToStream = "link to a stream";

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

/// A request with two Origin headers is refused: neither can be trusted.
bool origin_allowed(const ResponsePolicy& response_policy, const http::Request& request) {
    const auto is_origin = [](const http::Header& header) {
        return boost::beast::iequals(header.name, "Origin");
    };
    return std::ranges::count_if(request.headers, is_origin) <= 1 &&
           response_policy.origins().allows(request.header("Origin"), request.header("Host"));
}

/// A request without Origin that another site caused: a subresource of a page there, or a link that
/// was followed. The browser says so (W3C Fetch Metadata section 2.3).
bool comes_from_another_site(const http::Request& request) {
    const auto site = request.header("Sec-Fetch-Site");
    return !request.has_header("Origin") && (site == "cross-site" || site == "same-site");
}

/// The reply becomes the page of a tab or a window, not a frame, an image or a script of a page.
bool is_top_level_navigation(const http::Request& request) {
    return request.header("Sec-Fetch-Mode") == "navigate" &&
           request.header("Sec-Fetch-Dest") == "document";
}

bool is_link(const ResponsePolicy& response_policy, const http::Request& request) {
    return !response_policy.origins().allows_everyone() && comes_from_another_site(request) &&
           is_top_level_navigation(request);
}

/// False where the page is not allowed: one that sends its Origin, or one that loads a subresource.
bool page_allowed(const ResponsePolicy& response_policy, const http::Request& request) {
    return origin_allowed(response_policy, request) &&
           (!comes_from_another_site(request) || is_top_level_navigation(request) ||
            response_policy.origins().allows_everyone());
}

/// True where an unreserved character is percent-encoded (RFC 3986 section 6.2.2.2). Then a path
/// has a second spelling, which a proxy's rules for paths would not match.
bool encodes_needlessly(std::string_view path) {
    constexpr std::size_t kEncodedBytes = 3;
    for (auto at = path.find('%'); at != std::string_view::npos; at = path.find('%', at + 1)) {
        const auto letter =
            http::decode_path_segments("/" + std::string{path.substr(at, kEncodedBytes)}).front();
        if (!letter.empty() && boost::urls::unreserved_chars(letter.front())) {
            return true;
        }
    }
    return false;
}

/// `/api/topics/x` gives `/api/`.
std::string first_segment(std::string_view path) {
    return fmt::format("{}/", path.substr(0, path.find('/', 1)));
}

std::string decode_wildcard(std::string_view encoded) {
    std::string out;
    for (const auto& segment : http::decode_path_segments("/" + std::string{encoded})) {
        out += "/" + segment;  // An empty first segment stays one.
    }
    return out.substr(std::min<std::size_t>(out.size(), 1));
}

/// Observes how long it lived.
class RequestTimer {
public:
    RequestTimer(telemetry::Series series, const Clock& clock)
        : series_(series), clock_(clock), begin_(clock.steady_now()) {}
    ~RequestTimer() { telemetry::observe(series_, clock_.steady_now() - begin_); }
    RequestTimer(const RequestTimer&) = delete;
    RequestTimer& operator=(const RequestTimer&) = delete;

private:
    const telemetry::Series series_;
    const Clock& clock_;
    const SteadyTime begin_;
};

void append_method(std::string& list, std::string_view name) {
    if (list.contains(name)) {
        return;
    }
    list += list.empty() ? "" : ", ";
    list += name;
}

}  // namespace

http::Response ResponsePolicy::render(const Error& error) const {
    return http::Response::problem(error);
}

http::Response ResponsePolicy::preflight(const http::Request& request,
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

void ResponsePolicy::finish(const http::Request& request, http::Response& response) const {
    response.add("Vary", "Origin");
    const auto origin = request.header("Origin");
    if (!origin.empty() && origins().allows(origin, request.header("Host"))) {
        response.set("Access-Control-Allow-Origin",
                     origins().allows_everyone() ? std::string_view{"*"} : origin);
        response.set("Access-Control-Expose-Headers", "*");
    }
    response.set("X-Content-Type-Options", "nosniff");
}

void Router::add_endpoint(std::string prefix, const ResponsePolicy& response_policy) {
    const auto no_longer = std::ranges::find_if(
        endpoints_, [&](const auto& endpoint) { return endpoint.first.size() <= prefix.size(); });
    endpoints_.insert(no_longer, {std::move(prefix), &response_policy});
}

void Router::add(Method method, std::string pattern, const ResponsePolicy& response_policy,
                 RouteHandler handler) {
    insert({method, Audience::kAllowedPages, std::move(pattern), &response_policy,
            std::move(handler)});
}

void Router::add_public(Method method, std::string pattern, const ResponsePolicy& response_policy,
                        RouteHandler handler) {
    insert(
        {method, Audience::kEveryPage, std::move(pattern), &response_policy, std::move(handler)});
}

void Router::add_probe(std::string path, const ResponsePolicy& response_policy,
                       RouteHandler handler) {
    insert({Method::kGet, Audience::kEveryPage, std::move(path), &response_policy,
            std::move(handler), Route::Kind::kProbe});
}

void Router::add_stream(std::string pattern, const ResponsePolicy& response_policy,
                        RouteHandler handler, OpensStream opens) {
    insert({Method::kGet, Audience::kAllowedPages, std::move(pattern), &response_policy,
            std::move(handler), Route::Kind::kNormal, std::move(opens)});
}

void Router::insert(Route route) {
    // The names of files change with every build of the portal, so they share one series.
    const bool is_file =
        route.audience == Audience::kEveryPage && route.kind == Route::Kind::kNormal;
    route.time = telemetry::series(
        telemetry::Histogram::kRequestTime,
        {std::string{method_name(route.method)}, is_file ? "files" : route.pattern});
    const auto is_wild = [](const Route& other) { return other.pattern.contains('*'); };
    const auto place = is_wild(route) ? routes_.end() : std::ranges::find_if(routes_, is_wild);
    routes_.insert(place, std::move(route));
}

bool Router::is_probe(const http::Request& request) const {
    const auto found = match(request.method, request.path);
    return found.route != nullptr && found.route->kind == Route::Kind::kProbe;
}

void Router::set_fallback(const ResponsePolicy& response_policy, RouteHandler handler) {
    fallback_ = Route{Method::kGet, Audience::kEveryPage, {}, &response_policy, std::move(handler)};
}

const ResponsePolicy& Router::response_policy_at(std::string_view path) const {
    for (const auto& [prefix, response_policy] : endpoints_) {
        if (path.starts_with(prefix)) {
            return *response_policy;
        }
    }
    HOWL_ASSERT(!endpoints_.empty());
    return *endpoints_.back().second;
}

std::vector<std::string> Router::routes() const {
    std::vector<std::string> out;
    for (const auto& route : routes_) {
        out.push_back(fmt::format("{} {}", method_name(route.method), route.pattern));
    }
    return out;
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

Result<void> Router::check(const http::Request& request, const Match& found,
                           const ResponsePolicy& response_policy) {
    if (found.route == nullptr && found.allowed.empty()) {
        return fail(Errc::kNotFound, "route");
    }
    const bool only_reads = found.route != nullptr && !changes_state(request.method) &&
                            !request.lists("Upgrade", "websocket");
    const bool is_for_everyone = only_reads && found.route->audience == Audience::kEveryPage;
    if (!is_for_everyone && !page_allowed(response_policy, request)) {
        return fail(Errc::kOriginRefused, "route");
    }
    if (found.route == nullptr) {
        return fail(Errc::kMethodNotAllowed, "route");
    }
    const auto& opens_stream = found.route->opens_stream;
    if (opens_stream && opens_stream(request) && is_link(response_policy, request)) {
        return fail(Errc::kOriginRefused, kLinkToStream);
    }
    if (encodes_needlessly(found.wildcard)) {
        return fail(Errc::kNotFound, "route", "letters, digits and -._~ stand plainly in a path");
    }
    if (!request.body.empty() && !http::is_sent_plainly(request)) {
        return fail(Errc::kUnsupportedData, kEncodedBody, "accepted Content-Encoding: identity");
    }
    return {};
}

bool Router::is_for_fallback(const http::Request& request, const Match& found) const {
    const bool reads = request.method == Method::kGet || request.method == Method::kHead;
    const auto first = first_segment(request.path);
    return reads && found.allowed.empty() && std::ranges::none_of(routes_, [&](const Route& route) {
               return (route.pattern + "/").starts_with(first);
           });
}

runtime::Task<Reply> Router::answer(const http::Request& request, session::SessionGroup& sessions,
                                    Client client) const {
    if (!hosts_.allows(request.header("Host"))) {
        telemetry::count(Errc::kMisdirected);
        co_return http::Response::problem({Errc::kMisdirected, "route", {}});
    }
    auto found = match(request.method, request.path);
    if (fallback_ && is_for_fallback(request, found)) {
        found.route = &*fallback_;
    }
    const RequestTimer timer{found.route != nullptr
                                 ? found.route->time
                                 : telemetry::Series{telemetry::Histogram::kRequestTime},
                             sessions.shard().clock()};
    const ResponsePolicy& response_policy =
        found.route != nullptr ? *found.route->response_policy : response_policy_at(request.path);
    const auto refuse = [&](const Error& error) {
        telemetry::count(error.code);
        auto response = response_policy.render(error);
        if (error.code == Errc::kMethodNotAllowed) {
            response.set("Allow", found.allowed);
        }
        if (error.context == kEncodedBody) {
            response.set("Accept-Encoding", "identity");  // RFC 9110 section 12.5.3.
        }
        if (response.status() == 503 && response.header("Retry-After").empty()) {
            response.set("Retry-After", "1");
        }
        response_policy.finish(request, response);
        return response;
    };
    if (request.method == Method::kOptions && found.route == nullptr) {
        auto response = response_policy.preflight(request, found.allowed);
        response_policy.finish(request, response);
        co_return response;
    }
    if (const auto checked = check(request, found, response_policy); !checked) {
        co_return refuse(checked.error());
    }
    const bool needs_room =
        found.route->method == Method::kGet && found.route->kind != Route::Kind::kProbe;
    if (needs_room && !hub::OutputMemory::has_room()) {
        co_return refuse({Errc::kOverloaded, "route", {}});
    }
    Exchange exchange{request,        sessions,         decode_wildcard(found.wildcard),
                      client.address, client.principal, found.wildcard};
    auto reply = co_await found.route->handler(exchange);
    if (!reply) {
        co_return refuse(reply.error());
    }
    if (auto* response = std::get_if<http::Response>(&*reply)) {
        if (needs_room && !hub::OutputMemory::has_room()) {
            co_return refuse({Errc::kOverloaded, "answer", {}});
        }
        response_policy.finish(request, *response);
    } else if (is_link(response_policy, request)) {
        co_return refuse({Errc::kOriginRefused, kLinkToStream, {}});  // Not added as a stream.
    } else if (auto* stream = std::get_if<SseReply>(&*reply)) {
        response_policy.finish(request, stream->head);
    }
    co_return std::move(*reply);
}

}  // namespace howl::transport
