// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <unordered_map>
#include <utility>

#include <boost/asio/ip/address.hpp>

#include "base/limits.hpp"
#include "base/mutex.hpp"
#include "base/named_type.hpp"

namespace howl::transport {

/// Who a connection comes from: an IPv4 address, or the /64 of an IPv6 address, which belongs to
/// one customer.
using PeerAddress = NamedType<std::uint64_t, struct PeerAddressTag>;

[[nodiscard]] PeerAddress peer_address_of(const boost::asio::ip::address& address);

/// Counts the connections of the process against their limit, and those of each address against
/// its share of it, so that no single client can shut all others out.
///
/// A few more are reserved for probes (`limits::kProbeConnectionsMax`).
///
/// Shared; its mutex is held for one map lookup, on accepting and closing.
class ConnectionBudget {
public:
    /// `share_percent`: of 100 connections, those of one address; one at least.
    explicit ConnectionBudget(std::size_t max,
                              std::size_t share_percent = limits::kAddressSharePercent);

    /// One connection's share, given back when it ends.
    class Permit {
    public:
        Permit(Permit&& other) noexcept
            : budget_(std::exchange(other.budget_, nullptr)), from_(other.from_) {}
        Permit& operator=(Permit&& other) noexcept {
            std::swap(budget_, other.budget_);
            std::swap(from_, other.from_);
            return *this;
        }
        ~Permit();

        [[nodiscard]] std::optional<PeerAddress> from() const noexcept { return from_; }
        /// Beyond the limit: only for probes.
        [[nodiscard]] bool is_reserve() const noexcept { return !from_.has_value(); }

    private:
        friend class ConnectionBudget;
        Permit(ConnectionBudget& budget, std::optional<PeerAddress> from);
        ConnectionBudget* budget_;
        std::optional<PeerAddress> from_;  ///< None: of the reserve.
    };

    /// Why there is no room.
    enum class Full : std::uint8_t { kProcess, kAddress };
    [[nodiscard]] std::expected<Permit, Full> try_take(PeerAddress from);
    [[nodiscard]] std::optional<Permit> try_take_reserve();

private:
    void give_back(std::optional<PeerAddress> from);

    const std::size_t max_;
    const std::size_t address_max_;
    Mutex mutex_;
    // Shared.
    std::size_t taken_ HOWL_GUARDED_BY(mutex_) = 0;
    std::size_t reserve_taken_ HOWL_GUARDED_BY(mutex_) = 0;
    std::unordered_map<PeerAddress, std::size_t> of_address_ HOWL_GUARDED_BY(mutex_);
};

}  // namespace howl::transport
