// SPDX-License-Identifier: Apache-2.0
#include "transport/byte_stream.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "telemetry/metrics.hpp"

namespace howl::transport {

using session::WriteResult;

namespace {

constexpr int kFlags = MSG_NOSIGNAL | MSG_DONTWAIT;

/// `send` is a cancellation point: in a process with threads the C library does two atomic
/// exchanges around it, which is a good part of what a delivery costs us. Nobody cancels our
/// threads.
ssize_t send_now(int socket, std::string_view bytes) {
    return ::syscall(SYS_sendto, socket, bytes.data(), bytes.size(), kFlags, nullptr, 0);
}

ssize_t send_gathered(int socket, std::span<const std::string_view> parts) {
    constexpr std::size_t kPartsMax = 64;
    std::array<iovec, kPartsMax> vectors;
    const auto count = std::min(parts.size(), kPartsMax);
    for (std::size_t i = 0; i < count; ++i) {
        // The kernel only reads through this pointer, though its type can't say so.
        vectors[i] = {const_cast<char*>(parts[i].data()), parts[i].size()};
    }
    msghdr message{};
    message.msg_iov = vectors.data();
    message.msg_iovlen = count;
    return ::sendmsg(socket, &message, kFlags);
}

}  // namespace

ByteStream::ReadResult ByteStream::read(std::span<char> buffer) {
    using State = ReadResult::State;
    const auto received =
        ::recv(socket_.native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (received > 0) {
        const auto bytes = static_cast<std::size_t>(received);
        telemetry::count(telemetry::Counter::kBytesReceived, bytes);
        return {State::kBytes, bytes};
    }
    const bool nothing = received < 0 && (errno == EAGAIN || errno == EINTR);
    return {nothing ? State::kNothing : State::kEnd, 0};
}

WriteResult ByteStream::write(std::span<const std::string_view> parts) {
    using State = WriteResult::State;
    const int socket = socket_.native_handle();
    while (true) {
        const auto sent =
            parts.size() == 1 ? send_now(socket, parts.front()) : send_gathered(socket, parts);
        if (sent >= 0) {
            return {State::kTaken, static_cast<std::size_t>(sent)};
        }
        if (errno != EINTR) {
            return {errno == EAGAIN ? State::kFull : State::kGone, 0};
        }
    }
}

void ByteStream::cancel() {
    boost::system::error_code ignored;  // Nothing is pending on a socket that is closed.
    socket_.cancel(ignored);
}

std::size_t ByteStream::unacknowledged_bytes() const {
    int bytes = 0;
    if (::ioctl(const_cast<Socket&>(socket_).native_handle(), SIOCOUTQ, &bytes) != 0) {
        return 0;  // The peer is gone, and so are the bytes that it has not taken.
    }
    return static_cast<std::size_t>(bytes);
}

void ByteStream::end_output() {
    ::shutdown(socket_.native_handle(), SHUT_WR);
}

void ByteStream::close() {
    boost::system::error_code ignored;  // The peer may be gone already.
    socket_.close(ignored);
}

std::optional<boost::asio::ip::address> ByteStream::peer() const {
    boost::system::error_code error;
    const auto endpoint = socket_.remote_endpoint(error);
    return error ? std::nullopt : std::optional{endpoint.address()};
}

}  // namespace howl::transport
