// SPDX-License-Identifier: Apache-2.0
#include "compat/foreign_socket.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "codec/http/field_line.hpp"
#include "codec/http/field_list.hpp"
#include "codec/http/preferences.hpp"

namespace howl::compat {

namespace http = codec::http;

namespace {

constexpr std::string_view kOffer = "Sec-WebSocket-Protocol";

/// Where the clients of Socket.IO, of Engine.IO alone, and of SockJS dial by default.
constexpr std::array<std::string_view, 4> kForeignFolders{"socket.io", "engine.io", "sockjs",
                                                          "sockjs-node"};
/// Registered at IANA, or of a development server.
constexpr std::array<std::string_view, 11> kForeignProtocols{
    "mqtt",           "mqttv3.1",   "v10.stomp",
    "v11.stomp",      "v12.stomp",  "wamp.2.json",
    "wamp.2.msgpack", "graphql-ws", "graphql-transport-ws",
    "vite-hmr",       "vite-ping"};

template <class Names>
bool contains(const Names& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

/// The first member of the list; empty without an offer.
std::string first_offered(const http::Request& request) {
    const auto offer = http::combined(request, kOffer);
    const auto first = http::FieldList{offer}.next();
    // What stands behind a semicolon makes it no token, and so no subprotocol.
    return first ? fmt::format("{}{}", first->value, first->parameters) : std::string{};
}

bool is_foreign(const http::Request& request) {
    const auto segments = request.path_segments();
    const auto is_theirs = [](const std::string& folder) {
        return contains(kForeignFolders, folder);
    };
    const bool speaks_engine_io =
        request.query_value("EIO").has_value() && request.query_value("transport").has_value();
    return speaks_engine_io || std::ranges::any_of(segments, is_theirs) ||
           contains(kForeignProtocols, first_offered(request));
}

}  // namespace

Result<transport::Reply> open_on_any_path(const http::Request& request,
                                          std::unique_ptr<session::Handler> handler) {
    if (is_foreign(request)) {
        return fail(Errc::kNotFound, "open socket", "another protocol");
    }
    auto subprotocol = first_offered(request);
    if (request.has_header(kOffer) && !http::is_token(subprotocol)) {
        return fail(Errc::kBadRequest, "open socket", "not a list of subprotocols");
    }
    return transport::WebSocketReply{std::move(handler), std::move(subprotocol)};
}

}  // namespace howl::compat
