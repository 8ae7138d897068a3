// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "codec/http/request_parser.hpp"
#include "codec/http/response.hpp"
#include "runtime/task.hpp"
#include "runtime/timer_wheel.hpp"
#include "transport/byte_stream.hpp"
#include "transport/connection_list.hpp"
#include "transport/http/router.hpp"
#include "transport/shard_network.hpp"

namespace howl::transport {

/// One connection while it speaks HTTP: requests one after another, until it closes or becomes a
/// session's channel.
///
/// Every wait has a deadline: for the next request, for the rest of a head, for a body, for the
/// peer to take the reply. A request that is refused for its framing ends the connection.
///
/// Owner: its task, which runs `serve`.
class HttpConnection final : public ListedConnection {
public:
    HttpConnection(ShardNetwork& network, const Router& router, ByteStream stream,
                   ConnectionBudget::Permit permit);
    ~HttpConnection();

    /// Completes when the connection is closed or handed over to a channel.
    [[nodiscard]] static runtime::Task<void> serve(ShardNetwork& network, const Router& router,
                                                   ByteStream stream,
                                                   ConnectionBudget::Permit permit);

    // ListedConnection.
    void drain() override;
    void abort() override;
    void evict() override;
    void give_up_request() override;
    [[nodiscard]] bool has_requested() const noexcept override { return has_requested_; }
    [[nodiscard]] bool is_reserve() const noexcept override {
        return permit_ && permit_->is_reserve();
    }
    [[nodiscard]] std::optional<PeerAddress> peer_address() const override {
        return permit_ ? permit_->from() : std::nullopt;
    }

private:
    enum class After : std::uint8_t { kGoOn, kClose, kHandedOver };

    runtime::Task<void> run();
    /// The next request; nothing where the peer is done; an error that is to be sent to the peer.
    runtime::Task<Result<std::optional<codec::http::Request>>> next_request();
    [[nodiscard]] Result<bool> feed_pending();
    /// Appends what the peer sends next to `pending_`. False: it is gone, or the deadline came.
    runtime::Task<bool> receive();
    runtime::Task<bool> send(std::string bytes);
    runtime::Task<After> answer(const codec::http::Request& request);
    runtime::Task<After> respond(const codec::http::Request& request,
                                 codec::http::Response response);
    runtime::Task<After> upgrade(const codec::http::Request& request, WebSocketReply reply);
    runtime::Task<After> open_sse(const codec::http::Request& request, SseReply reply);
    /// Called before the head is sent: afterwards no error can be sent any more.
    [[nodiscard]] Result<void> check_read(const SseReply& reply);
    void start_sse(const codec::http::Request& request, SseReply reply);
    [[nodiscard]] std::string stream_head(const codec::http::Request& request,
                                          codec::http::Response head) const;
    /// The endpoint's reply where a stream can't be opened.
    [[nodiscard]] codec::http::Response refusal(const codec::http::Request& request,
                                                const Error& error) const;
    runtime::Task<void> refuse(Error error);
    /// Discards what has been received of the next request.
    void drop_request();
    /// Lets the peer read our last reply before the socket closes: reads on and discards, since a
    /// peer that is still sending would get a reset and lose the reply (RFC 9112 section 9.6). The
    /// bytes are not parsed. Limits: `limits::kHttpLingerTime` and those after it.
    runtime::Task<void> linger();
    /// The server is draining: lingers no longer than an honest client needs.
    void linger_briefly();

    void set_deadline(std::chrono::milliseconds from_now);
    /// For the rest of a request.
    void set_request_deadline(std::chrono::milliseconds from_now);
    void on_stage(codec::http::RequestParser::Stage stage);
    void on_deadline();
    [[nodiscard]] WallTime wall_now() const;

    // Constant after construction.
    ShardNetwork& network_;
    const Router& router_;
    const std::string peer_;
    const access::Principal principal_ = access::kAnyone;
    // Shard-local state.
    ByteStream stream_;
    std::optional<ConnectionBudget::Permit> permit_;
    codec::http::RequestParser parser_;
    std::string pending_;  ///< Bytes received and not yet parsed.
    bool deadline_passed_ = false;
    bool serving_ = false;  ///< A request is being answered.
    bool gave_up_ = false;  ///< See `give_up_request`.
    bool closing_ = false;
    std::optional<SteadyTime> lingers_until_;  ///< Set once the last reply is sent.
    bool has_requested_ = false;
    runtime::MemberTimer<HttpConnection, &HttpConnection::on_deadline> deadline_;
};

}  // namespace howl::transport
