// SPDX-License-Identifier: Apache-2.0
#include "hub/content_fingerprint.hpp"

#include <memory>
#include <string>

#include <openssl/evp.h>

#include "base/assert.hpp"

namespace howl::hub {

ContentFingerprint fingerprint_of(const NewEvent& event) {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest{EVP_MD_CTX_new(),
                                                                         &EVP_MD_CTX_free};
    bool ok = digest != nullptr && EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) == 1;
    for (const std::string* field : {&event.type, &event.content_type, &event.data}) {
        // The length goes in front, so that no two different triples run together.
        std::array<std::uint8_t, 8> length{};
        for (std::size_t i = 0; i < length.size(); ++i) {
            length[i] = static_cast<std::uint8_t>(field->size() >> (8 * i));
        }
        ok = ok && EVP_DigestUpdate(digest.get(), length.data(), length.size()) == 1 &&
             EVP_DigestUpdate(digest.get(), field->data(), field->size()) == 1;
    }
    ContentFingerprint out{};
    ok = ok && EVP_DigestFinal_ex(digest.get(), out.data(), nullptr) == 1;
    HOWL_ASSERT(ok);  // Only running out of memory can fail it.
    return out;
}

}  // namespace howl::hub
