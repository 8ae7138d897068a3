// SPDX-License-Identifier: Apache-2.0
#include "transport/network.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace howl::transport {

namespace ip = boost::asio::ip;

ip::address network_of(const ip::address& address) {
    if (address.is_v4()) {
        return address;
    }
    const auto wide = address.to_v6();
    if (wide.is_v4_mapped()) {
        return ip::make_address_v4(ip::v4_mapped, wide);
    }
    constexpr std::ptrdiff_t kPrefixBytes = 8;
    auto bytes = wide.to_bytes();
    std::fill(bytes.begin() + kPrefixBytes, bytes.end(), std::uint8_t{0});
    return ip::address_v6{bytes};
}

std::string network_of(std::string_view text) {
    boost::system::error_code error;
    const auto address = ip::make_address(text, error);
    if (error) {
        return std::string{text};
    }
    const auto network = network_of(address);
    return network.to_string() + (network.is_v6() ? "/64" : "");
}

}  // namespace howl::transport
