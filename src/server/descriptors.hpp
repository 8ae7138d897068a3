// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "base/result.hpp"
#include "server/config.hpp"

namespace howl::server {

/// A connection is a file descriptor, and the process may have only so many (RLIMIT_NOFILE). What
/// the store, the shards and the listeners need comes first; the rest is for connections.

/// How many connections the hard limit leaves room for, `limits.connections` at most.
/// Errors: `kInvalidConfig` where it is too low to serve anybody.
[[nodiscard]] Result<std::size_t> connections_that_fit(const Config& config);

/// Raises the soft limit as far as the configuration needs, and lowers `limits.connections`, with a
/// warning, to what fits. Errors: those of `connections_that_fit`.
[[nodiscard]] Result<void> fit_descriptors(Config& config);

}  // namespace howl::server
