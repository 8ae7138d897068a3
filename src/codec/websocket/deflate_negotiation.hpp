// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "codec/websocket/deflate.hpp"

namespace howl::codec::websocket {

/// What both sides of a connection have agreed on.
struct DeflateAgreement {
    /// Value of `Sec-WebSocket-Extensions` in our answer.
    std::string response;
    /// The window that `Deflater::compress` may use for this reader.
    WindowBits server_window = kWindowBitsMax;
};

/// Takes the first acceptable offer of permessage-deflate in `sec_websocket_extensions`, always
/// without context takeover in both directions (RFC 7692 section 7.1.1), so that no connection
/// needs a compressor of its own.
///
/// An offer is acceptable if each parameter is known, stands once and has a value in its range; the
/// other offers still count. Nothing is agreed on if the header is malformed anywhere, no offer is
/// acceptable, or a window of 8 bits is demanded, which zlib cannot make. Takes linear time.
[[nodiscard]] std::optional<DeflateAgreement> negotiate_deflate(
    std::string_view sec_websocket_extensions);

}  // namespace howl::codec::websocket
