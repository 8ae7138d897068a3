// SPDX-License-Identifier: Apache-2.0
#include "transport/connection_list.hpp"

#include "base/assert.hpp"
#include "telemetry/metrics.hpp"

namespace howl::transport {

ConnectionList::~ConnectionList() {
    HOWL_ASSERT(count_ == 0);
}

void ConnectionList::add(ListedConnection& connection) {
    all_.push_back(connection);
    ++count_;
}

void ConnectionList::remove(ListedConnection& connection) {
    all_.erase(all_.iterator_to(connection));
    --count_;
}

void ConnectionList::mark_idle(ListedConnection& connection) {
    if (connection.idle_hook.is_linked()) {
        return;  // It keeps its turn: the time since it became idle counts.
    }
    auto& idle = connection.is_reserve()      ? probes_
                 : connection.has_requested() ? between_requests_
                                              : never_requested_;
    idle.push_back(connection);
}

void ConnectionList::mark_busy(ListedConnection& connection) {
    connection.idle_hook.unlink();
}

void ConnectionList::has_received(ListedConnection& connection, std::size_t bytes) {
    connection.input.set(connection.input.bytes() + bytes);
    if (!connection.unfinished_hook.is_linked()) {
        unfinished_.push_back(connection);
    }
    while (InputMemory::is_full() && !unfinished_.empty()) {
        ListedConnection& oldest = unfinished_.front();
        unfinished_.pop_front();
        oldest.give_up_request();
    }
}

bool ConnectionList::close_first(IdleList& idle, std::optional<PeerAddress> from) {
    // Where one client has most of the connections, one of its own is near the front.
    constexpr int kCheckedMax = 1024;
    int checked = 0;
    for (auto& connection : idle) {
        if (!from || connection.peer_address() == from) {
            connection.idle_hook.unlink();
            connection.evict();
            return true;
        }
        if (++checked == kCheckedMax) {
            break;
        }
    }
    return false;
}

bool ConnectionList::make_room(std::optional<PeerAddress> from) {
    const bool made = close_first(never_requested_, from) || close_first(between_requests_, from);
    if (made) {
        telemetry::count(telemetry::Counter::kConnectionsGaveWay);
    }
    return made;
}

bool ConnectionList::make_probe_room() {
    return close_first(probes_, std::nullopt);
}

void ConnectionList::drain() {
    for (auto next = all_.begin(); next != all_.end();) {
        ListedConnection& connection = *next++;
        connection.drain();
    }
}

void ConnectionList::abort_all() {
    for (auto& connection : all_) {
        connection.abort();
    }
}

}  // namespace howl::transport
