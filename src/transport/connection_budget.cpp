// SPDX-License-Identifier: Apache-2.0
#include "transport/connection_budget.hpp"

#include <algorithm>
#include <span>

#include "telemetry/metrics.hpp"
#include "transport/network.hpp"

namespace howl::transport {

PeerAddress peer_address_of(const boost::asio::ip::address& address) {
    // No peer's IPv6 address has this prefix: it is multicast (RFC 4291 section 2.7).
    constexpr std::uint64_t kIpv4 = 0xFFFF'0000'0000'0000;
    const auto network = network_of(address);
    if (network.is_v4()) {
        return PeerAddress{kIpv4 | network.to_v4().to_uint()};
    }
    const auto bytes = network.to_v6().to_bytes();
    std::uint64_t prefix = 0;
    for (const auto byte : std::span{bytes}.first<sizeof(prefix)>()) {
        prefix = prefix << 8U | byte;
    }
    return PeerAddress{prefix};
}

ConnectionBudget::ConnectionBudget(std::size_t max, std::size_t share_percent)
    : max_(max), address_max_(std::max<std::size_t>((max * share_percent + 99) / 100, 1)) {}

ConnectionBudget::Permit::Permit(ConnectionBudget& budget, std::optional<PeerAddress> from)
    : budget_(&budget), from_(from) {
    telemetry::adjust(telemetry::Gauge::kConnections, 1);
}

ConnectionBudget::Permit::~Permit() {
    if (budget_ != nullptr) {
        budget_->give_back(from_);
        telemetry::adjust(telemetry::Gauge::kConnections, -1);
    }
}

std::expected<ConnectionBudget::Permit, ConnectionBudget::Full> ConnectionBudget::try_take(
    PeerAddress from) {
    const MutexLock lock{mutex_};
    if (taken_ >= max_) {
        return std::unexpected(Full::kProcess);
    }
    auto& of_address = of_address_[from];
    if (of_address >= address_max_) {
        return std::unexpected(Full::kAddress);
    }
    ++of_address;
    ++taken_;
    return Permit{*this, from};
}

std::optional<ConnectionBudget::Permit> ConnectionBudget::try_take_reserve() {
    const MutexLock lock{mutex_};
    if (reserve_taken_ >= limits::kProbeConnectionsMax) {
        return std::nullopt;
    }
    ++reserve_taken_;
    return Permit{*this, std::nullopt};
}

void ConnectionBudget::give_back(std::optional<PeerAddress> from) {
    const MutexLock lock{mutex_};
    if (!from) {
        --reserve_taken_;
        return;
    }
    --taken_;
    const auto of_address = of_address_.find(*from);
    if (--of_address->second == 0) {
        of_address_.erase(of_address);
    }
}

}  // namespace howl::transport
