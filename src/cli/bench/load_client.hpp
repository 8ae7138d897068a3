// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cli/bench/descriptor.hpp"
#include "cli/bench/endpoint.hpp"
#include "cli/bench/histogram.hpp"
#include "cli/bench/payload.hpp"
#include "cli/bench/wire_scan.hpp"

namespace howl::cli::bench {

enum class Transport : std::uint8_t { kWebSocket, kSse };

/// `kBare`: no request and no response head; the first byte is already the stream's. It is how the
/// raw baseline is read by the same code as the server.
enum class Opening : std::uint8_t { kHttp, kBare };

enum class BodyFraming : std::uint8_t { kPlain, kChunked };

enum class CursorUse : std::uint8_t { kIgnore, kResume };

struct LoadClientOptions {
    Endpoint endpoint;
    Transport transport = Transport::kWebSocket;
    Opening opening = Opening::kHttp;
    BodyFraming bare_framing = BodyFraming::kPlain;  ///< Of a `kBare` stream.
    std::string topic;
    std::size_t connections = 0;
    /// Handshakes under way at once; the kernel's accept queue holds 4,096, and a SYN beyond it
    /// waits a second.
    std::size_t openings_max = 1024;
    /// `kResume` keeps each reader's cursor and sends it when it connects again.
    CursorUse cursors = CursorUse::kIgnore;
    /// The first so many readers are going to stall: they get a small receive buffer, so that the
    /// server feels it soon, and their latency is not recorded.
    std::size_t stalling = 0;
};

/// What all readers together have seen. Only grows.
struct DeliveryCounts {
    std::uint64_t events = 0;      ///< With a stamp, repeats included.
    std::uint64_t repeats = 0;     ///< Their number was seen before on that reader.
    std::uint64_t skipped = 0;     ///< Numbers jumped over; a hole in the middle.
    std::uint64_t unstamped = 0;   ///< Events of somebody else, and server messages.
    std::uint64_t resets = 0;      ///< "History was lost", said by the server.
    std::uint64_t wire_bytes = 0;  ///< Read from sockets after the response head.
    std::uint64_t pings = 0;       ///< Answered.
};

/// Thousands of WebSocket or SSE readers on one thread, at the smallest cost per delivery: a read
/// into one shared buffer, a search for the end of the frame, a look at the stamp.
///
/// It turns only when told to, so that a scenario may interleave its own steps:
///
///     client->open_all();
///     while (!client->all_settled() && now() < deadline) { client->turn(10ms); }
///
/// Absent: reconnecting by itself, TLS, fragmented messages, compression.
class LoadClient {
public:
    [[nodiscard]] static Result<std::unique_ptr<LoadClient>> create(LoadClientOptions options);
    ~LoadClient();
    LoadClient(const LoadClient&) = delete;
    LoadClient& operator=(const LoadClient&) = delete;

    /// Starts to connect every reader that isn't; `turn` carries on.
    void open_all();
    /// Cuts every connection with a reset, as a lost network does; readers keep their cursors.
    void drop_all();
    /// Waits at most `wait` for something to happen, and deals with all that has.
    void turn(std::chrono::milliseconds wait);

    /// The stalling readers stop reading, or start again.
    void stall();
    void unstall();
    /// Latencies are recorded from now on into `*latencies`; into nothing when null.
    void record_into(Histogram* latencies) noexcept { latencies_ = latencies; }

    [[nodiscard]] std::size_t size() const noexcept { return readers_.size(); }
    [[nodiscard]] std::size_t open_count() const noexcept { return open_; }
    [[nodiscard]] std::size_t failed_count() const noexcept { return failed_; }
    /// Every reader is open, or has failed to.
    [[nodiscard]] bool all_settled() const noexcept;
    [[nodiscard]] const std::string& first_failure() const noexcept { return first_failure_; }
    [[nodiscard]] const DeliveryCounts& counts() const noexcept { return counts_; }
    /// Events, without repeats, seen by the readers that aren't stalling.
    [[nodiscard]] std::uint64_t flowing_events() const noexcept { return flowing_events_; }
    /// Open readers that aren't stalling.
    [[nodiscard]] std::size_t flowing_open() const noexcept;
    /// Readers whose last event is number `number`.
    [[nodiscard]] std::size_t readers_at(std::uint64_t number) const noexcept;
    /// How open connections ended, by close code and reason: "1013 slow", "end of stream", "reset".
    [[nodiscard]] const std::map<std::string, std::size_t>& endings() const noexcept {
        return endings_;
    }
    [[nodiscard]] std::size_t ended_count() const noexcept;

