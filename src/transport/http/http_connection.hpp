// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/intrusive/list.hpp>

#include "codec/http/request_parser.hpp"
#include "codec/http/response.hpp"
#include "runtime/task.hpp"
#include "runtime/timer_wheel.hpp"
#include "transport/edge.hpp"
#include "transport/http/router.hpp"

namespace howl::transport {

/// One connection while it speaks HTTP: requests one after another, until it closes or becomes a
/// stream.
///
/// Every wait has a deadline: for the next request, for the rest of a head, for a body, for the
/// peer to take the reply. A request that is refused for its framing ends the connection.
///
/// Owner: its task, which runs `serve`.
class HttpConnection : public boost::intrusive::list_base_hook<> {
public:
    HttpConnection(Edge& edge, const Router& router, Socket socket,
                   ConnectionBudget::Permit permit);
    ~HttpConnection();
    HttpConnection(const HttpConnection&) = delete;
    HttpConnection& operator=(const HttpConnection&) = delete;

    /// Completes when the connection is closed or handed over to a stream.
    [[nodiscard]] static runtime::Task<void> serve(Edge& edge, const Router& router, Socket socket,
                                                   ConnectionBudget::Permit permit);

    /// Closes once no request is in work.
    void drain();
    /// Closes at once.
    void shut();

private:
    enum class After : std::uint8_t { kGoOn, kClose, kHandedOver };

    runtime::Task<void> run();
    /// The next request; nothing where the peer is done; an error where the peer is to be told.
    runtime::Task<Result<std::optional<codec::http::Request>>> next_request();
    [[nodiscard]] Result<bool> feed_pending();
    /// Appends what the peer sends next to `pending_`. False: it is gone, or the deadline came.
    runtime::Task<bool> receive();
    runtime::Task<bool> send(std::string bytes);
    runtime::Task<After> answer(const codec::http::Request& request);
    runtime::Task<After> respond(const codec::http::Request& request,
                                 codec::http::Response response);
    runtime::Task<After> upgrade(const codec::http::Request& request, WebSocketReply reply);
    After start_sse(const codec::http::Request& request, SseReply reply);
    [[nodiscard]] std::string stream_head(const codec::http::Request& request,
                                          codec::http::Response head) const;
    /// The door's reply where a stream can't be opened.
    [[nodiscard]] codec::http::Response refusal(const codec::http::Request& request,
                                                const Error& error) const;
    runtime::Task<void> refuse(Error error);
    /// Lets the peer read our last reply before the socket goes away.
    runtime::Task<void> linger();

    void set_deadline(std::chrono::milliseconds from_now);
    void on_deadline();
    [[nodiscard]] WallTime wall_now() const;

    // Constant after construction.
    Edge& edge_;
    const Router& router_;
    const std::string peer_;
    // Shard-local state.
    Socket socket_;
    std::optional<ConnectionBudget::Permit> permit_;
    codec::http::RequestParser parser_;
    std::string pending_;  ///< Bytes received and not yet parsed.
    bool deadline_passed_ = false;
    bool serving_ = false;  ///< A request is in work.
    bool closing_ = false;
    runtime::MemberTimer<HttpConnection, &HttpConnection::on_deadline> deadline_;
};

}  // namespace howl::transport
