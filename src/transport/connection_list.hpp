// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>

#include <boost/intrusive/list.hpp>

#include "transport/connection_budget.hpp"
#include "transport/input_memory.hpp"

namespace howl::transport {

/// A connection that is asked something now and then, as its shard's list sees it.
class ListedConnection : public boost::intrusive::list_base_hook<> {
public:
    using Hook = boost::intrusive::list_member_hook<
        boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

    ListedConnection() = default;
    ListedConnection(const ListedConnection&) = delete;
    ListedConnection& operator=(const ListedConnection&) = delete;

    /// Closes once no request is in work.
    virtual void drain() = 0;
    /// Closes at once.
    virtual void abort() = 0;
    /// Closes at once and gives its share of the connections back.
    virtual void give_way() = 0;
    /// There is no memory for what has come of its request: lets go of it, and answers that.
    virtual void give_up_request() = 0;

    /// It had a request whose head was whole.
    [[nodiscard]] virtual bool has_asked() const = 0;
    /// It is one of those that are kept for probes.
    [[nodiscard]] virtual bool is_reserve() const = 0;
    [[nodiscard]] virtual std::optional<PeerAddress> peer_address() const = 0;

    // The list's.
    Hook idle_hook;            ///< Linked while it may have to make room.
    Hook unfinished_hook;      ///< Linked while a request is coming in.
    InputMemory::Share input;  ///< Of a request that is coming in or in work.

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

    /// From now on the connection may have to make room for another, until `is_working`.
    void may_give_way(ListedConnection& connection);
    static void is_working(ListedConnection& connection);
    /// `connection` has received `bytes` of a request that is not complete yet. While there are too
    /// many of them, the requests of this shard that have been coming in for longest are given up.
    void has_received(ListedConnection& connection, std::size_t bytes);

    /// Closes the connection that has waited longest without asking anything, or else longest since
    /// its last request; of `from` only where that is set. False: there is none.
    [[nodiscard]] bool make_room(std::optional<PeerAddress> from);
    /// The same among the connections that are kept for probes.
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
    IdleList never_asked_;                                 ///< The oldest first.
    IdleList between_asks_;                                ///< The longest idle first.
    IdleList probes_;                                      ///< Of the reserve, the oldest first.
    std::size_t count_ = 0;
};

}  // namespace howl::transport
