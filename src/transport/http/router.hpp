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

#include "base/result.hpp"
#include "codec/http/request.hpp"
#include "codec/http/response.hpp"
#include "runtime/task.hpp"
#include "transport/edge.hpp"
#include "transport/http/host_rule.hpp"
#include "transport/http/origin_rule.hpp"
#include "transport/sse/sse_stream.hpp"
#include "transport/stream.hpp"

namespace howl::transport {

/// One request in work, and where it is worked on.
struct Exchange {
    const codec::http::Request& request;
    Edge& edge;
    /// What the `*` of the route stood for, decoded.
    std::string wildcard;
    /// The address at the other end of the socket, without its port; a proxy's, if one is between.
    std::string_view peer;
};

/// The reply becomes an event stream.
struct SseReply {
    const SseStyle* style = nullptr;
    codec::http::Response head{200};
    std::unique_ptr<StreamHandler> handler;  ///< Null: the stream only reads `follow`.
    std::optional<Follow> follow;
};

/// The connection becomes a WebSocket, if the handshake is right.
struct WebSocketReply {
    std::unique_ptr<StreamHandler> handler;
};

using Reply = std::variant<codec::http::Response, SseReply, WebSocketReply>;
/// Answers a request. An error becomes the door's error reply.
using RouteHandler = std::function<runtime::Task<Result<Reply>>(Exchange&)>;

/// For a handler that need not wait.
[[nodiscard]] inline runtime::Task<Result<Reply>> ready(Result<Reply> reply) {
    co_return reply;
}

/// The manners that all routes of a door share.
class DoorManners {
public:
    virtual ~DoorManners() = default;
    /// Whether a page of another origin may change state or open a socket here.
    [[nodiscard]] virtual const OriginRule& origins() const = 0;
    [[nodiscard]] virtual codec::http::Response render(const Error& error) const;
    /// The answer to OPTIONS; `allowed` lists the methods of the path, comma-separated.
    [[nodiscard]] virtual codec::http::Response preflight(const codec::http::Request& request,
                                                          std::string_view allowed) const;
    /// Adds what every reply of the door carries, CORS above all.
    virtual void finish(const codec::http::Request& request, codec::http::Response& response) const;
};

/// The manners of Howl's own API: problem+json, and CORS for the origins of `rule`.
class ApiManners final : public DoorManners {
public:
    explicit ApiManners(OriginRule rule) : rule_(std::move(rule)) {}
    [[nodiscard]] const OriginRule& origins() const override { return rule_; }

private:
    const OriginRule rule_;
};

/// From method and path to the handler of a door. Built at start, then constant, so any shard.
class Router {
public:
    /// `hosts`: the names under which the routes can be reached; others get 421.
    explicit Router(HostRule hosts = {}) : hosts_(std::move(hosts)) {}

    /// Routes under `prefix` that nothing matches are answered with these manners. The longest
    /// prefix counts; of equal ones the last added, so that a door may have a listener's root. The
    /// manners outlive the router.
    void add_door(std::string prefix, const DoorManners& manners);

    /// `pattern` is a path, or a path with one `*` that stands for one or more segments. A plain
    /// path is preferred to one with `*`; among those, the first added.
    void add(codec::http::Method method, std::string pattern, const DoorManners& manners,
             RouteHandler handler);

    /// Finds, checks and calls the handler. Every outcome is a reply.
    [[nodiscard]] runtime::Task<Reply> answer(const codec::http::Request& request, Edge& edge,
                                              std::string_view peer) const;
    /// The manners at this path.
    [[nodiscard]] const DoorManners& manners_at(std::string_view path) const;

private:
    struct Route {
        codec::http::Method method;
        std::string pattern;
        const DoorManners* manners;
        RouteHandler handler;
    };
    struct Match {
        const Route* route = nullptr;
        std::string_view wildcard;
        std::string allowed;  ///< Methods of all routes that match the path.
    };

    [[nodiscard]] Match match(codec::http::Method method, std::string_view path) const;

    HostRule hosts_;
    std::vector<Route> routes_;
    std::vector<std::pair<std::string, const DoorManners*>> doors_;
};

}  // namespace howl::transport
