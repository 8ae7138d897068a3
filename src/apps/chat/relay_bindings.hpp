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

namespace howl::apps::chat {

/// One open socket of the relay door; unique in the process. They grow, so they tell age.
using RelaySocketId = NamedType<std::uint64_t, struct RelaySocketIdTag>;

/// Who sits at which socket of the relay door.
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
class RelayBindings {
public:
    /// A user's connection by way of one socket, from the tie until the socket lets go.
    struct Hold {
        enum class State : std::uint8_t { kConnecting, kConnected, kEnded };
        std::string user_id;
        State state = State::kConnecting;
    };
    using HoldRef = std::shared_ptr<Hold>;

    /// Hears whose connections begin and end. Called in the middle of a decision, so it may not
    /// call back.
    class Connections {
    public:
        virtual ~Connections() = default;
        virtual void on_hold(HoldRef hold) = 0;
        virtual void on_let_go(Hold& hold) = 0;
    };

    explicit RelayBindings(Connections& connections) : connections_(connections) {}

    /// A socket from `peer`; paired with the oldest reservation from there that never had one.
    [[nodiscard]] RelaySocketId open(std::string peer);
    /// Does nothing for a socket that is not there.
    void close(RelaySocketId socket);

    /// A name was reserved from `peer`; paired with the oldest socket from there that is nobody's.
    void reserve(const std::string& user_id, std::string peer);
    /// Forgets the users who are gone.
    void forget_users(const std::function<bool(const std::string& user_id)>& is_gone);

    enum class Verdict : std::uint8_t { kTheirs, kSomebodyElses };
    /// A frame on `socket` says that it is from this user, who has no token. Binds where it may:
    /// not on a socket that is bound to another or comes from another address than the
    /// reservation, and not a user who is bound elsewhere. If the user was paired with another
    /// socket the two swap.
    Verdict bind(RelaySocketId socket, const std::string& user_id);

    enum class Exit : std::uint8_t { kRefused, kLeave };
    struct Leaving {
        Exit exit = Exit::kRefused;
        HoldRef hold{};  ///< With `kLeave`: what the socket held, not told as let go; may be null.
    };
    /// A frame on `socket` says that this user leaves. Only the socket's own user does, or one
    /// without a socket, from the address of the reservation, where `socket` is not bound.
    Leaving exit(RelaySocketId socket, const std::string& user_id);

    /// The connection was refused: what was tied by it is no more.
    void drop(const HoldRef& hold);

    /// The hold of a bound socket; null of another.
    [[nodiscard]] HoldRef bound_hold(RelaySocketId socket) const;
    [[nodiscard]] bool has_sockets() const noexcept { return !sockets_.empty(); }
    /// Neither sockets nor users.
    [[nodiscard]] bool empty() const noexcept { return sockets_.empty() && addresses_.empty(); }

private:
    enum class Tie : std::uint8_t { kNone, kPaired, kBound };
    struct Socket {
        std::string peer;
        Tie tie = Tie::kNone;
        HoldRef hold{};  ///< Null where `tie` is none.
    };
    using Sockets = std::map<RelaySocketId, Socket>;
    /// An address and an age: the first of an address is its oldest.
    using Place = std::pair<std::string, std::uint64_t>;

    void tie(Sockets::iterator socket, Tie how, HoldRef hold);
    /// Ties a user who gains a connection by it.
    void seat(Sockets::iterator socket, Tie how, const std::string& user_id);
    /// The hold is the caller's, and so is the socket, which is not offered to anybody yet.
    [[nodiscard]] HoldRef untie(Sockets::iterator socket);
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
    [[nodiscard]] bool is_home(const Socket& socket, const std::string& user_id) const;
    [[nodiscard]] static Place place_of(const Sockets::value_type& socket) {
        return {socket.second.peer, socket.first.value()};
    }

    // Constant after construction.
    Connections& connections_;
    // Shard-local state.
    [[no_unique_address]] runtime::ShardCheck here_;
    Sockets sockets_;
    std::map<Place, RelaySocketId> idle_;                     ///< Sockets that are nobody's.
    std::unordered_map<std::string, RelaySocketId> holders_;  ///< By user.
    std::unordered_map<std::string, std::string> addresses_;  ///< By user: where they registered.
    std::unordered_map<std::string, Place> reservations_;     ///< By user; who was never bound.
    std::map<Place, std::string> unseated_;                   ///< Those of them who have no socket.
    std::uint64_t next_age_ = 1;
};

}  // namespace howl::apps::chat
