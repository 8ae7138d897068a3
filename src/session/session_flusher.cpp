// SPDX-License-Identifier: Apache-2.0
#include "session/session_flusher.hpp"

#include "base/assert.hpp"
#include "session/session.hpp"
#include "telemetry/metrics.hpp"

namespace howl::session {

namespace {

Session& session_of(SessionNode& node) {
    return static_cast<Session&>(node);
}

constexpr std::size_t kCacheLine = 64;

void prefetch(const void* object, std::size_t size) {
    const auto* bytes = static_cast<const char*>(object);
    for (std::size_t offset = 0; offset < size; offset += kCacheLine) {
        __builtin_prefetch(bytes + offset);
    }
}

}  // namespace

SessionFlusher::SessionFlusher(SessionGroup& group) : group_(group) {
    group.shard().add_turn_hook(*this);
}

SessionFlusher::~SessionFlusher() {
    HOWL_ASSERT(group_.open_count() == 0);
}

runtime::TurnHook::Rest SessionFlusher::end_of_turn() {
    auto& touched = group_.touched_;
    for (int flushed = 0; !touched.empty() && flushed < kFlushesPerTurnMax; ++flushed) {
        Session& session = session_of(touched.front());
        touched.pop_front();
        prefetch_next();
        session.flush();
    }
    report_output();
    if (touched.empty()) {
        group_.hub().on_written();
    }
    return touched.empty() ? Rest::kNone : Rest::kMore;
}

void SessionFlusher::prefetch_next() {
    auto next = group_.touched_.begin();
    if (next == group_.touched_.end()) {
        return;
    }
    prefetch(session_of(*next).channel_.get(), 2 * kCacheLine);
    if (++next != group_.touched_.end()) {
        prefetch(&session_of(*next), sizeof(Session));
    }
}

void SessionFlusher::report_output() {
    if (group_.writes_ > 0) {
        telemetry::count(telemetry::Counter::kSocketWrites, group_.writes_);
        telemetry::count(telemetry::Counter::kBytesSent, group_.bytes_written_);
        group_.writes_ = 0;
        group_.bytes_written_ = 0;
    }
    if (group_.queued_bytes_ != queued_bytes_reported_) {
        telemetry::adjust(telemetry::Gauge::kQueuedBytes,
                          group_.queued_bytes_ - queued_bytes_reported_);
        queued_bytes_reported_ = group_.queued_bytes_;
    }
}

void SessionFlusher::drain() {
    for (auto next = group_.open_.begin(); next != group_.open_.end();) {
        Session& session = session_of(*next++);
        session.drain();
    }
}

void SessionFlusher::abort_all() {
    while (!group_.open_.empty()) {
        session_of(group_.open_.front()).abort();
    }
}

}  // namespace howl::session
