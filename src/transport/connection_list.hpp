// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>

#include <boost/intrusive/list.hpp>

#include "transport/connection_budget.hpp"
#include "transport/input_memory.hpp"

namespace howl::transport {

/// A connection that has requests, as its shard's list sees it.
class ListedConnection : public boost::intrusive::list_base_hook<> {
public:
    using Hook = boost::intrusive::list_member_hook<
        boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

    ListedConnection() = default;
    ListedConnection(const ListedConnection&) = delete;
    ListedConnection& operator=(const ListedConnection&) = delete;

    /// Closes once no request is being answered.
    virtual void drain() = 0;
    /// Closes at once.
    virtual void abort() = 0;
    /// Closes at once and gives its share of the connections back.
    virtual void evict() = 0;
    /// There is no memory for the request that is coming in: discards it and answers with an error.
    virtual void give_up_request() = 0;

    /// It has received a whole request head.
    [[nodiscard]] virtual bool has_requested() const = 0;
    /// It is one of those that are reserved for probes.
    [[nodiscard]] virtual bool is_reserve() const = 0;
    [[nodiscard]] virtual std::optional<PeerAddress> peer_address() const = 0;

    // Used by the list.
    Hook idle_hook;            ///< Linked while it may have to make room.
    Hook unfinished_hook;      ///< Linked while a request is coming in.
    InputMemory::Share input;  ///< Of a request that is coming in or being answered.

protected:
    ~ListedConnection() = default;
};

/// The connections of one shard that have not become sessions, and which of them make room for
/// others. Thread: its shard's.
class ConnectionList {
public:
    ConnectionList() = default;
    ConnectionList(const ConnectionList&) = delete;
    ConnectionList& operator=(const ConnectionList&) = delete;
    ~ConnectionList();

    void add(ListedConnection& connection);
    void remove(ListedConnection& connection);
    [[nodiscard]] std::size_t count() const noexcept { return count_; }

    /// From now on the connection may be closed to make room for another, until `mark_busy`.
    void mark_idle(ListedConnection& connection);
    static void mark_busy(ListedConnection& connection);
    /// `connection` has received `bytes` of a request that is not complete yet. While there are too
    /// many of them, the requests of this shard that have been coming in for longest are given up.
    void has_received(ListedConnection& connection, std::size_t bytes);

    /// Closes the connection that has waited longest without any request, or else longest since its
    /// last request; of `from` only where that is set. False: there is none.
    [[nodiscard]] bool make_room(std::optional<PeerAddress> from);
    /// The same among the connections that are reserved for probes.
    [[nodiscard]] bool make_probe_room();

    void drain();
    void abort_all();

private:
    template <ListedConnection::Hook ListedConnection::* hook>
    using List = boost::intrusive::list<
        ListedConnection,
        boost::intrusive::member_hook<ListedConnection, ListedConnection::Hook, hook>,
        boost::intrusive::constant_time_size<false>>;
    using IdleList = List<&ListedConnection::idle_hook>;

    static bool close_first(IdleList& idle, std::optional<PeerAddress> from);

    boost::intrusive::list<ListedConnection, boost::intrusive::constant_time_size<false>> all_;
    List<&ListedConnection::unfinished_hook> unfinished_;  ///< The oldest first.
    IdleList never_requested_;                             ///< The oldest first.
    IdleList between_requests_;                            ///< The longest idle first.
    IdleList probes_;                                      ///< Of the reserve, the oldest first.
    std::size_t count_ = 0;
};

}  // namespace howl::transport
