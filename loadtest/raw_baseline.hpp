// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <sys/types.h>

#include "loadtest/connection_crowd.hpp"
#include "loadtest/descriptor.hpp"
#include "loadtest/endpoint.hpp"
#include "loadtest/event_source.hpp"

namespace howl::loadtest {

/// The bare `send()` loop that the server is measured against: a forked child that accepts the
/// readers and, when an event is due, sends one ready frame to each of their sockets, and does
/// nothing else. Its cost per delivery is the kernel's, which no server can avoid.
///
///     fork                 SEQPACKET pair            child
///     RawBaseline  --- plan, frame --->   for each event: for each socket: send()
///                  <-- sent, refused ---
///
/// A socket that would block is skipped and counted, as a loop without queues must.
class RawBaseline final : public EventSource {
public:
    /// Forks; the child listens and accepts exactly `readers` connections.
    /// Requires: this process has one thread.
    [[nodiscard]] static Result<std::unique_ptr<RawBaseline>> create(std::size_t readers);
    /// Ends the child and waits for it.
    ~RawBaseline() override;
    RawBaseline(const RawBaseline&) = delete;
    RawBaseline& operator=(const RawBaseline&) = delete;

    /// Where the readers connect, with `Opening::kBare`.
    [[nodiscard]] const Endpoint& endpoint() const noexcept { return endpoint_; }
    [[nodiscard]] pid_t pid() const noexcept { return pid_; }

    /// What the next plans send: the bytes of one event as the server sent it, with a new stamp
    /// each time. Requires: there is a stamp in it.
    void use_event(std::string event, BodyFraming framing);

    [[nodiscard]] Result<void> start(const SendPlan& plan) override;
    [[nodiscard]] bool done() override;
    [[nodiscard]] std::uint64_t sent() const override { return sent_; }
    /// The child finishes its plan, but `done` no longer waits for it.
    void stop() override { busy_ = false; }
    [[nodiscard]] std::string failure() const override { return failure_; }
    /// Deliveries that a full socket refused, in all plans so far.
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

private:
    RawBaseline(Descriptor control, pid_t pid, std::uint16_t port);

    // Constant after construction.
    const Descriptor control_;
    const pid_t pid_;
    const Endpoint endpoint_;

    std::string frame_;
    std::size_t stamp_position_ = 0;
    bool busy_ = false;
    std::uint64_t sent_ = 0;
    std::uint64_t refused_ = 0;
    std::string failure_;
};

/// `event` as one chunk of a chunked body (RFC 9112 section 7.1).
[[nodiscard]] std::string as_chunk(const std::string& event);

}  // namespace howl::loadtest
