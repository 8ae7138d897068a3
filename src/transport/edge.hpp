// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list.hpp>

#include "base/limits.hpp"
#include "base/random.hpp"
#include "codec/http/request_parser.hpp"
#include "codec/websocket/deflate.hpp"
#include "codec/websocket/message_reader.hpp"
#include "hub/hub.hpp"
#include "runtime/shard.hpp"
#include "runtime/task.hpp"
#include "transport/output_queue.hpp"
#include "transport/websocket/websocket_encoder.hpp"

namespace howl::transport {

class Stream;
class HttpConnection;

/// A socket of a shard; the concrete executor keeps it small.
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, runtime::Executor>;

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
    std::size_t queue_bytes_max = limits::kOutputQueueBytesMax;
    std::size_t queue_frames_max = limits::kOutputQueueFramesMax;
    std::chrono::milliseconds stall_time = limits::kOutputStallTime;
    /// Clients told to come back spread over this time.
    std::chrono::milliseconds drain_spread = std::chrono::seconds{5};
};

/// Counts the connections of the process against their limit.
/// Shared; lock-free.
class ConnectionBudget {
public:
    explicit ConnectionBudget(std::size_t max) : max_(max) {}

    /// One connection's share, given back when it ends.
    class Permit {
    public:
        Permit(Permit&& other) noexcept : budget_(std::exchange(other.budget_, nullptr)) {}
        Permit& operator=(Permit&& other) noexcept {
            std::swap(budget_, other.budget_);
            return *this;
        }
        ~Permit();

    private:
        friend class ConnectionBudget;
        explicit Permit(ConnectionBudget& budget);
        ConnectionBudget* budget_;
    };

    [[nodiscard]] std::optional<Permit> try_take();
    [[nodiscard]] std::size_t taken() const noexcept { return taken_.load(); }

private:
    const std::size_t max_;
    std::atomic<std::size_t> taken_{0};
};

/// The network side of one shard: what its connections share.
///
/// ```
///   Edge 1---* HttpConnection (a request at a time)
///        1---* Stream (SSE, WebSocket) 1---1 OutputQueue
/// ```
///
/// At the end of a turn it flushes the streams that the turn touched, one gathered write each.
class Edge final : public runtime::TurnHook {
public:
    Edge(hub::Hub& hub, const TransportSettings& settings, ConnectionBudget& budget,
         Random& random);
    ~Edge() override;
    Edge(const Edge&) = delete;
    Edge& operator=(const Edge&) = delete;

    /// Asks every connection to end: streams say goodbye, a request in work is answered. New
    /// requests are refused from here on.
    void drain();
    /// Ends what is left, at once.
    void shut_all();
    [[nodiscard]] bool draining() const noexcept { return draining_; }
    /// Connections and streams that are still there.
    [[nodiscard]] std::size_t open_count() const;

    [[nodiscard]] Rest end_of_turn() override;

    [[nodiscard]] runtime::Shard& shard() noexcept { return hub_.shard(); }
    [[nodiscard]] hub::Hub& hub() noexcept { return hub_; }
    [[nodiscard]] const TransportSettings& settings() const noexcept { return settings_; }
    [[nodiscard]] ConnectionBudget& budget() noexcept { return budget_; }
    [[nodiscard]] Random& random() noexcept { return random_; }
    [[nodiscard]] codec::websocket::Inflater& inflater() noexcept { return inflater_; }
    [[nodiscard]] codec::websocket::Deflater& deflater() noexcept { return deflater_; }
    /// The compressing twin of `plain`, one per shard.
    [[nodiscard]] const hub::EventEncoder& deflated(const WebSocketEncoder& plain);

private:
    friend class Stream;
    friend class HttpConnection;

    /// Streams flushed in one turn at most, so that a great fan-out lets other work through.
    static constexpr int kFlushesPerTurnMax = 512;

    void adopt(Stream& stream);
    void release(Stream& stream);
    void touch(Stream& stream);
    /// Adds what happened since the last call to the metrics: once a turn, not once a delivery.
    void report_output();
    void adopt(HttpConnection& connection);
    void release(HttpConnection& connection);

    // Constant after construction.
    hub::Hub& hub_;
    const TransportSettings& settings_;
    ConnectionBudget& budget_;
    Random& random_;
    // Shard-local state.
    codec::websocket::Inflater inflater_;
    codec::websocket::Deflater deflater_;
    std::map<const WebSocketEncoder*, DeflatedEncoder> deflated_;
    OutputQueue::Tally sent_;
    std::int64_t queued_bytes_ = 0;  ///< In the queues of all streams.
    std::int64_t queued_bytes_reported_ = 0;
    bool draining_ = false;
    struct Lists;
    std::unique_ptr<Lists> lists_;
};

}  // namespace howl::transport
