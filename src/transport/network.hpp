// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <boost/asio/ip/address.hpp>

namespace howl::transport {

/// The part of an address that stands for one customer of a provider: an IPv4 address, also where
/// it is mapped into IPv6, or the /64 of an IPv6 address, its first address (RFC 6177 section 2).
[[nodiscard]] boost::asio::ip::address network_of(const boost::asio::ip::address& address);

/// The same as text, as `192.0.2.7` or `2001:db8:1:2::/64`. Text that is no address is returned
/// unchanged.
[[nodiscard]] std::string network_of(std::string_view address);

}  // namespace howl::transport
