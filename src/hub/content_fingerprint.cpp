// SPDX-License-Identifier: Apache-2.0
#include "hub/content_fingerprint.hpp"

#include <string>
#include <string_view>

namespace howl::hub {
namespace {

/// Goes in front of each field, so that no two different triples run together: eight bytes, the
/// lowest first.
std::string length_of(std::string_view field) {
    std::string out;
    for (std::size_t i = 0; i < 8; ++i) {
        out += static_cast<char>(field.size() >> (8 * i) & 0xFFU);
    }
    return out;
}

}  // namespace

ContentFingerprint fingerprint_of(const NewEvent& event) {
    if (!event.group.empty()) {
        return codec::sha256_of({length_of(event.type), event.type, length_of(event.content_type),
                                 event.content_type, length_of(event.data), event.data,
                                 length_of(event.group), event.group});
    }
    return codec::sha256_of({length_of(event.type), event.type, length_of(event.content_type),
                             event.content_type, length_of(event.data), event.data});
}

}  // namespace howl::hub
