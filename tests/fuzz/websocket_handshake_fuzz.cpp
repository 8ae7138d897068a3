// SPDX-License-Identifier: Apache-2.0
// Any texts as the headers of a WebSocket handshake; the input holds one per line, extensions last.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "codec/websocket/deflate_negotiation.hpp"
#include "codec/websocket/handshake.hpp"

namespace {

using namespace howl::codec::websocket;

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

void try_handshake(std::string_view& text) {
    HandshakeRequest request;
    request.method = take_line(text);
    request.upgrade = take_line(text);
    request.connection = take_line(text);
    request.sec_websocket_version = take_line(text);
    request.sec_websocket_key = take_line(text);
    if (const auto accept = check_handshake(request)) {
        require(accept->size() == 28 && accept->ends_with('='));
    } else {
        const auto status = accept.error().entry().http_status;
        require(status == 400 || status == 405 || status == 426);
    }
    request.body = Body::kPresent;
    require(!check_handshake(request));
}

/// Whatever is agreed on can be offered and agreed on again, to the same effect.
void try_negotiation(std::string_view extensions) {
    const auto agreed = negotiate_deflate(extensions);
    if (!agreed) {
        return;
    }
    require(agreed->server_window >= kWindowBitsMin && agreed->server_window <= kWindowBitsMax);
    const auto again = negotiate_deflate(agreed->response);
    require(again && again->response == agreed->response &&
            again->server_window == agreed->server_window);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text{reinterpret_cast<const char*>(data), size};
    try_handshake(text);
    try_negotiation(text);
    return 0;
}
