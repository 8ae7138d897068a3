// SPDX-License-Identifier: Apache-2.0
#include "products/uuid.hpp"

#include <algorithm>
#include <stdexcept>

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/string_generator.hpp>
#include <boost/uuid/uuid.hpp>
#include <boost/uuid/uuid_io.hpp>

namespace howl::products {

std::optional<std::string> parse_uuid(std::string_view text) {
    constexpr std::string_view kUrn = "urn:uuid:";
    if (text.starts_with(kUrn)) {
        text.remove_prefix(kUrn.size());
    }
    try {
        return boost::uuids::to_string(boost::uuids::string_generator{}(text.begin(), text.end()));
    } catch (const std::runtime_error&) {
        return std::nullopt;  // How the library says that it is no UUID.
    }
}

std::string uuid_bytes(std::string_view uuid) {
    const auto bytes = boost::uuids::string_generator{}(uuid.begin(), uuid.end());
    return {bytes.begin(), bytes.end()};
}

std::string uuid_named(std::string_view name) {
    // Drawn once; another would give every name another UUID.
    constexpr boost::uuids::uuid kHowl{{0x8b, 0x3f, 0x7c, 0x1e, 0x5d, 0x42, 0x4a, 0x96, 0xa1, 0x0d,
                                        0x6e, 0x27, 0xf4, 0x93, 0xb8, 0x55}};
    return boost::uuids::to_string(
        boost::uuids::name_generator_sha1{kHowl}(name.data(), name.size()));
}

std::string uuid_of(const codec::Sha256& hash) {
    boost::uuids::uuid uuid{};
    std::copy_n(hash.begin(), uuid.size(), uuid.begin());
    constexpr std::uint8_t kVersion8 = 0x80;
    constexpr std::uint8_t kVariant = 0x80;
    uuid.data[6] = static_cast<std::uint8_t>((uuid.data[6] & 0x0FU) | kVersion8);
    uuid.data[8] = static_cast<std::uint8_t>((uuid.data[8] & 0x3FU) | kVariant);
    return boost::uuids::to_string(uuid);
}

}  // namespace howl::products
