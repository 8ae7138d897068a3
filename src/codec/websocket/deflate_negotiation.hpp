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

/// Takes the first offer of permessage-deflate in `sec_websocket_extensions` that can be met,
/// always without context takeover in both directions (RFC 7692 section 7.1.1), so that no
/// connection needs a compressor of its own. A client lists its fallbacks after what it prefers
/// (section 7.1.3).
///
/// An offer can be met if each parameter is known, stands once and has a value in its range, and if
/// it demands no server window below `server_window_least`, nor one of 8 bits, which zlib cannot
/// make; otherwise the next one counts. Nothing is agreed on if none can be met, or the header is
/// malformed anywhere. Takes linear time.
[[nodiscard]] std::optional<DeflateAgreement> negotiate_deflate(
    std::string_view sec_websocket_extensions, WindowBits server_window_least = kWindowBitsMin);

}  // namespace howl::codec::websocket
