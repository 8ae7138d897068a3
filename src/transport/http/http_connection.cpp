// SPDX-License-Identifier: Apache-2.0
#include "transport/http/http_connection.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <variant>

#include <boost/asio/post.hpp>

#include "codec/http/preferences.hpp"
#include "codec/websocket/deflate_negotiation.hpp"
#include "codec/websocket/handshake.hpp"
#include "session/session.hpp"
#include "telemetry/metrics.hpp"
#include "transport/sse/sse_channel.hpp"
#include "transport/websocket/websocket_channel.hpp"

namespace howl::transport {

namespace http = codec::http;
namespace ws = codec::websocket;
using runtime::kAwait;
using runtime::Task;
using telemetry::Counter;
using Stage = http::RequestParser::Stage;

namespace {

http::StreamFraming stream_framing(const http::Request& request) {
    return request.minor_version == 0 ? http::StreamFraming::kUntilClose
                                      : http::StreamFraming::kChunked;
}

/// Empty for a peer that is gone already.
std::string address_of_peer(const ByteStream& stream) {
    const auto peer = stream.peer();
    return peer ? peer->to_string() : std::string{};
}

}  // namespace

HttpConnection::HttpConnection(ShardNetwork& network, const Router& router, ByteStream stream,
                               ConnectionBudget::Permit permit)
    : network_(network),
      router_(router),
      peer_(address_of_peer(stream)),
      stream_(std::move(stream)),
      permit_(std::move(permit)),
      parser_(network.settings().http),
      deadline_(network.shard().timers(), *this) {
    network_.connections().add(*this);
}

HttpConnection::~HttpConnection() {
    network_.connections().remove(*this);
}

Task<void> HttpConnection::serve(ShardNetwork& network, const Router& router, ByteStream stream,
                                 ConnectionBudget::Permit permit) {
    if (network.draining()) {
        co_return;  // Accepted in the turn that closed the listener.
    }
    // A cancelled connection ends by its closed socket, after the reply that is being sent.
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    HttpConnection connection{network, router, std::move(stream), std::move(permit)};
    co_await connection.run();
}

void HttpConnection::drain() {
    closing_ = true;
    if (lingers_until_) {
        linger_briefly();
        return;
    }
    if (serving_) {
        return;  // It is answered.
    }
    if (parser_.stage() == Stage::kIdle && pending_.empty()) {
        abort();
    } else {
        set_deadline(limits::kDrainRequestTime);
    }
}

void HttpConnection::abort() {
    closing_ = true;
    stream_.close();
}

void HttpConnection::evict() {
    permit_.reset();
    abort();
}

void HttpConnection::give_up_request() {
    gave_up_ = true;
    drop_request();
    stream_.cancel();  // Whoever waits sees the flag.
}

void HttpConnection::drop_request() {
    unfinished_hook.unlink();
    input.set(0);
    parser_ = http::RequestParser{network_.settings().http};
    pending_ = {};
}

WallTime HttpConnection::wall_now() const {
    return network_.shard().clock().wall_now();
}

void HttpConnection::set_deadline(std::chrono::milliseconds from_now) {
    deadline_.arm(network_.shard().now() + from_now);
}

void HttpConnection::set_request_deadline(std::chrono::milliseconds from_now) {
    if (closing_) {
        from_now = std::min<std::chrono::milliseconds>(from_now, limits::kDrainRequestTime);
    }
    if (is_reserve()) {
        from_now = std::min<std::chrono::milliseconds>(from_now, limits::kProbeHeadTime);
    }
    set_deadline(from_now);
}

void HttpConnection::on_stage(Stage stage) {
    const auto& settings = network_.settings();
    if (stage != Stage::kHead) {
        has_requested_ = true;
    }
    if (has_requested_) {
        ConnectionList::mark_busy(*this);
    }
    set_request_deadline(stage == Stage::kHead ? settings.http_head_time : settings.http_body_time);
}

void HttpConnection::on_deadline() {
    deadline_passed_ = true;
    stream_.cancel();  // Whoever waits sees the flag.
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
        has_requested_ = true;
        ConnectionList::mark_busy(*this);
        unfinished_hook.unlink();
        deadline_.disarm();
        after = co_await answer(**request);
        serving_ = false;
        input.set(0);
        if (after == After::kGoOn && !pending_.empty()) {
            // One reply per turn of the shard, however many requests a peer sends at once.
            co_await boost::asio::post(network_.shard().io(), kAwait);
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
    auto stage = Stage::kIdle;
    set_request_deadline(network_.settings().http_idle_time);
    network_.connections().mark_idle(*this);
    while (true) {
        if (gave_up_) {
            co_return fail(Errc::kOverloaded, "request");
        }
        auto complete = feed_pending();
        if (!complete) {
            co_return std::unexpected(std::move(complete).error());
        }
        if (*complete) {
            co_return parser_.take();
        }
        if (parser_.stage() != stage) {
            stage = parser_.stage();
            on_stage(stage);
        }
        if (parser_.wants_continue() && !co_await send(std::string{http::continue_reply()})) {
            co_return std::nullopt;
        }
        const auto before = pending_.size();
        const bool is_open = co_await receive();
        if (gave_up_) {
            continue;  // `pending_` was discarded, so `before` means nothing.
        }
        if (!is_open && deadline_passed_ && stage != Stage::kIdle) {
            co_return fail(closing_ ? Errc::kDraining : Errc::kRequestTimeout, "request");
        }
        if (!is_open) {
            co_return std::nullopt;
        }
        network_.connections().has_received(*this, pending_.size() - before);
    }
}

Task<bool> HttpConnection::receive() {
    auto [error] = co_await stream_.readable();
    if (error || deadline_passed_) {
        co_return false;
    }
    const auto scratch = network_.shard().scratch();
    const auto result = stream_.read(scratch);
    pending_.append(scratch.data(), result.bytes);
    co_return result.state != ByteStream::ReadResult::State::kEnd;
}

Task<bool> HttpConnection::send(std::string bytes) {
    using State = session::WriteResult::State;
    const hub::OutputMemory::Hold memory{bytes.size()};
    std::string_view left{bytes};
    while (!left.empty()) {
        const auto result = stream_.write({&left, 1});
        telemetry::count(Counter::kSocketWrites);
        telemetry::count(Counter::kBytesSent, result.bytes);
        left.remove_prefix(result.bytes);
        if (result.state == State::kGone) {
            co_return false;
        }
        if (result.state == State::kFull) {
            set_deadline(network_.settings().session.stall_time);
            auto [error] = co_await stream_.writable();
            if (error || deadline_passed_) {
                co_return false;
            }
        }
    }
    co_return true;
}

Task<HttpConnection::After> HttpConnection::answer(const http::Request& request) {
    telemetry::count(Counter::kHttpRequests);
    if (is_reserve()) {
        closing_ = true;
        if (!router_.is_probe(request)) {
            const Error full{Errc::kTooManyConnections, "accept", {}};
            co_return co_await respond(request, refusal(request, full));
        }
    }
    const Client client{peer_, principal_};
    Reply reply = co_await router_.answer(request, network_.sessions(), client);
    if (auto* response = std::get_if<http::Response>(&reply)) {
        co_return co_await respond(request, std::move(*response));
    }
    if (closing_ || network_.draining()) {
        const Error draining{Errc::kDraining, "open a stream", {}};
        co_return co_await respond(request, refusal(request, draining));
    }
    if (auto* upgraded = std::get_if<WebSocketReply>(&reply)) {
        co_return co_await upgrade(request, std::move(*upgraded));
    }
    co_return co_await open_sse(request, std::get<SseReply>(std::move(reply)));
}

Task<HttpConnection::After> HttpConnection::open_sse(const http::Request& request, SseReply reply) {
    if (const auto allowed = check_read(reply); !allowed) {
        co_return co_await respond(request, refusal(request, allowed.error()));
    }
    if (request.method == http::Method::kHead) {
        static_cast<void>(co_await send(stream_head(request, std::move(reply.head))));
        co_return After::kClose;
    }
    start_sse(request, std::move(reply));
    co_return After::kHandedOver;
}

Task<HttpConnection::After> HttpConnection::respond(const http::Request& request,
                                                    http::Response response) {
    auto context = http::ReplyContext::to(request, wall_now());
    if (closing_) {
        context.persistence = http::ConnectionPersistence::kClose;
    }
    auto bytes = response.serialize(context);
    response.set_body({});  // A peer that is slow to read keeps one copy.
    const bool sent = co_await send(std::move(bytes));
    co_return sent&& context.persistence == http::ConnectionPersistence::kKeepAlive ? After::kGoOn
                                                                                    : After::kClose;
}

http::Response HttpConnection::refusal(const http::Request& request, const Error& error) const {
    telemetry::count(error.code);
    const auto& response_policy = router_.response_policy_at(request.path);
    auto response = response_policy.render(error);
    response_policy.finish(request, response);
    return response;
}

std::string HttpConnection::stream_head(const http::Request& request, http::Response head) const {
    head.set("Content-Type", "text/event-stream");
    if (head.header("Cache-Control").empty()) {
        head.set("Cache-Control", "no-store");
    }
    head.set("X-Accel-Buffering", "no");
    // A stream is the last reply of its connection, whatever the request said.
    auto context = http::ReplyContext::to(request, wall_now());
    context.persistence = http::ConnectionPersistence::kClose;
    return head.serialize_stream_head(context, stream_framing(request));
}

Result<void> HttpConnection::check_read(const SseReply& reply) {
    if (!reply.subscription) {
        return {};
    }
    auto& hub = network_.sessions().hub();
    const std::span<const hub::TopicName> topics{reply.subscription->topics};
    const std::span<const hub::TopicPattern> patterns{reply.subscription->patterns};
    HOWL_TRY_VOID(hub.gate().check_read(principal_, topics));
    HOWL_TRY_VOID(hub.gate().check_read(principal_, patterns));
    return patterns.empty()
               ? Result<void>{}
               : hub.check_patterns(patterns, std::get_if<hub::Cursor>(&reply.subscription->start));
}

void HttpConnection::start_sse(const http::Request& request, SseReply reply) {
    auto head = hub::make_frame(stream_head(request, std::move(reply.head)));
    const boost::intrusive_ptr<SseChannel> channel{new SseChannel{
        network_, std::move(stream_), std::move(*permit_), *reply.style, stream_framing(request)}};
    permit_.reset();
    const auto session = session::Session::open(network_.sessions(), principal_, channel,
                                                std::move(reply.handler), std::move(head));
    channel->start(pending_);
    if (reply.subscription) {
        session->subscribe_or_close(std::move(*reply.subscription));
    }
}

Task<HttpConnection::After> HttpConnection::upgrade(const http::Request& request,
                                                    WebSocketReply reply) {
    const auto upgrade = http::combined(request, "Upgrade");
    const auto connection = http::combined(request, "Connection");
    const auto version = http::combined(request, "Sec-WebSocket-Version");
    const auto key = http::combined(request, "Sec-WebSocket-Key");
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
            response.set("Allow", "GET");  // HEAD has no answer: GET would switch protocols.
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
    if (!reply.subprotocol.empty()) {
        switching.set("Sec-WebSocket-Protocol", reply.subprotocol);
    }
    auto compression = WebSocketChannel::Compression::kNone;
    if (network_.settings().deflate == TransportSettings::Deflate::kOn) {
        // One compressed form serves all readers of a shard, so only the full window is agreed on.
        const auto agreed = ws::negotiate_deflate(
            http::combined(request, "Sec-WebSocket-Extensions"), ws::kWindowBitsMax);
        if (agreed) {
            switching.set("Sec-WebSocket-Extensions", agreed->response);
            compression = WebSocketChannel::Compression::kDeflate;
        }
    }
    auto head = hub::make_frame(switching.serialize(http::ReplyContext::to(request, wall_now())));
    const boost::intrusive_ptr<WebSocketChannel> channel{
        new WebSocketChannel{network_, std::move(stream_), std::move(*permit_), compression}};
    permit_.reset();
    session::Session::open(network_.sessions(), principal_, channel, std::move(reply.handler),
                           std::move(head));
    channel->start(pending_);
    co_return After::kHandedOver;
}

Task<void> HttpConnection::refuse(Error error) {
    telemetry::count(error.code);
    const auto response = http::Response::problem(error);
    drop_request();
    deadline_passed_ = false;
    if (co_await send(response.serialize(http::ReplyContext::closing(wall_now())))) {
        co_await linger();
    }
}

Task<void> HttpConnection::linger() {
    stream_.end_output();
    deadline_passed_ = false;
    if (is_reserve()) {
        network_.connections().mark_idle(*this);  // It has its answer; others still need a slot.
    }
    lingers_until_ =
        network_.shard().now() + (is_reserve() ? SteadyTime::duration{limits::kProbeHeadTime}
                                               : SteadyTime::duration{limits::kHttpLingerTime});
    if (network_.draining()) {
        linger_briefly();
    }
    std::size_t ignored = 0;
    do {
        ignored += pending_.size();
        pending_.clear();
        const auto silent_until = network_.shard().now() + limits::kHttpLingerIdleTime;
        deadline_.arm(std::min<SteadyTime>(*lingers_until_, silent_until));
    } while (ignored < limits::kHttpLingerBytesMax && co_await receive());
}

void HttpConnection::linger_briefly() {
    const auto soon = network_.shard().now() + limits::kHttpLingerIdleTime;
    lingers_until_ = std::min<SteadyTime>(*lingers_until_, soon);
    deadline_.arm(*lingers_until_);
}

}  // namespace howl::transport
