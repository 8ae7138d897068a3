// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/named_type.hpp"
#include "runtime/shard.hpp"

namespace howl::compat::chat {

/// One open socket of the relay endpoint; unique in the process. They grow, so they tell age.
using RelaySocketId = NamedType<std::uint64_t, struct RelaySocketIdTag>;

/// Who sits at which socket of the relay endpoint.
///
/// The wire of the original registers over HTTP and chats over a WebSocket and has nothing that
/// joins the two. So a socket is tied to a user in two steps:
///
/// ```
///   unbound --same address as a reservation--> paired --its first frame says so--> bound
///           --------------------- a frame says who it is -----------------------^
/// ```
///
/// Paired is a guess, good enough that somebody who only listens keeps the name; the first frame
/// that says who it is mends a wrong one. Bound is for good, until the socket closes. A user has
/// one socket at a time, which comes from the address where the name was reserved. See
/// docs/adr/0012.
///
/// No input or output of its own: it decides, and tells `Connections` what became of whom.
/// Thread: the chat's home shard.
class SocketIdentities {
public:
    /// A user's connection by way of one socket, from the link until the socket lets go.
    struct Attachment {
        enum class State : std::uint8_t { kConnecting, kConnected, kEnded };
        std::string user_id;
        State state = State::kConnecting;
    };
    using AttachmentRef = std::shared_ptr<Attachment>;

    /// Hears whose connections begin and end. Called in the middle of a decision, so it may not
    /// call back.
    class Connections {
    public:
        virtual ~Connections() = default;
        virtual void on_attached(AttachmentRef attachment) = 0;
        virtual void on_detached(Attachment& attachment) = 0;
    };

    explicit SocketIdentities(Connections& connections) : connections_(connections) {}

    /// A socket from `peer`; paired with the oldest reservation from there that never had one.
    [[nodiscard]] RelaySocketId open(std::string peer);
    /// Does nothing for a socket that is not there.
    void close(RelaySocketId socket);

    /// A name was reserved from `peer`; paired with the oldest socket from there that is nobody's.
    void reserve(const std::string& user_id, std::string peer);
    /// Forgets the users who are gone.
    void forget_users(const std::function<bool(const std::string& user_id)>& is_gone);

    enum class Verdict : std::uint8_t { kAccepted, kRejected };
    /// A frame on `socket` says that it is from this user, who has no token. Binds where it may:
    /// not on a socket that is bound to another or comes from another address than the
    /// reservation, and not a user who is bound elsewhere. If the user was paired with another
    /// socket the two swap.
    Verdict bind(RelaySocketId socket, const std::string& user_id);

    enum class Exit : std::uint8_t { kRefused, kLeave };
    struct Leaving {
        Exit exit = Exit::kRefused;
        AttachmentRef attachment{};  ///< With `kLeave`: what the socket held, not told as let go;
                                     ///< may be null.
    };
    /// A frame on `socket` says that this user leaves. Only the socket's own user does, or one
    /// without a socket, from the address of the reservation, where `socket` is not bound.
    Leaving exit(RelaySocketId socket, const std::string& user_id);

    /// The connection was refused: what was tied by it is no more.
    void drop(const AttachmentRef& attachment);

    /// The attachment of a bound socket; null of another.
    [[nodiscard]] AttachmentRef bound_attachment(RelaySocketId socket) const;
    [[nodiscard]] bool has_sockets() const noexcept { return !sockets_.empty(); }
    /// Neither sockets nor users.
    [[nodiscard]] bool empty() const noexcept { return sockets_.empty() && addresses_.empty(); }

private:
    enum class Link : std::uint8_t { kNone, kPaired, kBound };
    struct Socket {
        std::string peer;
        Link link = Link::kNone;
        AttachmentRef attachment{};  ///< Null where `link` is none.
    };
    using Sockets = std::map<RelaySocketId, Socket>;
    /// An address and an age: the first of an address is its oldest.
    using AgeKey = std::pair<std::string, std::uint64_t>;

    void link(Sockets::iterator socket, Link how, AttachmentRef attachment);
    /// Ties a user who gains a connection by it.
    void attach_user(Sockets::iterator socket, Link how, const std::string& user_id);
    /// The attachment is the caller's, and so is the socket, which is not offered to anybody yet.
    [[nodiscard]] AttachmentRef detach(Sockets::iterator socket);
    /// The guess was wrong: the user waits for a socket again.
    void unpair(Sockets::iterator socket);
    /// A user who was only paired with `other` goes to `mine`.
    void take_over(Sockets::iterator mine, Sockets::iterator other);
    /// `socket` is nobody's; a reservation may wait for it.
    void seek_user(Sockets::iterator socket);
    void seek_socket(const std::string& user_id);
    void forget_reservation(const std::string& user_id);
    /// The user's socket; the end of `sockets_`: there is none.
    [[nodiscard]] Sockets::iterator socket_of(const std::string& user_id);
    [[nodiscard]] bool is_from_reservation(const Socket& socket, const std::string& user_id) const;
    [[nodiscard]] static AgeKey age_key_of(const Sockets::value_type& socket) {
        return {socket.second.peer, socket.first.value()};
    }

    // Constant after construction.
    Connections& connections_;
    // Shard-local state.
    [[no_unique_address]] runtime::ShardCheck here_;
    Sockets sockets_;
    std::map<AgeKey, RelaySocketId> idle_;                    ///< Sockets that are nobody's.
    std::unordered_map<std::string, RelaySocketId> holders_;  ///< By user.
    std::unordered_map<std::string, std::string> addresses_;  ///< By user: where they registered.
    std::unordered_map<std::string, AgeKey> reservations_;    ///< By user; who was never bound.
    std::map<AgeKey, std::string> without_socket_;            ///< Those of them who have no socket.
    std::uint64_t next_age_ = 1;
};

}  // namespace howl::compat::chat
