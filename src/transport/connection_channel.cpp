// SPDX-License-Identifier: Apache-2.0
#include "transport/connection_channel.hpp"

#include <string>
#include <utility>

namespace howl::transport {

using Ref = boost::intrusive_ptr<ConnectionChannel>;

ConnectionChannel::ConnectionChannel(ShardNetwork& network, ByteStream stream,
                                     ConnectionBudget::Permit permit)
    : network_(network), stream_(std::move(stream)), permit_(std::move(permit)) {}

void ConnectionChannel::start(std::string_view early) {
    if (!early.empty() && session().is_open()) {
        std::string bytes{early};
        on_bytes(bytes);
    }
    wait_readable();
}

session::WriteResult ConnectionChannel::write(std::span<const std::string_view> parts) {
    return stream_.write(parts);
}

std::size_t ConnectionChannel::unacknowledged_bytes() const {
    return stream_.unacknowledged_bytes();
}

void ConnectionChannel::end_output() {
    stream_.end_output();
}

void ConnectionChannel::close() {
    closed_ = true;
    stream_.close();
    permit_.reset();
}

void ConnectionChannel::wait_writable() {
    stream_.wait_writable([self = Ref{this}](boost::system::error_code error) {
        if (!error && !self->closed_) {
            self->session().on_writable();
        }
    });
}

void ConnectionChannel::wait_readable() {
    if (closed_) {
        return;
    }
    stream_.wait_readable([self = Ref{this}](boost::system::error_code error) {
        if (!error && !self->closed_) {
            self->on_readable();
        }
    });
}

void ConnectionChannel::on_readable() {
    using State = ByteStream::ReadResult::State;
    const auto scratch = network_.shard().scratch();
    const auto result = stream_.read(scratch);
    if (result.state == State::kEnd) {
        session().on_peer_gone(*this);
        return;
    }
    if (result.state == State::kBytes) {
        on_bytes(scratch.first(result.bytes));
    }
    wait_readable();
}

}  // namespace howl::transport
