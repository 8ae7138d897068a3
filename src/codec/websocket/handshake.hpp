// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace howl::codec::websocket {

enum class Body : std::uint8_t { kAbsent, kPresent };

/// What the opening handshake depends on. An absent header is empty, and of several with one name
/// the values are joined by ", " (RFC 9110 section 5.3).
struct HandshakeRequest {
    std::string_view method;
    std::uint8_t http_minor = 1;  ///< Of HTTP/1.x.
    std::string_view upgrade;
    std::string_view connection;
    std::string_view sec_websocket_version;
    std::string_view sec_websocket_key;
    Body body = Body::kAbsent;
};

/// Checks the client's opening handshake (RFC 6455 section 4.2.1) and returns the value of
/// `Sec-WebSocket-Accept`. `Host`, `Origin`, the path and the client's identity are not checked.
/// Errors: `kMethodNotAllowed`; `kUpgradeRequired` where WebSocket version 13 is not asked for (the
/// reply names `Upgrade` and `Sec-WebSocket-Version`, section 4.4); `kBadRequest` otherwise.
[[nodiscard]] Result<std::string> check_handshake(const HandshakeRequest& request);

/// True if `key` is base64 of 16 bytes.
[[nodiscard]] bool is_valid_key(std::string_view key) noexcept;

/// What the server answers to `key` (RFC 6455 section 4.2.2, step 5.4). A client compares it.
[[nodiscard]] std::string accept_key(std::string_view key);

}  // namespace howl::codec::websocket
