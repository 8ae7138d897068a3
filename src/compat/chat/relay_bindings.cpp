// SPDX-License-Identifier: Apache-2.0
#include "compat/chat/relay_bindings.hpp"

#include <utility>

namespace howl::compat::chat {

namespace {

/// The oldest that comes from `address`.
template <class ByPlace>
auto oldest_of(const ByPlace& by_place, const std::string& address) {
    const auto found = by_place.lower_bound({address, 0});
    return found != by_place.end() && found->first.first == address ? found : by_place.end();
}

}  // namespace

RelaySocketId SocketIdentities::open(std::string peer) {
    here_.check();
    const RelaySocketId id{next_age_++};
    seek_user(sockets_.try_emplace(id, Socket{.peer = std::move(peer)}).first);
    return id;
}

void SocketIdentities::close(RelaySocketId id) {
    here_.check();
    const auto socket = sockets_.find(id);
    if (socket == sockets_.end()) {
        return;
    }
    if (const auto attachment = detach(socket)) {
        forget_reservation(attachment->user_id);  // It had its socket.
        connections_.on_detached(*attachment);
    }
    idle_.erase(age_key_of(*socket));
    sockets_.erase(socket);
}

void SocketIdentities::reserve(const std::string& user_id, std::string peer) {
    here_.check();
    addresses_.insert_or_assign(user_id, peer);
    reservations_.insert_or_assign(user_id, AgeKey{std::move(peer), next_age_++});
    seek_socket(user_id);
}

void SocketIdentities::forget_users(
    const std::function<bool(const std::string& user_id)>& is_gone) {
    here_.check();
    std::erase_if(addresses_, [&](const auto& entry) { return is_gone(entry.first); });
    std::erase_if(without_socket_, [&](const auto& entry) { return is_gone(entry.second); });
    std::erase_if(reservations_, [&](const auto& entry) { return is_gone(entry.first); });
}

SocketIdentities::Verdict SocketIdentities::bind(RelaySocketId id, const std::string& user_id) {
    here_.check();
    const auto mine = sockets_.find(id);
    if (mine == sockets_.end()) {
        return Verdict::kRejected;
    }
    const bool holds_them = mine->second.attachment && mine->second.attachment->user_id == user_id;
    if (holds_them || mine->second.link == Link::kBound) {
        if (holds_them) {
            mine->second.link = Link::kBound;
            forget_reservation(user_id);
        }
        return holds_them ? Verdict::kAccepted : Verdict::kRejected;
    }
    if (!is_from_reservation(mine->second, user_id)) {
        return Verdict::kRejected;
    }
    if (const auto other = socket_of(user_id); other != sockets_.end()) {
        if (other->second.link == Link::kBound) {
            return Verdict::kRejected;
        }
        take_over(mine, other);
        return Verdict::kAccepted;
    }
    unpair(mine);
    attach_user(mine, Link::kBound, user_id);
    return Verdict::kAccepted;
}

SocketIdentities::Leaving SocketIdentities::exit(RelaySocketId id, const std::string& user_id) {
    here_.check();
    const auto mine = sockets_.find(id);
    if (mine == sockets_.end()) {
        return {};
    }
    const auto holder = socket_of(user_id);
    const bool holds_them = holder == mine;
    if (!holds_them && (holder != sockets_.end() || mine->second.link == Link::kBound ||
                        !is_from_reservation(mine->second, user_id))) {
        return {};
    }
    forget_reservation(user_id);
    if (!holds_them) {
        return {Exit::kLeave, nullptr};
    }
    auto attachment = detach(mine);
    idle_.emplace(age_key_of(*mine), id);
    return {Exit::kLeave, std::move(attachment)};
}

void SocketIdentities::drop(const AttachmentRef& attachment) {
    here_.check();
    attachment->state = Attachment::State::kEnded;
    forget_reservation(attachment->user_id);
    const auto socket = socket_of(attachment->user_id);
    if (socket != sockets_.end() && socket->second.attachment == attachment) {
        static_cast<void>(detach(socket));
        idle_.emplace(age_key_of(*socket), socket->first);
    }
}

SocketIdentities::AttachmentRef SocketIdentities::bound_attachment(RelaySocketId id) const {
    here_.check();
    const auto socket = sockets_.find(id);
    const bool bound = socket != sockets_.end() && socket->second.link == Link::kBound;
    return bound ? socket->second.attachment : nullptr;
}

void SocketIdentities::link(Sockets::iterator socket, Link how, AttachmentRef attachment) {
    idle_.erase(age_key_of(*socket));
    holders_.insert_or_assign(attachment->user_id, socket->first);
    if (how == Link::kBound) {
        forget_reservation(attachment->user_id);
    } else if (const auto known = reservations_.find(attachment->user_id);
               known != reservations_.end()) {
        without_socket_.erase(known->second);
    }
    socket->second.link = how;
    socket->second.attachment = std::move(attachment);
}

void SocketIdentities::attach_user(Sockets::iterator socket, Link how, const std::string& user_id) {
    auto attachment = std::make_shared<Attachment>(Attachment{.user_id = user_id});
    link(socket, how, attachment);
    connections_.on_attached(std::move(attachment));
}

SocketIdentities::AttachmentRef SocketIdentities::detach(Sockets::iterator socket) {
    auto attachment = std::exchange(socket->second.attachment, nullptr);
    if (attachment) {
        socket->second.link = Link::kNone;
        holders_.erase(attachment->user_id);
    }
    return attachment;
}

void SocketIdentities::unpair(Sockets::iterator socket) {
    if (const auto attachment = detach(socket)) {
        connections_.on_detached(*attachment);
        seek_socket(attachment->user_id);
    }
}

void SocketIdentities::take_over(Sockets::iterator mine, Sockets::iterator other) {
    auto theirs = detach(other);
    auto guessed = detach(mine);
    link(mine, Link::kBound, std::move(theirs));
    if (guessed) {
        link(other, Link::kPaired, std::move(guessed));
    } else {
        seek_user(other);
    }
}

void SocketIdentities::seek_user(Sockets::iterator socket) {
    const auto waiting = oldest_of(without_socket_, socket->second.peer);
    if (waiting == without_socket_.end()) {
        idle_.emplace(age_key_of(*socket), socket->first);
        return;
    }
    const auto user_id = waiting->second;
    attach_user(socket, Link::kPaired, user_id);
}

void SocketIdentities::seek_socket(const std::string& user_id) {
    const auto reservation = reservations_.find(user_id);
    if (reservation == reservations_.end()) {
        return;
    }
    const auto idle = oldest_of(idle_, reservation->second.first);
    if (idle == idle_.end()) {
        without_socket_.insert_or_assign(reservation->second, user_id);
        return;
    }
    attach_user(sockets_.find(idle->second), Link::kPaired, user_id);
}

void SocketIdentities::forget_reservation(const std::string& user_id) {
    if (const auto known = reservations_.find(user_id); known != reservations_.end()) {
        without_socket_.erase(known->second);
        reservations_.erase(known);
    }
}

SocketIdentities::Sockets::iterator SocketIdentities::socket_of(const std::string& user_id) {
    const auto found = holders_.find(user_id);
    return found == holders_.end() ? sockets_.end() : sockets_.find(found->second);
}

bool SocketIdentities::is_from_reservation(const Socket& socket, const std::string& user_id) const {
    const auto home = addresses_.find(user_id);
    return home != addresses_.end() && home->second == socket.peer;
}

}  // namespace howl::compat::chat
