// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "codec/sha256.hpp"
#include "hub/event.hpp"

namespace howl::hub {

/// Stands for an event's type, content type and data when a retry is compared with what was stored
/// under the same idempotency key, also after the event itself is gone. SHA-256, because it
/// outlives this version of the program in files.
using ContentFingerprint = codec::Sha256;

[[nodiscard]] ContentFingerprint fingerprint_of(const NewEvent& event);

}  // namespace howl::hub
