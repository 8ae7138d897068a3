// SPDX-License-Identifier: Apache-2.0
#include "products/topics/media_types.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace howl::products::topics {
namespace {

constexpr std::array<std::string_view, 4> kBinaryFamilies{"image/", "audio/", "video/", "font/"};
constexpr std::array<std::string_view, 10> kBinaryTypes{
    "application/octet-stream", "application/cbor",       "application/msgpack",
    "application/protobuf",     "application/x-protobuf", "application/vnd.google.protobuf",
    "application/gzip",         "application/zip",        "application/pdf",
    "application/wasm"};

/// Without parameters, in small letters (RFC 9110 section 8.3.1).
std::string essence_of(std::string_view content_type) {
    std::string essence{content_type.substr(0, content_type.find(';'))};
    essence.erase(essence.find_last_not_of(" \t") + 1);
    std::ranges::transform(essence, essence.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter;
    });
    return essence;
}

}  // namespace

hub::DataKind kind_of(std::string_view content_type) {
    const auto essence = essence_of(content_type);
    const bool is_of_family = std::ranges::any_of(
        kBinaryFamilies, [&](std::string_view family) { return essence.starts_with(family); });
    const bool is_text_inside = essence.ends_with("+xml") || essence.ends_with("+json");
    const bool is_binary = (is_of_family && !is_text_inside) ||
                           std::ranges::find(kBinaryTypes, essence) != kBinaryTypes.end();
    return is_binary ? hub::DataKind::kBinary : hub::DataKind::kText;
}

}  // namespace howl::products::topics
