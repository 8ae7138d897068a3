// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "loadtest/connection_crowd.hpp"
#include "loadtest/histogram.hpp"
#include "loadtest/payload.hpp"

namespace howl::loadtest {

enum class CursorUse : std::uint8_t { kIgnore, kResume };

struct LoadClientOptions {
    /// The latency of those that stall is not recorded.
    CrowdOptions crowd;
    std::string topic;
    /// `kResume` keeps each reader's cursor and sends it when it connects again.
    CursorUse cursors = CursorUse::kIgnore;
};

/// What all readers together have received. Only grows.
struct DeliveryCounts {
    std::uint64_t events = 0;     ///< With a stamp, repeats included.
    std::uint64_t repeats = 0;    ///< That reader had received their number before.
    std::uint64_t skipped = 0;    ///< Missing numbers between two events.
    std::uint64_t unstamped = 0;  ///< Events of other publishers, and server messages.
    std::uint64_t resets = 0;     ///< Resets from the server: history was lost.
};

/// The readers of one topic: the stamp of each event shows its latency, and whether one is missing
/// or came twice.
class LoadClient final : public ConnectionCrowd {
public:
    [[nodiscard]] static Result<std::unique_ptr<LoadClient>> create(LoadClientOptions options);

    /// Latencies are recorded from now on into `*latencies`; not at all when null.
    void record_into(Histogram* latencies) noexcept { latencies_ = latencies; }

    [[nodiscard]] const DeliveryCounts& counts() const noexcept { return counts_; }
    /// Events, without repeats, seen by the readers that aren't stalling.
    [[nodiscard]] std::uint64_t flowing_events() const noexcept { return flowing_events_; }
    /// Readers whose last event is number `number`.
    [[nodiscard]] std::size_t readers_at(std::uint64_t number) const noexcept;
    /// The bytes of the first delivered event, for the baseline to repeat; empty before.
    [[nodiscard]] const std::string& sample_event() const noexcept { return sample_; }

private:
    struct Reader {
        std::uint64_t last_number = 0;
        std::string cursor;  ///< An SSE id, or the query of a WebSocket that resumes.
    };

    LoadClient(LoadClientOptions options, Descriptor poller);

    [[nodiscard]] std::string request_for(ConnectionIndex index) const override;
    void on_message(ConnectionIndex index, const WsFrame& frame, std::string_view whole) override;
    void on_block(ConnectionIndex index, const SseBlock& block, std::string_view whole) override;
    void on_stamped(ConnectionIndex index, const Stamp& stamp, std::string_view whole);

    // Constant after construction.
    const std::string topic_;
    const CursorUse cursors_;

    std::vector<Reader> readers_;
    DeliveryCounts counts_;
    std::uint64_t flowing_events_ = 0;
    StampFinder finder_;
    Histogram* latencies_ = nullptr;
    std::string sample_;
};

/// The resume query of a WebSocket reader that has seen `event`, `?after=OFFSET&epoch=EPOCH`;
/// empty when the event has no position.
[[nodiscard]] std::string resume_query(std::string_view event);

}  // namespace howl::loadtest
