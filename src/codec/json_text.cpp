// SPDX-License-Identifier: Apache-2.0
#include "codec/json_text.hpp"

#include <cstddef>
#include <string_view>

namespace howl::codec {

namespace {

/// Puts `escape` in the place of `bytes` throughout.
void escape_all(std::string& json, std::string_view bytes, std::string_view escape) {
    auto found = json.find(bytes);
    if (found == std::string::npos) {
        return;
    }
    std::string out;
    std::size_t copied = 0;
    for (; found != std::string::npos; found = json.find(bytes, copied)) {
        out.append(json, copied, found - copied).append(escape);
        copied = found + bytes.size();
    }
    json = out.append(json, copied);
}

}  // namespace

std::string escape_separators(std::string json) {
    // Outside of strings JSON is ASCII, so these bytes occur in strings only.
    escape_all(json, "\xC2\x85", "\\u0085");
    escape_all(json, "\xE2\x80\xA8", "\\u2028");
    escape_all(json, "\xE2\x80\xA9", "\\u2029");
    return json;
}

}  // namespace howl::codec
