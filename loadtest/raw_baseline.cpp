// SPDX-License-Identifier: Apache-2.0
#include "loadtest/raw_baseline.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/assert.hpp"
#include "base/limits.hpp"
#include "loadtest/payload.hpp"

namespace howl::loadtest {
namespace {

constexpr int kBacklog = 4096;
constexpr std::size_t kFrameBytesMax = 2 * limits::kEventBytesMax;

/// Followed by the frame's bytes, in the same packet.
struct Order {
    SendPlan plan;
    std::size_t stamp_place = 0;
};

struct Outcome {
    std::uint64_t sent = 0;     ///< Events.
    std::uint64_t refused = 0;  ///< Deliveries.
};

Result<std::uint16_t> listen_on_loopback(const Descriptor& listener) {
    const Endpoint any_port = loopback_endpoint(0);
    sockaddr_in bound{};
    socklen_t length = sizeof bound;
    const bool listening =
        ::bind(listener.number(), reinterpret_cast<const sockaddr*>(&any_port.address),
               sizeof any_port.address) == 0 &&
        ::listen(listener.number(), kBacklog) == 0 &&
        ::getsockname(listener.number(), reinterpret_cast<sockaddr*>(&bound), &length) == 0;
    if (!listening) {
        return fail(Errc::kSystem, "baseline", std::string{::strerror(errno)});
    }
    return ntohs(bound.sin_port);
}

/// Waits for something to read on `socket`; false when `control` has ended first.
bool wait_readable(int socket, int control) {
    std::array<pollfd, 2> waits{{{socket, POLLIN, 0}, {control, 0, 0}}};
    while (::poll(waits.data(), waits.size(), -1) < 0 && errno == EINTR) {
    }
    return (waits[1].revents & (POLLHUP | POLLERR)) == 0;
}

std::vector<int> accept_all(int listener, int control, std::size_t readers) {
    constexpr int kOn = 1;
    std::vector<int> sockets;
    sockets.reserve(readers);
    while (sockets.size() < readers && wait_readable(listener, control)) {
        const int socket = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket >= 0) {
            ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof kOn);
            sockets.push_back(socket);
        }
    }
    return sockets;
}

/// The measured loop.
std::uint64_t send_to_all(const std::vector<int>& sockets, std::string_view frame) {
    std::uint64_t refused = 0;
    for (const int socket : sockets) {
        const auto sent = ::send(socket, frame.data(), frame.size(), MSG_NOSIGNAL);
        refused += sent == static_cast<ssize_t>(frame.size()) ? 0U : 1U;
    }
    return refused;
}

Outcome carry_out(const Order& order, std::string_view frame_bytes,
                  const std::vector<int>& sockets) {
    std::string frame{frame_bytes};
    const auto start = std::chrono::steady_clock::now();
    const std::uint64_t start_nanos = steady_nanos();
    Outcome outcome;
    for (; outcome.sent < order.plan.count; ++outcome.sent) {
        const auto due = due_after(order.plan, outcome.sent);
        std::this_thread::sleep_until(start + due);
        write_stamp(frame.data() + order.stamp_place,
                    {.nanos = start_nanos + static_cast<std::uint64_t>(due.count()),
                     .number = order.plan.first_number + outcome.sent});
        outcome.refused += send_to_all(sockets, frame);
    }
    return outcome;
}

/// The child's main function; ends when the parent closes its end of `control`.
void serve(int listener, int control, std::size_t readers) {
    const std::vector<int> sockets = accept_all(listener, control, readers);
    std::vector<char> packet(sizeof(Order) + kFrameBytesMax);
    while (true) {
        const auto got = ::recv(control, packet.data(), packet.size(), 0);
        if (got < static_cast<ssize_t>(sizeof(Order))) {
            return;
        }
        Order order;
        std::memcpy(&order, packet.data(), sizeof order);
        const std::string_view frame{packet.data() + sizeof order,
                                     static_cast<std::size_t>(got) - sizeof order};
        const Outcome outcome = carry_out(order, frame, sockets);
        static_cast<void>(::send(control, &outcome, sizeof outcome, MSG_NOSIGNAL));
    }
}

}  // namespace

std::string as_chunk(const std::string& event) {
    return fmt::format("{:x}\r\n{}\r\n", event.size(), event);
}

Result<std::unique_ptr<RawBaseline>> RawBaseline::create(std::size_t readers) {
    const Descriptor listener{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    HOWL_TRY(port, listen_on_loopback(listener));
    std::array<int, 2> pair{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair.data()) != 0) {
        return fail(Errc::kSystem, "baseline", std::string{::strerror(errno)});
    }
    Descriptor ours{pair[0]};
    Descriptor theirs{pair[1]};
    const pid_t pid = ::fork();
    if (pid < 0) {
        return fail(Errc::kSystem, "baseline", std::string{::strerror(errno)});
    }
    if (pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::signal(SIGINT, SIG_IGN);  // The parent decides when a run ends.
        ours.close();
        serve(listener.number(), theirs.number(), readers);
        ::_exit(0);
    }
    return std::unique_ptr<RawBaseline>{new RawBaseline{std::move(ours), pid, port}};
}

RawBaseline::RawBaseline(Descriptor control, pid_t pid, std::uint16_t port)
    : control_(std::move(control)), pid_(pid), endpoint_(loopback_endpoint(port)) {}

RawBaseline::~RawBaseline() {
    ::kill(pid_, SIGKILL);  // It has no state that an orderly end would save.
    ::waitpid(pid_, nullptr, 0);
}

void RawBaseline::use_event(std::string event, BodyFraming framing) {
    frame_ = framing == BodyFraming::kChunked ? as_chunk(event) : std::move(event);
    StampFinder finder;
    const bool has_stamp = finder.find(frame_).has_value();
    HOWL_ASSERT(has_stamp && frame_.size() <= kFrameBytesMax);
    stamp_position_ = finder.position();
}

Result<void> RawBaseline::start(const SendPlan& plan) {
    const Order order{.plan = plan, .stamp_place = stamp_position_};
    std::string packet(sizeof order, '\0');
    std::memcpy(packet.data(), &order, sizeof order);
    packet += frame_;
    if (::send(control_.number(), packet.data(), packet.size(), MSG_NOSIGNAL) < 0) {
        return fail(Errc::kSystem, "baseline", std::string{::strerror(errno)});
    }
    busy_ = true;
    sent_ = 0;
    return {};
}

bool RawBaseline::done() {
    if (!busy_) {
        return true;
    }
    Outcome outcome;
    const auto got = ::recv(control_.number(), &outcome, sizeof outcome, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return false;
    }
    busy_ = false;
    if (got == static_cast<ssize_t>(sizeof outcome)) {
        sent_ = outcome.sent;
        refused_ += outcome.refused;
    } else {
        failure_ = "the baseline's process ended";
    }
    return true;
}

}  // namespace howl::loadtest