    /// The bytes of the first delivered event, for the baseline to repeat; empty before.
    [[nodiscard]] const std::string& sample_event() const noexcept { return sample_; }
    [[nodiscard]] BodyFraming body_framing() const noexcept { return framing_seen_; }

private:
    enum class State : std::uint8_t { kDown, kConnecting, kOpening, kOpen };

    struct Reader {
        Descriptor socket;
        State state = State::kDown;
        bool failed = false;
        bool chunked = false;
        ChunkDecoder chunks;
        std::uint64_t last_number = 0;
        std::string rest;    ///< The head of an item that has not arrived in whole.
        std::string cursor;  ///< An SSE id, or the query of a WebSocket that resumes.
    };

    LoadClient(LoadClientOptions options, Descriptor poller);

    void start_openings();
    [[nodiscard]] Result<void> connect(std::size_t index);
    void on_connected(Reader& reader);
    void on_ready(Reader& reader, std::uint32_t happened);
    void on_readable(Reader& reader);
    void consume(Reader& reader, std::span<char> bytes);
    [[nodiscard]] std::size_t take_head(Reader& reader, std::string_view bytes);
    void consume_stream(Reader& reader, std::span<char> bytes);
    [[nodiscard]] std::size_t scan(Reader& reader, std::string_view bytes);
    [[nodiscard]] std::size_t scan_frames(Reader& reader, std::string_view bytes);
    [[nodiscard]] std::size_t scan_blocks(Reader& reader, std::string_view bytes);
    void on_frame(Reader& reader, const WsFrame& frame, std::string_view whole);
    void on_close_frame(Reader& reader, std::string_view payload);
    void on_block(Reader& reader, const SseBlock& block, std::string_view whole);
    void on_stamped(Reader& reader, const Stamp& stamp);
    void send_control(Reader& reader, WsOpcode opcode, std::string_view payload);
    void end(Reader& reader, std::string_view how);
    void watch(const Reader& reader, std::uint32_t events) noexcept;
    [[nodiscard]] std::string request_for(const Reader& reader) const;
    [[nodiscard]] std::size_t index_of(const Reader& reader) const noexcept;
    [[nodiscard]] bool is_stalling(const Reader& reader) const noexcept;

    // Constant after construction.
    const LoadClientOptions options_;
    const Descriptor poller_;

    std::vector<Reader> readers_;
    std::vector<char> buffer_;  ///< Every read goes here.
    std::size_t next_to_open_ = 0;
    std::size_t opening_ = 0;
    std::size_t open_ = 0;
    std::size_t failed_ = 0;
    std::size_t connections_made_ = 0;
    std::string first_failure_;
    std::map<std::string, std::size_t> endings_;
    DeliveryCounts counts_;
    std::uint64_t flowing_events_ = 0;
    StampFinder finder_;
    Histogram* latencies_ = nullptr;
    std::uint64_t read_nanos_ = 0;  ///< When the bytes in hand were read.
    std::string sample_;
    BodyFraming framing_seen_ = BodyFraming::kPlain;
    std::uint32_t mask_ = 0x9E3779B9;
};

/// The resume query of a WebSocket reader that has seen `event`, `?after=OFFSET&epoch=EPOCH`;
/// empty when the event doesn't tell.
[[nodiscard]] std::string resume_query(std::string_view event);

/// "1013 slow" of a close frame's payload (RFC 6455 section 5.5.1).
[[nodiscard]] std::string describe_close(std::string_view payload);

}  // namespace howl::cli::bench
