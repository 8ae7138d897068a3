// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "access/principal.hpp"
#include "base/result.hpp"
#include "codec/http/request.hpp"
#include "codec/http/response.hpp"
#include "runtime/task.hpp"
#include "session/session_group.hpp"
#include "telemetry/metrics.hpp"
#include "transport/http/host_rule.hpp"
#include "transport/http/origin_rule.hpp"
#include "transport/http/reply.hpp"

namespace howl::transport {

/// Who sends a request, and from where.
struct Client {
    /// The address at the other end of the socket, without its port; a proxy's, if one is between.
    std::string_view address;
    access::Principal principal{};
};

/// One request that is being answered, and the shard's sessions.
struct Exchange {
    const codec::http::Request& request;
    session::SessionGroup& sessions;
    /// What the `*` of the route stood for, decoded.
    std::string wildcard;
    std::string_view peer;  ///< `Client::address`.
    access::Principal principal{};
    std::string_view encoded_wildcard{};  ///< `wildcard` as it stands in the path.

    [[nodiscard]] hub::Hub& hub() const noexcept { return sessions.hub(); }
    [[nodiscard]] runtime::Shard& shard() const noexcept { return sessions.shard(); }
};

/// Answers a request. An error becomes the endpoint's error reply.
using RouteHandler = std::function<runtime::Task<Result<Reply>>(Exchange&)>;
using OpensStream = std::function<bool(const codec::http::Request&)>;

/// For a handler that need not wait.
[[nodiscard]] inline runtime::Task<Result<Reply>> ready(Result<Reply> reply) {
    co_return reply;
}

/// How an endpoint answers: the origins that it allows, the form of its errors, its common headers.
/// All its routes share one.
class ResponsePolicy {
public:
    virtual ~ResponsePolicy() = default;
    /// Which pages may use the endpoint.
    [[nodiscard]] virtual const OriginRule& origins() const = 0;
    [[nodiscard]] virtual codec::http::Response render(const Error& error) const;
    /// The answer to OPTIONS; `allowed` lists the methods of the path, comma-separated.
    [[nodiscard]] virtual codec::http::Response preflight(const codec::http::Request& request,
                                                          std::string_view allowed) const;
    /// Adds the headers that every reply of the endpoint carries, such as CORS.
    virtual void finish(const codec::http::Request& request, codec::http::Response& response) const;
};

/// The policy of Howl's own API: problem+json, and CORS for the origins of `rule`.
class ApiResponsePolicy final : public ResponsePolicy {
public:
    explicit ApiResponsePolicy(OriginRule rule) : rule_(std::move(rule)) {}
    [[nodiscard]] const OriginRule& origins() const override { return rule_; }

private:
    const OriginRule rule_;
};

/// Maps method and path to the handler of an endpoint. Built at start, then constant.
/// Thread: `answer` on any shard.
class Router {
public:
    /// `hosts`: the names under which the routes can be reached; others get 421.
    explicit Router(HostRule hosts = {}) : hosts_(std::move(hosts)) {}

    /// Paths under `prefix` that no route matches are answered by this policy. The longest prefix
    /// counts; of equal ones the last added, so that an endpoint may have a listener's root. The
    /// policy must outlive the router.
    void add_endpoint(std::string prefix, const ResponsePolicy& response_policy);

    /// `pattern` is a path, or a path with one `*` that matches one or more segments. A plain
    /// path is preferred to one with `*`; among those, the first added.
    void add(codec::http::Method method, std::string pattern, const ResponsePolicy& response_policy,
             RouteHandler handler);
    /// The same for a file or a probe, which only reads and holds nothing: pages that the endpoint
    /// does not allow may load it too. CORS still decides which scripts may read it.
    void add_public(codec::http::Method method, std::string pattern,
                    const ResponsePolicy& response_policy, RouteHandler handler);
    /// The same for a GET of a few bytes by which the server is monitored: it is answered even at
    /// the connection and memory limits.
    void add_probe(std::string path, const ResponsePolicy& response_policy, RouteHandler handler);
    /// The same for a GET that opens an event stream or a socket, so that it holds a connection and
    /// may join a topic's presence: a link on a page of another site is refused. Where the path has
    /// documents too, `opens` decides from the request which is meant.
    void add_stream(
        std::string pattern, const ResponsePolicy& response_policy, RouteHandler handler,
        OpensStream opens = [](const codec::http::Request&) { return true; });

    /// Called for a GET of an unknown path: no route matches it, and none has its first segment, so
    /// that a mistyped path of the API stays an error of the API. An error of the handler is
    /// answered as such a path is without a fallback.
    void set_fallback(const ResponsePolicy& response_policy, RouteHandler handler);

    /// Finds, checks and calls the handler. Every outcome is a reply.
    ///
    /// No handler runs for a page that may not use its endpoint, be it for a document, an event
    /// stream or a socket: a handler may join a topic's presence, and holds what it opens. A page
    /// identifies itself by `Origin`; its subresources (an image, a script, a frame) have none, and
    /// are recognised by Fetch Metadata. A link from another site leads to documents only. Absent:
    /// a browser sends Fetch Metadata only over https and to loopback, so over plain HTTP from
    /// elsewhere subresources of a foreign page look like curl.
    ///
    /// While the output of all peers is over its limit (`hub::OutputMemory`), a GET other than a
    /// probe is refused, and so is its answer where the limit was reached meanwhile. Publishing and
    /// changing go on: their replies are short.
    [[nodiscard]] runtime::Task<Reply> answer(const codec::http::Request& request,
                                              session::SessionGroup& sessions, Client client) const;
    [[nodiscard]] bool is_probe(const codec::http::Request& request) const;
    /// The policy of the longest prefix of `path`.
    [[nodiscard]] const ResponsePolicy& response_policy_at(std::string_view path) const;
    /// All routes, as method and pattern: `GET /api/topics/*/events`.
    [[nodiscard]] std::vector<std::string> routes() const;

private:
    enum class Audience : std::uint8_t { kAllowedPages, kEveryPage };
    struct Route {
        codec::http::Method method;
        Audience audience;  ///< Which pages may use it when it only reads.
        std::string pattern;
        const ResponsePolicy* response_policy;
        RouteHandler handler;
        enum class Kind : std::uint8_t { kNormal, kProbe } kind = Kind::kNormal;
        OpensStream opens_stream{};  ///< Empty: it opens none.
        telemetry::Series time{telemetry::Histogram::kRequestTime};
    };
    struct Match {
        const Route* route = nullptr;
        std::string_view wildcard;
        std::string allowed;  ///< Methods of all routes that match the path.
    };

    void insert(Route route);
    [[nodiscard]] Match match(codec::http::Method method, std::string_view path) const;
    /// All checks of a request before its handler runs.
    [[nodiscard]] static Result<void> check(const codec::http::Request& request, const Match& found,
                                            const ResponsePolicy& response_policy);
    [[nodiscard]] bool is_for_fallback(const codec::http::Request& request,
                                       const Match& found) const;

    HostRule hosts_;
    std::vector<Route> routes_;
    std::optional<Route> fallback_;
    std::vector<std::pair<std::string, const ResponsePolicy*>> endpoints_;
};

}  // namespace howl::transport
