// SPDX-License-Identifier: Apache-2.0
#include "transport/http/http_connection.hpp"

#include <cerrno>
#include <sys/socket.h>
#include <utility>

#include <boost/asio/post.hpp>

#include "codec/websocket/deflate_negotiation.hpp"
#include "codec/websocket/handshake.hpp"
#include "telemetry/metrics.hpp"
#include "transport/sse/sse_stream.hpp"
#include "transport/websocket/websocket_stream.hpp"

namespace howl::transport {

namespace http = codec::http;
namespace ws = codec::websocket;
using runtime::kAwait;
using runtime::Task;
using telemetry::Counter;
using Stage = http::RequestParser::Stage;

namespace {

constexpr std::chrono::milliseconds kLingerTime{1000};
constexpr std::size_t kLingerBytesMax = 256 * 1024;

/// All values of a header that is a list, as one (RFC 9110 section 5.3).
std::string joined(const http::Request& request, std::string_view name) {
    std::string out;
    for (const auto& header : request.headers) {
        if (header.name.size() == name.size() && boost::beast::iequals(header.name, name)) {
            out += out.empty() ? "" : ", ";
            out += header.value;
        }
    }
    return out;
}

/// Empty for a peer that is gone already.
std::string address_of_peer(const Socket& socket) {
    boost::system::error_code error;
    const auto endpoint = socket.remote_endpoint(error);
    return error ? std::string{} : endpoint.address().to_string();
}

}  // namespace

HttpConnection::HttpConnection(Edge& edge, const Router& router, Socket socket,
                               ConnectionBudget::Permit permit)
    : edge_(edge),
      router_(router),
      peer_(address_of_peer(socket)),
      socket_(std::move(socket)),
      permit_(std::move(permit)),
      parser_(edge.settings().http),
      deadline_(edge.shard().timers(), *this) {
    edge_.adopt(*this);
}

HttpConnection::~HttpConnection() {
    edge_.release(*this);
}

Task<void> HttpConnection::serve(Edge& edge, const Router& router, Socket socket,
                                 ConnectionBudget::Permit permit) {
    if (edge.draining()) {
        co_return;  // Accepted in the very turn that closed the listener.
    }
    // A cancelled connection ends by its closed socket, after the reply it may still owe.
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    HttpConnection connection{edge, router, std::move(socket), std::move(permit)};
    co_await connection.run();
}

void HttpConnection::drain() {
    closing_ = true;
    if (!serving_ && parser_.stage() == Stage::kIdle && pending_.empty()) {
        shut();
    }
}

void HttpConnection::shut() {
    closing_ = true;
    boost::system::error_code ignored;
    socket_.close(ignored);  // Nobody is left to tell.
}

WallTime HttpConnection::wall_now() const {
    return edge_.shard().clock().wall_now();
}

void HttpConnection::set_deadline(std::chrono::milliseconds from_now) {
    deadline_.arm(edge_.shard().now() + from_now);
}

void HttpConnection::on_deadline() {
    deadline_passed_ = true;
    boost::system::error_code ignored;
    socket_.cancel(ignored);  // Whoever waits sees the flag.
}

Task<void> HttpConnection::run() {
    After after = After::kGoOn;
    while (after == After::kGoOn) {
        auto request = co_await next_request();
        if (!request) {
            co_await refuse(std::move(request).error());
            break;
        }
        if (!*request) {
            break;
        }
        serving_ = true;
        deadline_.disarm();
        after = co_await answer(**request);
        serving_ = false;
        if (after == After::kGoOn && !pending_.empty()) {
            // One reply for each of its turns, however many requests a peer sends at once.
            co_await boost::asio::post(edge_.shard().io(), kAwait);
        }
    }
    if (after == After::kClose) {
        co_await linger();
    }
}

Result<bool> HttpConnection::feed_pending() {
    if (pending_.empty()) {
        return false;
    }
    HOWL_TRY(fed, parser_.feed(pending_));
    pending_.erase(0, fed.consumed);
    if (pending_.empty()) {
        pending_.shrink_to_fit();
    }
    return fed.progress == http::RequestParser::Progress::kComplete;
}

Task<Result<std::optional<http::Request>>> HttpConnection::next_request() {
    const auto& settings = edge_.settings();
    auto stage = Stage::kIdle;
    set_deadline(settings.http_idle_time);
    while (true) {
        auto complete = feed_pending();
        if (!complete) {
            co_return std::unexpected(std::move(complete).error());
        }
        if (*complete) {
            co_return parser_.take();
        }
        if (parser_.stage() != stage) {
            stage = parser_.stage();
            set_deadline(stage == Stage::kHead ? settings.http_head_time : settings.http_body_time);
        }
        if (parser_.wants_continue() && !co_await send(std::string{http::continue_reply()})) {
            co_return std::nullopt;
        }
        if (!co_await receive()) {
            if (deadline_passed_ && stage != Stage::kIdle) {
                co_return fail(Errc::kRequestTimeout, "request");
            }
            co_return std::nullopt;
        }
    }
}

Task<bool> HttpConnection::receive() {
    auto [error] = co_await socket_.async_wait(Socket::wait_read, kAwait);
    if (error || deadline_passed_) {
        co_return false;
    }
    const auto scratch = edge_.shard().scratch();
    const auto received =
        ::recv(socket_.native_handle(), scratch.data(), scratch.size(), MSG_DONTWAIT);
    if (received <= 0) {
        co_return received < 0 && (errno == EAGAIN || errno == EINTR);
    }
    telemetry::count(Counter::kBytesReceived, static_cast<std::uint64_t>(received));
    pending_.append(scratch.data(), static_cast<std::size_t>(received));
    co_return true;
}

Task<bool> HttpConnection::send(std::string bytes) {
    OutputQueue queue;
    queue.push(hub::make_frame(std::move(bytes)));
    while (true) {
        switch (queue.write_to(socket_.native_handle(), edge_.sent_)) {
            case OutputQueue::Written::kAll:
                co_return true;
            case OutputQueue::Written::kPeerGone:
                co_return false;
            case OutputQueue::Written::kKernelFull:
                break;
        }
        set_deadline(edge_.settings().stall_time);
        auto [error] = co_await socket_.async_wait(Socket::wait_write, kAwait);
        if (error || deadline_passed_) {
            co_return false;
        }
    }
}

Task<HttpConnection::After> HttpConnection::answer(const http::Request& request) {
    telemetry::count(Counter::kHttpRequests);
    Reply reply = co_await router_.answer(request, edge_, peer_);
    if (auto* response = std::get_if<http::Response>(&reply)) {
        co_return co_await respond(request, std::move(*response));
    }
    if (closing_ || edge_.draining()) {
        const Error draining{Errc::kDraining, "open a stream", {}};
        co_return co_await respond(request, refusal(request, draining));
    }
    if (auto* upgraded = std::get_if<WebSocketReply>(&reply)) {
        co_return co_await upgrade(request, std::move(*upgraded));
    }
    auto& stream = std::get<SseReply>(reply);
    if (request.method == http::Method::kHead) {
        static_cast<void>(co_await send(stream_head(request, stream.head)));
        co_return After::kClose;
    }
    co_return start_sse(request, std::move(stream));
}

Task<HttpConnection::After> HttpConnection::respond(const http::Request& request,
                                                    http::Response response) {
    auto context = http::ReplyContext::to(request, wall_now());
    if (closing_) {
        context.fate = http::ConnectionFate::kClose;
    }
    const bool sent = co_await send(response.serialize(context));
    co_return sent&& context.fate == http::ConnectionFate::kKeepAlive ? After::kGoOn
                                                                      : After::kClose;
}

http::Response HttpConnection::refusal(const http::Request& request, const Error& error) const {
    telemetry::count(error.code);
    const auto& manners = router_.manners_at(request.path);
    auto response = manners.render(error);
    manners.finish(request, response);
    return response;
}

std::string HttpConnection::stream_head(const http::Request& request, http::Response head) const {
    head.set("Content-Type", "text/event-stream");
    if (head.header("Cache-Control").empty()) {
        head.set("Cache-Control", "no-store");
    }
    head.set("X-Accel-Buffering", "no");
    return head.serialize_stream_head(http::ReplyContext::to(request, wall_now()),
                                      http::StreamFraming::kUntilClose);
}

HttpConnection::After HttpConnection::start_sse(const http::Request& request, SseReply reply) {
    auto head = stream_head(request, std::move(reply.head));
    const boost::intrusive_ptr<SseStream> stream{new SseStream{
        edge_, std::move(socket_), std::move(*permit_), std::move(reply.handler), *reply.style}};
    permit_.reset();
    stream->open(std::move(head), pending_);
    if (reply.follow) {
        stream->follow(std::move(*reply.follow));
    }
    return After::kHandedOver;
}

Task<HttpConnection::After> HttpConnection::upgrade(const http::Request& request,
                                                    WebSocketReply reply) {
    const auto upgrade = joined(request, "Upgrade");
    const auto connection = joined(request, "Connection");
    const auto version = joined(request, "Sec-WebSocket-Version");
    const auto key = joined(request, "Sec-WebSocket-Key");
    // An empty chunked body is a body too: what follows it could be read as frames or as chunks.
    const bool has_body = !request.body.empty() || request.has_header("Transfer-Encoding");
    const auto accept =
        ws::check_handshake({.method = request.method_text,
                             .http_minor = request.minor_version,
                             .upgrade = upgrade,
                             .connection = connection,
                             .sec_websocket_version = version,
                             .sec_websocket_key = key,
                             .body = has_body ? ws::Body::kPresent : ws::Body::kAbsent});
    if (!accept) {
        closing_ |= has_body;
        auto response = refusal(request, accept.error());
        if (accept.error().code == Errc::kMethodNotAllowed) {
            response.set("Allow", "GET");  // HEAD asks for what GET would say, which is no reply.
        }
        if (accept.error().code == Errc::kUpgradeRequired) {
            response.set("Upgrade", "websocket");
            response.set("Sec-WebSocket-Version", "13");
        }
        co_return co_await respond(request, std::move(response));
    }
    http::Response switching{101};
    switching.set("Upgrade", "websocket");
    switching.set("Sec-WebSocket-Accept", *accept);
    auto compression = WebSocketStream::Compression::kNone;
    if (edge_.settings().deflate == TransportSettings::Deflate::kOn) {
        const auto agreed = ws::negotiate_deflate(joined(request, "Sec-WebSocket-Extensions"));
        // One compressed form serves all readers of a shard, so only the full window is agreed on.
        if (agreed && agreed->server_window == ws::kWindowBitsMax) {
            switching.set("Sec-WebSocket-Extensions", agreed->response);
            compression = WebSocketStream::Compression::kDeflate;
        }
    }
    const boost::intrusive_ptr<WebSocketStream> stream{new WebSocketStream{
        edge_, std::move(socket_), std::move(*permit_), std::move(reply.handler), compression}};
    permit_.reset();
    stream->open(switching.serialize(http::ReplyContext::to(request, wall_now())), pending_);
    co_return After::kHandedOver;
}

Task<void> HttpConnection::refuse(Error error) {
    telemetry::count(error.code);
    const auto response = http::Response::problem(error);
    deadline_passed_ = false;
    if (co_await send(response.serialize(http::ReplyContext::closing(wall_now())))) {
        co_await linger();
    }
}

Task<void> HttpConnection::linger() {
    ::shutdown(socket_.native_handle(), SHUT_WR);
    deadline_passed_ = false;
    set_deadline(kLingerTime);
    std::size_t ignored = 0;
    while (ignored < kLingerBytesMax && co_await receive() && !pending_.empty()) {
        ignored += pending_.size();
        pending_.clear();
    }
}

}  // namespace howl::transport
