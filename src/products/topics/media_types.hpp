// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "hub/event.hpp"

namespace howl::products::topics {

/// Whether what is published with this `Content-Type` is text. Binary are `image/`, `audio/`,
/// `video/` and `font/` but for those that end in `+xml` or `+json`, and of `application/`:
/// `octet-stream`, `cbor`, `msgpack`, `protobuf`, `x-protobuf`, `vnd.google.protobuf`, `gzip`,
/// `zip`, `pdf` and `wasm`. All else is text, also what is not said to be anything.
[[nodiscard]] hub::DataKind kind_of(std::string_view content_type);

}  // namespace howl::products::topics
