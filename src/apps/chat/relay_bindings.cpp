// SPDX-License-Identifier: Apache-2.0
#include "apps/chat/relay_bindings.hpp"

#include <utility>

namespace howl::apps::chat {

namespace {

/// The oldest that comes from `address`.
template <class ByPlace>
auto oldest_of(const ByPlace& by_place, const std::string& address) {
    const auto found = by_place.lower_bound({address, 0});
    return found != by_place.end() && found->first.first == address ? found : by_place.end();
}

}  // namespace

RelaySocketId RelayBindings::open(std::string peer) {
    here_.check();
    const RelaySocketId id{next_age_++};
    seek_user(sockets_.try_emplace(id, Socket{.peer = std::move(peer)}).first);
    return id;
}

void RelayBindings::close(RelaySocketId id) {
    here_.check();
    const auto socket = sockets_.find(id);
    if (socket == sockets_.end()) {
        return;
    }
    if (const auto hold = untie(socket)) {
        forget_reservation(hold->user_id);  // It had its socket.
        connections_.on_let_go(*hold);
    }
    idle_.erase(place_of(*socket));
    sockets_.erase(socket);
}

void RelayBindings::reserve(const std::string& user_id, std::string peer) {
    here_.check();
    addresses_.insert_or_assign(user_id, peer);
    reservations_.insert_or_assign(user_id, Place{std::move(peer), next_age_++});
    seek_socket(user_id);
}

void RelayBindings::forget_users(const std::function<bool(const std::string& user_id)>& is_gone) {
    here_.check();
    std::erase_if(addresses_, [&](const auto& entry) { return is_gone(entry.first); });
    std::erase_if(unseated_, [&](const auto& entry) { return is_gone(entry.second); });
    std::erase_if(reservations_, [&](const auto& entry) { return is_gone(entry.first); });
}

RelayBindings::Verdict RelayBindings::bind(RelaySocketId id, const std::string& user_id) {
    here_.check();
    const auto mine = sockets_.find(id);
    if (mine == sockets_.end()) {
        return Verdict::kSomebodyElses;
    }
    const bool holds_them = mine->second.hold && mine->second.hold->user_id == user_id;
    if (holds_them || mine->second.tie == Tie::kBound) {
        if (holds_them) {
            mine->second.tie = Tie::kBound;
            forget_reservation(user_id);
        }
        return holds_them ? Verdict::kTheirs : Verdict::kSomebodyElses;
    }
    if (!is_home(mine->second, user_id)) {
        return Verdict::kSomebodyElses;
    }
    if (const auto other = socket_of(user_id); other != sockets_.end()) {
        if (other->second.tie == Tie::kBound) {
            return Verdict::kSomebodyElses;
        }
        take_over(mine, other);
        return Verdict::kTheirs;
    }
    unpair(mine);
    seat(mine, Tie::kBound, user_id);
    return Verdict::kTheirs;
}

RelayBindings::Leaving RelayBindings::exit(RelaySocketId id, const std::string& user_id) {
    here_.check();
    const auto mine = sockets_.find(id);
    if (mine == sockets_.end()) {
        return {};
    }
    const auto holder = socket_of(user_id);
    const bool holds_them = holder == mine;
    if (!holds_them && (holder != sockets_.end() || mine->second.tie == Tie::kBound ||
                        !is_home(mine->second, user_id))) {
        return {};
    }
    forget_reservation(user_id);
    if (!holds_them) {
        return {Exit::kLeave, nullptr};
    }
    auto hold = untie(mine);
    idle_.emplace(place_of(*mine), id);
    return {Exit::kLeave, std::move(hold)};
}

void RelayBindings::drop(const HoldRef& hold) {
    here_.check();
    hold->state = Hold::State::kEnded;
    forget_reservation(hold->user_id);
    const auto socket = socket_of(hold->user_id);
    if (socket != sockets_.end() && socket->second.hold == hold) {
        static_cast<void>(untie(socket));
        idle_.emplace(place_of(*socket), socket->first);
    }
}

RelayBindings::HoldRef RelayBindings::bound_hold(RelaySocketId id) const {
    here_.check();
    const auto socket = sockets_.find(id);
    const bool bound = socket != sockets_.end() && socket->second.tie == Tie::kBound;
    return bound ? socket->second.hold : nullptr;
}

void RelayBindings::tie(Sockets::iterator socket, Tie how, HoldRef hold) {
    idle_.erase(place_of(*socket));
    holders_.insert_or_assign(hold->user_id, socket->first);
    if (how == Tie::kBound) {
        forget_reservation(hold->user_id);
    } else if (const auto known = reservations_.find(hold->user_id); known != reservations_.end()) {
        unseated_.erase(known->second);
    }
    socket->second.tie = how;
    socket->second.hold = std::move(hold);
}

void RelayBindings::seat(Sockets::iterator socket, Tie how, const std::string& user_id) {
    auto hold = std::make_shared<Hold>(Hold{.user_id = user_id});
    tie(socket, how, hold);
    connections_.on_hold(std::move(hold));
}

RelayBindings::HoldRef RelayBindings::untie(Sockets::iterator socket) {
    auto hold = std::exchange(socket->second.hold, nullptr);
    if (hold) {
        socket->second.tie = Tie::kNone;
        holders_.erase(hold->user_id);
    }
    return hold;
}

void RelayBindings::unpair(Sockets::iterator socket) {
    if (const auto hold = untie(socket)) {
        connections_.on_let_go(*hold);
        seek_socket(hold->user_id);
    }
}

void RelayBindings::take_over(Sockets::iterator mine, Sockets::iterator other) {
    auto theirs = untie(other);
    auto guessed = untie(mine);
    tie(mine, Tie::kBound, std::move(theirs));
    if (guessed) {
        tie(other, Tie::kPaired, std::move(guessed));
    } else {
        seek_user(other);
    }
}

void RelayBindings::seek_user(Sockets::iterator socket) {
    const auto waiting = oldest_of(unseated_, socket->second.peer);
    if (waiting == unseated_.end()) {
        idle_.emplace(place_of(*socket), socket->first);
        return;
    }
    const auto user_id = waiting->second;
    seat(socket, Tie::kPaired, user_id);
}

void RelayBindings::seek_socket(const std::string& user_id) {
    const auto reservation = reservations_.find(user_id);
    if (reservation == reservations_.end()) {
        return;
    }
    const auto idle = oldest_of(idle_, reservation->second.first);
    if (idle == idle_.end()) {
        unseated_.insert_or_assign(reservation->second, user_id);
        return;
    }
    seat(sockets_.find(idle->second), Tie::kPaired, user_id);
}

void RelayBindings::forget_reservation(const std::string& user_id) {
    if (const auto known = reservations_.find(user_id); known != reservations_.end()) {
        unseated_.erase(known->second);
        reservations_.erase(known);
    }
}

RelayBindings::Sockets::iterator RelayBindings::socket_of(const std::string& user_id) {
    const auto found = holders_.find(user_id);
    return found == holders_.end() ? sockets_.end() : sockets_.find(found->second);
}

bool RelayBindings::is_home(const Socket& socket, const std::string& user_id) const {
    const auto home = addresses_.find(user_id);
    return home != addresses_.end() && home->second == socket.peer;
}

}  // namespace howl::apps::chat
