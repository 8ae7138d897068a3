// SPDX-License-Identifier: Apache-2.0
#include "codec/sha256.hpp"

#include <memory>

#include <openssl/evp.h>

#include "base/assert.hpp"

namespace howl::codec {

Sha256 sha256_of(std::initializer_list<std::string_view> pieces) {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest{EVP_MD_CTX_new(),
                                                                         &EVP_MD_CTX_free};
    bool ok = digest != nullptr && EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) == 1;
    for (const std::string_view piece : pieces) {
        ok = ok && EVP_DigestUpdate(digest.get(), piece.data(), piece.size()) == 1;
    }
    Sha256 out{};
    ok = ok && EVP_DigestFinal_ex(digest.get(), out.data(), nullptr) == 1;
    HOWL_ASSERT(ok);  // Only running out of memory can fail it.
    return out;
}

std::string sha256_hex(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    for (const std::uint8_t byte : sha256_of({text})) {
        out += kDigits[byte >> 4U];
        out += kDigits[byte & 0x0FU];
    }
    return out;
}

std::string sha256_base64(std::string_view text) {
    const auto digest = sha256_of({text});
    constexpr std::size_t kLetters = (std::tuple_size_v<Sha256> + 2) / 3 * 4;
    std::array<unsigned char, kLetters + 1> letters{};  // OpenSSL ends it with a zero.
    EVP_EncodeBlock(letters.data(), digest.data(), static_cast<int>(digest.size()));
    return {letters.begin(), letters.end() - 1};
}

}  // namespace howl::codec
