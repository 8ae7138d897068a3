// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "hub/event.hpp"

namespace howl::hub {

/// Stands for an event's type, content type and data when a retry is compared with what was stored
/// under the same idempotency key, also after the event itself is gone. SHA-256, because it
/// outlives this version of the program in files.
using ContentFingerprint = std::array<std::uint8_t, 32>;

[[nodiscard]] ContentFingerprint fingerprint_of(const NewEvent& event);

}  // namespace howl::hub
