// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/limits.hpp"
#include "codec/http/request_parser.hpp"
#include "codec/websocket/message_reader.hpp"
#include "session/settings.hpp"

namespace howl::transport {

/// What a peer may cost and how long it may take. Constant after construction.
struct TransportSettings {
    codec::http::RequestLimits http;
    std::chrono::milliseconds http_head_time = limits::kHttpHeadTime;
    std::chrono::milliseconds http_body_time = limits::kHttpBodyTime;
    std::chrono::milliseconds http_idle_time = limits::kHttpIdleTime;
    codec::websocket::ReaderLimits websocket;
    std::chrono::milliseconds ws_message_time = limits::kWsMessageTime;
    std::chrono::milliseconds ws_ping_interval = limits::kWsPingInterval;
    std::chrono::milliseconds ws_pong_time = limits::kWsPongTime;
    enum class Deflate : std::uint8_t { kOff, kOn } deflate = Deflate::kOff;
    std::chrono::milliseconds sse_heartbeat = limits::kSseHeartbeat;
    std::chrono::milliseconds sse_page_heartbeat = limits::kSsePageHeartbeat;
    std::chrono::milliseconds tcp_user_timeout = limits::kTcpUserTimeout;
    std::size_t socket_send_bytes = limits::kSocketSendBytes;
    session::Settings session;
};

}  // namespace howl::transport
