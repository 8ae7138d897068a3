// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "runtime/shard.hpp"
#include "session/session_group.hpp"

namespace howl::session {

/// Writes at the end of a turn what the sessions of a shard have queued in it, one gathered write
/// each, and ends them when the server goes down.
class SessionFlusher final : public runtime::TurnHook {
public:
    explicit SessionFlusher(SessionGroup& group);
    ~SessionFlusher() override;
    SessionFlusher(const SessionFlusher&) = delete;
    SessionFlusher& operator=(const SessionFlusher&) = delete;

    /// Asks every session to end (`Session::drain`).
    void drain();
    /// Ends what is left, at once.
    void abort_all();

    [[nodiscard]] Rest end_of_turn() override;

private:
    /// Sessions flushed in one turn at most, so that a great fan-out lets other work through.
    static constexpr int kFlushesPerTurnMax = 512;

    /// Brings the next session's channel and the session behind it into the cache while the kernel
    /// is busy with this one's output.
    void prefetch_next();
    void report_output();

    SessionGroup& group_;
    std::int64_t queued_bytes_reported_ = 0;
};

}  // namespace howl::session
