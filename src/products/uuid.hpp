// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "codec/sha256.hpp"

namespace howl::products {

/// The UUID that `text` is in any of its usual forms (hyphens or none, braces, `urn:uuid:`, letters
/// of either case), in lower case with hyphens. Nothing: it is none.
[[nodiscard]] std::optional<std::string> parse_uuid(std::string_view text);

/// The 16 bytes that `uuid` stands for. Requires: `parse_uuid` knows it.
[[nodiscard]] std::string uuid_bytes(std::string_view uuid);

/// The UUID of `name` among those of Howl, in the same form: version 5 (RFC 9562 section 5.5),
/// since libraries of before 2024 call a version above 5 invalid.
[[nodiscard]] std::string uuid_named(std::string_view name);

/// The first 122 bits of `hash` as a version 8 UUID (RFC 9562 section 5.8), in the same form.
[[nodiscard]] std::string uuid_of(const codec::Sha256& hash);

}  // namespace howl::products
