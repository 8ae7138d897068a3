// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>

#include "base/error.hpp"

namespace howl::products {

/// Whether the node wants traffic. Shared; written by the server's start and stop.
enum class Readiness : std::uint8_t { kStarting, kReady, kDraining, kStoreFailed };
/// Why the store refuses writes; empty: it does not. Thread: any.
using StoreTrouble = std::function<std::optional<Error>()>;

/// How the node is, as the server knows it. `readiness` outlives the routes.
struct NodeState {
    const std::atomic<Readiness>& readiness;
    StoreTrouble trouble;
};

}  // namespace howl::products
