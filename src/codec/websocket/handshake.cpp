// SPDX-License-Identifier: Apache-2.0
#include "codec/websocket/handshake.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include <openssl/evp.h>

#include "base/assert.hpp"
#include "codec/http/field_line.hpp"
#include "codec/http/field_list.hpp"

namespace howl::codec::websocket {

using http::list_contains;
using http::trim;

namespace {

constexpr std::size_t kSha1Bytes = 20;
/// Four letters for each three bytes begun.
constexpr std::size_t kAcceptBytes = (kSha1Bytes + 2) / 3 * 4;

constexpr bool is_base64_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '+' || letter == '/';
}

}  // namespace

Result<std::string> check_handshake(const HandshakeRequest& request) {
    constexpr std::string_view kContext = "websocket handshake";
    if (request.method != "GET") {
        return fail(Errc::kMethodNotAllowed, kContext);
    }
    if (request.http_minor < 1) {
        return fail(Errc::kBadRequest, kContext, "needs HTTP/1.1");
    }
    if (!list_contains(request.upgrade, "websocket")) {
        return fail(Errc::kUpgradeRequired, kContext, "no 'Upgrade: websocket'");
    }
    if (!list_contains(request.connection, "upgrade")) {
        return fail(Errc::kUpgradeRequired, kContext, "no 'Connection: Upgrade'");
    }
    if (trim(request.sec_websocket_version) != "13") {
        return fail(Errc::kUpgradeRequired, kContext, "Sec-WebSocket-Version is not 13");
    }
    const std::string_view key = trim(request.sec_websocket_key);
    if (!is_valid_key(key)) {
        return fail(Errc::kBadRequest, kContext, "Sec-WebSocket-Key is not base64 of 16 bytes");
    }
    if (request.body == Body::kPresent) {
        return fail(Errc::kBadRequest, kContext, "a handshake has no body");
    }
    return accept_key(key);
}

bool is_valid_key(std::string_view key) noexcept {
    // 16 bytes are 22 letters and two of padding. The four unused bits of the last letter are
    // ignored, as decoders do (RFC 4648 section 3.5).
    constexpr std::string_view kPadding = "==";
    constexpr std::size_t kLetters = 22;
    return key.size() == kLetters + kPadding.size() && key.ends_with(kPadding) &&
           std::ranges::all_of(key.substr(0, kLetters), is_base64_letter);
}

std::string accept_key(std::string_view key) {
    constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::string text{key};
    text += kGuid;
    std::array<unsigned char, kSha1Bytes> digest{};
    const int hashed =
        EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr);
    HOWL_ASSERT(hashed == 1);
    // The encoder writes a closing zero byte.
    std::array<unsigned char, kAcceptBytes + 1> encoded{};
    const int length =
        EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(digest.size()));
    HOWL_ASSERT(length == static_cast<int>(kAcceptBytes));
    return {encoded.begin(), encoded.begin() + kAcceptBytes};
}

}  // namespace howl::codec::websocket
